"""What is masked, and what must not be. All persons and numbers are invented; the birth numbers are test numbers."""

import re
import time
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models import secrecy
from models.secrecy import Secret, Span, mask
from tests.effort import examples


def hidden(text: str) -> list[tuple[str, str]]:
    """Sort and wording of everything that is masked."""
    return [(span.kind.value, text[span.start : span.end]) for span in mask(text).spans]


def only(kind: Secret, *texts: str) -> list[tuple[str, str]]:
    return [(kind.value, text) for text in texts]


def with_check_digit(nine: str) -> str:
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(nine)]
    return nine + str(-sum(n // 10 + n % 10 for n in doubled) % 10)


# --- personnummer ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "400229-9912",  # a leap day, and a wrong check digit
        "4002299912",
        "19400229-9912",
        "194002299912",
        "400229 9912",
        "19400229 9912",
        "400229+9912",
        "400229\u20139912",
        "400229 - 9912",
        "40-02-29 9912",
        "1940 02 29 9912",
        "1940-02-29-9912",
        "19 400229-9912",
        "1940 0229 9912",
        "400289-9912",  # a coordination number
        "19400289-9912",
        "400229\u200b-99\u200b12",
        "\uff14\uff10\uff10\uff12\uff12\uff19\uff0d\uff19\uff19\uff11\uff12",
        "400229-R12X",  # a reserve number
        "19400229R12X",
    ],
)
def test_a_personnummer_is_found_however_it_is_written(number: str) -> None:
    for text in (number, f"Hur hittar jag {number} i journalen?", f"{number}, saknas", f"(pnr:{number})"):
        assert hidden(text) == only(Secret.PERSONNUMMER, number), text


@pytest.mark.parametrize(
    "text",
    [
        "kunden är född 400229, sista fyra 9912, saknas",
        "400229 och de fyra sista är 9912",
        "400229 (slutsiffror 9912)",
        "född 400229 / 9912",
    ],
)
def test_a_personnummer_split_by_words_is_found_whole(text: str) -> None:
    (found,) = mask(text).spans
    assert text[found.start : found.end].startswith("400229")
    assert text[found.start : found.end].endswith("9912")


@pytest.mark.parametrize(
    "number",
    [
        "570413 streck 9981", "570413, sen 9981", "570413 (9981", "570413_9981", "570413.9981", "57 04 13 och slutet 9981",
        "13 april 1957 med sista fyra 9981", "13/4-57, 9981", "1957 april 13 9981", "9981 och är född 570413",
        "femtiosju noll fyra tretton nittionio åttioett", "57O413-998I",
    ],
)  # fmt: skip
def test_a_personnummer_is_found_as_it_is_said(number: str) -> None:
    assert hidden(f"söker på sista fyra {number} men hittar inget")[0][1].endswith(number)


@pytest.mark.parametrize(
    "text",
    [
        "ärende 20261104-0017 är stängt",
        "ärende 20261104-0011",  # its check digit is right: a case number begins with this year's date
        "bytte 261123 sen 1430 stannade den",
        "13 maj 2026, 1430 stannade den",
        "noll ett två tre fyra fem sex sju åtta nio är knapparna",
        "45 april 1957, sista fyra 9981",
    ],
)
def test_a_date_and_four_digits_are_not_always_a_birth_number(text: str) -> None:
    assert [kind for kind, _ in hidden(text)] in ([], ["apartment"])


def test_two_in_a_row_are_two() -> None:
    assert hidden("400229-9912 400301-9913") == only(Secret.PERSONNUMMER, "400229-9912", "400301-9913")


@pytest.mark.parametrize("label", ["ärende", "Ordernr:", "serienummer", "ref.", "faktura", "OCR", "kund-id", "artikel"])
def test_another_label_lets_a_number_with_a_wrong_check_digit_pass(label: str) -> None:
    assert hidden(f"{label} 4002299912") == []


def test_its_own_label_wins_over_another_one() -> None:
    assert hidden("ärende om personnr 4002299912") == only(Secret.PERSONNUMMER, "4002299912")


def test_a_right_check_digit_wins_over_another_label() -> None:
    number = with_check_digit("400229991")
    assert hidden(f"order {number}") == only(Secret.PERSONNUMMER, number)


@pytest.mark.parametrize("number", ["401329-9912", "400231-9912", "400292-9912", "19400230-9912", "2140 0229 9912"])
def test_a_date_that_does_not_exist_is_no_birth_number(number: str) -> None:
    assert hidden(f"står det {number} här?") == []


# --- phone, e-mail, address, codes ----------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "070-174 06 12",
        "0701740612",
        "070 174 06 12",
        "070-1740612",
        "070/174 06 12",
        "070-174-06-12",
        "+46 70 174 06 12",
        "+46701740612",
        "+46 (0)70-174 06 12",
        "0046 70 174 06 12",
        "08-465 004 12",
        "08 465 004 12",
        "031-390 06 12",
        "0980-31 92 12",
        "040-628 04 12",
        "0313900612",
        "+47 22 12 34 56",
        "070.174.06.12",
        "08.465.004.12",
        "46 70 174 06 12",
        "46701740612",
        "70-174 06 12",
        "O7O-174 O6 12",
        "noll sju noll ett sju fyra noll sex ett två",
        "noll sjuttio, etthundrasjuttiofyra noll sex tolv",
        "noll sju noll 174 06 tolv",
        "zero seven zero one seven four zero six one two",
    ],
)
def test_a_phone_number_is_found_however_it_is_written(number: str) -> None:
    assert hidden(f"ring sonen {number} först") == only(Secret.PHONE, number)
    assert hidden(f"{number}.") == only(Secret.PHONE, number)


def test_a_number_without_area_code_needs_a_label() -> None:
    for text in ("tel 465 004 12", "ring henne på 465 004 12", "sonen har 465 004 12 hem", "nås på: 465 004 12"):
        assert hidden(text) == only(Secret.PHONE, "465 004 12"), text
    for text in ("lager 465 004 12", "ring om faktura 465 004 12", "vi har 465 004 12", "ringde 12 gånger"):
        assert hidden(text) == [], text


@pytest.mark.parametrize(
    "text",
    [
        "ärende 0412-334455 ligger kvar", "Ärendenr: 08-44 12 31 45", "ärende nr 1203", "ärende #1203", "order 46 70 174 06 12",
        "serienr 46701740612", "IP 010.124.06.05", "den 08.11.2026 och 09.11.2026", "version 070.174.06", "O365 och CO2",
        "noll besök, noll larm, noll svar, noll timmar", "46 av 70 telefoner, 174 timmar",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_telephone_number_passes(text: str) -> None:
    assert hidden(text) == []


@pytest.mark.parametrize(
    "address",
    [
        "anna.alm@lovkoping.example",
        "a_b+c%d@sub.exempel.example",
        "åsa.öst@example.se",
        "anna @ example.se",
        "anna(at)example.com",
        "anna snabel-a example.org",
        "ANNA@EXAMPLE.SE",
    ],
)
def test_an_e_mail_address_is_found(address: str) -> None:
    assert hidden(f"Svara till {address}, tack.") == only(Secret.EMAIL, address)


@pytest.mark.parametrize(
    "text", ["vi ses @ jobbet", "@anna kolla", "anna@jobbet", "a@b", "@", "@@@", "x @ y. Sen gick vi"]
)
def test_an_at_sign_alone_is_no_address(text: str) -> None:
    assert hidden(text) == []


@pytest.mark.parametrize(
    "place",
    [
        "Björkvägen 12",
        "storgatan 4b",
        "Norra Ekgatan 7 C",
        "Karl Johans gata 3",
        "Ängsstigen 110",
        "Lindtorget 2",
        "Smedgränd nr 5",
        "Storgv 4",
        "kyrkog 3 b",
        "smedjeg 6",
        "Lindvg 18",
        "S Järnvägsgatan 14",
        "N Kungsg 2",
        "S:t Eriksg 12",
        "Ekvägen tjugotvå",
        "Parkgatan sjutton b",
        "Norrby 214",
        "Övre Byn 12",
        "Kaptensgången 4",
        "Mossvåg 14",
    ],
)
def test_a_street_with_a_number_is_found(place: str) -> None:
    assert hidden(f"Jag är på {place}, ingen öppnar") == only(Secret.ADDRESS, place)


@pytest.mark.parametrize(
    "text",
    [
        "på vägen 2 gånger",
        "resvägen 30 min",
        "Björkvägen är avstängd",
        "plan 3",
        "vi tog Ekgatan 10.30",
        "Storgatan 20 minuter bort",
        "Dag 12, Förslag 2, Bilag 3, Samsung 21, Katalog 4 och Omgång 3",
        "dialog 4 och blogg 12 enligt 4 kap, arg 3 gånger, helg 12",
        "Halv 4, tolv 5, Prov 2, Brev 3, hast 3",
        "Norra Teamet 3 och Södra Avdelningen 4",
        "Team Norrby 3, avdelning Ekdal 2",
        "vi åkte till Hultby 3 gånger",
        "Storgatan tre gånger, vägen fyra mil",
        "Ingången 3, Bostad 12, Verkstad 14",
    ],
)
def test_a_way_is_not_always_an_address(text: str) -> None:
    assert hidden(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("portkod 1234#", "1234#"),
        ("koden till grinden är 4711", "4711"),
        ("PIN: 0000 funkar inte", "0000"),
        ("PUK-koden 12345678", "12345678"),
        ("sms-kod 123456", "123456"),
        ("larmkoden *9911", "*9911"),
        ("lösenord: Sommar2026!", "Sommar2026"),
        ("lösenordet till Treserva är Vinter24", "Vinter24"),
        ("port 2468", "2468"),
        ("koden till huset är 1984", "1984"),
        ("koden till nyckelgömman är ändrad till 2096", "2096"),
        ("koden är fyra sju ett ett", "fyra sju ett ett"),
        ("kassaskåpets kombination 22-14-36", "22-14-36"),
        ("lösenord Blomster funkar inte", "Blomster"),
        ("lösenordet till plattan är sommarregn.", "sommarregn"),
        ("loggar in med Vinter#26 som vanligt", "Vinter#26"),
        ("slå 47 11 # och vrid", "47 11 #"),
        ("kodlåset 1590B piper", "1590B"),
        ("portkoden e 1 2 3 4 men ingen öppnar", "1 2 3 4"),
        ("nyckelskåp 0420 kärvar", "0420"),
        ("8080 är kod till grinden", "8080"),
        ("8864 öppnar grinden", "8864"),
        ("koden till trapphuset\n5582\nfunkar inte", "5582"),
        ("koden? den är 4711 som förr", "4711"),
        ("vi låser upp med fyrtiosju elva", "fyrtiosju elva"),
        ("den har kod från chefen: K4M9", "K4M9"),
    ],
)
def test_a_code_is_found_by_what_is_said_around_it(text: str, code: str) -> None:
    assert hidden(text) == only(Secret.KEY_CODE, code)


def test_two_codes_in_the_same_breath_are_both_found() -> None:
    assert hidden("koden till porten 1122 och till soprummet 3344") == only(Secret.KEY_CODE, "1122", "3344")


# --- what must pass -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "F-123 är min fråga, F-104711 också",
        "serienummer 8801234567 på låset",
        "IMEI 352099001761481",
        "IMEI 35 209900 176148 1",
        "felkod 1104, fel kod 2203, får kod 4041 i appen",
        "Felkod 0x80070005",
        "version 14.2.1, Android 15",
        "2026-11-17 07:30 och 2026-11-17 0730",
        "17/11 kl 14.30, 17.11.2026 1430, 07.00\u201315.30, 0700-1530",
        "v. 47, vecka 48, 2026-W47",
        "ring 112 eller 1177, alltid",
        "rum 12, plan 3, avdelning 4",
        "org.nr 556016-0680",
        "192.168.10.24 och 00:1B:44:11:3A:B7",
        "artikel 10-4401, 5V 2A, 3 x 25 mg",
        "koden är 4 siffror, fel PIN tre gånger",
        "kod 4041 visas på skärmen, yrkeskod 1230",
        "koden gäller 07-21, koden byts 24-26 november, den ändrades 2019",
        "knappa in koden i Phoniro 6000, den vill ha 4000 mAh",
        "lösenordet är gammalt, lösenordet är utgånget.",
        "logga in med Windows11 eller BankID2",
        "lösenordet måste vara 12 tecken",
        "lösenord glömt sedan 2025",
        "det kostar 1 250 kr och tar 30 min",
        "Stella, Freja, Evondos, Treserva, Pascal och Viva ligger nere",
        "<@U0123456789> och <#C0123456789|allmänt> <!date^1392734382^{date}|x>",
        "kl 08 15 09 30",
        "123e4567-e89b-12d3-a456-426614174000",
    ],
)
def test_what_is_no_secret_passes(text: str) -> None:
    assert mask(text) == secrecy.Masked(text, ())


def test_public_numbers_and_places_always_pass() -> None:
    public = frozenset({"08-465 004 10", "Biblioteket, Storgatan 4", "hjalp@lovkoping.example"})
    for text in (
        "ring 08 465 00 410",
        "ring +46 8 465 004 10",
        "kom till storgatan  4",
        "skriv till Hjalp@lovkoping.example",
    ):
        assert mask(text, allowed=public).spans == (), text
    assert mask("ring 08-465 004 11", allowed=public).spans
    assert mask("Storgatan 41", allowed=public).spans


def test_a_public_number_hides_nothing_beside_it() -> None:
    text = "ring 08-465 004 10, inte 070-174 06 12"
    masked = mask(text, allowed=frozenset({"08-465 004 10"}))
    assert masked.text == "ring 08-465 004 10, inte ‹telefon›"


# --- the masked text ------------------------------------------------------------------------------


def test_the_example_of_the_domain() -> None:
    text = "Kommer inte in hos Maj på Storgatan 4, kod 2218 funkar ej"
    assert mask(text).text == "Kommer inte in hos ‹namn› på ‹adress›, kod ‹kod› funkar ej"


def test_offsets_are_those_of_the_text_as_it_came() -> None:
    text = "😀 \u200b4\u200b00229-9912 och 070-174 06 12"
    assert mask(text).spans == (Span(3, 15, Secret.PERSONNUMMER), Span(20, 33, Secret.PHONE))


def test_letters_with_loose_dots_are_read_as_one() -> None:
    text = "Bjo\u0308rkva\u0308gen 12 nu"
    assert hidden(text) == only(Secret.ADDRESS, "Bjo\u0308rkva\u0308gen 12")


def test_tokens_survive_slack() -> None:
    assert not re.search(r"[&<>*_~`|@#]", "".join(secrecy.TOKENS.values()))
    assert set(secrecy.TOKENS) == set(Secret)


pieces = st.sampled_from(
    [
        *("400229-9912", "4002299912", "19400229 9912", "400229", "9912", "070-174 06 12", "+46", "0", "1", "7", "12"),
        *(
            "anna@example.se",
            "@",
            "Storgatan 4",
            "Karl Johans gata",
            "kod",
            "2218",
            "portkod",
            "pin",
            "lösenord: Abc123",
        ),
        *("ärende", "order", "pnr", "född", "sista fyra", "ring", "tel", "‹kod›", "‹personnummer›", "<@U1>"),
        *(" ", " ", "-", ",", ".", "\n", "#", "+", "/", "\u200b", "o\u0308", "och", "är", "låset"),
    ]
)
puzzles = st.lists(pieces, max_size=25).map("".join)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=200), puzzles))
@example("ref anna@example.se 4002299912")
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text).text
    assert mask(once) == secrecy.Masked(once, ())


@settings(deadline=None)
@given(st.one_of(st.text(max_size=200), puzzles))
def test_spans_tell_exactly_what_was_replaced(text: str) -> None:
    masked = mask(text)
    rebuilt, at = "", 0
    for span in masked.spans:
        assert at <= span.start < span.end <= len(text)
        rebuilt += text[at : span.start] + secrecy.TOKENS[span.kind]
        at = span.end
    assert masked.text == rebuilt + text[at:]


births = st.integers(0, 30_000).map(lambda days: date(1920, 1, 1) + timedelta(days=days))
words = st.sampled_from(["", "Hej, ", "jag hittar inte ", "kunden ", "varför saknas ", "låset hos "])


@settings(deadline=None)
@given(births, st.integers(0, 9999), st.sampled_from(["-", "", " ", "+", "\u2013", " - "]), st.booleans(), words)
def test_every_real_birth_date_with_four_digits_is_hidden(
    born: date, four: int, gap: str, century: bool, before: str
) -> None:
    number = f"{born:{'%Y%m%d' if century else '%y%m%d'}}{gap}{four:04}"
    text = f"{before}{number} någonstans"
    covered = {at for span in mask(text).spans for at in range(span.start, span.end)}
    assert all(at in covered for at in range(len(before), len(before) + len(number)) if text[at].isdigit())


@given(st.text(st.characters(codec="utf-8"), max_size=300))
@settings(max_examples=examples(200), deadline=None)
def test_any_text_will_do(text: str) -> None:
    mask(text)


@pytest.mark.parametrize(
    "piece",
    ["a", "1", "1 ", "11 ", "@", "a@", "😀", "\u200b", "400229-9912 ", "070-174 06 12 ", "kod 1234 ", "Storgatan 4 ", "As As ",
     "0 7 ", "lösenord ", "‹kod›", "<@", "a\u030a", " ", "\n"],
)  # fmt: skip
def test_a_very_long_text_takes_bounded_time(piece: str) -> None:
    text = (piece * 40_000)[:40_000]
    began = time.process_time()
    mask(text)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("koden börjar på 31, resten minns jag inte", "31"),
        ("sista siffran i koden är 7", "7"),
        ("ring på 4# vid porten", "4#"),
        ("kod 774 till skåpet", "774"),
        ("tryck stjärna 3141 fyrkant", "3141"),
        ("koden är trettifyra nittitvå", "trettifyra nittitvå"),
        ("koden är tvåsjuett fyra", "tvåsjuett fyra"),
        ("det är elva elva på porten", "elva elva"),
        ("koden är tre treor och en femma", "tre treor och en femma"),
        ("7141 funkade i går på ytterdörren", "7141"),
        ("lappen på dosan säger 7141", "7141"),
        ("dörren öppnas med årtalet 1984", "1984"),
        ("kåden till grinden e 7141", "7141"),
        ("nätverksnyckeln är q7Rk21xx", "q7Rk21xx"),
        ("inlogg till gästnätet: gast-31", "gast-31"),
        ("nyckelnr 108 går trögt", "108"),
        ("har ni ändrat något? 5820 funkade i tisdags", "5820"),
        ("vilken är det, 3141 eller 4413?", "4413"),
        ("nu ska det tydligen vara 7070", "7070"),
        ("4-1-9-6 är det som gäller", "4-1-9-6"),
        ("de sa fyra fyra ett åtta", "fyra fyra ett åtta"),
        ("jag fick 884 213 i ett sms", "884 213"),
        ("Kommer inte in. Testade 4471 på porten.", "4471"),
        ("vrid till 35 sen 12 sen 70", "35 sen 12 sen 70"),
    ],
)
def test_a_code_is_found_as_people_say_it(text: str, code: str) -> None:
    assert (Secret.KEY_CODE.value, code) in hidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "koden byts 2027 står det",
        "KVÅ-kod AF020 går inte att välja",
        "besöken krockar klockan tolv tolv gånger i veckan",
        "vi har 31 nycklar och 30 krokar",
        "raden slutar på 12 i listan",
        "rapporten 4410 går inte att öppna",
        "fråga nummer 3 av sista 12 är fel",
        "mötet ska vara 0930",
        "dosen är 1-0-1-0 enligt listan",
        "räkna ett två tre fyra och tryck",
        "9000 funkar inte från mobilen",
        "modell 3300 eller 3310",
        "kurskod 7702 finns inte",
        "skiftkod N4 och turkod A1102 saknas",
        "koden funkar inte, ärende 88123",
    ],
)
def test_what_only_looks_like_a_code_stays(text: str) -> None:
    assert hidden(text) == []


def test_the_number_of_a_key_is_secret_where_its_owner_is_named() -> None:
    assert hidden("nyckel 14 hos Gunnel hänger fel") == [("key_code", "14"), ("name", "Gunnel")]
    assert hidden("nyckel 14 hänger fel") == []
