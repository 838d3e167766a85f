"""The confidentiality gate: what people write, masked against what is public here. Every text of a person passes it.

Not here: how a secret is found (secrecy.py, names.py), and what the person is told about it (handlers).
"""

from sqlmodel import Session

from models import contacts, secrecy
from models.secrecy import Masked


def masked(session: Session, text: str, *, known: frozenset[str] = frozenset()) -> Masked:
    """As `secrecy.mask`, but the numbers of the contact catalogue pass: they are there to be rung.

    `known`: names that the writer has vouched for.
    """
    found = secrecy.mask(text, known=known)
    if not found.spans:
        return found
    wanted = {secrecy.essence(text[span.start : span.end]) for span in found.spans}
    public = frozenset(number for number in contacts.numbers(session) if secrecy.essence(number) in wanted)
    return secrecy.mask(text, known=known, allowed=public) if public else found
