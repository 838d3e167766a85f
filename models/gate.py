"""The confidentiality gate: what people write, masked against what is public here. Every text of a person passes it.

Not here: how a secret is found (secrecy.py, names.py), and what the person is told about it (handlers).
"""

from collections.abc import Iterator
from itertools import chain

from sqlmodel import Session

from models import catalogue, contacts, secrecy, settings
from models.secrecy import Masked


def masked(session: Session, text: str, *, known: frozenset[str] = frozenset()) -> Masked:
    """As `secrecy.mask`, but the numbers of the contact catalogue pass, they are there to be rung, and what the
    municipality's tools are called: a product may have a first name.

    `known`: names that the writer has vouched for.
    """
    found = secrecy.mask(text, known=known)
    if not found.spans:
        return found
    wanted = {secrecy.essence(text[span.start : span.end]) for span in found.spans}
    told = chain(contacts.numbers(session), _called(session))
    public = frozenset(each for each in told if secrecy.essence(each) in wanted)
    return secrecy.mask(text, known=known, allowed=public) if public else found


def _called(session: Session) -> Iterator[str]:
    """By what names its own tools go; those that ship are known to names.py."""
    if not settings.read(session).own_tools:
        return
    for tool in catalogue.in_force(session).known.values():
        yield from (*tool.products, *tool.aliases)
