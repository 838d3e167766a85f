"""Paper that works when the bot does not: what stands on it, whether it can be read, and the way back into the chat."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import zxingcpp
from sqlmodel import select

from bot import drawing, manifest, poster
from handlers.words import LANGUAGES, Words, speak
from models import contacts, importing
from models import settings as kept
from models.clock import STOCKHOLM
from models.contacts import Contact
from models.db import Database
from models.people import Administration, Person, Unit
from tests.bot.terminal import Said, type_in
from tests.town import DEMO, MONDAY
from workspace import manifest as theirs
from workspace.server import Server
from workspace.space import Config

IDS = "--team T012345 --app A012345678"
LINK = "https://slack.com/app_redirect?app=A012345678&team=T012345"
NORTH = {"08-465 004 20", "08-465 004 21", "08-465 004 22"}
NOON = datetime(2026, 11, 22, 12, tzinfo=STOCKHOLM)
AT_TWO_METRES = 40  # points: digits 9 mm high, three times the smallest that a good eye reads there


@pytest.fixture
def furnished(migrated: Path) -> Database:
    """The demo's municipality."""
    db = Database(f"sqlite:///{migrated}")
    with db.transaction() as session:
        importing.from_folder(session, DEMO, now=MONDAY)
    return db


def read(file: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(file).pages).replace("\xa0", " ")


def codes(file: Path) -> list[str]:
    """What a phone reads from the first page, as a printer would draw it."""
    image = pypdfium2.PdfDocument(file)[0].render(scale=3, grayscale=True)
    pixels = memoryview(image.buffer).cast("B", (image.height, image.stride))
    return [found.text for found in zxingcpp.read_barcodes(pixels)]


def sizes(file: Path) -> dict[str, float]:
    """Each piece of text on the first page, and its height in points."""
    found: dict[str, float] = {}

    def note(text: str, world: list[float], place: list[float], font: object, size: float) -> None:
        if text.strip():
            found[text.strip().replace("\xa0", " ")] = abs(size * place[3] * world[3])

    pypdf.PdfReader(file).pages[0].extract_text(visitor_text=note)
    return found


def crowded(file: Path) -> list[str]:
    """Lines that stand in each other's way: each on a page with one that covers half of it."""
    found: list[str] = []
    for page in pypdfium2.PdfDocument(file):
        text = page.get_textpage()
        boxes = [text.get_rect(at) for at in range(text.count_rects())]
        found += [
            text.get_text_bounded(*one) for one, other in itertools.combinations(boxes, 2) if covered(one, other) > 0.5
        ]
    return found


Box = tuple[float, float, float, float]  # left, bottom, right, top


def covered(one: Box, other: Box) -> float:
    """How much of the smaller box the other one covers."""
    wide, high = (min(one[at + 2], other[at + 2]) - max(one[at], other[at]) for at in (0, 1))
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(wide, 0) * max(high, 0) / smaller if smaller else 0


# ---- what is printed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("flag", "pages", "cards"), [("", 1, 1), ("--card", 1, 5)])
def test_numbers_day_and_night_how_to_ask_and_the_date(
    furnished: Database, capsys: Said, flag: str, pages: int, cards: int
) -> None:
    code, out, err = type_in(f"poster --unit hemtjanst_norr --out wall {flag} {IDS}", capsys)
    name = "card" if flag else "poster"
    assert (code, err) == (0, "")
    assert out == f"wall/{name}-hemtjanst_norr.pdf är klar.\n"
    file = Path("wall") / f"{name}-hemtjanst_norr.pdf"
    text = read(file)
    today = datetime.now(STOCKHOLM).date()
    for said in (
        "Hemtjänst Norr", "Dygnet runt", "Digitala lås", "21.00–07.00", "Ta reservnyckeln", "Ring 112", "Skanna koden",
        "Skriv inga namn på brukare", f"Gäller från {today}.", "även när Slack ligger nere", *NORTH,
    ):  # fmt: skip
        assert said in text, said
    assert len(pypdf.PdfReader(file).pages) == pages
    assert codes(file) == [LINK] * cards


@pytest.mark.parametrize("template", ["poster", "card"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_tagged_titled_in_its_language_and_carries_its_letters(
    tmp_path: Path, template: str, language: str
) -> None:
    reader = pypdf.PdfReader(printed(template, sample(language), tmp_path))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (a boolean of its own)
    assert root["/Lang"] == language
    assert reader.metadata
    assert reader.metadata.title == f"{sample(language)['title']} {sample(language)['unit']}"
    assert 'pdfuaid:part>1<' in root["/Metadata"].get_data().decode()
    fonts = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts_of(reader)]
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
    assert all("SourceSans" in font["/FontName"] for font in fonts)


def fonts_of(reader: pypdf.PdfReader) -> list[pypdf.generic.DictionaryObject]:
    return [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]


def test_a_reader_hears_five_cards_once(tmp_path: Path) -> None:
    """What is copied is an artifact to a screen reader."""
    file = printed("card", sample(), tmp_path)
    kinds = []

    def walk(node: object) -> None:
        node = node.get_object() if isinstance(node, pypdf.generic.IndirectObject) else node
        if isinstance(node, pypdf.generic.ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, pypdf.generic.DictionaryObject):
            kinds.append(node.get("/S"))
            walk(node.get("/K"))

    walk(pypdf.PdfReader(file).trailer["/Root"]["/StructTreeRoot"])
    assert kinds.count("/Figure") == 1
    assert kinds.count("/H2") == 2
    assert read(file).count("08-465 004 10") == 5


def test_it_can_be_read_at_two_metres(tmp_path: Path) -> None:
    height = sizes(printed("poster", sample(), tmp_path))
    assert height["08-465 004 10"] >= AT_TWO_METRES
    assert min(height.values()) >= 14


@pytest.mark.slow
@pytest.mark.parametrize("tools", [1, 4, 8, 13])
@pytest.mark.parametrize("template", ["poster", "card"])
def test_however_many_numbers_none_is_lost(tmp_path: Path, template: str, tools: int) -> None:
    spells = [
        {"hours": hours, "number": f"08-465 0{n:02} {i}1", "second": f"Svarar ingen? Ring 08-465 0{n:02} {i}2",
         "do": " ".join(["ord"] * 35), "routine": "Rutin: Reserv"}
        for n in range(tools) for i, hours in enumerate(("07.00–21.00", "21.00–07.00"))
    ]  # fmt: skip
    texts = sample() | {"tools": [{"name": f"Verktyg {i}", "spells": spells[2 * i : 2 * i + 2]} for i in range(tools)]}
    file = printed(template, texts, tmp_path)
    text = read(file)
    assert [spell["number"] for spell in spells if spell["number"] not in text] == []
    assert len(pypdf.PdfReader(file).pages) <= 2 + tools // 4
    assert template == "card" or sizes(file)["08-465 004 10"] >= AT_TWO_METRES
    assert set(codes(file)) == {LINK}
    assert crowded(file) == []


def test_the_same_day_gives_the_same_bytes() -> None:
    assert drawing.draw("poster", sample(), NOON) == drawing.draw("poster", sample(), NOON)


def printed(template: str, texts: dict[str, object], folder: Path) -> Path:
    file = folder / f"{template}.pdf"
    file.write_bytes(drawing.draw(template, texts, NOON))
    return file


def sample(language: str = "sv") -> dict[str, object]:
    """A unit with one number, as it reads in a language."""
    around = contacts.Spell(NOON.time().min, NOON.time().min, contacts.Ring("08-465 004 10"))
    unit = Unit(id=1, key="bjorken", name="Björken", department_id=1)
    return poster.texts(contacts.Listing(unit, (around,), {}), LINK, spoken(language))


def spoken(language: str) -> Words:
    return speak(language, kept.Settings({}), now=NOON)


def test_words_of_the_municipality_are_on_it(furnished: Database, capsys: Said) -> None:
    type_in("settings set word.care_recipient.sv boende|den boende|boende|de boende", capsys)
    assert type_in(f"poster --unit bjorken {IDS}", capsys)[0] == 0
    assert "inga namn på boende" in " ".join(read(Path("poster-bjorken.pdf")).split())


@pytest.mark.slow
def test_no_name_and_no_address_of_anybody(furnished: Database, capsys: Said) -> None:
    type_in(f"poster --all {IDS}", capsys)
    text = "".join(read(file) for file in Path().glob("poster-*.pdf"))
    with furnished.snapshot() as session:
        staff = [p for p in session.exec(select(Person)) if p.kind == "personal"]
    assert len(staff) > 10
    assert not [p.name for p in staff if p.name in text or (p.email or "-") in text]


# ---- which units ---------------------------------------------------------------------------------------------


def test_all_are_those_that_have_begun(furnished: Database, capsys: Said) -> None:
    code, out, _ = type_in(f"poster --all --out all {IDS}", capsys)
    assert code == 0
    assert {file.stem for file in Path("all").iterdir()} == {
        "poster-bjorken", "poster-eken", "poster-hemtjanst_norr", "poster-hemtjanst_soder", "poster-nattpatrullen",
    }  # fmt: skip
    assert "! 2 enheter saknar eget nummer att ringa: Björken, Eken." in out
    assert "saknar ett andra nummer om ingen svarar: Hemtjänst Söder." in out


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("bjorkn", "Menade du bjorken?"),
        ("Björken", "Menade du bjorken?"),
        ("hemtjanst", "hemtjanst_norr"),
        ("xyz", "supportstuga export"),
    ],
)
def test_an_unknown_unit_is_said_with_those_that_are_near(
    furnished: Database, capsys: Said, key: str, answer: str
) -> None:
    code, out, err = type_in(f"poster --unit {key} {IDS}", capsys)
    assert (code, out) == (1, "")
    assert f"Enheten {key} finns inte." in err
    assert answer in err


def test_a_unit_that_begins_next_week_has_its_poster_today(furnished: Database, capsys: Said) -> None:
    assert type_in(f"poster --unit linden {IDS}", capsys)[0] == 0


def test_nothing_is_printed_without_a_number(furnished: Database, capsys: Said) -> None:
    with furnished.transaction() as session:
        session.exec(select(Administration)).one().emergency_number = ""
    code, _, err = type_in(f"poster --unit eken {IDS}", capsys)
    assert code == 1
    assert "nummer att ringa" in err
    assert not list(Path().glob("*.pdf"))


def test_a_key_cannot_lead_out_of_the_folder(furnished: Database, capsys: Said) -> None:
    with furnished.transaction() as session:
        session.exec(select(Unit).where(Unit.key == "eken")).one().key = "../../eken"
    assert type_in(f"poster --unit ../../eken --out here {IDS}", capsys)[0] == 0
    assert [file.name for file in Path("here").iterdir()] == ["poster-_eken.pdf"]


def test_numbers_of_today_not_of_tomorrow(furnished: Database, capsys: Said) -> None:
    with furnished.transaction() as session:
        unit = session.exec(select(Unit).where(Unit.key == "eken")).one()
        session.add(Contact(unit_id=unit.id, number="08-465 004 98", starts_on=date(2025, 1, 1)))
        session.add(Contact(unit_id=unit.id, number="08-465 004 99", starts_on=date(2999, 1, 1)))
    type_in(f"poster --unit eken {IDS}", capsys)
    assert "08-465 004 98" in read(Path("poster-eken.pdf"))
    assert "08-465 004 99" not in read(Path("poster-eken.pdf"))


# ---- the way into the chat -----------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(Config(tmp_path / "workspace", DEMO, app=theirs.app(manifest.make(manifest.registered(), "sv"))))
    yield started.start()
    started.stop()


def test_slack_is_asked_for_the_ids(
    furnished: Database, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-local")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-local")
    monkeypatch.setenv("SLACK_API_URL", f"{server.url}/api/")
    assert type_in("poster --unit eken", capsys)[0] == 0
    space = server.space
    assert codes(Path("poster-eken.pdf")) == [f"https://slack.com/app_redirect?app={space.app.id}&team={space.team}"]


def test_without_slack_and_without_ids_it_says_what_is_needed(furnished: Database, capsys: Said) -> None:
    code, _, err = type_in("poster --unit eken", capsys)
    assert code == 1
    assert "--team och --app" in err
    assert not list(Path().glob("*.pdf"))


@pytest.mark.parametrize("line", ["poster", "poster --unit a --all", "poster --unit a --team t1", "poster --all --app x"])
def test_what_cannot_be_meant(furnished: Database, capsys: Said, line: str) -> None:
    assert type_in(line, capsys)[0] == 2


def test_a_folder_that_cannot_be(furnished: Database, capsys: Said) -> None:
    Path("file").write_text("", encoding="utf-8")
    code, _, err = type_in(f"poster --unit eken --out file {IDS}", capsys)
    assert code == 1
    assert "file" in err


# ---- the weight of it ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_bot_starts_without_the_press_and_keeps_nothing_of_it() -> None:
    """80 MB that the running bot never needs."""
    script = (
        "import sys, bot.cli, bot.press\n"
        "if __name__ == '__main__':\n"
        "    heavy = lambda: {'typst', 'segno', 'font_source_sans_pro'} & set(sys.modules)\n"
        "    assert not heavy(), heavy()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.slow
def test_it_is_made_in_a_child_process(furnished: Database, tmp_path: Path) -> None:
    script = tmp_path / "print_one.py"
    script.write_text(
        "import sys\n"
        "from bot import cli\n"
        "if __name__ == '__main__':\n"
        f"    code = cli.main('poster --unit eken {IDS}'.split())\n"
        "    assert not {'typst', 'segno'} & set(sys.modules)\n"
        "    sys.exit(code)\n",
        encoding="utf-8",
    )
    subprocess.run([sys.executable, str(script)], check=True)
    assert Path("poster-eken.pdf").read_bytes().startswith(b"%PDF")
