"""A form that was not sent: what must not be in it, word by word, and how to go on."""

from collections.abc import Mapping, Sequence

from handlers.slack_text import cut, safe
from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words

OURS = "gate."  # the ids of the blocks that this feature puts into a form
KEPT = ("type", "callback_id", "private_metadata", "title", "submit", "close")
MOST = 30


def refused(form: Block, texts: Mapping[str, str], secrets: Sequence[str], names: Sequence[str], words: Words) -> Block:
    """The same form, its fields as they were filled in, with the words in question on top. Names can be vouched for."""
    found = "\n".join(f"• {safe(cut(word, 80))}" for word in (*secrets, *names)[:MOST])
    buttons = [parts.button(words("button.clean"), "gate.clean", 0, "primary")]
    if not secrets:
        buttons.append(parts.button(words("button.anyway"), "gate.anyway", 0))
    told = parts.section(words("gate.secret" if secrets else "gate.names", found=found)) | {"block_id": f"{OURS}found"}
    pressed = parts.actions(*buttons) | {"block_id": f"{OURS}buttons"}
    return _with(form, [told, pressed, *(_filled(block, texts) for block in _own_blocks(form))])


def cleaned(form: Block, texts: Mapping[str, str]) -> Block:
    """The form with these texts in its fields, and the warning gone."""
    return _with(form, [_field(block, texts) for block in _own_blocks(form)])


def sent(text: str, words: Words) -> Block:
    return parts.window(words("gate.sent_title"), words("button.close"), [parts.section(text)])


def _own_blocks(form: Block) -> list[Block]:
    """Without what this feature has put there."""
    return [block for block in form.get("blocks", ()) if not str(block.get("block_id", "")).startswith(OURS)]


def _with(form: Block, blocks: list[Block]) -> Block:
    return {**{key: form[key] for key in KEPT if form.get(key)}, "blocks": blocks[:100]}


def _field(block: Block, texts: Mapping[str, str]) -> Block:
    """Slack keeps what was typed while a block keeps its id: a text of ours needs a new one."""
    filled = _filled(block, texts)
    if filled is block:
        return block
    name, _, version = str(block["block_id"]).partition("~")
    return {**filled, "block_id": f"{name}~{int(version or 0) + 1}"}


def _filled(block: Block, texts: Mapping[str, str]) -> Block:
    element = block.get("element") or {}
    text = texts.get(element.get("action_id", "")) if element.get("type") == "plain_text_input" else None
    return {**block, "element": {**element, "initial_value": cut(text, 3000)}} if text else block
