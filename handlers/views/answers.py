"""Answers as they are read: in a receipt, in a list, by the one who helps, and by the specialist who keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.slack_text import cut, safe
from handlers.views import forms, parts
from handlers.views.forms import Groups
from handlers.views.parts import Block
from handlers.words import Words
from models import clock
from models.answers import LONGEST, LONGEST_LINK, LONGEST_QUESTION, Did, Why

TOOL, QUESTION, TEXT, QUESTION_EN, TEXT_EN, LINK, REVIEW = (
    "tool", "question", "text", "question_en", "text_en", "link", "review",
)  # fmt: skip
WORD, REASON, INTO = "word", "reason", "into"
QUOTE, PROPOSED, TASKS, LISTED, VERSIONS = 300, 5, 10, 10, 20


@dataclass(frozen=True)
class Shown:
    """`author`: who answers for it, `day` since when. `mine`: whoever reads it keeps it."""

    id: int
    tool: str
    question: str
    text: str
    author: str
    day: date
    link: str = ""
    mine: bool = False


def answer(shown: Shown, words: Words, *, accessory: Block | None = None) -> list[Block]:
    """Its question, its words, and who says so since when."""
    told = [words("answer.by", name=safe(shown.author), day=words.dated(shown.day)), *_link(shown.link, words)]
    return [
        parts.section(f"*{safe(shown.question)}*", accessory=accessory),
        parts.said(shown.text),
        parts.context(" · ".join(told)),
    ]


def _link(link: str, words: Words) -> list[str]:
    if not link.startswith("https://") or any(mark in link for mark in "<>| \n"):
        return [safe(link)] if link else []
    return [f"<{link.replace('&', '&amp;')}|{words('answer.link')}>"]


# ---- searching -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """`found` for what she has typed or chosen (`chosen`: a tool); nothing yet where both are empty. `whose`: the tool
    that it is likeliest about where nothing is near.
    """

    word: str
    chosen: str
    tools: Groups
    found: tuple[Shown, ...]
    may_write: bool
    whose: str = ""


def home(number: int, words: Words) -> list[Block]:
    """One line; nothing while there are none."""
    if not number:
        return []
    return [parts.section(words("answer.home", n=number), accessory=_opens(words))]


def _opens(words: Words) -> Block:
    return parts.button(words("button.find_answer"), "answer.open", 0)


def search(found: Search, words: Words) -> Block:
    field = forms.field(WORD, words("answer.word"), forms.line(found.word, 150), optional=True)
    menu = [parts.actions(parts.menu(words("answer.tool_menu"), "answer.tool", forms.options(found.tools)))]
    write = [parts.actions(parts.button(words("button.write_answer"), "answer.new", 0))] if found.may_write else []
    listed = [block for each in found.found[:LISTED] for block in _listed(each, words)]
    title, send, close = words("answer.title"), words("button.search"), words("button.close")
    blocks = [field, *(menu if found.tools else []), *(listed or _nothing(found, words)), *write]
    return parts.form("answer.search", title, send, close, blocks)


def _listed(shown: Shown, words: Words) -> list[Block]:
    opens = parts.button(words("button.open"), "answer.edit", shown.id) if shown.mine else None
    return answer(shown, words, accessory=opens)


def _nothing(found: Search, words: Words) -> list[Block]:
    """Nobody has answered anything; or nothing near what she has looked for: the tool's are one tap away."""
    if not found.tools:
        return [parts.section(words("answer.none_at_all"))]
    if not found.word:
        return [parts.section(words("answer.none"))] if found.chosen else []
    about = words("button.answers_about", tool=words.tool(found.whose))
    more = [parts.actions(parts.button(about, "answer.tool", found.whose))] if found.whose else []
    return [parts.section(words("answer.none_near")), *more]


# ---- the one who helps -----------------------------------------------------------------------------------------------


def ready(ticket: int, found: Sequence[Shown], words: Words) -> Block:
    """What may suit her question; one tap more, and she can change it before it is sent."""
    blocks: list[Block] = [] if found else [parts.section(words("answer.none"))]
    for each in found:
        use = parts.button(words("button.use_answer"), "answer.use", f"{ticket}:{each.id}")
        blocks += answer(each, words, accessory=use)
    return parts.window(words("answer.ready_title"), words("button.close"), blocks)


def send(ticket: int, answer_id: int, text: str, words: Words) -> Block:
    """It is sent in her name: as it is, or as she writes it. The field's name says which answer it was."""
    field = forms.field(f"{TEXT}:{answer_id}", words("answer.send_field"), forms.line(text, LONGEST, multiline=True))
    title, submit, close = words("answer.ready_title"), words("button.send"), words("button.close")
    return parts.form("answer.send", title, submit, close, [field], ticket)


# ---- the one who keeps them ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """A task: which answer, why, how many colleagues have proposed it."""

    id: int
    tool: str
    question: str
    why: Why
    proposed: int


def tasks(waiting: Sequence[Waiting], words: Words) -> list[Block]:
    blocks = [parts.section(words("answer.tasks", n=len(waiting)))]
    for each in waiting[:TASKS]:
        opens = parts.button(words("button.open"), "answer.edit", each.id)
        counted = {"n": each.proposed} if each.why in (Why.NEW, Why.JOINED) else {}
        why = words(f"answer.why.{each.why}", **counted)
        text = f"*{safe(each.tool)}*: {safe(cut(each.question, 150))}\n{why}"
        blocks.append(parts.section(text, accessory=opens))
    return blocks


@dataclass(frozen=True)
class Draft:
    """An answer in its keeper's hands. `id` 0: a new one. `seen`: the version that she has in front of her.

    `proposals`: (who, question, what helped). `first`: who has approved it first, where it takes two. `others`: there
    is one that it could be merged into.
    """

    id: int
    seen: int
    tool: str
    tools: Groups
    question: str
    text: str
    question_en: str
    text_en: str
    link: str
    review: date
    proposals: tuple[tuple[str, str, str], ...] = ()
    takes_two: bool = False
    first: str = ""
    counts: tuple[int, int, int] = (0, 0, 0)
    why: Why | None = None
    approved: bool = False
    others: bool = False

    @property
    def code(self) -> str:
        """What its controls carry."""
        return f"{self.id}|{self.seen}"


def form(draft: Draft, words: Words) -> Block:
    fields = [
        forms.field(TOOL, words("answer.field.tool"), _tool_menu(draft, words)),
        forms.field(QUESTION, words("answer.field.question"), forms.line(draft.question, LONGEST_QUESTION)),
        forms.field(TEXT, words("answer.field.text"), forms.line(draft.text, LONGEST, multiline=True)),
        forms.field(LINK, words("answer.field.link"), forms.line(draft.link, LONGEST_LINK), optional=True),
        forms.field(REVIEW, words("answer.field.review"), forms.day(draft.review)),
        _optional(QUESTION_EN, forms.line(draft.question_en, LONGEST_QUESTION), words),
        _optional(TEXT_EN, forms.line(draft.text_en, LONGEST, multiline=True), words),
    ]
    title, submit, close = words("answer.form_title"), words("button.approve"), words("button.close")
    return parts.form("answer.approve", title, submit, close, [*_about(draft, words), *fields], draft.code)


def _optional(name: str, element: Block, words: Words) -> Block:
    return forms.field(name, words(f"answer.field.{name}"), element, optional=True)


def _tool_menu(draft: Draft, words: Words) -> Block:
    menu = parts.menu(words("ask.tool_menu"), TOOL, forms.options(draft.tools))
    chosen = next((o for group in menu["option_groups"] for o in group["options"] if o["value"] == draft.tool), None)
    return {**menu, "initial_option": chosen} if chosen else menu


def _about(draft: Draft, words: Words) -> list[Block]:
    """What she has to know before she decides, and what else she can do than approve."""
    blocks: list[Block] = []
    if draft.why in (Why.NO_HELP, Why.SOURCE_GONE, Why.DUE):
        blocks.append(parts.section(words(f"answer.why.{draft.why}")))
    if draft.takes_two:
        key = "answer.second" if draft.first else "answer.takes_two"
        blocks.append(parts.context(words(key, name=safe(draft.first))))
    if draft.approved:
        shown, helped, missed = draft.counts
        blocks.append(parts.context(words("answer.counts", shown=shown, helped=helped, missed=missed)))
    for name, question, text in draft.proposals[:PROPOSED]:
        head = parts.context(words("answer.proposed_by", name=safe(name)))
        blocks += [head, parts.said(f"{cut(question, QUOTE)}\n→ {cut(text, QUOTE)}")]
    return [*blocks, *_instead(draft, words)]


def _instead(draft: Draft, words: Words) -> list[Block]:
    buttons = []
    if draft.approved:
        buttons.append(parts.button(words("button.still_right"), "answer.keep", draft.code))
    if draft.proposals or (draft.id and not draft.approved):
        buttons.append(parts.button(words("button.say_no"), "answer.refuse_form", draft.code))
    if draft.approved:
        buttons.append(_withdraw(draft, words))
    if draft.others:
        buttons.append(parts.button(words("button.merge_answer"), "answer.merge_form", draft.code))
    if draft.seen > 1:
        buttons.append(parts.button(words("button.versions"), "answer.versions", draft.id))
    return [parts.actions(*buttons)] if buttons else []


def _withdraw(draft: Draft, words: Words) -> Block:
    """There is no way back: it asks first."""
    label, no = words("button.withdraw_answer"), words("button.close")
    sure = forms.confirm(words("answer.withdraw_title"), words("answer.withdraw_sure"), label, no)
    return parts.button(label, "answer.withdraw", draft.code) | {"confirm": sure}


@dataclass(frozen=True)
class Version:
    """What it said once somebody (empty: nobody is known) had done this to it."""

    number: int
    did: Did
    name: str
    at: datetime
    question: str
    text: str


def versions(answer_id: int, told: Sequence[Version], words: Words) -> Block:
    """The newest first, the oldest of many left out; words that stayed as they were are not said twice."""
    back = parts.actions(parts.button(words("button.back"), "answer.edit", answer_id))
    drawn = [_version(each, before, words) for before, each in zip((None, *told), told, strict=False)]
    blocks = [block for each in reversed(drawn[-VERSIONS:]) for block in each]
    return parts.window(words("answer.versions"), words("button.close"), [back, *blocks])


def _version(each: Version, before: Version | None, words: Words) -> list[Block]:
    about = {"name": safe(each.name), "day": words.dated(clock.today(each.at)), "time": words.clock(each.at)}
    head = [words(f"answer.did.{each.did}"), words("answer.by", **about) if each.name else about["day"], about["time"]]
    shown = parts.context(" · ".join((words("answer.version", number=each.number), *head)))
    if before is not None and (before.question, before.text) == (each.question, each.text):
        return [shown]
    return [shown, parts.said(f"{each.question}\n→ {each.text}" if each.text else words("answer.words_gone"))]


def merge_form(code: str, question: str, options: Sequence[tuple[str, str, bool]], words: Words) -> Block:
    """`options`, at least one: (code, question, whether it is shown)."""
    quote, what = parts.said(cut(question, QUOTE)), parts.section(words("answer.merge_what"))
    found = [parts.option(_named(name, shown, words), key) for key, name, shown in options]
    field = forms.field(INTO, words("answer.into"), forms.choice(found, ""))
    title, submit, close = words("answer.merge_title"), words("button.merge"), words("button.close")
    return parts.form("answer.merge", title, submit, close, [quote, field, what], code)


def _named(question: str, shown: bool, words: Words) -> str:
    return words("answer.shown" if shown else "answer.proposed", question=cut(question, 60))


def refuse_form(code: str, question: str, words: Words) -> Block:
    """Why not: her colleague reads it."""
    quote = parts.said(cut(question, QUOTE))
    hint = words("answer.reason_hint")
    field = forms.field(REASON, words("answer.reason"), forms.line("", 300, multiline=True), hint)
    title, submit, close = words("answer.refuse_title"), words("button.say_no"), words("button.close")
    return parts.form("answer.refuse", title, submit, close, [quote, field], code)


def refused(question: str, why: str, text: str) -> list[Block]:
    return [parts.section(text), parts.said(why), parts.context(safe(cut(question, QUOTE)))]
