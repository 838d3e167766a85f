"""The forms of a helper who sends a question on, leaves a note, or hands it to IT."""

from collections.abc import Sequence

from handlers.slack_text import cut
from handlers.views import parts
from handlers.views.parts import Block
from handlers.views.ticket import IDEA, Facts
from handlers.words import Words
from models.people import Role

TO, TOOL, WORD = "to", "tool", "word"


def send_form(
    ticket: int, others: Sequence[tuple[str, int, Role]], tools: Sequence[tuple[str, str]], words: Words
) -> Block:
    """To whom, or about what; neither means the next step. With a word for whoever comes next."""
    people = [(words(f"role.{role}"), [parts.option(n, i) for n, i, r in others if r is role]) for role in Role]
    blocks = []
    if others:
        blocks.append(_optional(TO, words("onward.to"), parts.menu(words("onward.to_menu"), TO, people)))
    choices = [(words("onward.tools"), [parts.option(name, key) for name, key in tools])]
    blocks.append(_optional(TOOL, words("onward.tool"), parts.menu(words("ask.tool_menu"), TOOL, choices)))
    blocks.append(_word(words("onward.word"), words))
    intro = parts.section(words("onward.intro"))
    return parts.form(
        "onward.send", words("onward.send_title"), words("button.send"), words("button.close"), [intro, *blocks], ticket
    )


def others(facts: Facts, words: Words, *, mine: bool) -> Block:
    """What has no room in the menu of her card."""
    hers = [
        parts.button(words("more.give_back"), "ticket.more:give_back", facts.id),
        parts.button(words("more.pause"), "ticket.more:pause", facts.id),
    ]
    both = [
        parts.button(words("more.clear"), "clear.open", facts.id),
        parts.button(words("more.idea"), f"clear.open:{IDEA}", facts.id),
    ]
    rows = [parts.actions(each) for each in [*(hers if mine else []), *both]]  # under each other: a thumb's width each
    return parts.window(words("more.title", number=facts.number), words("button.close"), rows)


def note_form(ticket: int, words: Words) -> Block:
    blocks = [parts.section(words("onward.note_intro")), _word(words("onward.note"), words) | {"optional": False}]
    return parts.form(
        "onward.note", words("onward.note_title"), words("button.save"), words("button.close"), blocks, ticket
    )


def out_form(facts: Facts, hand_off: str, talk: Sequence[tuple[str, str]], helper: str, words: Words) -> Block:
    """The text stands in a field, so that it can be marked and copied; what is changed there is not stored."""
    said = "\n".join(f"{name}: {text}" for name, text in talk)
    asked = "\n".join(facts.words_of_asker)
    text = words(
        "onward.out_text",
        number=facts.number, tool=facts.tool, unit=facts.unit, when=words.when(facts.asked_at),
        question=asked, talk=said, helper=helper,
    )  # fmt: skip
    field = {"type": "plain_text_input", "action_id": "text", "multiline": True, "initial_value": cut(text, 3000)}
    label = {"type": "plain_text", "text": words("onward.out_label")}
    copy = {"type": "input", "block_id": "text", "label": label, "element": field, "optional": True}
    to_whom = [parts.context(words("onward.out_to", to=hand_off))] if hand_off else []
    intro = parts.section(words("onward.out_intro"))
    blocks = [intro, copy, *to_whom]
    return parts.form(
        "onward.out", words("onward.out_title"), words("button.sent_out"), words("button.close"), blocks, facts.id
    )


def check_outside(ticket: int, text: str, words: Words) -> list[Block]:
    solved = parts.button(words("button.solved_outside"), "ticket.solved_outside", ticket, "primary")
    back = parts.button(words("button.came_back"), "ticket.came_back", ticket)
    return [parts.section(text), parts.actions(solved, back)]


def _word(label: str, words: Words) -> Block:
    field = {"type": "plain_text_input", "action_id": WORD, "multiline": True, "max_length": 500}
    text = {"type": "plain_text", "text": label}
    hint = {"type": "plain_text", "text": words("ask.what_hint")}
    return {"type": "input", "block_id": WORD, "label": text, "element": field, "optional": True, "hint": hint}


def _optional(block_id: str, label: str, element: Block) -> Block:
    text = {"type": "plain_text", "text": label}
    return {"type": "input", "block_id": block_id, "label": text, "element": element, "optional": True}
