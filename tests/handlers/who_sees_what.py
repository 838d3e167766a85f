"""docs/vem-ser-vad.md, written from the table that the tests hold the bot to: python -m tests.handlers.who_sees_what"""

from collections.abc import Iterable

from tests.handlers.matrix import GROUPS, LINES, ROLES, SIGHTS, Line
from tests.source import ROOT

PAGE = ROOT / "docs" / "vem-ser-vad.md"

HEAD = """\
# Vem ser vad

Sidan är för dig som jobbar i verksamheten, och för dataskyddsombudet. Den skrivs av ett program, ur samma tabell som
proven använder. Varje rad är prövad: för varje roll, med riktiga tryck och med förfalskade. Ändra den inte för hand.

Det här gäller alltid:

- En chef ser aldrig frågorna, vem som frågade eller hur många frågor någon har ställt.
- Ingen får veta varför någon är borta. Den som är borta är bara inte på plats.
- Den vars konto är avslutat kan inte göra något, och får inget nytt.
- Personnummer, telefonnummer och e-post döljs innan något sparas.

## Vad kan man läsa?

| Vad | Vem ser det |
|---|---|
"""
ACTS = """
## Vad kan man göra?

"""
FOOT = """
## Hur vet vi det?

Provet trycker på varje knapp, i varje roll, med nummer på åtta frågor som inte är ens egna. Det jämför sedan hela
databasen med hur den var innan. En ny knapp utan rad i tabellen stoppar bygget. Tabellen finns i
`tests/handlers/matrix.py` och provet i `tests/handlers/test_authorisation.py`.
"""


INSIDE = "bara den som själv har formuläret öppet"  # forged from outside it does nothing


def page() -> str:
    return HEAD + _sights() + ACTS + _acts() + FOOT


def _sights() -> str:
    return "".join(f"| {sight.label} | {_said((*sight.read_by, *sight.written_by))} |\n" for sight in SIGHTS)


def _acts() -> str:
    """What one may do, under who may."""
    groups: dict[str, list[str]] = {}
    for line in LINES.values():
        may = _may(line)
        groups.setdefault(_said(may) if may else INSIDE, []).append(line.label)
    return "\n".join(f"**{_capital(who)}:**\n\n" + _list(labels) for who, labels in groups.items())


def _may(line: Line) -> list[str]:
    return [who for who in ROLES if line.effects.get(who) or who in line.shows_to]


def _list(labels: Iterable[str]) -> str:
    return "".join(f"- {label}\n" for label in labels)


def _said(who: Iterable[str]) -> str:
    found = [each for each in ROLES if each in set(who)]
    for name, members in GROUPS.items():
        if set(found) == set(members):
            return name
    return ", ".join(ROLES[each] for each in found) or "ingen"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
