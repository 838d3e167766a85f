"""How many messages a second go through the workspace and a trivial echo bot: `python -m tests.workspace.echo_bench`.

Three processes, as in life: the workspace, a bot on slack_sdk's Socket Mode client (no Bolt: the bot is not what is
measured), and this driver, in which people write. Counted from the first message written to the last echo posted.
Of the two events that each round makes (the person's message, the bot's own), the bot echoes only the first.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

from tests.slackworld import Control, wait_for

MOST_WAITING = 64


def echo(url: str) -> None:
    """A bot that says what it hears."""
    web = WebClient("xoxb-local", base_url=f"{url}api/")
    client = SocketModeClient("xapp-local", web_client=web, concurrency=8)

    def heard(_, request) -> None:
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        event = request.payload["event"]
        if event["type"] == "message" and "bot_id" not in event:
            web.chat_postMessage(channel=event["channel"], text=event["text"])

    client.socket_mode_request_listeners.append(heard)
    client.connect()
    threading.Event().wait()


def drive(url: str, messages: int, writers: int) -> float:
    """Write so many messages as several people; seconds until all echoes are there."""
    control = Control(url.removeprefix("http://").rstrip("/"))
    wait_for(lambda: control.get("app")["app"]["connected"], 10)
    people = [
        control.post("people", email=f"p{n}@bench.example", name=f"P {n}")["person"]["id"] for n in range(writers)
    ]
    began = time.monotonic()
    threads = [threading.Thread(target=_write, args=(control, who, messages // writers)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = messages // writers * writers
    wait_for(lambda: control.get("traffic", limit=1)["counts"].get("chat.postMessage", 0) >= total, 120)
    return time.monotonic() - began


def _write(control: Control, who: str, messages: int) -> None:
    for number in range(messages):
        control.post(f"people/{who}/write", text=f"number {number}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=4000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--echo", help="be the bot, for this workspace")
    options = parser.parse_args()
    if options.echo:
        echo(options.echo)
        return
    with tempfile.TemporaryDirectory() as state:
        command = [sys.executable, "-m", "workspace", "--port", "0", "--state", str(Path(state)), "--rate-scale", "0"]
        workspace = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        url = workspace.stdout.readline().split()[1]
        bot = subprocess.Popen([sys.executable, "-m", "tests.workspace.echo_bench", "--echo", url])
        try:
            seconds = drive(url, options.messages, options.writers)
            sys.stdout.write(f"{options.messages} messages in {seconds:.1f} s: {options.messages / seconds:.0f}/s\n")
        finally:
            bot.kill()
            workspace.terminate()
            workspace.wait(10)


if __name__ == "__main__":
    main()
