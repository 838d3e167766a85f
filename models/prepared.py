"""A statement that is built once is compiled once, and goes to the driver as it stands.

For a look-up of one row SQLAlchemy needs ten times what SQLite does: it finds the compiled text again, makes a context,
a result and a row that knows everything. Its compiler and its types are used here, once; its execution is not.
Not here: transactions, and rows that are changed (db.py).
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from inspect import isfunction
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import ExpandedState
from sqlmodel import Session

Params = Mapping[str, Any]
Process = Callable[[Any], Any]
Found = tuple[list[Any], int]  # rows, and how many were touched


@dataclass(frozen=True)
class Value:
    """Where a value in the text comes from: a parameter, one of a parameter's list, or the statement itself."""

    name: str  # in the text
    param: str | None
    at: int | None
    process: Process | None
    constant: Any = None

    def of(self, params: Params) -> Any:
        if self.param is None:
            return self.constant
        value = params[self.param] if self.at is None else params[self.param][self.at]
        return value if self.process is None or value is None else self.process(value)


@dataclass(frozen=True)
class Plan:
    """The text for one set of parameters (with as many values in its lists), what it takes, and what comes back."""

    text: str
    values: tuple[Value, ...]
    positional: bool
    row: Callable[[Sequence[Any]], Any] | None  # None: it returns no rows
    processes: tuple[tuple[int, Process], ...]

    def given(self, params: Params) -> Any:
        if self.positional:
            return tuple([value.of(params) for value in self.values])
        return {value.name: value.of(params) for value in self.values}

    def read(self, found: Sequence[Any]) -> Any:
        values = list(found)
        for at, process in self.processes:
            if values[at] is not None:
                values[at] = process(values[at])
        return self.row(values)  # type: ignore[misc]  # only what returns rows is read


Plans = WeakKeyDictionary[Any, dict[Any, Plan]]
_plans: dict[tuple[str, str], Plans] = {}


def run(session: Session, statement: Any, params: Params) -> Found:
    """In the session's transaction, on its connection. Raises what SQLAlchemy would, without the parameters."""
    _, driver, dialect, plans = _there(session)
    plan = _plan(plans, dialect, statement, params)
    cursor = driver.cursor()
    try:
        cursor.execute(plan.text, plan.given(params))
        found = cursor.fetchall() if plan.row is not None else ()
        return [plan.read(row) for row in found], cursor.rowcount
    except dialect.loaded_dbapi.Error as fault:
        error = dialect.loaded_dbapi.Error
        say_no_row(fault)
        raise DBAPIError.instance(plan.text, None, fault, error, hide_parameters=True, dialect=dialect) from fault
    finally:
        cursor.close()


def say_no_row(fault: BaseException) -> bool:
    """PostgreSQL puts the whole row into the error of one that it refuses: no log may hold what people write."""
    told = getattr(fault, "diag", None)  # psycopg's alone have it; the driver is not loaded where SQLite is used
    if told is None or not told.message_detail:
        return False
    fault.args = (told.message_primary,)
    return True


def _there(session: Session) -> tuple[Any, Any, Dialect, Plans]:
    """The transaction, the driver's connection (BEGIN has been said then), its dialect, and what is compiled for it."""
    known = session.info.get(__name__)
    if known is None or known[0] is not session.get_transaction():
        dialect, driver = session.get_bind().dialect, session.connection().connection.driver_connection
        plans = _plans.setdefault((dialect.name, dialect.driver), WeakKeyDictionary())
        known = session.info[__name__] = session.get_transaction(), driver, dialect, plans
    return known


def _plan(plans: Plans, dialect: Dialect, statement: Any, params: Params) -> Plan:
    """By the names of the parameters, which say what an INSERT or UPDATE sets, and the lengths of the lists."""
    of_it = plans.get(statement)
    if of_it is None:
        of_it = plans.setdefault(statement, {})
    shape = tuple([(name, len(value)) if value.__class__ is list else name for name, value in params.items()])
    plan = of_it.get(shape)
    if plan is None:
        plan = of_it[shape] = _compiled(dialect, statement, params)
    return plan


# ---- compiling -------------------------------------------------------------------------------------------------


def _compiled(dialect: Dialect, statement: Any, params: Params) -> Plan:
    compiled = statement.compile(dialect=dialect, column_keys=list(params))
    if compiled.insert_prefetch or compiled.update_prefetch:
        raise NotImplementedError("a default that Python would compute")
    text = compiled.construct_expanded_state(params)
    names = text.parameters if text.positiontup is None else text.positiontup
    source = {name: (name, None) for name in names}
    source |= {name: (of, at) for of, some in text.parameter_expansion.items() for at, name in enumerate(some)}
    columns = list(getattr(statement, "selected_columns", None) or statement.exported_columns)
    processes = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return Plan(
        text.statement,
        tuple(_value(name, compiled.binds[source[name][0]], source[name][1], text, params, dialect) for name in names),
        text.positiontup is not None,
        _row(_table(statement), tuple(column.key for column in columns))._make if columns else None,
        tuple((at, process) for at, process in enumerate(processes) if process is not None),
    )


def _value(
    name: str, bind: BindParameter[Any], at: int | None, text: ExpandedState, params: Params, dialect: Dialect
) -> Value:
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.key in params:
        return Value(name, bind.key, at, process)
    constant = text.parameters[name]
    return Value(name, None, None, None, process(constant) if process else constant)


def _table(statement: Any) -> type | None:
    """The table whose rows these are, if they are rows of one."""
    told: list[Any] = statement.column_descriptions if statement.is_select else []
    return told[0]["entity"] if len(told) == 1 and told[0]["expr"] is told[0]["entity"] else None


@cache
def _row(table: type | None, names: tuple[str, ...]) -> Any:
    """A tuple with names, and with what its table's class says of a row."""
    says = {
        name: said
        for name, said in vars(table or object).items()
        if not name.startswith("_") and (isinstance(said, property) or isfunction(said))
    }
    plain: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # whatever the statement returns
    return type("Row", (plain,), {"__slots__": (), **says})
