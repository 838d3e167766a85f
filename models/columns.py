"""Kinds of column that several tables share, so that the database itself holds the rules.

SQLModel tables do not validate: an enum gets a CHECK, who and when are set together, instants are UTC.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Enum
from sqlmodel import Field

from models.db import Utc


def code(kind: type[StrEnum], **more: Any) -> Any:
    """A column of one of our codes, stored by value, checked by the database."""
    return Field(
        sa_type=Enum(
            kind,
            native_enum=False,
            create_constraint=True,
            length=40,
            name=kind.__name__.lower(),
            values_callable=lambda codes: [c.value for c in codes],
        ),
        **more,
    )


def instant(**more: Any) -> Any:
    """A point in time: UTC in the database, aware in Python."""
    return Field(sa_type=Utc, **more)


def paired(first: str, second: str) -> CheckConstraint:
    """Both or neither: an owner without a time, or a time without an owner, is an accident."""
    return CheckConstraint(f"({first} IS NULL) = ({second} IS NULL)", name=f"{first}_with_{second}")


def check(rule: str, name: str) -> CheckConstraint:
    """A rule that the database holds itself. `name` says it in words, for the error message."""
    return CheckConstraint(rule, name=name)
