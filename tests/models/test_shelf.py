"""The index follows the database: of every instance, and never what came to nothing."""

from collections.abc import Collection, Iterable, Mapping

import pytest

from models import catalogue, recognition, shelf
from models.db import Database, Session
from models.settings import Setting
from models.similar import Known
from tests.models.village import NOON


class Bank:
    """Answers as a table would hold them; who reads them is counted."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[int, str]] = {}
        self.read: list[int] = []

    def versions(self, session: Session) -> Mapping[int, int]:
        return {at: version for at, (version, _) in self.rows.items()}

    def known(self, session: Session, ids: Collection[int]) -> Iterable[Known]:
        self.read += ids
        return [Known(at, self.rows[at][1], "Byt bunt.", ("pc_print_network",)) for at in ids]


@pytest.fixture
def bank() -> Bank:
    return Bank()


def say(db: Database, bank: Bank, at: int, text: str | None) -> None:
    with db.transaction() as session:
        version, _ = bank.rows.pop(at, (0, ""))
        if text:
            bank.rows[at] = (version + 1, text)
        shelf.changed_now(session)


def found(db: Database, bank: Bank, text: str = "skrivaren drar snett") -> list[object]:
    with db.snapshot() as session:
        words = catalogue.in_force(session)
        near = shelf.index(session, bank).nearest(text, recognition.read(text, catalogue=words), words)
        return [each.id for each in near]


def test_what_is_said_anew_or_taken_away_is_so_for_the_next_who_looks(db, bank):
    assert found(db, bank) == []
    say(db, bank, 1, "Skrivaren drar snett")
    say(db, bank, 2, "Skrivaren skriver på fel sida")
    assert found(db, bank) == [1, 2]
    say(db, bank, 1, "Skrivaren luktar")
    assert found(db, bank) == [2, 1]
    say(db, bank, 2, None)
    assert found(db, bank) == [1]
    assert bank.read == [1, 2, 1]  # nothing is read twice


def test_another_instance_sees_it_too(db, bank):
    other = Database(db.url)
    say(db, bank, 1, "Skrivaren drar snett")
    assert found(other, bank) == found(db, bank) == [1]
    say(other, bank, 1, None)
    assert found(other, bank) == found(db, bank) == []
    other.close()


def test_what_came_to_nothing_was_never_on_the_shelf(db, bank):
    say(db, bank, 1, "Skrivaren drar snett")
    assert found(db, bank) == [1]
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        shelf.changed_now(session)
        bank.rows[2] = (1, "Skrivaren drar snett igen")
        assert shelf.index(session, bank).ids == (1,)
        raise ZeroDivisionError
    del bank.rows[2]
    say(db, bank, 3, "Skrivaren drar snett")
    assert sorted(found(db, bank)) == [1, 3]


def test_of_many_somebody_who_waits_reads_some_and_the_background_the_rest(db, bank):
    bank.rows = {at: (1, f"Skrivaren drar snett {at}") for at in range(3 * shelf.SOON)}
    with db.transaction() as session:
        shelf.changed_now(session)
    with db.snapshot() as session:
        assert len(shelf.index(session, bank).ids) == shelf.SOON
        assert len(shelf.index(session, bank).ids) == 2 * shelf.SOON
    shelf.keep_up(db, bank, lambda: True)
    assert len(bank.read) == 2 * shelf.SOON  # somebody stops us
    shelf.keep_up(db, bank)
    with db.snapshot() as session:
        assert len(shelf.index(session, bank).ids) == 3 * shelf.SOON
    assert len(bank.read) == 3 * shelf.SOON


@pytest.mark.slow
def test_other_words_of_the_municipality_are_read_anew(db, bank):
    say(db, bank, 1, "Skrivaren drar snett")
    assert found(db, bank) == [1]
    with db.transaction() as session:
        session.add(Setting(key="tool.vr.enabled", value="no", at=NOON))
    assert found(db, bank) == [1]
    assert bank.read == [1, 1]
