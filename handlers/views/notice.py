"""A sentence in a window of its own: for refusals where a form was open."""

from handlers.slack_text import cut
from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words


def form(text: str, words: Words) -> Block:
    """A modal that only says something."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": cut(words("notice.title"), parts.TITLE)},
        "close": {"type": "plain_text", "text": cut(words("notice.close"), parts.TITLE)},
        "blocks": [parts.section(text)],
    }
