"""What is missing in the organisation, to be reported and mended: never an error (domain.md 2).

Only questions. Who is asked instead is the ladder's affair.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from models import people
from models.people import Administration, Appointment, Person, Role, Unit


@dataclass(frozen=True)
class Gaps:
    """Names of what lacks something, in a stable order."""

    without_number: list[str]  # administrations: the bot does not start without one (domain.md 3)
    without_expert: list[str]  # units that are live
    without_account: list[str]  # e-mail addresses of people who cannot be reached in the chat


def find(session: Session, *, on: date) -> Gaps:
    """Everything that is missing on this day."""
    return Gaps(_without_number(session), _without_expert(session, on), _without_account(session))


def may_start(session: Session) -> bool:
    """There is an administration, and each one has a number to ring."""
    return _administrations(session) > 0 and not _without_number(session)


def _administrations(session: Session) -> int:
    return session.exec(select(func.count(col(Administration.id)))).one()


def _without_number(session: Session) -> list[str]:
    bare = select(Administration.name).where(func.trim(Administration.emergency_number) == "")
    return list(session.exec(bare.order_by(col(Administration.name))))


def _without_expert(session: Session, on: date) -> list[str]:
    hers = col(Appointment.unit_id) == col(Unit.id)
    hat = exists().where(hers, col(Appointment.role) == Role.EXPERT_USER, people.hat_holds())
    bare = select(Unit.name).where(col(Unit.live), col(Unit.ended_on).is_(None), ~hat)
    return list(session.exec(bare.order_by(col(Unit.name)), params={"today": on}))


def _without_account(session: Session) -> list[str]:
    bare = select(Person.email).where(col(Person.chat_user_id).is_(None), col(Person.deactivated_at).is_(None))
    return [email or "" for email in session.exec(bare.order_by(col(Person.email)))]
