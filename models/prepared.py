"""A statement that is built once is compiled once, and goes to the driver as it stands.

For a look-up of one row SQLAlchemy needs ten times what SQLite does: it finds the compiled text again, makes a context,
a result and a row that knows everything. Its compiler and its types are used here, once; its execution is not.
What is asked twice in a transaction is answered from memory, until one of its tables is written to: nobody else writes
meanwhile (docs/decisions/0023).
Not here: transactions, and rows that are changed (db.py).
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from inspect import isfunction
from typing import Any
from weakref import WeakKeyDictionary, ref

from sqlalchemy import BindParameter, Connection, Dialect, Engine, Table, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import ExpandedState
from sqlmodel import Session

Params = Mapping[str, Any]
Process = Callable[[Any], Any]
Found = tuple[list[Any], int]  # rows, and how many were touched
Ask = Callable[[str, Sequence[Any]], Found]  # a text and its values
FEW_ROWS, FEW_QUESTIONS = 50, 200


@dataclass(frozen=True)
class Value:
    """Where a value in the text comes from: a parameter, one of a parameter's list, or the statement itself."""

    param: str | None
    at: int | None
    process: Process | None
    constant: Any = None

    def of(self, params: Params) -> Any:
        if self.param is None:
            return self.constant
        value = params[self.param] if self.at is None else params[self.param][self.at]
        return value if self.process is None or value is None else self.process(value)


@dataclass(frozen=True, eq=False)
class Plan:
    """The text for one set of parameters (with as many values in its lists), what it takes, and what comes back."""

    text: str
    tables: frozenset[str]
    writes: bool
    values: tuple[Value, ...]
    row: Callable[[Sequence[Any]], Any] | None  # None: whatever it returns (PostgreSQL's new keys) was not asked for
    processes: tuple[tuple[int, Process], ...]

    def read(self, found: Sequence[Any]) -> Any:
        values = list(found)
        for at, process in self.processes:
            if values[at] is not None:
                values[at] = process(values[at])
        return self.row(values)  # type: ignore[misc]  # only what returns rows is read


Plans = WeakKeyDictionary[Any, dict[Any, Plan]]
_plans: dict[tuple[str, str], Plans] = {}


@dataclass(eq=False)
class Here:
    """One transaction: BEGIN has been said on the connection that is asked; `plans` is what is compiled for it."""

    transaction: Any
    ask: Ask
    dialect: Dialect
    plans: Plans
    known: dict[tuple[Plan, tuple[Any, ...]], Found] = field(default_factory=dict)

    def remember(self, plan: Plan, given: tuple[Any, ...], found: Found) -> None:
        """Small things, and not many: there are transactions that read a year."""
        if len(found[0]) <= FEW_ROWS and len(self.known) < FEW_QUESTIONS:
            self.known[plan, given] = found

    def forget(self, tables: frozenset[str]) -> None:
        self.known = {asked: found for asked, found in self.known.items() if not asked[0].tables & tables}


def run(session: Session, statement: Any, params: Params) -> Found:
    """In the session's transaction, on its connection. Raises what SQLAlchemy would, without the parameters."""
    here = _here(session)
    plan = _plan(here.plans, here.dialect, statement, params)
    given = tuple([value.of(params) for value in plan.values])
    if plan.writes:
        here.forget(plan.tables)
        return _executed(here, plan, given)
    found = here.known.get((plan, given))
    if found is None:
        found = _executed(here, plan, given)
        here.remember(plan, given, found)
    return list(found[0]), found[1]


def _executed(here: Here, plan: Plan, given: tuple[Any, ...]) -> Found:
    found, touched = _asked(here.ask, here.dialect, plan.text, given)
    return [plan.read(row) for row in found] if plan.row is not None else [], touched


def _asked(ask: Ask, dialect: Dialect, text: str, given: Sequence[Any]) -> Found:
    error: type[Exception] = dialect.loaded_dbapi.Error
    try:
        return ask(text, given)
    except error as fault:
        say_no_row(fault)
        raise DBAPIError.instance(text, None, fault, error, hide_parameters=True, dialect=dialect) from fault


def said(connection: Connection, text: str) -> None:
    """What opens a transaction: no parameters, no rows."""
    _asked(_asks(connection), connection.dialect, text, ())


def say_no_row(fault: BaseException) -> bool:
    """PostgreSQL puts the whole row into the error of one that it refuses: no log may hold what people write."""
    told = getattr(fault, "diag", None)  # psycopg's alone have it; the driver is not loaded where SQLite is used
    if told is None or not told.message_detail:
        return False
    fault.args = (told.message_primary,)
    return True


def _here(session: Session) -> Here:
    here = session.info.get(__name__)
    if here is None or here.transaction is not session.get_transaction():
        dialect, connection = session.get_bind().dialect, session.connection()
        plans = _plans.setdefault((dialect.name, dialect.driver), WeakKeyDictionary())
        here = Here(session.get_transaction(), _asks(connection), dialect, plans)
        session.info[__name__], connection.info[__name__] = here, ref(here)  # a connection outlives the transaction
    return here


def _asks(connection: Connection) -> Ask:
    """One for each connection, which keeps what is prepared."""
    ask: Ask | None = connection.info.get(Ask)
    if ask is None:
        driver: Any = connection.connection.driver_connection
        ask = connection.info[Ask] = _server(driver) if connection.dialect.name == "postgresql" else _file(driver)
    return ask


def _server(driver: Any) -> Ask:
    from models.postgresql import Server

    return Server(driver).ask


def _file(driver: Any) -> Ask:
    def ask(text: str, given: Sequence[Any]) -> Found:
        cursor = driver.execute(text, given)
        return cursor.fetchall(), cursor.rowcount

    return ask


@event.listens_for(Engine, "before_cursor_execute")
def _past_us(connection: Connection, _cursor: Any, text: str, *_: Any) -> None:
    """SQLAlchemy itself executes something, the ORM's flush for instance: what is known may be true no longer."""
    here = connection.info.get(__name__, _nobody)()
    if here is not None and text[:6].upper() != "SELECT":
        here.known.clear()


def _nobody() -> None:
    """Nothing has been asked on this connection."""


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
    names = tuple(text.parameters) if text.positiontup is None else text.positiontup
    source = {name: (name, None) for name in names}
    source |= {name: (of, at) for of, some in text.parameter_expansion.items() for at, name in enumerate(some)}
    columns = list(getattr(statement, "selected_columns", None) or statement.exported_columns)
    processes = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return Plan(
        text.statement if text.positiontup is not None else text.statement % _numbers(names),
        frozenset(found.name for found in visitors.iterate(statement) if isinstance(found, Table)),
        not statement.is_select,
        tuple(_value(name, compiled.binds[source[name][0]], source[name][1], text, params, dialect) for name in names),
        _row(_table(statement), tuple(column.key for column in columns))._make if columns else None,
        tuple((at, process) for at, process in enumerate(processes) if process is not None),
    )


def _numbers(names: Sequence[str]) -> dict[str, str]:
    """`%(name)s` becomes `$1`, PostgreSQL's own."""
    return {name: f"${at}" for at, name in enumerate(names, start=1)}


def _value(
    name: str, bind: BindParameter[Any], at: int | None, text: ExpandedState, params: Params, dialect: Dialect
) -> Value:
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.key in params:
        return Value(bind.key, at, process)
    constant = text.parameters[name]
    return Value(None, None, None, process(constant) if process else constant)


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
