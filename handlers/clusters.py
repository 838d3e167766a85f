"""The same trouble asked again and again: those who can do something see it once, and answer all of it at once."""

from datetime import timedelta

from handlers import gate, slack_text
from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader
from handlers.listening import Errors, Job, Listeners, Open, Press, Show, Swap
from handlers.views import clusters as view
from handlers.views import parts
from handlers.words import Words
from models import administration, clock, clusters, lines, outbox
from models.db import Session
from models.lines import Side
from models.outbox import Letter
from models.people import Person


def register(on: Listeners) -> None:
    on.action("cluster.form", form, may=clusters.answers)
    on.view("cluster.answer", answer, may=clusters.answers)
    on.letter("cluster", Kind(notice, Reader.HELPER))
    on.letter("answered_all", Kind(answered_all, Reader.HELPER))
    on.job(Job("clusters", look, every=timedelta(seconds=30)))


def form(session: Session, press: Press, desk: Desk) -> Show:
    """[Svara alla]: the latest questions' own words stand above the field."""
    cluster = clusters.get(session, press.about)
    waiting = clusters.waiting_for(session, cluster, by=press.person.pk, now=desk.now())
    latest = (lines.of_ticket(session, ticket.pk, Side.ASKER) for ticket in reversed(waiting[-view.QUOTED :]))
    said = [text for each in latest if (text := " ".join(line.text for line in each if line.text))]
    return Open(view.answer_form(cluster.pk, len(waiting), said, desk.words(session, press.person)))


def answer(session: Session, press: Press, desk: Desk) -> Show:
    if again := gate.refused(session, press, desk):
        return again
    words, text = desk.words(session, press.person), slack_text.plain(press.values.get(view.LINE, ""))
    if not text:
        return Errors({view.LINE: words("refused.no_text")})
    by, vouched = press.person.pk, press.vouched
    n = clusters.answer_all(session, press.about or 0, text[: view.LONGEST], vouched=vouched, by=by, now=desk.now())
    return Swap(view.answered(n, words))


def look(desk: Desk) -> None:
    """What has become a cluster since, and what those who have a notice should see."""
    desk.each(clusters.forming, clusters.begin)
    desk.each(clusters.changed_ones, clusters.look_after)


# ---- what they get ---------------------------------------------------------------------------------------------------


def notice(session: Session, letter: Letter, words: Words) -> Post | None:
    """As it stands now. One that is over before it could be shown is not shown."""
    cluster = clusters.get(session, letter.about_id)
    drawn = _drawn(session, cluster, letter.to_id, words)
    is_over = cluster.ended_at is not None and not drawn.waiting
    if is_over and not outbox.where_is(session, [letter.place]):
        return None
    return Post(view.notice_text(drawn, words), view.notice(drawn, words))


def _drawn(session: Session, cluster: clusters.Cluster, reader: int, words: Words) -> view.Notice:
    size, known = clusters.size(clusters.questions(session, cluster)), clusters.outage(session, cluster)
    by = session.get(Person, cluster.answered_by_id) if cluster.answered_by_id is not None else None
    scope = administration.scope_of(session, reader, on=clock.today(words.now))
    may_tell = bool(scope.told_by_her(cluster.tool))
    return view.Notice(
        id=cluster.pk,
        tool=words.tool(cluster.tool) or cluster.tool,
        asked=size.asked,
        waiting=size.waiting,
        units=size.units,
        since=cluster.began_at,
        outage=known.pk if known is not None else None,
        answered_by=by.name if by is not None else "",
        may_answer=may_tell or cluster.expert_id == reader,
        may_tell=may_tell and (known is None or scope.may_tell(known.tool, known.department_ids)),
    )


def answered_all(session: Session, letter: Letter, words: Words) -> Post | None:
    """Somebody else has answered what she had taken."""
    cluster = clusters.get(session, letter.about_id)
    by = session.get(Person, cluster.answered_by_id) if cluster.answered_by_id is not None else None
    if by is None:
        return None
    tool = slack_text.safe(words.tool(cluster.tool) or cluster.tool)
    text = words("cluster.yours_too", name=slack_text.safe(by.name), tool=tool)
    return Post(text, [parts.section(text)])
