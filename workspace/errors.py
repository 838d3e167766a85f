"""The two ways to say no: to the app in Slack's words, and to the page or a test in plain ones."""

from collections.abc import Sequence

from workspace.shapes import Json


class SlackError(Exception):
    """A Web API call that Slack would answer with `ok: false`. `code` is one of Slack's documented error names.

    `messages` become `response_metadata.messages`; `extra` are further keys (`needed`, `provided`, `errors`).
    """

    def __init__(self, code: str, *, messages: Sequence[str] = (), **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.extra = extra

    def body(self) -> Json:
        """The JSON body of the answer."""
        answer: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": self.messages}
        return answer


class Limited(Exception):
    """A Web API call over its rate limit: HTTP 429 with `Retry-After` in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Refused(Exception):
    """A control call that cannot be done. `status` is the HTTP status, `code` for programs, `detail` for people."""

    def __init__(self, code: str, detail: str, status: int = 409) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.status = status


def not_found(what: str, which: object) -> Refused:
    """The 404 of the control API."""
    return Refused(f"no_such_{what}", f"there is no {what} {which!r}", 404)
