"""Ready answers: read in the receipt, found with `/svar` and in Home, sent by who helps, kept by the tool's specialist.

Not here: which ones are likely the same trouble (models/similar.py), and the list "Att göra" itself (todo.py).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handlers import forms, gate, pictures, slack_text, todo
from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader
from handlers.listening import (
    Errors,
    HomePart,
    Job,
    Listeners,
    Open,
    Press,
    PressListener,
    Show,
    Swap,
    TaskSource,
    does,
    number,
)
from handlers.views import answers as view
from handlers.views import notice
from handlers.views.parts import Block
from handlers.words import Words
from models import answers, clock, lines, offers, people, proposals, shelf, stuga_day, tickets
from models.answers import Answer, State, Task, Wording
from models.db import Session
from models.errors import Gone
from models.lines import Said
from models.outbox import Letter
from models.people import Person
from models.tickets import anyone


def register(on: Listeners) -> None:
    on.action("answer.helped", helped, may=tickets.asker_only)
    on.action("answer.human", does(offers.human), may=tickets.asker_only)
    on.action("answer.propose", does(proposals.propose), may=proposals.helper_only)
    on.action("answer.ready", ready, may=tickets.owner_only)
    on.action("answer.use", use, may=tickets.owner_only)
    on.view("answer.send", send, may=tickets.owner_only)
    on.action("answer.open", find, may=anyone)
    on.command("/svar", find, may=anyone)
    on.action("answer.tool", of_tool, may=anyone)
    on.view("answer.search", search, may=anyone)
    on.home(HomePart(26, load, view.home, budget=1))
    on.letter("answer_refused", Kind(refused, Reader.HELPER))
    on.job(Job("answers", settle, every=timedelta(minutes=10)))
    on.job(Job("answers_found", follow, every=timedelta(seconds=1)))
    _keeping(on)


def _keeping(on: Listeners) -> None:
    """What a keeper does: the verbs ask whose answers she keeps today."""
    on.action("answer.edit", edit, may=anyone)
    on.action("answer.new", write, may=anyone)
    on.view("answer.approve", _then_the_list(on, approve), may=anyone)
    on.action("answer.keep", _then_the_list(on, keep), may=anyone)
    on.action("answer.withdraw", _then_the_list(on, withdraw), may=anyone)
    on.action("answer.versions", versions, may=anyone)
    on.action("answer.merge_form", merge_form, may=anyone)
    on.view("answer.merge", _then_the_list(on, merge), may=anyone)
    on.action("answer.refuse_form", refuse_form, may=anyone)
    on.view("answer.refuse", _then_the_list(on, refuse), may=anyone)
    on.tasks(TaskSource(10, waiting, tasks))


def _then_the_list(on: Listeners, listener: PressListener) -> PressListener:
    """What is left to do stands where she was."""

    def run(session: Session, press: Press, desk: Desk) -> Show:
        show = listener(session, press, desk)
        return show or Swap(todo.window(on, session, press.person, desk.words(session, press.person)))

    run.__module__, run.__name__ = listener.__module__, listener.__name__
    return run


# ---- the one who asks, and who helps -------------------------------------------------------------------------------


def helped(session: Session, press: Press, desk: Desk) -> Show:
    offers.helped(session, press.about or 0, number(press.choice) or 0, by=press.person.pk, now=desk.now())
    return None


def ready(session: Session, press: Press, desk: Desk) -> Show:
    """[Färdiga svar] on her card."""
    words, ticket = desk.words(session, press.person), tickets.get(session, press.about)
    found = offers.ready(session, ticket, now=desk.now())
    return Open(view.ready(ticket.pk, pictures.answers(session, found, words), words))


def use(session: Session, press: Press, desk: Desk) -> Show:
    """In the asker's language, where there is one."""
    words, ticket = desk.words(session, press.person), tickets.get(session, press.about)
    found = answers.in_force(session, [number(press.choice) or 0], now=desk.now())
    if not found:
        raise Gone
    asker = session.get(Person, ticket.asker_id) if ticket.asker_id else None
    _, text = found[0].said(asker.language if asker else words.language)
    return Swap(view.send(ticket.pk, found[0].pk, text, words))


def send(session: Session, press: Press, desk: Desk) -> Show:
    """Her word to the asker, like any other."""
    if again := gate.refused(session, press, desk):
        return again
    now, by, ticket = desk.now(), press.person, tickets.get(session, press.about)
    for name, text in gate.typed(press).items():
        said = Said(text, False, f"answer:{by.pk}", f"{now.timestamp():.6f}", vouched=press.vouched)
        lines.answer(session, by, ticket, said, now=now)
        offers.sent(session, ticket.pk, number(name.partition(":")[2]) or 0, now=now)
    return None


def settle(desk: Desk) -> None:
    """What came of answers under closed questions; and what drop-ins have solved is proposed."""
    desk.each(offers.to_settle, offers.settle)
    desk.each(stuga_day.to_propose, stuga_day.propose)


def follow(desk: Desk) -> None:
    """What has changed is found, and what is gone is not: in this process too, nor in SQLite's journal."""
    if shelf.keep_up(desk.db, answers.BANK):
        desk.db.fold()


# ---- who searches --------------------------------------------------------------------------------------------------


def load(session: Session, person: Person, desk: Desk) -> int:
    return sum(answers.tools(session, now=desk.now()).values())


def find(session: Session, press: Press, desk: Desk) -> Show:
    """`/svar`, with or without a word, and [Sök svar] in Home."""
    return Open(_found(session, press, desk, slack_text.plain(press.values.get("text", "")), ""))


def search(session: Session, press: Press, desk: Desk) -> Show:
    return Swap(_found(session, press, desk, slack_text.plain(press.values.get(view.WORD, "")), ""))


def of_tool(session: Session, press: Press, desk: Desk) -> Show:
    return Swap(_found(session, press, desk, "", press.value))


def _found(session: Session, press: Press, desk: Desk, word: str, chosen: str) -> Block:
    now, words = desk.now(), desk.words(session, press.person)
    kept = answers.kept_by(session, press.person.pk, now=now)
    listed = answers.of_tool(session, chosen, now=now, most=view.LISTED)
    found = offers.search(session, word, now=now) if word else listed
    there = [key for key in answers.tools(session, now=now) if key in words.tools.tools]
    shown = pictures.answers(session, found, words, kept)
    whose = offers.whose(session, word, now=now) if word and not found else ""
    tools, whose = forms.tools(there, words), whose if whose in there else ""
    return view.search(view.Search(word, chosen, tools, shown, not kept.nothing, whose), words)


# ---- who keeps them ------------------------------------------------------------------------------------------------


def waiting(session: Session, person: Person, now: datetime) -> Sequence[Task]:
    return answers.waiting_for(session, person.pk, now=now)


def tasks(found: Sequence[Task], words: Words) -> list[Block]:
    drawn = [
        view.Waiting(task.answer.pk, words.tool(task.answer.tool), task.answer.question, task.why, task.proposed)
        for task in found
    ]
    return view.tasks(drawn, words)


def edit(session: Session, press: Press, desk: Desk) -> Show:
    """An answer in her hands, with what was proposed."""
    answer = answers.hers(session, press.about, press.person.pk, now=desk.now())
    return Swap(view.form(_draft(session, answer, press, desk), desk.words(session, press.person)))


def write(session: Session, press: Press, desk: Desk) -> Show:
    """[Skriv ett svar]: an empty one."""
    empty = Answer(id=0, tool="", version=0, made_at=desk.now())
    if answers.kept_by(session, press.person.pk, now=desk.now()).nothing:
        raise Gone
    return Swap(view.form(_draft(session, empty, press, desk), desk.words(session, press.person)))


def _draft(session: Session, answer: Answer, press: Press, desk: Desk) -> view.Draft:
    now, words = desk.now(), desk.words(session, press.person)
    proposed = answers.proposals_of(session, answer.pk, undecided=True)
    who = people.find(session, [answer.first_by_id, *(proposal.by_id for proposal in proposed)])
    first = who.get(answer.first_by_id or 0)
    return view.Draft(
        id=answer.pk,
        seen=answer.version,
        tool=answer.tool,
        tools=forms.tools(words.tools.tools, words),
        question=answer.question,
        text=answer.text,
        question_en=answer.question_en,
        text_en=answer.text_en,
        link=answer.link,
        review=answers.next_review(session, now=now),
        proposals=tuple((who[p.by_id].name if p.by_id in who else "", p.question, p.text) for p in proposed if p.text),
        takes_two=answers.is_medication(session, answer.tool),
        first=first.name if first and answer.state is State.PROPOSED else "",
        counts=(answer.shown, answer.helped, answer.missed),
        why=answers.why_of(answer, now=now),
        approved=answer.state is State.APPROVED,
        others=answer.pk != 0 and bool(answers.others(session, answer, most=1)),
    )


def versions(session: Session, press: Press, desk: Desk) -> Show:
    """[Tidigare versioner]: who did what to it when, and what it said then."""
    answer = answers.hers(session, press.about, press.person.pk, now=desk.now())
    rows = answers.versions_of(session, answer.pk)
    who = people.find(session, (row.by_id for row in rows))
    names = [who[row.by_id].name if row.by_id in who else "" for row in rows]
    told = [view.Version(r.version, r.did, name, r.at, r.question, r.text) for r, name in zip(rows, names, strict=True)]
    return Swap(view.versions(answer.pk, told, desk.words(session, press.person)))


def merge_form(session: Session, press: Press, desk: Desk) -> Show:
    """[Slå ihop med ett annat]: with which, and what comes of it."""
    answer = answers.hers(session, _code(press.value)[0], press.person.pk, now=desk.now())
    found = answers.others(session, answer, most=answers.MERGED_WITH)
    if not found:
        raise Gone
    choices = [(f"{each.pk}|{each.version}", each.question, each.state is State.APPROVED) for each in found]
    return Swap(view.merge_form(press.value, answer.question, choices, desk.words(session, press.person)))


def merge(session: Session, press: Press, desk: Desk) -> Show:
    into = _code(press.values.get(view.INTO, ""))
    answers.merge(session, *_code(press.note), into, by=press.person.pk, now=desk.now())
    return None


def approve(session: Session, press: Press, desk: Desk) -> Show:
    """[Godkänn]: a new one has the number 0."""
    if again := gate.refused(session, press, desk):
        return again
    words = desk.words(session, press.person)
    wording = _wording(press, words, desk)
    if isinstance(wording, Errors):
        return wording
    answer_id, seen = _code(press.note)
    if answer_id:
        kept = answers.approve(session, answer_id, seen, wording, by=press.person.pk, now=desk.now())
    else:
        kept = answers.write(session, wording, by=press.person.pk, now=desk.now())
    return _not_yet_shown(kept, words)


def _not_yet_shown(kept: Answer, words: Words) -> Show:
    """It has left her list, and is not approved: why."""
    if kept.state is State.APPROVED:
        return None
    key = "answer.one_more" if kept.first_by_id is not None else "answer.theirs_now"
    return Swap(notice.done(words, words(key, tool=slack_text.safe(words.tool(kept.tool) or kept.tool))))


def _code(code: str) -> tuple[int, int]:
    """The answer, and the version that she has seen."""
    answer_id, _, seen = code.partition("|")
    return number(answer_id) or 0, number(seen) or 0


def _wording(press: Press, words: Words, desk: Desk) -> Wording | Errors:
    texts = (view.TOOL, view.QUESTION, view.TEXT, view.QUESTION_EN, view.TEXT_EN, view.LINK)
    said = {name: slack_text.plain(text).strip() for name, text in forms.typed(press, texts).items()}
    review = press.values.get(view.REVIEW, "")
    try:
        on = date.fromisoformat(review) if review else None
    except ValueError:
        on = desk.now().date()
    if on is not None and on <= clock.today(desk.now()):
        return Errors({view.REVIEW: words("answer.review_ahead")})
    if said[view.LINK] and not said[view.LINK].startswith("https://"):
        return Errors({view.LINK: words("answer.link_https")})
    return Wording(**said, review_on=on)


def keep(session: Session, press: Press, desk: Desk) -> Show:
    answers.keep(session, *_code(press.value), by=press.person.pk, now=desk.now())
    return None


def withdraw(session: Session, press: Press, desk: Desk) -> Show:
    answers.withdraw(session, *_code(press.value), by=press.person.pk, now=desk.now())
    return None


def refuse_form(session: Session, press: Press, desk: Desk) -> Show:
    answer_id, _ = _code(press.value)
    answer = answers.hers(session, answer_id, press.person.pk, now=desk.now())
    return Swap(view.refuse_form(press.value, answer.question, desk.words(session, press.person)))


def refuse(session: Session, press: Press, desk: Desk) -> Show:
    if again := gate.refused(session, press, desk):
        return again
    why = slack_text.plain(press.values.get(view.REASON, "")).strip()
    if not why:
        return Errors({view.REASON: desk.words(session, press.person)("answer.reason_hint")})
    answers.refuse(session, *_code(press.note), why, by=press.person.pk, now=desk.now())
    return None


def refused(session: Session, letter: Letter, words: Words) -> Post | None:
    """To who proposed it: not this time, and why."""
    proposal = answers.proposal(session, letter.about_id)
    if proposal is None or not proposal.why:
        return None
    text = words("answer.refused")
    return Post(text, view.refused(proposal.question, proposal.why, text))
