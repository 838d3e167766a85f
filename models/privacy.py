"""Every column of every table: what it says about people, why it is kept, and for how long. One place.

A new column that is not declared here fails a test. Export, erasure and disposal work from this declaration, and
docs/data-map.md is written from it. Not here: how to erase, and how long each time is (settings).
"""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What a column says about a human being."""

    NOTHING = "nothing"
    PSEUDONYM = "pseudonym"  # an id that leads to somebody by way of another table or Slack
    PERSONAL = "personal"
    FREE_TEXT = "free_text"  # masked at the door, yet anything may stand in it


class Keep(StrEnum):
    """Until when. Beside these, the key of a setting that says how long (`keep.letters`)."""

    ORGANISATION = "organisation"  # as long as the place exists; old questions keep theirs
    EMPLOYMENT = "employment"  # as long as she works here and `keep.person` after; then only the pseudonym stays
    APPOINTMENT = "appointment"  # `keep.routing`, 13 months, after its end
    SHIFT = "shift"  # `keep.routing`: routing metadata
    ROUTING = "routing"  # `keep.routing` after closing: counted, never read one by one
    VALID = "valid"  # while the answer is; `keep.answers` after it was refused or withdrawn
    WITH_QUESTION = "with_question"  # `keep.question`, 90 days, after closing, the bot's own chat messages too
    AUDIT = "audit"  # what administrators did, and what was erased: `keep.audit`, 13 months
    FOREVER = "forever"  # the municipality's own configuration


@dataclass(frozen=True)
class Column:
    """`keep` is a code of Keep or the key of a setting."""

    what: What
    why: str
    keep: str


def _columns(what: What, keep: str, /, **why: str) -> dict[str, Column]:
    return {name: Column(what, reason, keep) for name, reason in why.items()}


def _plain(keep: str, /, **why: str) -> dict[str, Column]:
    return _columns(What.NOTHING, keep, **why)


def _pseudonym(keep: str, /, **why: str) -> dict[str, Column]:
    return _columns(What.PSEUDONYM, keep, **why)


def _personal(keep: str, /, **why: str) -> dict[str, Column]:
    return _columns(What.PERSONAL, keep, **why)


def _free_text(keep: str, /, **why: str) -> dict[str, Column]:
    return _columns(What.FREE_TEXT, keep, **why)


_SESSION = {
    "name": "what staff call it",
    "tools": "its theme",
    "departments": "for whom",
    "for_night": "for whom",
    "room": "where",
    "address": "where",
    "way_in": "how to get in without steps",
    "link": "where, without going there",
}

DECLARED: dict[str, dict[str, Column]] = {
    # ---- the organisation ------------------------------------------------------------------------------
    "administration": _plain(
        Keep.ORGANISATION,
        id="row",
        key="joins the sheets of the import",
        name="what staff call it",
        emergency_number="whom to ring when it is urgent",
    ),
    "department": _plain(
        Keep.ORGANISATION,
        id="row",
        key="joins the sheets of the import",
        administration_id="where it belongs",
        name="what staff call it",
    ),
    "area": _plain(
        Keep.ORGANISATION,
        id="row",
        key="joins the sheets of the import",
        department_id="where it belongs",
        name="what staff call it",
    ),
    "unit": _plain(
        Keep.ORGANISATION,
        id="row",
        key="joins the sheets of the import",
        department_id="where it belongs",
        area_id="where it belongs, for its contacts",
        name="what staff call it",
        live="whether it uses the bot yet",
        ended_on="merged or closed",
    ),
    "unit_tool": _plain(
        Keep.ORGANISATION,
        id="row",
        unit_id="whose staff are offered it",
        tool="which tool",
        starts_on="from when",
        ends_on="until when",
    ),
    "contact": {
        **_plain(
            Keep.ORGANISATION,
            id="row",
            unit_id="whose staff ring",
            area_id="whose staff ring",
            tool="about what",
            opens="at what time of day",
            closes="at what time of day",
            number="whom to ring: a public number, never a person's own",
            second_number="when nobody answers",
            starts_on="from when",
            ends_on="until when",
        ),
        **_free_text(
            Keep.ORGANISATION,
            what_to_do="what to do while nobody has come",
            routine="the municipality's own routine, by name or address",
        ),
    },
    "setting": {
        **_plain(Keep.FOREVER, key="which setting", at="when it was changed"),
        **_free_text(Keep.FOREVER, value="the administration's own configuration"),
    },
    # ---- people ----------------------------------------------------------------------------------------
    "person": {
        **_pseudonym(Keep.EMPLOYMENT, id="what everything else points to"),
        **_personal(
            Keep.EMPLOYMENT,
            chat_user_id="her account in the chat",
            email="joins the import with the chat",
            name="shown to the one she helps, or who helps her",
            title="shown beside the name",
            picture_url="her face beside her words",
            language="in which language she is spoken to",
            chat_channel_id="her conversation with the bot",
            active_at="whether she counts as at work",
            quiet_until="do-not-disturb: she is left in peace",
            paused_until="she asked for a pause from cards",
            deactivated_at="her account has ended",
        ),
        **_plain(
            Keep.EMPLOYMENT,
            kind="a person, or a phone that several share",
            profile_at="when Slack was last asked who this is",
        ),
    },
    "assignment": {
        **_plain(Keep.EMPLOYMENT, id="row"),
        **_pseudonym(Keep.EMPLOYMENT, person_id="who is employed"),
        **_personal(
            Keep.EMPLOYMENT,
            unit_id="where, so that questions find the right people",
            is_primary="where she is when she says nothing else",
            starts_on="from when",
            ends_on="until when",
        ),
    },
    "appointment": {
        **_plain(Keep.APPOINTMENT, id="row"),
        **_pseudonym(
            Keep.APPOINTMENT, person_id="who wears the hat", deputy_for_id="when she is away the deputy is asked"
        ),
        **_personal(
            Keep.APPOINTMENT,
            role="what she may do with others' questions",
            unit_id="for whom",
            department_id="for whom",
            tool="with what",
            starts_on="from when",
            ends_on="until when",
        ),
    },
    "absence": {
        **_plain(Keep.SHIFT, id="row", own="whether the import may end it"),
        **_pseudonym(Keep.SHIFT, person_id="who is away; never why"),
        **_personal(Keep.SHIFT, starts_on="nobody on leave is disturbed", ends_on="when she can be asked again"),
    },
    "duty": {
        **_plain(Keep.SHIFT, id="row"),
        **_pseudonym(Keep.SHIFT, person_id="who said so herself"),
        **_personal(
            Keep.SHIFT,
            starts_at="nobody is disturbed off duty",
            until_at="nobody is disturbed off duty",
            ended_at="eleven hours of rest count from here",
        ),
    },
    "shift": {
        **_plain(Keep.SHIFT, id="row"),
        **_pseudonym(Keep.SHIFT, person_id="whose shift"),
        **_personal(
            Keep.SHIFT,
            starts_at="nobody is disturbed off duty",
            until_at="nobody is disturbed off duty",
            cancelled_on="it was taken away before it began",
        ),
    },
    "pattern": {
        **_plain(Keep.SHIFT, id="row", own="whether the import may end it"),
        **_pseudonym(Keep.SHIFT, person_id="whose rota"),
        **_personal(
            Keep.SHIFT,
            weeks="nobody is disturbed off duty",
            week="nobody is disturbed off duty",
            day="nobody is disturbed off duty",
            opens="nobody is disturbed off duty",
            closes="nobody is disturbed off duty",
            starts_on="from when",
            ends_on="until when",
        ),
    },
    "working_unit": {
        **_pseudonym("unit.remembered", person_id="who works there today"),
        **_personal("unit.remembered", unit_id="where", until_at="for this shift only"),
    },
    # ---- questions -------------------------------------------------------------------------------------
    "ticket": {
        # Who asked stays as long as the row: a cell of the figures is shown only if k different people stand behind it,
        # and a quarter is counted when the words of its first questions have gone already.
        **_pseudonym(
            Keep.ROUTING,
            id="the number people say",
            asker_id="gets the answer; different askers are counted",
            owner_id="who has it; different helpers are counted",
            had_by_id="who had it: the next one is told",
        ),
        **_pseudonym(
            Keep.WITH_QUESTION,
            pictures="Slack's ids of the files that go to the one who takes it",
            ticked_at="she said that no care recipient can be seen in them",
        ),
        **_plain(
            Keep.ROUTING,
            unit_id="whose workmates are asked; counted",
            tool="what it is about; counted",
            belongs_to="whose it is if not ours; counted",
            tool_chosen="a person's choice is not overruled",
            for_colleague="whether the one who asks stands there herself",
            kind="what sort of trouble; counted",
            urgency="whether somebody waits",
            state="where it stands",
            reason="how it ended; counted",
            solved_by="which role solved it; counted",
            rung="how far it has gone; counted",
            stuga_id="where it will be taken up",
            taken_at="how long it took",
            answers_until="she reads answers before somebody is asked",
            next_step="no question is forgotten",
            next_at="no question is forgotten",
            held_until="it does not stay with somebody who has gone home",
            asked_at="how long it took",
            asker_wrote_at="who waits for whom",
            helper_wrote_at="who waits for whom",
            closed_at="when its words are to go",
            disposed_at="that its words have gone",
        ),
    },
    "history": {
        **_plain(
            Keep.ROUTING,
            id="cause of letters",
            ticket_id="which question",
            at="when",
            event="what happened",
            state="where it stood then",
            note="a code: tool or rung, never words",
        ),
        **_pseudonym(Keep.WITH_QUESTION, by_id="who did it", other_id="whom it concerned"),
    },
    "candidate": {
        **_plain(
            Keep.WITH_QUESTION,
            id="row",
            ticket_id="which question",
            rung="in which role",
            via="card or digest",
            sent_at="how long it waited",
            left_at="it does not wait for her any more",
            said_no="she passed it on herself",
        ),
        **_pseudonym(Keep.WITH_QUESTION, person_id="may see and take it"),
    },
    # Without its words a line stays as long as its question: an edit of an old message must not bring them back.
    "line": {
        **_plain(
            Keep.ROUTING,
            id="row",
            ticket_id="which question",
            side="asker or helper; a note; or kept until its author takes the question (`keep.unsent`)",
            hidden="something was masked",
            left_out="a file came with it and was not passed on: she is told so",
            guessed="we guessed which question it belongs to; one tap moves it",
            said_at="in the order in which it was said",
            changed_at="edited by its author",
            cleared_at="its words are gone, and when",
            cleared_by="asker, helper or the clock, never who",
            deleted_at="its words are gone",
        ),
        **_pseudonym(
            Keep.ROUTING,
            author_id="who said it",
            channel="the message in Slack",
            ts="the message in Slack",
            root="the thread in which it stands",
        ),
        **_free_text(Keep.WITH_QUESTION, text="the question and its answer"),
    },
    # ---- drop-ins: there is no place for who came ------------------------------------------------------
    "stuga_series": _plain(
        Keep.ORGANISATION,
        id="row",
        key="joins the sheets of the import",
        day="when",
        weeks="when",
        opens="when",
        closes="when",
        pauses="when not",
        starts_on="from when",
        ends_on="until when",
        **_SESSION,
    ),
    "stuga": _plain(
        Keep.ORGANISATION,
        id="row",
        series="whose session",
        slot="which week's",
        uid="found again in calendars",
        sequence="calendars believe the newest",
        stage="whether it comes, was held or cancelled; counted",
        starts_at="when",
        ends_at="when",
        own="changed by hand",
        own_staff="changed by hand",
        heads="how many came, as a number; counted",
        next_step="reminders and the end come by themselves",
        next_at="reminders and the end come by themselves",
        changed_at="when calendars have to be told",
        closed_at="outcomes can be logged a while longer",
        **_SESSION,
    ),
    "stuga_feed": _plain(Keep.ORGANISATION, series="whose calendar", tail="an address that cannot be guessed"),
    "stuga_turn": {
        **_plain(Keep.APPOINTMENT, id="row", series="of which sessions", part="host or helper", turn="in which week"),
        **_pseudonym(Keep.APPOINTMENT, person_id="whose turn it is"),
        **_personal(Keep.APPOINTMENT, starts_on="from when", ends_on="until when"),
    },
    "stuga_staff": {
        **_plain(Keep.ROUTING, stuga_id="which session", part="host or helper"),
        **_pseudonym(Keep.ROUTING, person_id="who runs it, and is busy meanwhile"),
    },
    "stuga_item": {
        **_plain(
            Keep.ROUTING,
            id="row",
            stuga_id="which session; counted",
            ticket_id="which question",
            walk_in="brought without being parked; counted",
            began_at="minutes; counted",
            outcome="what became of it; counted",
            logged_at="minutes; counted",
            line_id="an answer that may serve others",
            guide_done_at="a task is done",
        ),
        **_pseudonym(Keep.WITH_QUESTION, by_id="who helps with it"),
    },
    "shelf": _plain(Keep.FOREVER, id="row", changes="how often answers have changed: an instance sees it is behind"),
    "wording": {  # `keep.wordings` at most; one that a specialist keeps is cut off from its question
        **_plain(
            Keep.WITH_QUESTION,
            id="row",
            tool="what it is about",
            learnt_at="when its question goes",
            kept_at="a specialist has read it and keeps it: then until she takes it away",
        ),
        **_pseudonym(Keep.WITH_QUESTION, ticket_id="whose words they are; cut off when the question goes"),
        **_free_text(Keep.WITH_QUESTION, text="a correction is learnt: the next one who writes so is read so"),
    },
    # ---- many questions about one thing, and what is known of it -----------------------------------------
    "cluster": {
        **_plain(
            Keep.ROUTING,
            id="row",
            tool="about what; counted",
            kind="what sort of trouble; counted",
            began_at="since when",
            ended_at="until when",
            told="what its notices say: numbers only",
            answered_at="when all were answered",
        ),
        **_pseudonym(
            Keep.ROUTING, expert_id="may answer while the others are off duty", answered_by_id="who was faster"
        ),
    },
    "outage": {
        **_plain(
            Keep.ROUTING,
            id="row",
            tool="about what; counted",
            departments="for whom",
            since="who asked from here on is told",
            put_up_at="how long it lasted",
            ends_at="it comes down by itself",
            next_at="it comes down by itself",
            ended_at="how long it lasted",
        ),
        **_pseudonym(Keep.ROUTING, by_id="is asked about its end", ended_by_id="who was faster"),
        **_free_text(Keep.ROUTING, text="what one can do meanwhile"),
    },
    "news": {
        **_plain(
            Keep.ROUTING,
            id="row",
            tool="about what; counted",
            departments="for whom",
            link="where there is more",
            at="when; counted",
            ends_on="it goes by itself",
            ended_at="taken down before",
            idea_id="the wish that it came from",
            reached="how many, never who; counted",
        ),
        **_pseudonym(Keep.ROUTING, by_id="who says it"),
        **_free_text(Keep.ROUTING, text="what is new"),
    },
    # Gone when the news is over (news.forget_readers): then only the number stays.
    "news_reader": _pseudonym(
        Keep.WITH_QUESTION,
        news_id="which news",
        person_id="she is shown it once; counted, never told",
        ticket_id="in which receipt it stands",
    ),
    "idea": {
        **_plain(Keep.ROUTING, id="row", at="how long it waited; counted", replied_at="nobody waits in vain; counted"),
        **_pseudonym(
            Keep.ROUTING,
            ticket_id="whose words say what is wished for",
            by_id="who says that it is one",
            replied_by_id="whose reply it is",
        ),
        **_free_text(Keep.WITH_QUESTION, reply="the reply to whoever asked"),
    },
    # ---- answers: the tool's, not a person's; whose question one came from is cut off when that goes ----------
    "answer": {
        **_plain(
            Keep.VALID,
            id="row",
            tool="what it is about",
            link="a guide or a course",
            state="whether it may be shown",
            medication="it takes two to approve it",
            version="of two at once the second is told",
            approved_at="how old it is",
            review_on="it is read again",
            made_at="how long it has waited",
            ended_at="when its words are to go",
            look_at="its keeper has to read it",
            look_why="its keeper has to read it",
            shown="whether it helps; counted",
            helped="whether it helps; counted",
            missed="whether it helps; counted",
            in_vain="whether it has stopped helping",
            merged_into_id="which one says it now",
        ),
        **_pseudonym(Keep.VALID, first_by_id="who answers for it", author_id="who answers for it"),
        **_free_text(
            Keep.VALID,
            question="what a colleague would ask",
            text="what helps",
            question_en="the same in English",
            text_en="the same in English",
        ),
    },
    "answer_proposal": {
        **_plain(
            "keep.answers",
            id="row",
            answer_id="for which answer",
            at="how long it has waited",
            verdict="what became of it",
            decided_at="when its words are to go",
        ),
        **_pseudonym("keep.answers", ticket_id="whose words they are", by_id="hears what became of it"),
        **_free_text("keep.answers", question="a solved question", text="what helped", why="why not, for her"),
    },
    "answer_version": {
        **_plain(Keep.VALID, id="row", answer_id="of which answer", version="which", did="what was done", at="when"),
        **_pseudonym(Keep.VALID, by_id="who did it"),
        **_free_text(Keep.VALID, question="what it said then", text="what it said then"),
    },
    "answer_shown": _plain(
        Keep.ROUTING,
        id="row",
        ticket_id="under which question",
        answer_id="which answer",
        via="to the asker, or by her helper",
        at="when",
        result="whether it helped; counted",
    ),
    # What a manager is asked to order is no question. It says who lacks what, so it lives no longer than a question
    # does (13 months would serve nobody: it is not counted), and its truth is in the municipality's ordering system.
    "access_order": {
        **_plain("keep.orders", id="row", ticket_id="under which receipt it was asked for"),
        **_pseudonym("keep.orders", asker_id="who needs it", answered_by_id="who has seen to it"),
        **_personal(
            "keep.orders",
            unit_id="whose manager is asked",
            tool="what she needs",
            needed_by="by when",
            state="whether it is ordered",
            asked_at="how long it has waited",
            remind_at="the manager is reminded once",
            answered_at="when she was told",
        ),
        **_free_text("keep.orders", word="why not, from the manager to her"),
    },
    # ---- what makes it all run ---------------------------------------------------------------------------
    "letter": {
        **_plain(
            "keep.letters",
            id="row",
            mark="found again in Slack after a crash",
            kind="what to say",
            created_at="when it came about",
            due_at="when it may go",
            retry_at="Slack asked us to wait",
            lease_until="one worker at a time",
            in_doubt="look before sending again",
            tries="patience",
            error="Slack's code",
            done_at="finished",
            outcome="how",
        ),
        **_pseudonym(
            "keep.letters",
            key="said once only",
            to_id="to whom",
            about_id="about which row",
            place="which message it is",
        ),
    },
    "posted": _pseudonym(
        Keep.WITH_QUESTION,
        place="which message it is",
        to_id="whose screen",
        channel="the message in Slack",
        ts="the message in Slack",
        digest="a hash: whether it shows this already",
        at="when it was last changed",
    ),
    "heard": {
        **_pseudonym("keep.heard", key="a second delivery has no second effect"),
        **_plain("keep.heard", at="when"),
    },
    # Numbers of places, never of a person: each stands for k askers when it is shown, and the rest go (tally.forget).
    "tally": _plain(
        Keep.FOREVER,
        id="row",
        scope="unit, department or administration",
        scope_id="which one",
        above_id="to what it belonged then",
        span="week, month, quarter or year",
        first="its first Monday",
        late="what came in after the rest was counted stands for itself",
        dimension="what is counted",
        key="of what: a tool, a kind, how it was solved",
        number="how many; one that nobody may see goes after `keep.tally`",
        enough="whether k askers stood behind it",
        shows="whether anybody may see it",
    ),
    "tally_period": _plain(
        Keep.FOREVER,
        span="what has been counted",
        first="its first Monday",
        late="how many days after the rest",
        upto="which questions were known then",
        counted_at="when",
    ),
    "job_run": _plain(
        "keep.jobs",
        name="which job",
        slot="which time",
        lease_until="one instance at a time",
        finished_at="done",
    ),
    "summary_picture": _plain(
        "keep.letters",
        key="which week and place it shows",
        file_id="where it lies in Slack",
        at="when it was drawn",
    ),
    "audit_entry": {
        **_plain(
            Keep.AUDIT,
            id="row",
            at="when",
            what="a code",
            unit_id="whose manager may read it",
            department_id="whose manager may read it",
        ),
        **_pseudonym(
            Keep.AUDIT,
            by_id="who changed something",
            person_id="whose appointment or absence it was",
            row_id="which row, so that it can be undone",
        ),
        **_free_text(
            Keep.AUDIT,
            about="what was changed, to what",
            before="what it said; people by their ids only",
            after="what it says; people by their ids only",
        ),
    },
    # ---- data protection itself --------------------------------------------------------------------------
    "disposal": _plain(
        Keep.FOREVER,  # the municipality shows what it has disposed of, and when
        run="which run",
        step="what kind of thing",
        at="when",
        number="how many, never which",
        held="how many a hold has kept",
    ),
    "hold": _plain(
        Keep.ROUTING,
        id="row",
        ticket_id="what must stay; none: everything",
        at="since when",
        until_at="it ends by itself, or when the record has been handed out",
    ),
    # No older backup brings back what was erased; backups older than this log must not be kept.
    "erasure": {
        **_plain(Keep.AUDIT, mark="the same in every copy of the log", at="when", what="a code", salt="for the hashes"),
        **_pseudonym(
            Keep.AUDIT,
            row_id="which question, line or person",
            chat="a salted hash: found again in an older copy",
            email="a salted hash: found again in an older copy",
        ),
    },
}
