"""Settings and the municipality's own words in Home, for admins."""

from collections.abc import Callable

from handlers import forms, slack_text
from handlers.desk import Desk
from handlers.listening import Errors, Listeners, Open, Press, Show, Swap, number
from handlers.slack_text import safe
from handlers.views import settings as view
from handlers.views.parts import Block
from handlers.views.settings import Done
from handlers.words import Words
from models import administration, configuring, settings
from models import words as municipal
from models.db import Session
from models.errors import Gone
from models.importing import Faulty

Draw = Callable[[Session, Done, Words], Block]  # the window with all of them, and what has just been done


def register(on: Listeners) -> None:
    on.action("settings.open", opened, may=administration.admin_only)
    on.action("settings.form", form, may=administration.admin_only)
    on.view("settings.save", save, may=administration.admin_only)
    on.action("settings.reset", reset, may=administration.admin_only)
    on.action("settings.undo", undo, may=administration.admin_only)
    on.action("words.open", words_opened, may=administration.admin_only)
    on.action("words.form", word_form, may=administration.admin_only)
    on.view("words.save", word_save, may=administration.admin_only)
    on.action("words.reset", word_reset, may=administration.admin_only)
    on.action("words.undo", word_undo, may=administration.admin_only)


def opened(session: Session, press: Press, desk: Desk) -> Show:
    return Open(_list(session, Done(), desk.words(session, press.person)))


def form(session: Session, press: Press, desk: Desk) -> Show:
    if press.value not in settings.defaults():
        raise Gone
    return Swap(view.form(_setting(session, press.value), desk.words(session, press.person)))


def save(session: Session, press: Press, desk: Desk) -> Show:
    words, value = desk.words(session, press.person), slack_text.plain(press.values.get("value", ""))
    if press.note not in settings.defaults():
        raise Gone
    try:
        entry = configuring.put(session, press.note, value, by=press.person.pk, now=desk.now())
    except Faulty as faulty:
        return forms.wrong(faulty, ["value"], words)
    done = Done(words("settings.saved", meaning=words(f"setting.{press.note}")), entry)
    return Swap(_list(session, done, desk.words(session, press.person)))


def reset(session: Session, press: Press, desk: Desk) -> Show:
    if press.value not in settings.defaults():
        raise Gone
    return _reset(session, press, desk, press.value, _list)


def undo(session: Session, press: Press, desk: Desk) -> Show:
    return _undo(session, press, desk, _list)


def _reset(session: Session, press: Press, desk: Desk, key: str, draw: Draw) -> Show:
    entry = configuring.reset(session, key, by=press.person.pk, now=desk.now())
    words = desk.words(session, press.person)
    return Swap(draw(session, Done(words("settings.was_reset"), entry), words))


def _undo(session: Session, press: Press, desk: Desk, draw: Draw) -> Show:
    configuring.undo(session, number(press.value) or 0, by=press.person.pk, now=desk.now())
    words = desk.words(session, press.person)
    return Swap(draw(session, Done(words("admin.undone")), words))


def _list(session: Session, done: Done, words: Words) -> Block:
    every = [_setting(session, key) for key in settings.defaults()]
    changed = tuple(each for each in every if each.value != each.default)
    by_kind = [
        (words(f"settings.kind.{kind}"), tuple((words(f"setting.{e.key}"), e.key) for e in every if e.kind == kind))
        for kind in dict.fromkeys(default.kind for default in settings.defaults().values())
    ]
    return view.listed(changed, tuple((name, found) for name, found in by_kind if found), done, words)


def _setting(session: Session, key: str) -> view.Setting:
    default = settings.defaults()[key]
    return view.Setting(key, default.kind, settings.read(session).text(key), default.value)


# ---- words -----------------------------------------------------------------------------------------------------------


def words_opened(session: Session, press: Press, desk: Desk) -> Show:
    return Open(_vocabulary(session, Done(), desk.words(session, press.person)))


def word_form(session: Session, press: Press, desk: Desk) -> Show:
    return Swap(view.word(_word(session, press.value), desk.words(session, press.person)))


def word_save(session: Session, press: Press, desk: Desk) -> Show:
    words, found = desk.words(session, press.person), _word(session, press.note)
    typed = forms.typed(press, view.WORD_FORMS)
    value = "|".join(slack_text.plain(text) for text in typed.values())
    try:
        entry = configuring.put_word(session, found.word, found.language, value, by=press.person.pk, now=desk.now())
    except Faulty:
        empty = [name for name, text in typed.items() if not text.strip() or "|" in text] or view.WORD_FORMS
        return Errors({name: words("wrong.forms") for name in empty})
    return Swap(_vocabulary(session, Done(words("words.saved", word=safe(typed["one"])), entry), words))


def word_reset(session: Session, press: Press, desk: Desk) -> Show:
    return _reset(session, press, desk, _word(session, press.value).key, _vocabulary)


def word_undo(session: Session, press: Press, desk: Desk) -> Show:
    return _undo(session, press, desk, _vocabulary)


def _vocabulary(session: Session, done: Done, words: Words) -> Block:
    keys = [settings.word(key, language) for language in municipal.LANGUAGES for key in municipal.defaults()[language]]
    return view.vocabulary(tuple(_word(session, key) for key in keys), done, words)


def _word(session: Session, name: str) -> view.Word:
    _, _, rest = name.partition("word.")
    key, _, language = rest.partition(".")
    if key not in municipal.defaults().get(language, {}):
        raise Gone
    noun = municipal.nouns(settings.read(session), language)[key]
    return view.Word(settings.word(key, language), key, language, (noun.one, noun.the, noun.many, noun.all))
