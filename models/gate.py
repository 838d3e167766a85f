"""The confidentiality gate: what people write, masked against what is public here. Every text of a person passes it.

Not here: how a secret is found (secrecy.py, names.py), and what the person is told about it (handlers).
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from sqlmodel import Session

from models import catalogue, contacts, secrecy, settings, stuga_series
from models.secrecy import Masked, Secret


def masked(
    session: Session, text: str, *, known: frozenset[str] = frozenset(), public: frozenset[str] = frozenset()
) -> Masked:
    """As `secrecy.mask`, but the numbers of the contact catalogue pass, they are there to be rung, where drop-ins are,
    and what the municipality's tools are called: a product may have a first name.

    `known`: names that the writer has vouched for. `public`: what else is no secret here.
    """
    found = secrecy.mask(text, known=known, allowed=public)
    if not found.spans:
        return found
    wanted = {secrecy.essence(text[span.start : span.end]) for span in found.spans}
    inside = _inside(wanted) if found.crowded else ""
    told = {each: secrecy.essence(each) for each in chain(contacts.numbers(session), _called(session))}
    passes = {each for each, essence in told.items() if essence in wanted or (inside and essence[1:] in inside)}
    if found.crowded or any(span.kind is Secret.ADDRESS for span in found.spans):
        places = {each: secrecy.essence(each) for each in stuga_series.addresses(session)}
        passes |= {each for each, essence in places.items() if essence in inside or any(w in essence for w in wanted)}
    return secrecy.mask(text, known=known, allowed=public | passes) if passes else found


def _inside(hidden: Iterable[str]) -> str:
    """Whole sentences were hidden: what stands in them, and their digits in a row."""
    return "\n".join(each for one in hidden for each in (one, secrecy.NO_DIGIT.sub("", one)))


def _called(session: Session) -> Iterator[str]:
    """By what names its own tools go; those that ship are known to names.py."""
    if not settings.read(session).own_tools:
        return
    for tool in catalogue.in_force(session).known.values():
        yield from (*tool.products, *tool.aliases)
