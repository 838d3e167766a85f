"""Which numbers and words of a text open something: `codes(text)`. Door and alarm codes, PIN, PUK, passwords.

A value counts by its shape and by what is said around it: a word before it ("portkoden är"), a verb that types it
("slå 12 34"), a thing that it opens ("8864 öppnar grinden"), or a sentence that speaks of a code and has no other
reason for such a number. What a screen shows is an error code, which helps to solve the question, and stays.
Not here: what is then done with it (secrecy.py). Offsets are Unicode code points, the end exclusive.
"""
# ruff: noqa: RUF001 - quotes of every sort stand around what people write

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from models import names

Place = tuple[int, int]

# What else a number may be, said within twenty characters before it.
OTHER_LABEL = re.compile(
    r"ärende|arende|order|serie|ser\.? ?nr|s/n|sn(?<!\wsn)\b|referens|ref(?<!\wref)\b|faktura|ocr(?<!\wocr)"
    r"|kund-? ?(?:id|n)|artikel|art(?<!\wart)\b|batch|lot(?<!\wlot)\b|inventarie|imei|id(?<!\wid)(?<!bank id)\b"
    r"|version|modell|beställning|best(?<!\wbest)\b|incident|case(?<!\wcase)|ticket|diarie|dnr(?<!\wdnr)|giro\b"
    r"|bg(?<!\wbg)\b|pg(?<!\wpg)\b|org(?<!\worg)\.? ?-?nr|organisationsn|avtal|tillverk|produkt|följesedel|kolli"
    r"|paket|licens|mac(?<!\wmac)\b|fel ?kod|fel ?nr|error|#$"
)

RIGHT_BEFORE = re.compile(rf"(?:{OTHER_LABEL.pattern.removesuffix('|#$')})\w{{0,8}}(?: ?nr| nummer| är)?[ .:#]{{0,3}}$")


def before(low: str, at: int, reach: int) -> str:
    """Up to `reach` characters before a place, none of them in or before a token or in another line."""
    near = low[max(0, at - reach) : at]
    if "›" in near or "\n" in near:
        return near[max(near.rfind("›"), near.rfind("\n")) + 1 :]
    return near


# --- words that speak of a code --------------------------------------------------------------------------------------

# A compound of "kod" opens something, but for those that name a thing, a place, a sort of work or a fault.
OTHER_CODES = (
    r"(?:fel|qr-?|streck|färg|rikt|post|artikel|status|lands|åtgärds|insats|diagnos|avvikelse|käll|kund|kommun|region"
    r"|enhets|bar|orsaks|yrkes|kostnads|projekt|aktivitets|frånvaro|löne|tids?|arbetspass|schema|verksamhets"
    r"|ansvars|kurs|pass|skift|turs?|rutt|mötes|bedömnings|valuta|varu|produkt|rabatt|kampanj|program|morse|sök|land|typ|klassificerings|atc|icd|ksi|kv[aå])"
    r"-?kod"
)
ANY_CODE = rf"(?!{OTHER_CODES})(?:[^\W\d_]{{2,20}}-?)?"
OTHER_CODE = re.compile(rf"\b{OTHER_CODES}(?:en|er)?[ :]{{0,9}}(?:är )?$")
ENDS_OTHER_CODE = ("kod", "koden", "koder", "är")
CODE_WORD = rf"(?<![\w-]){ANY_CODE}k[oå]d(?:en|er|erna|n|i)?(?!\w)"
CODE_LABEL = re.compile(
    rf"{CODE_WORD}|(?<![\w-]){ANY_CODE}kod(?:lås(?:et)?|dosan?|lådan?|box(?:en)?)(?!\w)"
    r"|(?<!\w)(?:pin|puk|code|passcode)(?:en|n?et)?(?!\w)"
    r"|(?<!\w)(?:siffer)?kombination(?:en)?(?!\w)|(?<!\w)siffror(?:na)?(?= är| var|:| \d| jag| vi)"
)
KEY = re.compile(r"k[oå]d|pin|puk|code|kombination|siffror")
WORD_BEFORE = re.compile(r"[\w-]+$")
# What a screen shows is an error code.
SHOWN = re.compile(
    r"(?:fel(?<!\wfel)|visar|säger|ger|får|fick|status|qr|error|står|meddelande[t]?|kva(?<!\wkva))[ :-]{0,2}$"
)
SHOWN_HERE = re.compile(SHOWN.pattern.removesuffix("$") + r"(?:kod(?:en)?[ :]{0,2})?$")
SHOWN_AFTER = re.compile(
    r"[ ,]{1,2}(?:visas|kommer upp|dyker upp|syns)\b|[ ,]{1,2}(?:står )?(?:på|i) (?:skärmen|displayen|rutan)\b", re.I
)

# --- shapes ----------------------------------------------------------------------------------------------------------

UNIT = r"kr|kronor|%|mah|mhz|ghz|kcal|ml|mg|mb|gb|rader|tecken|siffror"
COUNTED = (
    r"(?! ?(?:bre[dt]t?|högt?|djupt?|långt?|cm|mm|st|km|min|minuter|personer|gånger|ggr|besök|steg)(?!\w))"
)
ENDS = rf"(?!\w|[-.,:/]\d| ?(?:{UNIT})(?!\w))"
MONTH = r"(?! ?(?:jan|feb|mars|apr|maj|jun|jul|aug|sep|okt|nov|dec))"
DIGITS = (
    r"(?:\d{4,8}|\d{3}[ -]\d{3}|\d{4}[ -]\d{4}|\d \d{3}"
    rf"|\d{{2}}(?:[ -]\d{{2}}){{1,3}}{MONTH}|\d(?:(?:, ?|[ ._/-]{{1,2}})\d){{3,7}})"
)
STAR = r"(?:[#*]{1,2} ?)?"
AFTER_STAR = r"(?: ?[#*]{1,2})?"
VALUE = rf"{STAR}{DIGITS}{AFTER_STAR}{ENDS}"
LETTERED = rf"[#*]?(?:[A-Za-z]\d{{4}}|\d{{4}}[A-Za-z])[#*]?{ENDS}"  # "A1357", "1590B": of a lock
MIXED = r"[#*]?(?=[A-Za-z-]{0,12}\d)(?![EFef]-?\d{1,3}(?!\w))[A-Za-z\d]{2,12}(?:-[A-Za-z\d]{2,8}){0,3}[#*]?"  # "K4M9"
SHORT = r"(?:(?![45]0\d(?!\d))\d{3}|\d(?:-\d){2}|\d{1,3}[#*]|g-\d{6})"  # right after its label only
QUOTE = r"[\"'”“(*]{0,2}"
GAP = r"[^\d.!?\n›‹]"
CODE = re.compile(rf"(?P<gap>{GAP}{{0,45}}?)(?<![\w-])(?P<code>{VALUE}|{LETTERED})")
SAID = r"(?:\b(?:är|e|va|var|till|blev|blir|heter|lyder|is|was)|:|=)"
AT_ONCE = re.compile(
    rf"(?P<gap>(?:{GAP}{{0,30}}?{SAID})?[ \"'”“(*]{{0,3}})(?<![\w-])(?P<code>{MIXED}|{SHORT})"
    rf"{ENDS}(?!:[ea]\b){COUNTED}"
)
BEFORE_A_VALUE = re.compile(rf"{GAP}{{0,60}}")  # as far as any of these reaches
NEXT_LINE = re.compile(rf"(?P<gap>{GAP}{{0,45}}\n\s{{0,3}})(?P<code>{VALUE}|{LETTERED})(?=\s*(?:\n|$))")
ANOTHER = re.compile(
    r"(?: ?, ?| (?:och|o|å|eller|el|samt|till|mot|inte|istället för|ist för|numera|nu) |/| ?[-=]?> ?| ?→ ?)"
    + CODE.pattern.replace("{0,45}", "{0,20}")
)
SAYS_IT = re.compile(rf"(?:{SAID}|jag har|vi har)(?: årtalet| året)?[ #*\"'”“(]*$", re.IGNORECASE)
CHANGES = re.compile(r" (?:till|mot) [#*]?\d{4}")
NOT_ITS_VALUE = re.compile(
    r"\b(?:kl|klockan|sedan|sen|år|rum|lgh|lägenhet|plan|avd|version|vecka|v|fel|i appen|på skärmen|gäller|mellan|runt"
    r"|ca|vid|besök|android|ios|ring|ringer|anknytning|vi är|har nummer)\b[ .:]*$"
)
A_CASE = re.compile(r"(?:ärende|arende|order|faktura|diarie)\w{0,8}(?: nr\.?| är)?[ .:#]{0,3}$")
THEN = re.compile(r"\bse(?:da)?n $")  # years are told apart by themselves
GIVEN = re.compile(r" (?:av|från|(?:i|på) (?:ett )?(?:sms|mejl))(?!\w)")
A_YEAR = re.compile(r"(?:19|20)\d\d")
CHANGED = re.compile(r"\b(?:byts|bytas|bytt(?:e|es)|ändra(?:s|des|d)|gäller) $")

# Numbers in words: each of them stands for so many digits.
ONE = (
    r"(?:nolla?n?|ett|etta|två|tvåa|tre|trea|fyra|fem|femma|sex|sexa|sju|sjua|åtta|nio|nia"
    r"|zero|one|two|three|four|five|six|seven|eight|nine)"
)
TEN = (
    r"(?:tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton"
    r"|(?:tjugo|tjuge|trettio|tretti|fyrtio|fyrti|förti|femtio|femti|sextio|sexti|sjuttio|sjutti|åttio|åtti|nittio|nitti)"
    r"(?:ett|två|tre|fyra|fem|sex|sju|åtta|nio)?)"
)
NUMBER = rf"(?:{ONE}|{TEN})"
IN_WORDS = re.compile(rf"{GAP}{{0,25}}?\b(?P<code>{NUMBER}(?:[ ,-]{{0,2}}{NUMBER}){{1,7}})(?!\w)")
SAME = (
    r"(?:noll(?:or|a)|ett(?:or|a)|två(?:or|a)|tre(?:or|a)|fyr(?:or|a)|femm(?:or|a)|sex(?:or|a)"
    r"|sju(?:or|a)|ått(?:or|a)|ni(?:or|a))"
)
SPELT = re.compile(rf"\b(?:{NUMBER}[ ,-]{{0,2}}{NUMBER}|(?:två|tre|fyra|fem|sex) {SAME})")
ALL_ALIKE = re.compile(
    rf"\b(?P<code>(?:två|tre|fyra|fem|sex) {SAME}(?:(?: och|,) (?:en|ett|två|tre|fyra) {SAME})?)(?!\w)"
)
# "Det är tolv tolv på porten": a row of number words that counts nothing.
A_ROW = re.compile(
    rf"(?<!kl )(?<!klockan )(?<!vid )\b(?P<code>{NUMBER}(?:[ ,-]{{1,2}}{NUMBER}){{1,7}})(?!\w)"
    r"(?! (?:gånger|ggr|dagar|minuter|timmar|veckor|stycken|st|personer|boende|kunder|procent|grader|år|till|eller))"
)

# --- what opens, and how it is typed ---------------------------------------------------------------------------------

DOOR_WORD = (
    r"(?:(?:ytter|huvud|inner|käll?ar|garage|bak|gårds)?(?:port|dörr|grind)|(?:huvud)?entr[ée]|trapp|nyckel(?:box|skåp|gömma"
    r"|kassett|låda|safe|tub)|kassalåda|kodlås|kodlåda|kodpanel|sifferlås|portlås|porttele|porttelefon|larmpanel|larmdosa|(?:kassa|värde|medicin|läkemedels)skåp|safe|safebox|hänglås|garage|soprum|tvättstuga|förråd|miljörum|kodskåp|låsbox|låslåda|box"
    r"|cykelrum|knappsats|door|gate|key ?box|lockbox)(?:en|et|n|an|met|t|arna|ar)?"
)
COMPUTER_PORTS = ("8080", "8443", "3389", "5060", "9100")
DOOR = re.compile(
    rf"\b(?!port(?:en)? (?:{'|'.join(COMPUTER_PORTS)})(?!\d)){DOOR_WORD}"
    rf"(?: är| har| nr| nummer| code)?[ :=]{{1,2}}{QUOTE}(?P<code>{VALUE}|{LETTERED})"
)
TYPES = (
    r"\b(?:(?:slå|slår|slog|slagit|knapp?a|knappar|knappade|tryck|trycker|tryckte|tryckt|matar?|matade|ange|anger|angav"
    r"|rulla|rullar|vrid|vrider|vred|snurra|snurrar|enter|type|press|punch)"
    r"(?: man| du| jag| vi)?(?: in| på| till| fram)?(?: koden| siffrorna| först| sen| bara)?"
    r"|(?:öppna(?:r|s|de|des)?|lås(?:a|er|es|te|tes)? upp"
    r"|logga(?:r|de|t)? in|kom(?:ma|mer)? in|larmar? (?:av|på)|(?:avlarm|upplås|öppn)ning(?:en)?(?: sker| görs)?"
    r"|öppnas av \w{2,14}|open|unlock) (?:med|with)(?: årtalet| numret| koden| siffrorna)?)"
)
TYPED = re.compile(rf"{TYPES} {QUOTE}(?P<code>(?!1177|9000){VALUE}|{LETTERED})")
WRITTEN = re.compile(rf"\bskr(?:iver?|ev|ivit)(?: in)? {QUOTE}(?P<code>[#*]?(?:\d{{4,6}}|\d{{3}} \d{{3}})[#*]?){ENDS}")
# "Vrid till 35 sen 12 sen 70"; and what is typed with a hash has no other reason for it.
TURNED = re.compile(
    r"\b(?:vrid|vred|snurra|rulla)\w{0,2} (?:\w{2,6} ){0,2}?"
    r"(?P<code>\d{1,2}(?:(?: ?,| ?-| och)? (?:sen |sedan |till )?\d{1,2}){1,4})(?!\w)"
)
HASHED = re.compile(r"(?<![\w.,:/+#*-])(?P<code>\d{2,6}#|g-\d{6})(?![\w#*-])")
COUNTS = re.compile(r"ett två|two three|två tre|tre fyra fem")
TYPED_WORDS = re.compile(rf"{TYPES} (?P<code>{NUMBER}(?:[ ,-]{{1,2}}{NUMBER}){{1,7}})(?!\w)")
LITTLE = r"(?: är| som| blir| var|,)?(?: på| till| i| för| den| rätt| nya| gamla| ny| en| väl| bara| ju){0,3}"
BEFORE_LABEL = re.compile(
    rf"(?<![\w.,:/-])(?P<code>[#*]?(?:\d{{4,6}}|\d{{2}} \d{{2}})[#*]{{0,2}}){LITTLE}"
    rf" (?:{ANY_CODE}kod(?:en)?|pin)(?!\w)"
)
OPENS_IT = re.compile(
    r"(?<![\w.,:/-])(?P<code>[#*]?\d{4,6}[#*]?)"
    rf"(?: (?:öppnar|låser upp|larmar (?:av|på|upp)|avlarmar|opens)(?!\w)"
    r"| (?:på|till|i|för|vid|in på|to|for) (?:den |vår |våra |deras |the |alla |båda |varje )?"
    rf"(?:\w{{2,12}}(?=dörr|port|skåp|grind))?{DOOR_WORD}(?!\w))"
)
# "5820 funkade i tisdags": with nothing before that says what it is.
FUNCTIONS = re.compile(
    r"(?:^|[.!?,:;\n(] ?|\b(?:och|eller|men|att|om|fast|varken|både) )(?P<code>[#*]?\d{4,6}[#*]?)"
    r" (?:funkar?|funkade|fungera[rd]?e?|gäll(?:er|de)|stäm(?:mer|de)|nekas?|nekades|går (?:inte|ej)"
    r"|tas (?:inte|ej|emot)|(?:godkänns|godtas|accepteras|blinkar)|enligt (?:lapp|pärm|list)\w{2,3})(?!\w| att)"
)
# "Använd 5591", "prova 9921 om inte 9912 går", "hon sa 6612 men"; "5521 på lappen", "det är 7731 som gäller".
USED = re.compile(
    r"\b(?:använd(?:er|e|a|t)?|kör(?:a|t|de)?(?: med)?|prov(?:a|at|ade|ar)|test(?:a|at|ade|ar)|försökt? med"
    r"|brukar ta"
    r"|(?:funkar?|funkade|fungera[rd]?e?|gick|lyckades) med"
    r"|(?:hon|han|de|chefen|nån|någon|kollegan) (?:sa|sade|gav mig|skrev|påstår))"
    r" (?:(?:med|både|bara|också|in|koden) ){0,2}(?P<code>[#*]?\d{4,6}[#*]?)"
    r"(?= (?:på|till|i|om|så länge|istället|men|och|eller|nyss|igen|fel|tills|idag)(?!\w)|[,.!?]|$)" + ENDS
)
ON_A_NOTE = re.compile(
    r"(?<![\w.,:/-])(?P<code>[#*]?\d{4,6}[#*]?)"
    r" (?:(?:står )?(?:det )?på (?:en |den )?(?:gul |gula )?lapp|som gäller|så länge)"
)
# "Låsbox vid trappan, 1029, batteriet slut", "bakdörren? 6172."; "den gamla var 1186"; "bytt från 4410 till 4401".
AFTER_A_DOOR = re.compile(
    rf"\b{DOOR_WORD}(?: \w{{2,14}}){{0,3}}[,?:] (?P<code>[#*]?\d{{4,6}}[#*]?)(?=[,.!?]|$)(?![.,]\d)"
)
OLD_OR_NEW = re.compile(rf"\b(?:gamla|nya|rätta|förra) (?:är|e|var|heter|blir|blev) (?P<code>\d{{4,6}}){ENDS}{COUNTED}")
CHANGING = rf"\b(?:byt|ändra)\w{{0,4}}(?:(?!{OTHER_CODES})[^.!?\n\d]){{0,30}} från"
CHANGED_FROM = re.compile(CHANGING + r" (?P<code>\d{4,6})(?= till \d{4,6}(?!\w))")
CHANGED_TO = re.compile(CHANGING + r" \d{4,6} till (?P<code>\d{4,6})(?!\w)")
# "Slår man våningens nummer och sen 5151"; "hänglåset är 4-8-2", "kodskåpet hos Ernst 5-9-1".
THEN_TYPED = re.compile(
    r"\b(?:slår?|tryck(?:er|a)?|knappar?)(?!\w)[^.!?\n\d]{0,40} (?:sen|sedan|följt av)"
    rf" (?P<code>(?!19|20)\d{{4,6}}){ENDS}"
)
OF_A_LOCK = re.compile(
    r"\b(?:(?:häng|cykel|siffer|kombinations)lås|kodskåp|nyckel(?:gömma|box|skåp))\w{0,3}(?!\w)[^.!?\n\d]{0,25}"
    rf"(?<!rum)(?<!lgh)(?<!plan)(?<!vid)(?<!kl) (?P<code>\d(?:[ -]\d){{2,3}}|\d{{3}}){ENDS}{COUNTED}"
)
DIGITS_OF = re.compile(
    rf"\b(?:fyra?|fem|sex|åtta)siffrig\w{{0,2}}(?: (?:är|koden|nu|som är|var))?[ :]{{1,2}}(?P<code>\d{{4,8}}){ENDS}"
)
# "1441 eller 1414?", "nu ska det vara 7070", no time of day; "4-1-9-6", no dose.
EITHER = re.compile(
    r"(?<![\w.,:/-])(?P<code>\d{4}(?= eller \d{4}(?![\w-]))|(?<=\d{4} eller )\d{4}(?![\w-])"
    r"|(?<=inte )\d{4}(?=(?: längre| nu)? utan \d{4}(?![\w-]))|(?:(?<=\d utan )|(?<=\d längre utan ))\d{4}(?![\w-]))"
)
TO_BE = re.compile(
    r"\bska (?:det |den )?(?:\w{2,10} ){0,2}?vara (?P<code>(?!(?:[01]\d|2[0-3])[0-5][05](?!\d))[#*]?\d{4,6}[#*]?)"
    + ENDS
)
DASHED = re.compile(r"(?<![\w.,:/-])(?P<code>\d(?:-\d){3})(?<![^4-9]-[^4-9]-[^4-9]-[^4-9])(?![\w-])")
# One of these stands in small letters wherever such a pattern is found.
DOOR_STEMS = (
    "port", "dörr", "grind", "entré", "trapp", "nyckel", "kod", "lås", "larm", "skåp", "safe", "garage", "soprum",
    "tvätt", "förråd", "rum", "box", "knapp", "door", "gate", "entre", "kassa", "panel",
)  # fmt: skip
TYPE_STEMS = (
    "slå", "slog", "slag", "knap", "tryck", "mat", "ange", "anga", "rulla", "vri", "vre", "snurra", "enter", "type",
    "press", "punch", "öppn", "lås", "logga", "kom", "larm", "open", "unlock",
)  # fmt: skip
Needs = tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]
IN_SHAPE: Needs = (
    (DOOR_STEMS, DOOR), (TYPE_STEMS, TYPED), (("skr",), WRITTEN), (("kod", "pin"), BEFORE_LABEL),
    (("slå", "tryck", "knapp"), THEN_TYPED), (("lås", "skåp", "nyckel"), OF_A_LOCK),
    (("vri", "vre", "snurra", "rulla"), TURNED), (("#", "g-"), HASHED),
)  # fmt: skip
TELLS: Needs = (
    ((*DOOR_STEMS, "upp", "larmar", "öppnar", "opens"), OPENS_IT),
    (
        (
            "funk", "fung", "gäll", "stäm", "nek", "går inte", "går ej", "tas ", "godkänns", "godtas", "accepteras",
            "blinkar", "enligt",
        ),
        FUNCTIONS,
    ),
    (("använd", "kör", "prov", "test", "försök", "brukar", " med", " sa", "gav", "skrev", "påstår"), USED),
    (("lapp", "som gäller", "så länge"), ON_A_NOTE), (DOOR_STEMS, AFTER_A_DOOR),
    (("gamla", "nya", "rätta", "förra"), OLD_OR_NEW), ((" från ",), CHANGED_FROM), ((" från ",), CHANGED_TO),
    (("siffrig",), DIGITS_OF), ((" eller ", " utan "), EITHER), ((" vara ",), TO_BE), (("-",), DASHED),
)  # fmt: skip
# Anywhere in a sentence that speaks of a code: "testade 9999 men koden tar inte", "öppnar med 9999", "sms 482 913".
SPEAKS = re.compile(
    r"p(?<!\wp)(?:in|uk)(?:en)?(?!\w)|knappsats|engångs(?:lösen|kod)|verifiering|authenticator|tvåfaktor"
    r"|(?:sms|mfa|2fa)(?<!\w...)|larma\w{0,9}(?: (?:av|på|upp))?(?= (?:med|kontoret|lokalen|huset))|öppna\w{0,9} med"
    r"|siffrorna(?!\w)|försök\w{0,3} med|legitim(?:er|ation)"
    r"|lås\w{0,9} upp med|kom\w{0,9} in med|går med|nyckel(?:skåp|box|gömma|kassett|låda)|code(?<!\wcode)(?!\w)"
)
CODE_IN_IT = re.compile(rf"(?<![\w-]){ANY_CODE}kod(?:en|er|erna|lås|låset|dosa|dosan|lådan?)?(?!\w)")
# What takes a code, and how it does: "lappen vid larmet säger 2107", "0707 funkade inte på ytterdörren".
TAKES_ONE = re.compile(
    r"\b(?:port(?:en|arna)?|porttele(?:fonen|fon)?"
    r"|(?:ytter|garage|gårds|käll?ar)port\w{0,3}|entrén?|gården|lappen|garaget?|larmpanel\w{0,3}"
    r"|(?:cykel|sop|miljö)rum\w{0,3}|förrådet|tvättstugan|trapphuset|larmet (?:på|i) (?:kontoret|lokalen|huset)"
    r"|\w{0,14}(?:dörr(?:en|arna)?|grind(?:en)?|skåpet|dosan?|vagnen|låset|lådan|box(?<!inbox)(?<!mailbox)en|panelen"
    r"|knappsatsen)|(?:kod|häng|skärm)lås\w{0,3}|kodskåp)(?!\w)"
)
TAKING = (
    "port", "entré", "gården", "lapp", "garage", "larm", "rum", "förråd", "tvätt", "trapphus", "dörr", "grind", "skåp",
    "dosa", "vagn", "lås", "låd", "box", "panel", "knappsats",
)  # fmt: skip
WORKS = re.compile(
    r"\b(?:tar|tog|vill (?:inte )?ha|prova|testa|använd|funka|fungera|gäll|nek|går|gick|kärva"
    r"|sitter fast|öppna|upp|står|säger|bytt|ändra|slut|svara|reagera|händ|blink|pip|låst|spärr|vägra|rätt|stämm"
    r"|ring på|tryck|slå|in(?!\w)"
    r"|(?:är|e|ok|var|ska|blev|blir)(?!\w))"
)
IS_IT_TAKEN = re.compile(r" (?:tar|godtar|vill (?:inte )?ha|tog)")
DOOR_TAKES = re.compile(rf"\b{DOOR_WORD} (?:tar|godtar|vill (?:inte )?ha|tog)")
LONELY = re.compile(
    r"(?<![\w.,:/+-])(?P<code>[#*]?(?:[A-Za-z]?\d{4}[A-Za-z]?|\d{5,6}|\d{3} \d{3}|(?:2[4-9]|[3-9]\d) \d{2}(?! \d)"
    r"|\d(?:[ -]\d){3})[#*]?)"
    + ENDS
    + COUNTED
)
# Part of a code is one: "den slutar på 12", "sista siffran är 7". So is what is typed with a star or a hash: "2#".
PART_OF_ONE = re.compile(r"(?:börja|sluta)\w{0,3} (?:på|med) |sista|första")
PART = re.compile(rf"(?:börja|sluta)\w{{0,3}} (?:på|med) (?:\w{{1,8}} ){{0,2}}?(?P<code>\d{{1,3}}){ENDS}{COUNTED}")
TOLD_PART = re.compile(
    rf"(?:sista|första)(?: \w{{1,12}}){{0,4}}? (?:är|e|var) (?P<code>\d{{1,3}}){ENDS}{COUNTED}"
)
SIGN = r"(?:stjärna|fyrkant|nyckelsymbol\w{0,3}|star|hash)"
SIGNS = ("#", "*", "stjärna", "fyrkant", "nyckelsymbol", "star", "hash")
SIGNED = re.compile(rf"\d ?[#*]|[#*]\d|{SIGN}")
WITH_SIGN = re.compile(rf"(?<![\w.,:/+-])(?P<code>[#*]{{0,2}}\d{{1,8}} ?[#*]{{1,2}}|\*\d{{1,8}}){ENDS}")
THEN_ = r"(?:(?:och|o|å|sen|sedan|följt av|trycka|tryck|slå|en|ska man|ska du|plus) ){0,4}"
SAID_SIGN = re.compile(
    rf"\b(?:{SIGN},? {THEN_}(?P<code>\d{{2,8}})|(?P<first>\d{{2,8}}),? {THEN_}{SIGN})(?!\w)"
)
LETTER = re.compile(r"[^\W\d_]")
FOUR_DIGITS = re.compile(r"\d[ -]?\d[ -]?\d[ -]?\d")  # in all of them
BEFORE_A_DIGIT, AFTER_A_DIGIT, BEFORE_ITS_VALUE = 80, 100, 160
SENTENCE = re.compile(r"[^.!?\n]+")
GOES_ON = re.compile(r"[\s\"'*]{0,20}(?:(?:den|det|min|mina|är|e|väl|typ|nu|var|har varit|it|is|its) ){0,4}(?=[#*]?\d)")

FEW = 6  # words
ABOUT_PASSWORDS = re.compile(r"l[öo]s|pass|p[sw]|nyckel|admin ?/")
PASSWORD = re.compile(
    r"\b(?:[^\W\d_]{2,12}-?)?(?:lösen(?:ord(?:et|en)?|kod(?:en)?|fras(?:en)?)?|losen(?:ord(?:et)?)?|lösn|passord"
    r"|password|passphrase|pwd|psw|pw|(?:nätverks|säkerhets|wi-?fi-?)nyckel(?:n)?|admin ?/)(?![^\W/])"
    r"(?P<sign>[^\d.!?\n:=]{0,30}(?: är| e| is| blev| var|:|=))? {0,2}(?P<code>(?!\d{1,3}:e)[^\s‹›]{4,40})"
)
# A sentence that speaks of signing in: what mixes letters, digits and signs there is a password.
SIGNS_IN = re.compile(
    r"\b(?:\w{2,12}-?)?(?:l[öo]sen(?:ord\w{0,2})?|password|pwd|inlogg\w{0,6}|logga\w{0,2} in|login|wi-?fi\w{0,3})(?!\w)"
)
PERHAPS_SIGNS_IN = re.compile(r"l[öo]sen|password|pwd|logg|login|wi-?fi")
TOKEN = re.compile(r"(?<![^\s\"'(”“/:])(?P<code>[^\s\"'()”“‹›/:,;]{6,30})(?![^\s\"')”“,;.!?:/])")


def codes(text: str, low: str, near: Sequence[Place]) -> Iterator[Place]:
    """The values alone, not the words that say what they are; some may be told twice.

    `low`: in small letters. `near`: labels are looked for only there.
    """
    numbers, spelt = names.DIGIT.search(low) is not None, SPELT.search(low) is not None
    found = list(_labelled(text, low, _before_values(low, near, spelt=spelt), spelt=spelt)) if numbers or spelt else []
    found += [*(_in_shape(low, frozenset(found)) if numbers else ()), *(_typed_in_words(low) if spelt else ())]
    yield from found
    yield from _lonely(low, frozenset(found), spelt=spelt)
    yield from _passwords(text, low)
    yield from _mixed(text, low) if numbers else ()


def _before_values(low: str, near: Sequence[Place], *, spelt: bool) -> Iterator[Place]:
    """Where labels are of use: not far from any number."""
    if spelt:
        yield from near
        return
    for first, last in near:
        yield from names.around(names.DIGITS, low, BEFORE_ITS_VALUE, 0, (first, last + BEFORE_ITS_VALUE))


def _labelled(text: str, low: str, near: Iterable[Place], *, spelt: bool) -> Iterator[Place]:
    seen: set[int] = set()
    for start, end in _labels(low, near):
        stop = _stop(low, end)
        if not spelt and stop != "\n" and not stop.isdigit():
            continue
        if SHOWN.search(before(low, start, 14)):
            continue
        words = IN_WORDS.match(low, end) if spelt else None
        if words and _is_spelt(words["code"]):
            yield words.span("code")
        else:
            yield from _values(text, low, (end, stop), seen)


def _stop(low: str, at: int) -> str:
    """The digit or the end of a sentence that comes first after a label: mostly no digit, which is seen at a glance."""
    gap = BEFORE_A_VALUE.match(low, at)
    return low[gap.end() : gap.end() + 1] if gap else ""


def _labels(low: str, near: Iterable[Place]) -> Iterator[Place]:
    """Looked for from the middle of the word, since few words have one of these in it."""
    done = 0
    for key in (key for place in near for key in KEY.finditer(low, *place)):
        if key.start() < done:
            continue
        start = key.start() - len(_joined_before(low, key.start()))
        if low[start - 1 : start] == "‹":
            continue
        label = CODE_LABEL.match(low, start) or CODE_LABEL.match(low, key.start())
        if label:
            done = label.end()
            yield label.span()


def _joined_before(text: str, at: int) -> str:
    """The letters right before a place, as many as a compound has; mostly a space is there."""
    if text[at - 1 : at] == " ":
        return ""
    found = WORD_BEFORE.search(text[max(0, at - 24) : at])
    return found.group() if found else ""


def _values(text: str, low: str, label: tuple[int, str], seen: set[int]) -> Iterator[Place]:
    """The code after a label, and further ones in the same breath; or alone in the next line.

    `label`: where it ends, and its `_stop`. `seen`: where codes end whose further ones have been told already.
    """
    at, stop = label
    found = None
    if stop.isdigit():
        found = CODE.match(text, at) or AT_ONCE.match(low, at)
    if stop == "\n":
        found = NEXT_LINE.match(text, at)
    while found and not _is_another_thing(text, found):
        yield found.span("code")
        at = found.end()
        found = ANOTHER.match(text, at) if at not in seen else None
        seen.add(at)


def _is_spelt(words: str) -> bool:
    """A row of number words has as many digits as a code; what is said by ten counts two."""
    said = re.split(r"[ ,-]+", words.strip())
    return 3 <= sum(1 if re.fullmatch(ONE, word) else 2 for word in said) <= 8


def _is_another_thing(text: str, found: re.Match[str]) -> bool:
    gap = found["gap"].casefold()
    if not gap.strip():  # right after its label, with nothing said between
        return SHOWN_AFTER.match(text, found.end()) is not None
    counted = NOT_ITS_VALUE.search(gap) or A_CASE.search(gap) or _after_a_brand(gap) or _a_year(text, found)
    return bool(counted or SHOWN_AFTER.match(text, found.end()))


def _after_a_brand(said: str) -> bool:
    return said.endswith(" ") and (said.rsplit(maxsplit=1) or [""])[-1] in names.brands()


def _a_year(text: str, found: re.Match[str]) -> bool:
    """ "Koden ändrades 2019"; but "koden till huset är 1984" says what it is, and "från 1942 till 2491" as well."""
    if CHANGED.search(found["gap"]) and A_YEAR.fullmatch(found["code"]):
        return True
    if SAYS_IT.search(found["gap"]) or CHANGES.match(text, found.end()):
        return False
    return len(found["gap"].split()) > 1 and A_YEAR.fullmatch(found["code"]) is not None


def _in_shape(low: str, known: Set[Place]) -> Iterator[Place]:
    near = list(names.around(names.DIGITS, low, BEFORE_A_DIGIT, AFTER_A_DIGIT))
    for needs, pattern in IN_SHAPE:
        if names.has(low, *needs):
            yield from (found.span("code") for place in near for found in pattern.finditer(low, *place))
    for needs, pattern in TELLS:
        if not names.has(low, *needs):
            continue
        said = (found for place in near for found in pattern.finditer(low, *place))
        yield from (one.span("code") for one in said if one.span("code") not in known and not _explained(low, one))


def _typed_in_words(low: str) -> Iterator[Place]:
    yield from (found.span("code") for found in TYPED_WORDS.finditer(low) if _is_spelt(found["code"]))
    yield from (found.span("code") for found in A_ROW.finditer(low) if _only_digits(found["code"]))


def _only_digits(words: str) -> bool:
    """ "Fyra fyra ett åtta": four and more, each one digit, and nobody counts."""
    said = re.split(r"[ ,-]+", words)
    return len(said) >= 4 and all(re.fullmatch(ONE, word) for word in said) and not COUNTS.search(" ".join(said))


def _lonely(low: str, known: Set[Place], *, spelt: bool) -> Iterator[Place]:
    """Numbers of a code's length that nothing else explains, where a sentence speaks of a code or goes on from one."""
    patterns = [LONELY] if FOUR_DIGITS.search(low) else []
    patterns += [A_ROW, ALL_ALIKE] if spelt else []
    patterns += [PART, TOLD_PART] if PART_OF_ONE.search(low) else []
    if names.has(low, *SIGNS) and SIGNED.search(low):
        patterns.append(WITH_SIGN)
        yield from (one.span("code" if one["code"] else "first") for one in SAID_SIGN.finditer(low))
    last, sentences = (0, 0), _Sentences(low)
    for sentence in SENTENCE.finditer(low) if patterns else ():
        place = sentence.span()
        if spelt or names.DIGIT.search(low, *place):
            found = [one for pattern in patterns for one in pattern.finditer(low, *place)]
            found = [one for one in found if one.span("code") not in known]
            if found and (sentences.speak(place) or (_goes_on(low, *place) and sentences.speak(last))):
                yield from (one.span("code") for one in found if not _means_something_else(low, one))
        last = place


class _Sentences:
    """Whether a sentence speaks of a code: asked once, and of few."""

    def __init__(self, low: str) -> None:
        self._low = low
        self._speak: dict[Place, bool] = {}

    def speak(self, place: Place) -> bool:
        if place not in self._speak:
            self._speak[place] = LETTER.search(self._low, *place) is not None and _speaks(self._low[slice(*place)])
        return self._speak[place]


def _goes_on(low: str, start: int, end: int) -> bool:
    """Whether a sentence may tell the code of the one before: "4711." or "Jag testade 4711 nyss"."""
    return bool(GOES_ON.match(low, start, end)) or len(low[start:end].split(maxsplit=FEW)) < FEW


def _speaks(said: str) -> bool:
    """Whether a sentence is about something that opens; what costs least is asked first."""
    codes = (at - len(_joined_before(said, at)) for at in _every("kod", said))
    if any(CODE_IN_IT.match(said, at) for at in codes) or SPEAKS.search(said):
        return True
    if IS_IT_TAKEN.search(said) and DOOR_TAKES.search(said):
        return True
    return names.has(said, *TAKING) and TAKES_ONE.search(said) is not None and WORKS.search(said) is not None


def _every(what: str, said: str) -> Iterator[int]:
    at = said.find(what)
    while at >= 0:
        yield at
        at = said.find(what, at + 1)


def _means_something_else(low: str, found: re.Match[str]) -> bool:
    return (found.re is LONELY and _explained(low, found)) or (found.re is A_ROW and not _is_spelt(found["code"]))


def _explained(low: str, found: re.Match[str]) -> bool:
    start = found.start("code")
    said = before(low, start, 20)
    code = found["code"]
    return bool(
        A_YEAR.fullmatch(code)
        or code in ("1177", "9000")
        or (code in COMPUTER_PORTS and said.endswith(("port ", "porten ")))
        or _after_a_brand(said)
        or (NOT_ITS_VALUE.search(said[-12:]) and not THEN.search(said))
        or (said.rstrip(" :").endswith(ENDS_OTHER_CODE) and OTHER_CODE.search(said))
        or (SHOWN_HERE.search(said) and not _from_somebody(low, found))
        or OTHER_LABEL.search(said)
        or SHOWN_AFTER.match(low, found.end("code"))
    )


def explained(said: str) -> bool:
    """Whether what is said right before a number is what it is called: an order's, an error's."""
    return bool(RIGHT_BEFORE.search(said) or OTHER_CODE.search(said))


TOLD_BY = ("lapp", "authenticator")


def _from_somebody(low: str, found: re.Match[str]) -> bool:
    """It stands on a note, or a person gave it: no screen shows it."""
    start, end = found.span("code")
    noted = found.re is ON_A_NOTE or names.has(low[max(0, start - 60) : start], *TOLD_BY)
    return noted or GIVEN.match(low, end) is not None


# "Inlogg till gästnätet: gäst-2026": what has letters and digits after a colon.
LOGS_IN_WITH = re.compile(
    r"\binlogg\w{0,6}(?: \w{1,12}){0,4}: ?(?P<code>(?=\S{0,30}\d)(?=\S{0,30}[^\W\d_])[^\s›‹]{6,30})"
)


def _passwords(text: str, low: str) -> Iterator[Place]:
    if "inlogg" in low:
        yield from (found.span("code") for found in LOGS_IN_WITH.finditer(low))
    near = names.around(ABOUT_PASSWORDS, low, 16, 100)
    for found in (one for place in near for one in PASSWORD.finditer(low, *place)):
        start, end = found.span("code")
        as_it_stands = text[start:end]
        secret = as_it_stands.strip(".,;:!?\"'()”“")
        if len(secret) >= 4 and _a_password(secret, found["sign"] or "", as_it_stands):
            start += as_it_stands.index(secret)
            yield start, start + len(secret)


def _a_password(secret: str, sign: str, as_it_stands: str) -> bool:
    """A digit or quotes give it away; without them a colon before it, or a capital that is no system's name."""
    if any(letter.isdigit() for letter in secret) or as_it_stands[0] in "\"'”“":
        return True
    if sign:
        return sign.endswith((":", "=")) or any(letter.isupper() for letter in secret) or _says_nothing(as_it_stands)
    return secret[0].isupper() and not names.is_product(secret)


# "Lösenordet är …": what is said of one, by its first letters; and how such words end.
OF_A_PASSWORD = re.compile(
    r"(?:fel|rätt|sam|lika|änd|kort|lång|läng|svår|lätt|krång|jätte|super|personlig|privat|hemlig|säker|osäker|unik)\w*"
    r"|\w+(?:at|ad|ade|it|et|igt|rt|lt|tt|ut|bar|ng)|(?:inte|ingen|inget|inga|redan|aldrig|alltid|borta|klar|något|någon)"
)


def _says_nothing(word: str) -> bool:
    """At the end of what is said, and no word that tells how it is with the password."""
    plain = word.strip(".,;:!?\"'()”“").casefold()
    return len(plain) >= 5 and (word[-1] in ".,;!?" or plain != word.casefold()) and not OF_A_PASSWORD.fullmatch(plain)


def _mixed(text: str, low: str) -> Iterator[Place]:
    """ "Loggade in med Hösten#25": letters with digits, and a sign among them or two digits after a capital."""
    for sentence in SENTENCE.finditer(low) if PERHAPS_SIGNS_IN.search(low) else ():
        said = sentence.group()
        if PERHAPS_SIGNS_IN.search(said) and SIGNS_IN.search(said):
            found = TOKEN.finditer(text, sentence.start(), sentence.end())
            yield from (one.span("code") for one in found if _looks_made_up(one["code"]))


def _looks_made_up(word: str) -> bool:
    digits = sum(letter.isdigit() for letter in word)
    letters = "".join(letter for letter in word if letter.isalpha()) if digits else ""
    parts = re.findall(r"[^\W\d_]+", word)
    if len(letters) < 3 or not digits or "@" in word[1:-1] or any(names.is_product(part) for part in parts):
        return False
    written = letters[0].isupper() and not letters.isupper()
    return any(sign in word for sign in "#!_%&?$+*=") or (digits >= 2 and written)
