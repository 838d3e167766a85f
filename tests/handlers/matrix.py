"""Who may what, and who sees what: the one table behind tests/handlers/test_authorisation.py and docs/vem-ser-vad.md.

A new control gets one line in LINES: what the page calls it, and who changes what with it. What is changed is named by
question number, or by table: `own duty` is a row about the one who acts, `contact` somebody else's or nobody's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

OPEN, TAKEN, PROPOSED, OUTSIDE, GONE_OWNER, CLOSED, REDIRECTED, BROUGHT = range(1, 9)  # the questions of the scene
ALIVE = {OPEN, TAKEN, PROPOSED, OUTSIDE, BROUGHT}

ASKER, OWNER, CANDIDATE, MATE, STRANGER, ELSEWHERE = "anna", "bo", "gun", "moa", "eva", "kate"
SPECIALIST, MANAGER, DEPUTY, HEAD, COORDINATOR, ADMIN, PHONE = "cia", "disa", "dora", "nils", "ivar", "jonna", "phone"
FORMER_ASKER, FORMER_OWNER = "filip", "hanna"
HOST, AT_STUGA, LEAD = "vera", "hugo", "lena"

ROLES: Mapping[str, str] = {
    ASKER: "den som frågade",
    OWNER: "den som har tagit frågan",
    CANDIDATE: "den som har fått frågan",
    MATE: "arbetskamrat på enheten",
    STRANGER: "medarbetare på en annan enhet",
    ELSEWHERE: "expertanvändare på en annan enhet",
    SPECIALIST: "objektspecialist",
    LEAD: "objektledare",
    MANAGER: "enhetschef",
    DEPUTY: "enhetschefens ersättare",
    HEAD: "avdelningschef",
    COORDINATOR: "samordnare",
    ADMIN: "administratör",
    PHONE: "delad telefon",
    HOST: "värd för supportstugan",
    AT_STUGA: "den som hjälper i supportstugan",
    FORMER_ASKER: "den som frågade och har slutat",
    FORMER_OWNER: "den som tog frågan och har slutat",
}
FORMER = (FORMER_ASKER, FORMER_OWNER)
ACTIVE = tuple(who for who in ROLES if who not in FORMER)
HELPERS = (OWNER, CANDIDATE, ELSEWHERE, SPECIALIST, COORDINATOR)
MANAGERS = (MANAGER, DEPUTY, HEAD, ADMIN)
EDITORS = (SPECIALIST, *MANAGERS)
TELLERS = (SPECIALIST, LEAD, COORDINATOR, ADMIN)
RUNNERS = (HOST, AT_STUGA, SPECIALIST, ADMIN)
PLANNED = {"stuga", "stuga_series", "stuga_staff", "stuga_turn"}
KEPT = {"answer", "answer_version", "shelf"}
FIGURES = (ASKER, OWNER, CANDIDATE, MATE, SPECIALIST, LEAD, MANAGER, DEPUTY, HEAD, COORDINATOR, ADMIN, PHONE)
FILES = (SPECIALIST, LEAD, HEAD, COORDINATOR, ADMIN)
MENDERS = (SPECIALIST, MANAGER, DEPUTY, HEAD, COORDINATOR, ADMIN)
GROUPS: Mapping[str, Iterable[str]] = {
    "alla som har ett konto": ACTIVE,
    "enhetens medarbetare och chefer, och för större ställen de som ansvarar för dem": FIGURES,
    "alla som hjälper": HELPERS,
    "de som är chefer eller administratörer": MANAGERS,
    "chefer, objektspecialister, samordnare och administratörer": MENDERS,
    "objektspecialister, objektledare, samordnare och administratörer, var och en för sina verktyg": TELLERS,
    "de som håller i supportstugan: värden, de som hjälper där, objektspecialister och administratörer": RUNNERS,
}

Thing = int | str
Effects = Mapping[str, set[Thing]]


@dataclass(frozen=True)
class Line:
    """A control: what the page calls it, for each role what it changes, and to whom it only shows a window."""

    label: str
    effects: Effects = field(default_factory=dict)
    shows_to: tuple[str, ...] = ()


def everybody(*things: Thing) -> Effects:
    return {who: set(things) for who in ACTIVE}


def helpers(*things: Thing) -> Effects:
    return {who: set(things) for who in HELPERS}


LEAVE = {"absence", "stuga", "stuga_staff"}  # whose turn it is at drop-ins passes on

LINES: Mapping[str, Line] = {
    "ticket.tool": Line("Välja vilket verktyg frågan gäller", {ASKER: {*ALIVE, "wording"}}),
    "ticket.correct_form": Line("Öppna rutan Rätta verktyg", shows_to=(ASKER,)),
    "ticket.correct": Line("Rätta vilket verktyg frågan gäller", {ASKER: {*ALIVE, "wording"}}),
    "ticket.unit": Line("Välja vilken enhet frågan gäller", {ASKER: {*ALIVE, "own working_unit"}}),
    "ticket.urgent": Line("Säga att någon väntar nu", {ASKER: {*ALIVE, REDIRECTED}}),
    "ticket.not_urgent": Line("Säga att frågan kan vänta", {ASKER: ALIVE}),
    "ticket.send_anyway": Line("Skicka en fråga som väntar, trots många frågor"),  # none of these waits
    "ticket.human": Line("Fråga en människa, fast frågan hör hemma hos någon annan", {ASKER: {REDIRECTED}}),
    "ticket.rung": Line("Säga att man har ringt", {ASKER: ALIVE}),
    "ticket.park": Line("Spara frågan till supportstugan", {ASKER: {OPEN, TAKEN, OUTSIDE}}),
    "ticket.confirm": Line("Säga att det löste sig", {ASKER: ALIVE}),
    "ticket.deny": Line("Säga att det inte löste sig", {ASKER: {PROPOSED}}),
    "ticket.withdraw": Line("Ta tillbaka frågan", {ASKER: ALIVE}),
    "line.which": Line("Välja vilken fråga en rad hör till", {ASKER: {*ALIVE, CLOSED, REDIRECTED, "own question", "own draft"}}),
    "line.split": Line("Göra en rad till en egen fråga", {ASKER: {OPEN, "own question"}}),
    "ticket.take": Line("Ta frågan", {OWNER: {OPEN, BROUGHT}, CANDIDATE: {OPEN, BROUGHT}}),
    "ticket.take_over": Line("Ta över frågan och skicka det man har skrivit", {CANDIDATE: {TAKEN}}),
    "ticket.decline": Line("Säga Kan inte nu", {OWNER: {OPEN}, CANDIDATE: {OPEN}}),
    "ticket.solve": Line("Föreslå att frågan är löst", {OWNER: {TAKEN, OUTSIDE}}),
    "ticket.solve_form": Line("Öppna rutan Löst med en rad", shows_to=(OWNER,)),
    "ticket.solve_with": Line("Föreslå att frågan är löst, med en rad", {OWNER: {TAKEN, OUTSIDE}}),
    "ticket.more": Line(
        "Öppna menyn Mer på ett frågekort",
        {OWNER: {*ALIVE - {BROUGHT}, "own person"}, CANDIDATE: {OPEN, "own person"}},
    ),
    "ticket.ask_back": Line("Säga att man väntar på svar", {OWNER: {TAKEN}}),
    "ticket.came_back": Line("Ta hem en fråga som låg hos IT", {OWNER: {OUTSIDE}}),
    "ticket.solved_outside": Line("Säga att IT löste det", {OWNER: {TAKEN, OUTSIDE}}),
    "onward.send": Line("Skicka vidare en fråga", {OWNER: {OPEN, TAKEN, OUTSIDE}, CANDIDATE: {OPEN}}),
    "onward.note": Line("Skriva en rad till nästa som hjälper", {OWNER: ALIVE, CANDIDATE: {OPEN, BROUGHT}}),
    "onward.out": Line("Lämna över en fråga till IT", {OWNER: {TAKEN}}),
    "cluster.form": Line("Öppna rutan Svara alla, när många frågar om samma sak", shows_to=(CANDIDATE, *TELLERS)),
    "cluster.answer": Line("Svara alla som frågar om samma sak", {who: {BROUGHT, "cluster"} for who in (CANDIDATE, *TELLERS)}),
    "outage.form": Line("Öppna rutan Driftstörning", shows_to=TELLERS),
    "outage.put_up": Line("Sätta upp en driftstörning", {who: {"outage", "cluster"} for who in TELLERS}),
    "outage.right": Line("Säga att en driftstörning är rättad", {who: {"outage", "cluster"} for who in TELLERS}),
    "outage.prolong": Line("Låta en driftstörning stå en timme till", {who: {"outage"} for who in TELLERS}),
    "news.open": Line("Öppna listan över nyheter", shows_to=TELLERS),
    "news.form": Line("Öppna rutan Skriv nyhet", shows_to=TELLERS),
    "news.publish": Line("Skriva en nyhet om ett verktyg", {who: {"news", "idea"} for who in TELLERS}),
    "news.take_down": Line("Ta ner en nyhet", {who: {"news"} for who in TELLERS}),
    "idea.form": Line("Öppna ett förslag för att svara på det", shows_to=TELLERS),
    "idea.reply": Line("Svara på ett förslag", {who: {"idea"} for who in TELLERS}),
    "order.open": Line("Öppna rutan Be min chef beställa", shows_to=(ASKER,)),
    "order.unit": Line("Välja enhet innan man ber chefen beställa", {ASKER: {"own working_unit"}}),
    "order.send": Line("Be sin chef beställa en behörighet", {ASKER: {"own access_order"}}),
    "order.done": Line("Säga att behörigheten är beställd", {MANAGER: {"access_order"}, DEPUTY: {"access_order"}}),
    "order.decline_form": Line("Öppna rutan Inte aktuellt", shows_to=(MANAGER, DEPUTY)),
    "order.decline": Line("Säga att behörigheten inte är aktuell", {MANAGER: {"access_order"}, DEPUTY: {"access_order"}}),
    "order.undo": Line("Ångra ett svar om en behörighet", {MANAGER: {"access_order"}}),
    "profile.speak": Line("Byta språk", everybody("own person")),
    "duty.form": Line("Öppna rutan I tjänst", shows_to=HELPERS),
    "duty.on": Line("Säga hur länge man är i tjänst", helpers("own duty")),
    "duty.again": Line("Säga att man är i tjänst som en tidigare dag", {OWNER: {"own duty"}}),  # only he has such a day
    "duty.off": Line(
        "Sluta för dagen", {**helpers("own duty"), CANDIDATE: {OPEN, "own duty"}, OWNER: set()}, shows_to=(OWNER,)
    ),  # who has taken something is asked for a word first
    "duty.hand_over": Line(
        "Sluta för dagen, med en rad till nästa",
        {**helpers("own duty"), CANDIDATE: {OPEN, "own duty"}, OWNER: {OPEN, TAKEN, "own duty"}},
    ),
    "shifts.form": Line("Öppna sitt eget schema", shows_to=HELPERS),
    "shifts.save": Line("Lägga in tider i sitt eget schema", helpers("own pattern")),
    "shifts.end": Line("Ta bort sitt eget schema", shows_to=HELPERS),
    "summer.form": Line("Öppna sina sommarveckor", shows_to=HELPERS),
    "summer.save": Line("Välja sina sommarveckor", helpers("own absence")),
    "summer.none": Line("Ta bort sina sommarveckor"),
    "who_helps.open": Line("Se vem som hjälper på en enhet", shows_to=ACTIVE),
    "who_helps.unit": Line("Se vem som hjälper på en annan enhet", shows_to=ACTIVE),
    "who_helps.work_here": Line("Säga var man jobbar i dag", everybody("own working_unit")),
    "contact.open": Line("Öppna numren att ringa", shows_to=EDITORS),
    "contact.list": Line("Se numren på ett annat ställe", shows_to=EDITORS),
    "contact.form": Line("Öppna ett nummer", shows_to=EDITORS),
    "contact.save": Line("Spara ett nummer att ringa", {who: {"contact"} for who in EDITORS}),
    "contact.end": Line("Ta bort ett nummer", {who: {"contact"} for who in (SPECIALIST, HEAD, ADMIN)}),
    "contact.undo": Line("Ångra att ett nummer togs bort", {who: {"contact"} for who in MANAGERS}),
    "appointment.open": Line("Öppna uppdragen", shows_to=MANAGERS),
    "appointment.list": Line("Se uppdragen på ett annat ställe", shows_to=MANAGERS),
    "appointment.form": Line("Öppna rutan för ett nytt uppdrag", shows_to=MANAGERS),
    "appointment.save": Line("Ge ett uppdrag", {who: {"appointment"} for who in MANAGERS}),
    "appointment.ending": Line("Öppna rutan Avsluta uppdrag", shows_to=MANAGERS),
    "appointment.end": Line(
        "Avsluta ett uppdrag", {who: {OPEN, TAKEN, OUTSIDE, "appointment"} for who in MANAGERS}
    ),  # what somebody had because of it moves on
    "appointment.undo": Line("Ångra att ett uppdrag avslutades", {who: {"appointment"} for who in MANAGERS}),
    "absence.open": Line("Öppna frånvaro och tjänst", shows_to=MANAGERS),
    "absence.list": Line("Se frånvaro på ett annat ställe", shows_to=MANAGERS),
    "absence.form": Line("Öppna rutan Anmäl frånvaro", shows_to=MANAGERS),
    "absence.save": Line("Anmäla någons frånvaro", dict.fromkeys(MANAGERS, LEAVE)),
    "absence.end": Line("Säga att någon är tillbaka", dict.fromkeys(MANAGERS, LEAVE)),
    "absence.undo": Line("Ångra att någon är tillbaka", dict.fromkeys(MANAGERS, LEAVE)),
    "duty.other_form": Line("Öppna rutan Sätt i tjänst", shows_to=MANAGERS),
    "duty.other_on": Line("Sätta någon i tjänst", {who: {"duty"} for who in MANAGERS}),
    "duty.other_off": Line("Ta någon ur tjänst", {who: {"duty"} for who in MANAGERS}),
    "rota.form": Line("Öppna rutan Sätt arbetstider", shows_to=MANAGERS),
    "rota.save": Line("Sätta någons arbetstider", {who: {"pattern"} for who in MANAGERS}),
    "unit.open": Line("Öppna enheter och verktyg", shows_to=MANAGERS),
    "unit.list": Line("Se en annan enhet", shows_to=MANAGERS),
    "unit.form": Line("Öppna rutan med enhetens verktyg", shows_to=MANAGERS),
    "unit.save": Line("Välja enhetens verktyg", {who: {"unit_tool"} for who in MANAGERS}),
    "unit.begin": Line("Starta en enhet", {ADMIN: {"unit"}}),
    "unit.stop": Line("Stänga av en enhet", {ADMIN: {"unit"}}),
    "settings.open": Line("Öppna inställningarna", shows_to=(ADMIN,)),
    "settings.form": Line("Öppna en inställning", shows_to=(ADMIN,)),
    "settings.save": Line("Ändra en inställning", {ADMIN: {"setting"}}),
    "settings.reset": Line("Återgå till en standardinställning", shows_to=(ADMIN,)),
    "settings.undo": Line("Ångra en ändrad inställning", {ADMIN: {"setting"}}),
    "words.open": Line("Öppna kommunens ord", shows_to=(ADMIN,)),
    "words.form": Line("Öppna ett ord", shows_to=(ADMIN,)),
    "words.save": Line("Ändra ett ord", {ADMIN: {"setting"}}),
    "words.reset": Line("Återgå till ett standardord", shows_to=(ADMIN,)),
    "words.undo": Line("Ångra ett ändrat ord", {ADMIN: {"setting"}}),
    "audit.open": Line("Läsa vem som har ändrat vad", shows_to=MANAGERS),
    "audit.list": Line("Läsa äldre ändringar", shows_to=MANAGERS),
    "todo.open": Line("Öppna listan Att göra", shows_to=ACTIVE),
    "answer.open": Line("Söka färdiga svar", shows_to=ACTIVE),
    "/svar": Line("Söka färdiga svar med kommandot /svar", shows_to=ACTIVE),
    "answer.tool": Line("Se färdiga svar om ett verktyg", shows_to=ACTIVE),
    "answer.search": Line("Skicka en sökning bland färdiga svar"),
    "answer.helped": Line("Säga att ett svar hjälpte", {ASKER: {OPEN, "answer", "answer_shown"}}),
    "answer.human": Line("Få en människa i stället för ett färdigt svar", {ASKER: {OPEN, "answer", "answer_shown"}}),
    "answer.ready": Line("Öppna färdiga svar på ett frågekort", shows_to=(OWNER,)),
    "answer.use": Line("Öppna ett färdigt svar för att skicka det", shows_to=(OWNER,)),
    "answer.send": Line("Skicka ett färdigt svar", {OWNER: {TAKEN, PROPOSED, OUTSIDE, "answer", "answer_shown"}}),
    "answer.propose": Line("Föreslå sitt svar som färdigt svar", {OWNER: {"answer", "answer_proposal", "answer_version"}}),
    "answer.edit": Line("Öppna ett färdigt svar för att granska det", shows_to=(SPECIALIST,)),
    "answer.new": Line("Öppna rutan för ett nytt färdigt svar", shows_to=(SPECIALIST, COORDINATOR)),
    "answer.approve": Line("Godkänna ett färdigt svar", {SPECIALIST: {*KEPT, "answer_proposal"}}),
    "answer.keep": Line("Säga att ett färdigt svar stämmer", {SPECIALIST: KEPT}),
    "answer.withdraw": Line("Dra tillbaka ett färdigt svar", {SPECIALIST: KEPT}),
    "answer.versions": Line("Se tidigare versioner av ett färdigt svar", shows_to=(SPECIALIST,)),
    "answer.merge_form": Line("Öppna rutan Slå ihop svar", shows_to=(SPECIALIST,)),
    "answer.merge": Line("Slå ihop två färdiga svar eller förslag", {SPECIALIST: {*KEPT, "answer_proposal"}}),
    "answer.refuse_form": Line("Öppna rutan Säg nej till ett förslag", shows_to=(SPECIALIST,)),
    "answer.refuse": Line("Säga nej till ett förslag", {SPECIALIST: {*KEPT, "answer_proposal"}}),
    "summary.open": Line("Se veckans siffror", shows_to=FIGURES),
    "summary.where": Line("Se siffrorna för ett annat ställe", shows_to=FIGURES),
    "summary.when": Line("Se siffrorna för en annan tid", shows_to=FIGURES),
    "summary.file": Line("Få siffrorna för en avdelning eller ett verktyg som fil", shows_to=FILES),
    "summary.tips": Line("Läsa hur man kan ge expertanvändare tid", shows_to=MANAGERS),
    "order.list": Line("Se beställningar som väntar på en själv", shows_to=MANAGERS),
    "gaps.open": Line("Se alla luckor i det man ansvarar för", shows_to=MENDERS),
    "gaps.page": Line("Bläddra bland luckorna", shows_to=MENDERS),
    "ask.open": Line("Öppna formuläret för en fråga", shows_to=ACTIVE),
    "ask.tool": Line("Öppna formuläret för ett verktyg", shows_to=ACTIVE),
    "ask.usual": Line("Ställa en vanlig fråga med ett tryck", everybody("own question")),
    "gate.clean": Line("Ta bort det hemliga ur ett formulär"),
    "gate.anyway": Line("Skicka ett formulär vars namn får vara med"),
    "clear.open": Line(
        "Öppna rutan Rensa text, eller säga att en fråga är ett förslag",
        {ASKER: {*ALIVE, "idea"}, OWNER: {*ALIVE, "idea"}, CANDIDATE: {OPEN, BROUGHT, "idea"}},
    ),
    "clear.this": Line("Öppna rutan Rensa text på ett meddelande", shows_to=(ASKER, OWNER, CANDIDATE)),
    "clear.send": Line("Rensa text ur en fråga", {ASKER: {OPEN, TAKEN, PROPOSED, "own draft"}, OWNER: {OPEN, TAKEN, PROPOSED}, CANDIDATE: {OPEN, TAKEN}}),
    "wording.keep": Line("Behålla en lärd formulering", {SPECIALIST: {"wording"}}),
    "wording.drop": Line("Ta bort en lärd formulering", {SPECIALIST: {"wording"}}),
    "ask.send": Line("Skicka en fråga", everybody("own question")),
    "ask.this": Line("Göra ett meddelande till en egen fråga", shows_to=ACTIVE),
    "ticket.unpark": Line("Få hjälp nu i stället för i supportstugan", {ASKER: {BROUGHT}, OWNER: {BROUGHT}, CANDIDATE: {BROUGHT}}),
    "stuga.park": Line("Välja vilken supportstuga en fråga tas med till", {ASKER: {OPEN, TAKEN, OUTSIDE}, OWNER: {OPEN, TAKEN, OUTSIDE}, CANDIDATE: {OPEN}}),
    "stuga.still": Line("Säga att en sparad fråga är aktuell än", {ASKER: ALIVE}),
    "stuga.find": Line("Se nästa supportstuga", shows_to=ACTIVE),
    "/stuga": Line("Se nästa supportstuga med kommandot /stuga", shows_to=ACTIVE),
    "stuga.subscribe": Line("Se adresserna för att prenumerera på supportstugor", everybody("stuga_feed"), shows_to=ACTIVE),
    "stuga.keep": Line("Lägga en supportstuga i sin kalender", shows_to=ACTIVE),
    "stuga_plan.open": Line("Öppna planeringen av supportstugor", shows_to=(SPECIALIST, ADMIN)),
    "stuga_plan.form": Line("Öppna en serie av supportstugor", shows_to=(SPECIALIST, ADMIN)),
    "stuga_plan.save": Line("Planera eller ändra en serie av supportstugor", {SPECIALIST: {*PLANNED, "own stuga_staff"}, ADMIN: PLANNED}),
    "stuga_guide.done": Line("Säga att en lathund är skriven", {SPECIALIST: {"stuga_item"}, COORDINATOR: {"stuga_item"}}),
    "stuga.all": Line("Öppna listan över supportstugor", shows_to=(SPECIALIST, ADMIN)),
    "stuga.run": Line("Öppna dagens supportstuga", shows_to=RUNNERS),
    "stuga.redraw": Line("Uppdatera dagens supportstuga", shows_to=RUNNERS),
    "stuga.board": Line("Visa supportstugan på storbild, utan namn", shows_to=RUNNERS),
    "stuga.count": Line("Räkna hur många som är i supportstugan", {who: {"stuga"} for who in RUNNERS}),
    "stuga.heads_form": Line("Öppna rutan för antalet i supportstugan", shows_to=RUNNERS),
    "stuga.heads": Line("Skriva hur många som är i supportstugan", {who: {"stuga"} for who in RUNNERS}),
    "stuga.begin": Line("Ta upp en fråga i supportstugan", {who: {"stuga_item"} for who in RUNNERS}),
    "stuga.next": Line("Ta nästa fråga i supportstugan", {who: {"stuga_item"} for who in RUNNERS}),
    "stuga.put_back": Line("Lägga tillbaka en fråga i supportstugan", shows_to=RUNNERS),
    "stuga.change": Line("Öppna ett utfall i supportstugan", shows_to=RUNNERS),
    "stuga.walk_in": Line("Välja verktyg åt någon som kom till supportstugan", shows_to=RUNNERS),
    "stuga.log": Line("Säga hur det gick för en fråga i supportstugan", {who: {BROUGHT, "stuga_item"} for who in RUNNERS}),
    "stuga.log_form": Line("Öppna rutan för ett utfall med en rad", shows_to=RUNNERS),
    "stuga.many_form": Line("Öppna rutan för flera frågor med ett svar", shows_to=RUNNERS),
    "stuga.log_many": Line("Ge flera frågor i supportstugan ett svar", {who: {BROUGHT, "stuga_item"} for who in RUNNERS}),
    "stuga.end": Line("Avsluta supportstugan", {who: {BROUGHT, "stuga", "stuga_item"} for who in RUNNERS}),
    "stuga.cancel": Line("Ställa in supportstugan", {who: {BROUGHT, "stuga"} for who in RUNNERS}),
    "stuga.move_form": Line("Öppna rutan Flytta stugan", shows_to=RUNNERS),
    "stuga.move": Line("Flytta supportstugan", {who: {"stuga"} for who in RUNNERS}),
    "stuga.hand_over_form": Line("Öppna rutan Byt värd", shows_to=RUNNERS),
    "stuga.hand_over": Line("Göra någon annan till värd för supportstugan", {who: {"stuga", "stuga_staff"} | ({"own stuga_staff"} if who == HOST else set()) for who in RUNNERS}),
    "/fraga": Line("Fråga med kommandot /fraga", everybody("own question")),
}


@dataclass(frozen=True)
class Sight:
    """Something that can be read: what the page calls it, a pattern that betrays it, who reads it, and who wrote it."""

    label: str
    probe: str
    read_by: tuple[str, ...]
    written_by: tuple[str, ...] = ()


SIGHTS: tuple[Sight, ...] = (
    Sight("Frågans text. Det hemliga är dolt.", "blinkar rött i nödläge", (ASKER, OWNER, CANDIDATE)),
    Sight("Personnummer och telefonnummer som någon skrev i frågan", "19121212-1212", ()),
    Sight("Namnet på den som frågar", "Anna Alm", (OWNER,)),
    Sight("Svaret på frågan", "Byt batteri i dosan", (ASKER,), written_by=(OWNER,)),
    Sight("Rader mellan dem som hjälper", "Jag har provat omstart", (OWNER,)),
    Sight("Vem som har frågan", "Bo Berg har din|Bo Berg har tagit", (ASKER, CANDIDATE)),
    Sight("Hur mycket egen tid man har lagt på att hjälpa", "Din vecka", (OWNER,)),
    Sight("Vilka som hjälper på enheten, och vem som är på plats nu", "på plats nu|here now|Var jobbar du i dag", ACTIVE),
    Sight("Hur många frågor en enhet har ställt, aldrig vem", "Siffrorna för|The figures for", ACTIVE),
    Sight("Luckor i det man ansvarar för, till exempel en enhet utan expertanvändare", "Luckor att ordna", MENDERS),
    Sight("Vem som saknar konto i chatten", "inget konto i chatten", (ADMIN,)),
    Sight("Numret att ringa när någon väntar", "08-465 004", ACTIVE),
)
