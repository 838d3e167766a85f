"""Alembic runs this file. The connection comes from the caller; offline mode is not used."""

from typing import Any, Literal

from alembic import context

from models import tables


def _plainly(kind: str, column_type: Any, _autogen: Any) -> str | Literal[False]:
    """A migration must not change when our code does: our types and SQLModel's are written as SQLAlchemy's."""
    ours = kind == "type" and type(column_type).__module__.startswith(("models.", "sqlmodel."))
    return f"sa.{column_type.impl!r}" if ours else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.ALL,
    render_as_batch=True,
    render_item=_plainly,
    compare_type=True,
)
context.run_migrations()
