"""What a text is about. The sentences are our own; figures on larger sets come from benchmarks/understand.py."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import catalogue, likeness, recognition
from models.recognition import OF_TOOLS, Decision, Kind, Urgency, is_greeting, is_question, is_thanks, read
from tests.effort import WHOLE


def best(text: str) -> str:
    return next((scored.key for scored in read(text).tools), "")


# --- which tool -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Låset piper.", "digital_lock"),
        ("låsets batteri är slut", "digital_lock"),
        ("las appen hittar inte laset", "digital_lock"),
        ("foniro swedlok öppnar ej", "digital_lock"),
        ("nyckelskåpets lucka kärvar", "key_management"),
        ("Evondos matar inte ut påsen", "medication_dispenser"),
        ("evandos tjuter", "medication_dispenser"),
        ("medicinrobotens lampa lyser", "medication_dispenser"),
        ("lakemedelsautomaten star still", "medication_dispenser"),
        ("hur signerar man i efterhand i mcss", "digital_signing"),
        ("signeringslistan är tom", "digital_signing"),
        ("Posifon visar fel plats", "mobile_safety_alarm"),
        ("gps klockan laddar inte", "mobile_safety_alarm"),
        ("trygghets larmet ringer inte fram", "safety_alarm"),
        ("boendelarmen tystnar inte", "call_system"),
        ("trygghetskammeran är svart", "safety_camera"),
        ("fallsensorn i rum tre reagerar på katten", "sensors"),
        ("vr glajorna startar inte", "vr"),
        ("TES uppdateras inte", "visit_planning"),
        ("körlistan är borta", "visit_planning"),
        ("Treserva hänger sig", "care_record"),
        ("life care... nej, procapitan är seg", "care_record"),
        ("npö öppnas inte", "npo"),
        ("N P Ö öppnas inte", "npo"),
        ("shits-kortet läses inte", "siths"),
        ("glömt mitt lösenord", "login_eid"),
        ("bank id vill inte", "login_eid"),
        ("nfc-taggen läses inte", "time_registration"),
        ("hur byter jag pass i time care pool", "scheduling"),
        ("lönespecen syns inte", "hr_selfservice"),
        ("outlok startar inte", "m365"),
        ("surfplata utan skal", "work_phone"),
        ("skrivarn äter papper", "pc_print_network"),
        ("The printer is broken", "pc_print_network"),
        ("senior alert: fel enhet", "quality_registers"),
        ("My password does not work", "login_eid"),
        ("sensorblöjan kopplar inte upp", "smart_incontinence"),
        ("hur faxar jag säkert med sdk", "secure_messaging"),
    ],
)
def test_a_tool_is_known_by_name_form_and_misspelling(text: str, key: str) -> None:
    assert best(text) == key


@pytest.mark.parametrize("tool", catalogue.load().tools.values(), ids=lambda tool: tool.key)
def test_every_product_and_alias_points_at_its_tool(tool: catalogue.Tool) -> None:
    for name in (*tool.aliases, *tool.products):
        keys = [scored.key for scored in read(f"Frågan handlar om {name} hos oss").tools]
        assert tool.key in keys, name


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Roboten står still", {"medication_dispenser", "robotics"}),
        ("dosan är borta", {"key_management", "login_eid"}),
        ("larmmattan funkar inte", {"call_system", "sensors"}),
        ("hur gör jag i lifecare", {"care_record", "visit_planning", "mobile_work"}),
        ("tims ligger nere", {"m365", "scheduling"}),
        ("appen funkar inte", set()),
    ],
)
def test_a_word_with_several_meanings_is_asked_about(text: str, keys: set[str]) -> None:
    reading = read(text)
    assert reading.decision is Decision.ASK
    assert keys <= {scored.key for scored in reading.tools}


def test_other_words_settle_a_word_with_several_meanings() -> None:
    assert read("Roboten i Evondos har fastnat").decision is Decision.ROUTE
    assert best("Roboten i Evondos har fastnat") == "medication_dispenser"


def test_a_longer_name_goes_before_the_shorter_one_in_it() -> None:
    assert best("Phoniro Care visar fel besök") == "time_registration"


@pytest.mark.parametrize(
    "text", ["Kaffet är slut", "Vem har semestervecka med Bo?", "vad är det för väder", "mormor fyller år"]
)
def test_what_is_about_no_tool_is_not_sent_on(text: str) -> None:
    assert read(text).decision in (Decision.NONE, Decision.ASK)


@pytest.mark.parametrize("text", ["", " ", "?!", "12345", "😀😀", "\u200b", "<@U123>", "…"])
def test_nothing_said_is_about_no_tool(text: str) -> None:
    assert read(text) == recognition.Reading((), Kind.HANDLING, Urgency.CAN_WAIT, Decision.NONE)


@pytest.mark.parametrize(
    "text",
    [
        "prata med mig",
        "tabletterna är små",
        "fin elegans",
        "sekretessen gäller",
        "hon laddar upp",
        "seniorer",
        "bestick",
    ],
)
def test_ordinary_words_are_no_misspelt_tools(text: str) -> None:
    assert read(text).decision in (Decision.NONE, Decision.ASK)


def test_only_what_is_clearly_not_ours_is_redirected() -> None:
    assert read("Jag vill anmäla en avvikelse").decision is Decision.REDIRECT
    assert read("Flexite sparar inte avvikelsen").decision is Decision.ROUTE


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Jag vill anmäla en avvikelse", "deviation"),
        ("Jag saknar behörighet till Treserva", "access"),
        ("glömt lösenord", "password"),
        ("Hon har fått fel dos", "medication"),
        ("Jag har tappat mitt SITHS-kort", "siths_stolen"),
        ("har tappat min jobbmobil", ""),
        ("Hur beställer jag ett nytt SITHS-kort?", "siths_card"),
        ("Det är fel på lönen", "hr"),
        ("Vi har haft en personuppgiftsincident", "data_incident"),
        ("Jag vill anmäla att jag saknar behörighet och en avvikelse", "deviation"),  # the first of owners.csv
    ],
)
def test_whose_it_is_if_not_ours(text: str, owner: str) -> None:
    assert read(text).owner == owner
    assert (read(text).decision is Decision.REDIRECT) is (owner != "")


def test_where_a_longer_text_turns_the_trouble_is_what_comes_after() -> None:
    text = "Kameran hos henne går bra och larmet är provat, men skrivaren på kontoret ger bara tomma papper"
    assert best(text) == "pc_print_network"
    assert read(text).decision is Decision.ROUTE
    undone = "Evondos har lämnat ut som den ska hela veckan, men nu vill dottern låna bilen och parkera på gården"
    assert read(undone).decision is not Decision.ROUTE


@pytest.mark.parametrize(
    ("text", "medication", "answerable"),
    [
        ("Hur lägger man till en kalender i Teams?", False, True),
        ("var sätter man på pappersrullen i medicinroboten", True, False),
        ("hon har fått fel dos, hur skriver jag avvikelsen", True, False),
        ("Larmtelefonen är svart", False, False),
        ("Vem beställer behörighet åt en vikarie?", False, False),
        ("God morgon, hur mår du?", False, False),
    ],
)
def test_what_is_acute_about_medication_or_not_ours_has_no_ready_answer(text: str, medication: bool, answerable: bool) -> None:
    assert (read(text).medication, read(text).answerable) == (medication, answerable)


# --- kind and urgency -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Jag saknar behörighet till Treserva", Kind.ACCESS),
        ("kommer inte in i mcss", Kind.ACCESS),
        ("Mitt SITHS-kort är låst", Kind.ACCESS),
        ("Låset piper.", Kind.FAULT),
        ("skrivaren funkar ite", Kind.FAULT),
        ("the screen is frozen", Kind.FAULT),
        ("Får man ta bild med jobbmobilen?", Kind.ROUTINE),
        ("batteriet till låset är slut, var beställer vi nya?", Kind.EQUIPMENT),
        ("har tappat min jobbmobil", Kind.EQUIPMENT),
        ("Hur lägger man till en kalender i Teams?", Kind.HANDLING),
    ],
)
def test_the_sort_of_trouble(text: str, kind: Kind) -> None:
    assert read(text).kind is kind


ACUTE = [
    "Det larmar hos en kund och jag kan inte öppna dörren",
    "kommer inte in till brukaren, larmet går",
    "Kommer inte in hos Maj på Storgatan 4, kod 2218 funkar ej",
    "Låset går inte att öppna",
    "dörren öppnar sig inte",
    "får inte upp dörren med låsappen",
    "Jag står utanför och låset är dött",
    "står här ute i kylan och väntar, låset svarar inte",
    "larmtelefonen får inga larm",
    "Larmtelefonen är svart",
    "det kommer inga larm till oss inatt",
    "larmen kommer inte fram",
    "larmen går till fel avdelning",
    "Trygghetslarmet funkar inte hos en kund",
    "knappen larmar inte när hon trycker",
    "Medicinroboten larmar",
    "evondos piper och blinkar rött",
    "roboten har fastnat och ger ingen dos",
    "läkemedelsautomaten är trasig",
    "nattkameran är svart",
    "Trygghetskameran visar ingen bild",
    "kameran hos kund är offline",
    "MCSS ligger nere",
    "signeringen funkar inte för nån av oss",
    "TES är nere",
    "planeringssystemet har kraschat, ingen papperslista",
    "Hon har ramlat och ligger på golvet",
    "en boende har fallit, larmet hördes inte",
    "någon väntar på hjälp",
    "akut!",
    "AKUT låset",
    "the alarm phone gets no alarms",
    "I am standing outside and the door lock won't open",
    "star utanfor och kommer inte in",
]


@pytest.mark.parametrize("text", ACUTE)
def test_what_cannot_wait_is_acute(text: str) -> None:
    assert read(text).urgency is Urgency.ACUTE
    assert is_question(text)


CALM = [
    "Hur byter man batteri i låset?",
    "Hur lägger jag till en ny användare i MCSS?",
    "vilken färg har låsappens ikon",
    "Hur ser jag vem som har kvitterat larmet?",
    "kan man skriva ut körlistan",
    "Vi behöver utbildning på medicinroboten",
    "hur många kameror har vi",
    "Skrivaren krånglar",
    "Teams ringer inte",
    "kommer inte in i lifecare",
    "Glömt lösenord",
    "Var hittar jag rutinen för larm?",
    "Hur sjukanmäler jag mig?",
    "schemat syns inte",
    "VR-glasögonen startar inte",
    "Det är inte akut, men låset piper",
    "Låset piper men det kan vänta till supportstugan",
    "ingen brådska: medicinroboten behöver ny hylla",
    "Vad kostar ett SITHS-kort?",
    "How do I sign afterwards in MCSS?",
]


@pytest.mark.parametrize("text", CALM)
def test_what_can_wait_is_not_acute(text: str) -> None:
    assert read(text).urgency is not Urgency.ACUTE


def test_a_fault_in_a_tool_that_people_depend_on_may_be_acute() -> None:
    assert read("Låset piper.").urgency is Urgency.MAYBE_ACUTE
    assert read("Nu ligger skiten nere IGEN").urgency is not Urgency.CAN_WAIT


def test_a_wish_can_wait_unless_its_words_say_otherwise() -> None:
    for wish in ("It would be nice if the lock app showed who opened last", "Jag önskar att larmappen hade större knappar"):
        assert read(wish).urgency is Urgency.CAN_WAIT, wish
    assert read("It would be nice if somebody came, she is on the floor").urgency is Urgency.ACUTE
    assert read("Det vore bra om någon kom nu, dörren går inte att öppna hos kund").urgency is Urgency.ACUTE


# --- talk around a question -----------------------------------------------------------------------

GREETINGS = [
    "Hej!",
    "hejsan",
    "God morgon 😊",
    "hallå?",
    "hello",
    "Hej hej",
    "tjena",
    "HEJ",
    "är någon där?",
    ":wave:",
    "Good morning!",
]
THANKS = [
    "Tack!",
    "tack så mycket 🙏",
    "ok tack",
    "thanks",
    "👍",
    ":+1:",
    "ok",
    "Tack för hjälpen, ha en bra dag!",
    "Tack, nu funkar det!",
]
FRAGMENTS = [
    "Alltså.",
    "en grej",
    "skrivaren",
    "låset",
    "Hej, jag har en fråga",
    "jag undrar en sak",
    "det gäller skrivaren",
    "funkar inte",
    "hjälp",
]
QUESTIONS = [
    "Låset piper.",
    "Hej! Skrivaren krånglar",
    "den piper rött när jag lägger dosetten",
    "Vem bestämmer?",
    "Får man det?",
    "nej det funkar inte",
    "ok men det piper fortfarande",
    "Tack men låset piper fortfarande",
    "akut",
    "låset funkar ej",
]  # fmt: skip


@pytest.mark.parametrize("text", GREETINGS)
def test_a_greeting_is_only_a_greeting(text: str) -> None:
    assert (is_greeting(text), is_thanks(text), is_question(text)) == (True, False, False)


@pytest.mark.parametrize("text", THANKS)
def test_thanks_are_only_thanks(text: str) -> None:
    assert (is_greeting(text), is_thanks(text), is_question(text)) == (False, True, False)


@pytest.mark.parametrize("text", FRAGMENTS)
def test_a_fragment_waits_for_the_next_line(text: str) -> None:
    assert (is_greeting(text), is_thanks(text), is_question(text)) == (False, False, False)


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_real_sentence_becomes_a_question_at_once(text: str) -> None:
    assert (is_greeting(text), is_thanks(text), is_question(text)) == (False, False, True)


@pytest.mark.parametrize("text", ["ja tack", "nej", "ok?", "", "...", "bra fråga"])
def test_an_answer_is_neither_thanks_nor_greeting(text: str) -> None:
    assert (is_greeting(text), is_thanks(text)) == (False, False)


# --- any text will do -----------------------------------------------------------------------------

pieces = st.sampled_from(
    [
        *("låset", "Evondos", "roboten", "appen", "larm", "inte", "kommer", "in", "hos", "akut", "hej", "tack", "ok"),
        *(
            " ",
            " ",
            "-",
            "?",
            "!",
            "\n",
            ":",
            "\u200b",
            "o\u0308",
            "😀",
            ":+1:",
            "<@U1>",
            "&amp;",
            "123",
            "ﷺ",
            "ß",
            "İ",
        ),
    ]
)


@given(st.one_of(st.text(max_size=300), st.lists(pieces, max_size=30).map("".join)))
@settings(max_examples=300 if WHOLE else 15, deadline=None)
def test_any_text_gives_a_reading(text: str) -> None:
    reading = read(text)
    scores = [scored.score for scored in reading.tools]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len({scored.key for scored in reading.tools}) == len(scores) <= recognition.MOST_TOOLS
    assert (reading.decision is Decision.ROUTE) <= bool(scores)
    assert sum([is_greeting(text), is_thanks(text), is_question(text)]) <= 1
    assert reading == read(text)


@settings(deadline=None)
@given(st.sampled_from([*ACUTE, *CALM, *QUESTIONS]), st.sampled_from(["upper", "title", "zero", "loose", "spaces"]))
def test_how_a_text_is_typed_changes_nothing(text: str, how: str) -> None:
    typed = {
        "upper": text.upper(),
        "title": text.title() if "'" not in text else text,
        "zero": text.replace("e", "e\u200b"),
        "loose": text.replace("ö", "o\u0308").replace("ä", "a\u0308").replace("å", "a\u030a"),
        "spaces": text.replace(" ", "  \n"),
    }[how]
    assert read(typed) == read(text)


def test_acute_words_at_the_end_of_a_very_long_text_are_seen() -> None:
    assert read("bla bla. " * 4000 + "Hon har ramlat och larmet funkar inte").urgency is Urgency.ACUTE


@pytest.mark.parametrize(
    "piece",
    ["a", "1", "1 ", "låset ", "larm ", "inte kan får kommer ", "kommer inte in hos kund ", "ﷺ", "\u200b", "😀", "a@", ":a",
     "<@", "a\u030a", " ", "\n", "åäö", "l å s e t ", "&amp;", "﷽ "],
)  # fmt: skip
def test_a_very_long_text_takes_bounded_time(piece: str) -> None:
    text = (piece * 40_000)[:40_000]
    for ask in (read, is_question, is_greeting, is_thanks):
        assert min(seconds(ask, text) for _ in range(3)) < 0.05, ask


def seconds(ask: Callable[[str], object], text: str) -> float:
    """Time of this process alone: other tests may run beside."""
    began = time.process_time()
    ask(text)
    return time.process_time() - began


def test_what_the_set_up_keeps_is_found_by_its_rows_and_only_the_newest_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(recognition, "KEPT", tmp_path)
    (tmp_path / "old.npz").write_bytes(b"")
    ours = catalogue.load()
    small = replace(ours, phrasings=ours.phrasings[::60], urgent=ours.urgent[::9], topics=ours.topics[::60])
    assert not recognition.is_kept(small)
    recognition.keep(small)
    assert recognition.is_kept(small)
    assert not recognition.is_kept(ours)
    told = recognition._told(small)
    assert len(list(tmp_path.iterdir())) == 3
    assert likeness.kept(recognition._file(told, OF_TOOLS)).labels == recognition._learnt(told, OF_TOOLS).labels
    assert not recognition._file(told[1:], OF_TOOLS).exists()
    assert not recognition._file(told, likeness.PLAIN).exists()


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("jag har glömt mitt lösenord igen", "password"),
        ("hon har tappat den på bussen, den är borta", "lost"),
        ("the battery is empty already after lunch", "battery"),
        ("skrev hos fel person, hur angrar jag det", "undo"),
        ("får vi filma, är det tillåtet enligt lagen", "allowed"),
    ],
)
def test_the_topic_of_a_trouble_is_told_whatever_the_tool(text, topic):
    found = recognition.topics(text, catalogue.load())
    assert max(found, key=lambda each: found[each]) == topic
    assert sum(found.values()) == pytest.approx(1, abs=0.02)


def test_without_any_topics_there_is_none():
    assert recognition.topics("lösenord", replace(catalogue.load(), topics=())) == {}
