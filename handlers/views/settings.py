"""Settings and municipal words, drawn: what differs, and the form for each with its meaning and its default."""

from dataclasses import dataclass

from handlers.slack_text import cut, safe
from handlers.views import forms, parts
from handlers.views.forms import Groups
from handlers.views.parts import Block
from handlers.words import Words

LONGEST = 3000
WORD_FORMS = ("one", "the", "many", "all")


@dataclass(frozen=True)
class Setting:
    """`kind` is the shape of the value (settings.py)."""

    key: str
    kind: str
    value: str
    default: str


@dataclass(frozen=True)
class Word:
    """One word in one language, `key` = `word.unit.sv`, with its four forms."""

    key: str
    word: str
    language: str
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """What was just done, and by which entry of the trail it can be undone; 0: it cannot."""

    said: str = ""
    entry: int = 0

    def drawn(self, undo: Block) -> list[Block]:
        return [parts.section(self.said, accessory=undo if self.entry else None), parts.divider()] if self.said else []


def listed(changed: tuple[Setting, ...], every: Groups, done: Done, words: Words) -> Block:
    """What differs from the defaults; all the others in the menu."""
    menu = parts.menu(words("settings.menu"), "settings.form:menu", forms.options(every))
    rows = [_row(each, words) for each in changed[:60]] or [parts.section(words("settings.as_shipped"))]
    undo = parts.button(words("admin.undo"), "settings.undo", done.entry)
    blocks = [*done.drawn(undo), parts.actions(menu), *rows]
    return parts.window(words("settings.title"), words("button.close"), blocks)


def _row(each: Setting, words: Words) -> Block:
    text = words("settings.row", meaning=words(f"setting.{each.key}"), value=safe(cut(each.value, 300)))
    return parts.section(text, accessory=parts.button(words("admin.change"), "settings.form", each.key))


def form(setting: Setting, words: Words) -> Block:
    """Its meaning first."""
    value = _choice(setting, words) if setting.kind == "yes_no" else forms.line(setting.value, LONGEST)
    back = parts.button(words("settings.reset"), "settings.reset", setting.key)
    differs = [parts.actions(back)] if setting.value != setting.default else []
    hint = "" if setting.kind == "yes_no" else words("wrong.shape", shape=words(f"cli.shape.{setting.kind}"))
    blocks = [
        parts.section(words(f"setting.{setting.key}")),
        forms.field("value", words("settings.value"), value, hint),
        parts.context(words("settings.default", value=safe(cut(setting.default, 300)))),
        *differs,
    ]
    title = words("settings.one")
    return parts.form("settings.save", title, words("button.save"), words("button.close"), blocks, setting.key)


def _choice(setting: Setting, words: Words) -> Block:
    options = [parts.option(words("settings.yes"), "yes"), parts.option(words("settings.no"), "no")]
    return forms.choice(options, setting.value)


def vocabulary(found: tuple[Word, ...], done: Done, words: Words) -> Block:
    """Every word in every language."""
    rows = [
        parts.section(
            f"{words(f'language.{each.language}')}: {safe(', '.join(each.forms))}",
            accessory=parts.button(words("admin.change"), "words.form", each.key),
        )
        for each in found[:90]
    ]
    undo = parts.button(words("admin.undo"), "words.undo", done.entry)
    return parts.window(words("words.title"), words("button.close"), [*done.drawn(undo), *rows])


def word(found: Word, words: Words) -> Block:
    """Four fields, one a form."""
    fields = [
        forms.field(name, words(f"words.{name}"), forms.line(value, 60))
        for name, value in zip(WORD_FORMS, found.forms, strict=False)
    ]
    blocks = [parts.section(words(f"language.{found.language}")), *fields]
    back = parts.button(words("settings.reset"), "words.reset", found.key)
    blocks.append(parts.actions(back))
    return parts.form("words.save", words("words.edit"), words("button.save"), words("button.close"), blocks, found.key)
