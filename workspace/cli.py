"""The command line: `python -m workspace --port 8080 --state DIR --people DIR`."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from workspace import manifest, switches
from workspace.errors import Refused
from workspace.journal import Busy
from workspace.server import Server
from workspace.shapes import Json
from workspace.space import Config


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted. 0 when it ended as asked, 1 when it could not start."""
    options = _parser().parse_args(arguments)
    try:
        server = Server(_config(options), options.port)
    except (Busy, OSError, Refused, ValueError) as problem:
        sys.stderr.write(f"workspace: {problem}\n")
        return 1
    asyncio.run(_serve(server))
    return 0


async def _serve(server: Server) -> None:
    """Until SIGINT or SIGTERM; what is kept is put away in either case."""
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, server.end)
    await server.run(lambda: _say_ready(server.url))


def _say_ready(url: str) -> None:
    sys.stdout.write(f"READY {url}/\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m workspace", description="A Slack-compatible workspace on this machine.")
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    parser.add_argument("--state", type=Path, required=True, help="the directory that keeps everything")
    parser.add_argument("--people", type=Path, help="a folder with people.csv and conversations.csv")
    parser.add_argument("--fresh", action="store_true", help="forget what the state directory keeps")
    parser.add_argument("--manifest", type=Path, help="the app's manifest, JSON; without it the app may do everything")
    parser.add_argument("--bot-token", default="xoxb-local")
    parser.add_argument("--app-token", default="xapp-local")
    parser.add_argument("--signing-secret", default="local")
    parser.add_argument("--events-url", help="HTTP mode: post everything here instead of waiting for sockets")
    parser.add_argument("--language", choices=("sv", "en"), default="sv", help="of the page, until somebody changes it")
    for name, kind in switches.NAMES.items():
        _add_switch(parser, name, kind)
    return parser


def _add_switch(parser: argparse.ArgumentParser, name: str, kind: type) -> None:
    option = "--" + name.replace("_", "-")
    if kind is bool:
        parser.add_argument(option, action="store_true", default=None)
    else:
        parser.add_argument(option, type=kind, default=None)


def _config(options: argparse.Namespace) -> Config:
    turned = switches.Switches()
    turned.turn({name: value for name in switches.NAMES if (value := getattr(options, name)) is not None})
    tokens = manifest.Tokens(options.bot_token, options.app_token, options.signing_secret)
    app = manifest.app(_read(options.manifest), tokens)
    return Config(
        options.state,
        options.people,
        fresh=options.fresh,
        app=app,
        events_url=options.events_url,
        language=options.language,
        switches=turned,
    )


def _read(path: Path | None) -> Json | None:
    if path is None:
        return None
    read = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(read, dict):
        raise ValueError(f"{path} holds no app manifest")
    return read
