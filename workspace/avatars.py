"""Pictures of people: their initials on a colour of their own. The app has a house."""

from html import escape

from workspace.people import color

_FRAME = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72" role="img" aria-label="{label}">{inside}</svg>'
_LETTERS = (
    '<rect width="72" height="72" rx="12" fill="#{color}"/>'
    '<text x="36" y="46" font-family="sans-serif" font-size="28" font-weight="600" fill="#fff"'
    ' text-anchor="middle">{letters}</text>'
)
_HOUSE = (
    '<rect width="72" height="72" rx="12" fill="#9c2f2f"/>'
    '<path d="M14 36 36 16l22 20v22H14z" fill="#fff"/><path d="M30 58V42h12v16z" fill="#9c2f2f"/>'
)


def initials(name: str) -> str:
    """Of the first and the last word."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def drawing(who: str, name: str, *, is_app: bool = False) -> str:
    """An SVG picture."""
    inside = _HOUSE if is_app else _LETTERS.format(color=color(who), letters=escape(initials(name)))
    return _FRAME.format(label=escape(name), inside=inside)
