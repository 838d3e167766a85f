"""What is missing in the organisation, to be reported and mended: never an error (domain.md 2).

Only questions. Who is asked instead is the ladder's affair.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from models import contacts, people
from models.people import Administration, Appointment, Person, Role, Unit


@dataclass(frozen=True)
class Gaps:
    """Names of what lacks something, in a stable order."""

    without_expert: list[str]  # units that are live
    without_own_number: list[str]  # live units: the administration's number stands for them
    without_second_number: list[str]  # live units where nobody may answer
    without_account: list[str]  # e-mail addresses of people who cannot be reached in the chat


def find(session: Session, *, on: date) -> Gaps:
    """Everything that is missing on this day."""
    return Gaps(
        without_expert=_without_expert(session, on),
        without_own_number=contacts.units_without(session, on=on),
        without_second_number=contacts.units_with_one_number(session, on=on),
        without_account=_without_account(session),
    )


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
