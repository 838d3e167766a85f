"""Rich text as Slack accepts it: what people's message box makes, and what apps may send themselves.

Source: docs.slack.dev/reference/block-kit/blocks/rich-text-block and the pages of its elements. Slack names no number
of elements; an empty text is refused.
"""

from typing import Final

from workspace.schema import Rule, address, anything, by_type, flag, items, shape, string, whole

_STYLES: Final = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE: Final = shape({}, dict.fromkeys(_STYLES, flag))
_BORDER: Final[dict[str, Rule]] = {"border": whole(0, 1)}
_ID: Final = string(255, 1)


def _part(required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    return shape({"type": anything, **required}, {"style": _STYLE, **(optional or {})})


_WORDS: Final[dict[str, Rule]] = {
    "text": _part({"text": string(None, 1)}),
    "link": _part({"url": address()}, {"text": string(None, 1), "unsafe": flag}),
}
_PARTS: Final[dict[str, Rule]] = {
    **_WORDS,
    "emoji": _part({"name": _ID}, {"unicode": string(), "skin_tone": whole(1, 6), "url": address()}),
    "user": _part({"user_id": _ID}),
    "usergroup": _part({"usergroup_id": _ID}),
    "channel": _part({"channel_id": _ID}),
    "team": _part({"team_id": _ID}),
    "broadcast": _part({"range": string(among=["here", "channel", "everyone"])}),
    "color": _part({"value": string(None, 1)}),
    "date": _part({"timestamp": whole(0), "format": string(None, 1)}, {"url": address(), "fallback": string()}),
}
_SECTION: Final = shape({"type": anything, "elements": items(by_type(_PARTS), None, 0)})
_LIST: Final = shape(
    {
        "type": anything,
        "style": string(among=["bullet", "ordered"]),
        "elements": items(by_type({"rich_text_section": _SECTION}), None, 0),
    },
    {"indent": whole(0, 8), "offset": whole(0), **_BORDER},
)
_QUOTE: Final = shape({"type": anything, "elements": items(by_type(_PARTS), None, 0)}, _BORDER)
_PREFORMATTED: Final = shape(
    {"type": anything, "elements": items(by_type(_WORDS), None, 0)}, {"language": string(), **_BORDER}
)
ELEMENTS: Final = items(
    by_type(
        {
            "rich_text_section": _SECTION,
            "rich_text_list": _LIST,
            "rich_text_quote": _QUOTE,
            "rich_text_preformatted": _PREFORMATTED,
        }
    ),
    None,
    0,
)
RICH_TEXT: Final = shape({"type": string(among=["rich_text"]), "elements": ELEMENTS}, {"block_id": _ID})
