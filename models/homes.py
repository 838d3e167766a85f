"""Where somebody lives, though no street's ending says so: `addresses(text, low)`.

Streets cut short ("Storgv 4", "N Kungsg 2"), numbers in words ("Ekvägen tjugotvå"), villages and farms ("Norrby 214",
"Övre Byn 12"), rarer endings ("Kaptensgången 4"). Not here: the usual streets (secrecy.py), and who lives there
(names.py). Offsets are Unicode code points, the end exclusive.
"""

import re
from collections.abc import Iterator

from models import names, spoken

Place = tuple[int, int]

UNIT = (
    r"(?! ?(?:av|st|stycken|min|minuter|tim|timmar|dagar|veckor|månader|år|km|mil|m|meter|kr|ggr|gånger|steg|personer"
    r"|besök|platser|bilar|telefoner|larm|lås)(?!\w)| till \d|[.:,]\d|%)"
)
NUMBER = rf",? (?:nr\.? ?)?\d{{1,4}}(?:-\d{{1,3}})?(?: ?[a-hA-H](?!\w))?(?!\w){UNIT}"
NAME = r"[A-ZÅÄÖ][a-zåäöé]{2,30}"
# "N Kungsg 2", "S:t Eriksg 12", "V Hamngatan 30"; and "Övre Byn 12", "Norra Gärdet 6".
FIRST = (
    r"(?:(?:[NSVÖL]\.?|[NSVÖL]:a|St\.?|Gla|Gml|Nrm|S:ta?|Sankta?|Norra|Södra|Östra|Västra|Stora|Lilla|Gamla|Övre|Nedre"
    r"|Yttre|Inre|Mellan) )"
)
DIRECTION = re.compile(rf"(?<![\w.:])(?P<place>{FIRST}(?P<word>{NAME}){NUMBER})")
# A street without its end: few words are cut so, and those that end alike are told apart.
CUT = re.compile(
    rf"(?<![\w-])(?P<place>{FIRST}?(?P<word>[^\W\d_]{{2,30}}(?:[gv]|gr|gt|vg|pl|st)){NUMBER.replace(',? ', ' ', 1)})"
)
WHOLE_WORD = re.compile(
    r"v?arg|.*(?:ng|gg|ig|åg|ög|äg|[dltr]ag|steg|kolleg|tyg|flyg|ryg|färg|sorg|[kb]org|(?<!s)torg|berg|älg|helg"
    r"|talg|balg|(?<!kyrk)og|[aeiouyåäö]v|(?<!sko)lv|[^rt]erv|arv|orv|urv|(?:[^s]|[^e]n|[^a]r|.[aiouyåäö])st|[^d]gr|mpl|[aeiou]pl)"
)
CUT_SMALL = re.compile(r".{3,}(?:[bdfklmnprtjs]g|[aeo]g|[bdgkmnst]v|gv|vg|tgr|dgr)")
STREET = r"(?:gatan|gata|vägen|väg|gränden|gränd|stigen|stig|torget|torg|kajen|kroken|liden|allén|backen|brinken)"
IN_WORDS = re.compile(
    rf"(?<!\w)[^\W\d_]{{2,30}}{STREET} (?:nr |nummer )?(?P<number>[a-zåäö]{{3,20}})(?: [a-hA-H](?!\w))?(?!\w){UNIT}"
)
# Endings that a street or a farm may have; after what leads there, or with a number too high for a ward.
RARE = re.compile(
    r"(?<![\w-])(?P<place>(?!(?:Om|In|Ut|Upp|Över|Fram|Till|Ner|Av|Före|Åt|Under|Miss|Genom|Bo|Verk|Mikro|Grupp)"
    r"(?:gång|stad|våg|plats|bryn|port))[A-ZÅÄÖ][a-zåäöé]{1,28}"
    r"(?:gången|bryggan|dungen|sången|trappan|trapporna|sundet|lyckan|vreten|gläntan|tunet|branten|täppan|höjdsplan"
    r"|torgsplan|kullen|våg|vången|promenaden|slussen|byrundan|krysset|löten|sluttningen|kvarnen|tomten|udden|ladan)"
    rf"{NUMBER})"
)
FARM = re.compile(
    r"(?<![\w-])(?P<place>[A-ZÅÄÖ][a-zåäöé]{1,24}"
    r"(?:by|byn|torp|torpet|arp|ryd|hult|måla|boda|vik|viken|näs|näset|sund|holmen|kulla|böle|träsk|dal|dalen|åker"
    r"|hammar|veda|inge|eby|tuna|strand|nora|sjö|sjön|åsa|åsen|röd|rud|säter|heden|änge|ängen|lösa|hyttan|fors|eå|mark"
    rf"|näsa|köping|gärdet|mon|stad) (?P<number>\d{{1,4}})(?: ?[A-H](?!\w))?(?!\w){UNIT})"
)
LEADS = re.compile(r"(?<!\w)(?:på|i|till|från|vid|utanför|bor|mot|nära|adress\w{0,2}|är)[: ]{1,2}$")
LEADS_OUT = re.compile(
    r"(?<!\w)(?:(?:körde?|kör|åk\w{1,2}|åkte|ska|ut|hem|hemma|skickar \w{2,4}|bor|står|ligger|larmet|larm|lås\w{0,2})"
    r" (?:ut |hem )?(?:till|på|i|vid|från)|utanför|adress\w{0,2}|bor) $"
)
FROM_A_FARM = 10  # wards and teams have lower numbers
DIGIT_NEAR = re.compile(r"[a-zåäöé.] {1,2}(?:nr\.? ?)?\d")
BACK, AHEAD = 64, 24


def addresses(text: str, low: str) -> Iterator[Place]:
    """Some may be told twice, and some lie within a longer one, which comes first. `low`: in small letters."""
    near = list(names.around(DIGIT_NEAR, low, BACK, AHEAD)) if names.DIGIT.search(low) else []
    for start, end in near:
        yield from (one.span("place") for one in DIRECTION.finditer(text, start, end) if _called(one["word"]))
        yield from (one.span("place") for one in CUT.finditer(text, start, end) if _is_cut(one))
        yield from (one.span("place") for one in RARE.finditer(text, start, end))
        yield from (one.span("place") for one in FARM.finditer(text, start, end) if _is_farm(low, one))
    if names.has(low, "gat", "väg", "gränd", "stig", "torg", "kaj", "krok", "lid", "allé", "back", "brink"):
        yield from (one.span() for one in IN_WORDS.finditer(low) if spoken.digits(one["number"]))


def _called(word: str) -> bool:
    """Whether it may be a place's name: "Norra Teamet 3" and "Nya Lifecare 2" are none."""
    return not names.is_thing(word.casefold())


def _is_cut(found: re.Match[str]) -> bool:
    word = found["word"]
    plain = word.casefold()
    if WHOLE_WORD.fullmatch(plain) or not _called(word):
        return False
    if word[0].isupper():
        return len(word) > 3 or plain in ("nyg", "nyv", "åg", "åv")
    return CUT_SMALL.fullmatch(plain) is not None


def _is_farm(low: str, found: re.Match[str]) -> bool:
    before = low[max(0, found.start() - 24) : found.start()]
    number = found["number"]
    if not _called(found["place"].split()[0]):
        return False
    return bool(LEADS_OUT.search(before) or (int(number) >= FROM_A_FARM and LEADS.search(before)))
