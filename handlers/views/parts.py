"""The few shapes of Block Kit that we use, cut to Slack's limits (platform-facts: section 3000, button 75 …)."""

from collections.abc import Iterable, Sequence
from typing import Any

from handlers.slack_text import cut

Block = dict[str, Any]
SECTION, BUTTON, OPTION, OPTIONS, CONTEXT, TITLE = 3000, 75, 75, 100, 3000, 24


def marked(text: str, most: int) -> Block:
    """Markup as we have written it. Verbatim: an address or #word in it, which may be a person's, becomes no link."""
    return {"type": "mrkdwn", "text": cut(text, most), "verbatim": True}


def section(text: str, accessory: Block | None = None) -> Block:
    """Our own words, with markup."""
    block: Block = {"type": "section", "text": marked(text, SECTION)}
    return {**block, "accessory": accessory} if accessory else block


def said(text: str) -> Block:
    """A person's words: plain, so that nothing in them becomes markup, a mention or a link."""
    return {
        "type": "section",
        "text": {"type": "plain_text", "text": cut(text, SECTION) or "…", "emoji": False},
    }


def context(text: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [marked(text, CONTEXT)]}


def face(picture: str, name: str, text: str) -> Block:
    """Small print beside somebody's picture, where there is one."""
    if not picture.startswith(("https://", "http://")):
        return context(text)
    image = {"type": "image", "image_url": picture, "alt_text": name}
    return {"type": "context", "elements": [image, *context(text)["elements"]]}


def header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": cut(text, 150), "emoji": True}}


def divider() -> Block:
    return {"type": "divider"}


def button(text: str, action_id: str, value: object, style: str | None = None) -> Block:
    """`value` is the id that the press is about."""
    element: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": cut(text, BUTTON), "emoji": True},
        "action_id": action_id,
        "value": str(value),
    }
    return {**element, "style": style} if style else element


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)[:25]}


def option(text: str, value: object) -> Block:
    return {"text": {"type": "plain_text", "text": cut(text, OPTION), "emoji": True}, "value": str(value)}


def menu(placeholder: str, action_id: str, groups: Sequence[tuple[str, Sequence[Block]]]) -> Block:
    """A menu with its options under headings; at most 100 headings of 100."""
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": {"type": "plain_text", "text": cut(placeholder, 150)},
        "option_groups": [
            {"label": {"type": "plain_text", "text": cut(name, OPTION)}, "options": list(options)[:OPTIONS]}
            for name, options in groups[:100]
            if options
        ],
    }


def form(callback_id: str, title: str, submit: str, close: str, blocks: Iterable[Block], about: object = "") -> Block:
    """A modal with fields."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": str(about),
        "title": {"type": "plain_text", "text": cut(title, TITLE)},
        "submit": {"type": "plain_text", "text": cut(submit, TITLE)},
        "close": {"type": "plain_text", "text": cut(close, TITLE)},
        "blocks": list(blocks)[:100],
    }


def window(title: str, close: str, blocks: Iterable[Block]) -> Block:
    """A modal that only shows something."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": cut(title, TITLE)},
        "close": {"type": "plain_text", "text": cut(close, TITLE)},
        "blocks": list(blocks)[:100],
    }
