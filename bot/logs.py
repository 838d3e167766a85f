"""What the process writes about itself: ids, kinds and codes, never people's words.

The formatter masks every message and trace once more, since a library's exception may quote what it was given.
"""

import json
import logging
import re
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from typing import TextIO

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Their DEBUG prints whole bodies, their INFO every connection.
CHATTY = frozenset({"slack_sdk", "slack_bolt", "apscheduler", "alembic", "urllib3", "sqlalchemy"})

# Tokens, and what stands before the @ of an address: no library should print them, and none gets the chance.
SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=://)[^/\s@]+(?=@)")

Trace = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Masked(logging.Formatter):
    """The second lock on the door: personal numbers, phones, addresses and our own secrets never reach a log."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        record.message = _masked(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Trace) -> str:  # noqa: N802 (logging's own name)
        return _masked(super().formatException(ei))


class AsJson(Masked):
    """A line of JSON: time, level, module, message; the reference that a person was told; the trace."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": at, "level": record.levelname, "module": record.name, "message": _masked(record.getMessage())}
        if reference := getattr(record, "reference", None):
            line["reference"] = str(reference)
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _masked(text: str) -> str:
    """The gate is read with the first record: most commands write none."""
    from models import secrecy

    return secrecy.mask(SECRET.sub("•••", text)).text


FORMATS = {"text": Masked(FORMAT), "json": AsJson()}


def _is_fit_to_log(record: logging.LogRecord) -> bool:
    """Asked for each record, since Bolt copies the root's level to its own loggers whenever it makes one.

    From a library only the place of the trouble is kept. Its text and trace may quote what came in: slack_sdk's
    socket printed pieces of people's messages, and a piece can split what masking would have found.
    """
    if record.name.partition(".")[0] not in CHATTY:
        return True
    if record.msg == _expected():
        return False
    kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    record.msg, record.args = f"trouble at {record.filename}:{record.lineno} {kind}".rstrip(), None
    record.exc_info = record.exc_text = record.stack_info = None
    return record.levelno >= logging.WARNING


@cache
def _expected() -> str:
    """Bolt finds SLACK_BOT_TOKEN in the environment by itself and says that our own client goes before it: at every
    start.
    """
    from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped

    return warning_client_prioritized_and_token_skipped()


def set_up(level: str, to: TextIO | None = None, form: str = "text") -> None:
    """To standard error unless told otherwise, in one of FORMATS. Libraries speak at WARNING or above, whatever the
    level is.
    """
    handler = logging.StreamHandler(to)
    handler.setFormatter(FORMATS[form])
    handler.addFilter(_is_fit_to_log)
    logging.basicConfig(level=level, handlers=[handler], force=True)
