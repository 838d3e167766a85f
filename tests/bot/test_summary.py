"""The weekly summary at the command line, and its files read back by other packages than wrote them."""

import json
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pypdf
import pytest
from sqlmodel import select

from handlers.words import speak
from models import importing
from models.clock import STOCKHOLM
from models.db import Database
from models.people import Department, Person
from models.settings import Settings
from models.tickets import Ticket
from tests.bot.terminal import Said, type_in
from tests.town import DEMO, MONDAY

RULE = speak("sv", Settings({}), now=MONDAY)("summary.rule")
THURSDAY = datetime(2026, 9, 17, 10, tzinfo=STOCKHOLM)  # of week 38
TOOLS = {"digital_signing": 3, "digital_lock": 6, "work_phone": 2, "siths": 2, "vr": 2}


@pytest.fixture
def counted(migrated: Path) -> Path:
    """Nine weeks of two units with the same questions; in the last one signing goes wrong."""
    with Database(f"sqlite:///{migrated}").transaction() as session:
        importing.from_folder(session, DEMO, now=MONDAY)
        session.exec(select(Department).where(Department.key == "sarskilt_boende")).one().name = "=Särskilt boende"
        staff = [Person(name=f"Kollega {n}", email=f"k{n}@lovkoping.example") for n in range(60)]
        session.add_all(staff)
        session.flush()
        for back in range(9):
            for unit in (1, 2):
                session.add_all(_week(THURSDAY - timedelta(weeks=back), unit, staff, 12 if back == 0 else 3))
    return migrated


def _week(day: datetime, unit: int, staff: list[Person], signing: int) -> list[Ticket]:
    many = TOOLS | {"digital_signing": signing}
    ends = {"state": "closed", "reason": "self_help", "solved_by": "self_help", "closed_at": day + timedelta(hours=1)}
    usual = {"unit_id": unit, "kind": "handling", "urgency": "can_wait", "asked_at": day, "asker_wrote_at": day} | ends
    first = {tool: 3 * at for at, tool in enumerate(TOOLS)}
    return [
        Ticket(asker_id=staff[(unit - 1) * 30 + first[tool] + n].id, tool=tool, **usual)
        for tool, n_all in many.items()
        for n in range(n_all)
    ]


def test_printed_for_a_unit_and_as_json(counted: Path, capsys: Said) -> None:
    code, out, err = type_in("summary --unit bjorken --week 2026-W38", capsys)
    assert (code, err) == (0, "")
    assert out.startswith("Björken, v. 38\nNågot verkar fel med Signering")
    assert "24 frågor.\nDe senaste 8 veckorna: 15 varje vecka." in out
    assert "Kollega" not in out
    code, out, _ = type_in("summary --department sarskilt_boende --week 2026-W38 --json", capsys)
    told = json.loads(out)
    assert (code, told["total"], told["before"], told["period"]) == (0, 48, [30] * 8, "2026-W38")
    assert {"key": "digital_signing", "name": "Signering", "number": 24, "whole": True} in told["tables"]["tool"]["cells"]
    assert "trouble" in [line["key"] for line in told["lines"]]
    for place in ("--administration", "--tool digital_lock", "--administration vard_omsorg"):
        code, out, _ = type_in(f"summary {place} --quarter 2026-Q3 --json", capsys)
        assert (code, json.loads(out)["period"]) == (0, "2026-Q3")


NOT_MEANT = [
    ("--unit bjorkn", 1, "bjorken"),
    ("--department x", 1, "hemtjanst"),
    ("--tool x", 1, "digital_lock"),
    ("--administration --week 2031-W02", 1, "inga siffror"),
    ("--administration --out x.doc", 1, ".xlsx"),
    ("--administration --out no/where.pdf", 1, "no/where.pdf"),
    ("", 2, ""),
    ("--unit bjorken --week 2026-11", 2, ""),
    ("--unit bjorken --week 2026-W38 --month 2026-09", 2, ""),
]


def test_what_cannot_be_meant_is_said(counted: Path, capsys: Said) -> None:
    for line, code, said in NOT_MEANT:
        found, _, err = type_in(f"summary {line}", capsys)
        assert (found, said in err) == (code, True), line


@pytest.mark.slow
def test_the_workbook_and_the_page_are_what_they_say(counted: Path, capsys: Said) -> None:
    """Real numbers and dates, a chart and no formulas; one tagged page in Swedish; a picture for a phone."""
    where = "summary --department sarskilt_boende --week 2026-W38 --out"
    for ends in ("xlsx", "pdf", "png"):
        assert type_in(f"{where} w.{ends}", capsys)[0] == 0
    book = openpyxl.load_workbook("w.xlsx")
    over_time, parts = book.worksheets
    cells = {cell.value for row in over_time.iter_rows() for cell in row}
    assert {48, 30, datetime(2026, 9, 14)} <= cells
    assert date(2026, 9, 14) == over_time.cell(row_of(over_time, "v. 38"), 2).value.date()
    assert ("Signering", 24) in {(row[0].value, row[1].value) for row in parts.iter_rows()}
    (chart,) = over_time._charts
    (drawn,) = chart.series
    assert values_at(over_time, drawn.val.numRef.f) == [30] * 8 + [48]
    assert values_at(over_time, drawn.cat.strRef.f) == [f"v. {n}" for n in range(30, 39)]
    assert row_of(over_time, RULE) > chart.anchor.to.row + 1, "the chart lies on nothing"
    assert (over_time["A1"].data_type, str(over_time["A1"].value)[:4]) == ("s", "=Sär"), "a name, not a formula"
    with zipfile.ZipFile("w.xlsx") as inside:
        assert not any(b"<f>" in inside.read(name) for name in inside.namelist() if "worksheets" in name)
    page = pypdf.PdfReader("w.pdf")
    assert len(page.pages) == 1
    assert page.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(page.trailer["/Root"]["/Lang"]).startswith("sv")
    text = page.pages[0].extract_text()
    assert "Särskilt boende" in text
    assert "Något verkar fel med Signering" in text
    png = Path("w.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 780  # 390 points at twice their size


def values_at(page: object, reference: str) -> list[object]:
    """What a chart is drawn from."""
    name, cells = reference.rsplit("!", 1)
    assert name.strip("'") == page.title
    return [cell.value for row in page[cells.replace("$", "")] for cell in row]


def row_of(page: object, text: str) -> int:
    return next(cell.row for row in page.iter_rows() for cell in row if cell.value == text)
