"""What this process must know before it can start: addresses, tokens, sizes. The only reader of the environment.

Read from the environment and from `.env` in the folder one stands in (the environment wins). Everything else that
can be set lives in the database (models/settings.py). Wrong settings are named all at once, as sentences.
"""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.words import DEFAULT, LANGUAGES, plainly

FILE = Path(".env")
ENCODING = "utf-8-sig"  # Windows editors put a mark at the start
OTHERS = re.compile(r"^(SLACK|DATABASE|BOT|LOG|DELIVERY|PUBLIC|WEB)_")  # names that can only be meant for us


def _token(kind: str) -> Any:
    """A token of one kind. The other kind in its place is the most common mistake of all."""

    def check(token: SecretStr) -> SecretStr:
        if not token.get_secret_value().startswith(kind):
            raise ValueError(kind)
        return token

    return AfterValidator(check)


def _upper(text: object) -> object:
    return text.upper() if isinstance(text, str) else text


def _with_slash(url: str) -> str:
    """slack_sdk puts the method's name right behind the address."""
    return url.rstrip("/") + "/"


class Local(BaseSettings):
    """What the commands need that only look at the database."""

    model_config = SettingsConfigDict(
        env_file=FILE, env_file_encoding=ENCODING, env_ignore_empty=True, extra="ignore", frozen=True,
        hide_input_in_errors=True, str_strip_whitespace=True,
    )  # fmt: skip

    # repr=False: an address of PostgreSQL carries a password.
    database_url: str = Field(
        "sqlite:///supportstuga.db", repr=False, pattern=r"^(sqlite:///.|postgresql(\+psycopg)?://.)"
    )
    bot_language: Literal["sv", "en"] = "sv"
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = "INFO"


class Settings(Local):
    """All of them: what the running bot needs."""

    slack_bot_token: Annotated[SecretStr, _token("xoxb-")]
    slack_app_token: Annotated[SecretStr, _token("xapp-")]
    slack_api_url: Annotated[str, AfterValidator(_with_slash)] = Field(
        "https://slack.com/api/", pattern=r"^https?://[^\s/]+(/\S*)?$"
    )
    delivery_workers: int = Field(20, ge=1, le=32)
    public_url: Annotated[str, AfterValidator(lambda url: url.rstrip("/"))] = Field(
        "", pattern=r"^(https://[^\s/?#]+(/[^\s?#]*)?)?$"
    )
    web_host: str = Field("127.0.0.1", pattern=r"^[\w.:-]+$")
    web_port: int = Field(8470, ge=1, le=65535)


@dataclass(frozen=True)
class Fault:
    """One setting that is missing or wrong. `name` as it is written in `.env`."""

    key: str
    name: str


class Wrong(Exception):
    """The settings cannot be used; every fault is named."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(", ".join(f"{fault.name}: {fault.key}" for fault in faults))
        self.faults = faults

    def sentences(self) -> list[str]:
        """What is wrong and how to mend it, one sentence a fault, never a value."""
        return [plainly(language(), fault.key, name=fault.name) for fault in self.faults]


Kind = TypeVar("Kind", bound=Local)


def load(kind: type[Kind], **given: Any) -> Kind:
    """Settings from environment and file; `given` goes before both. Raises Wrong with every fault."""
    try:
        return kind(**given)
    except ValidationError as invalid:
        raise Wrong([_fault(error["type"], str(error["loc"][0])) for error in invalid.errors()]) from None
    except (UnicodeDecodeError, OSError):
        raise Wrong([Fault("settings.unreadable", str(FILE))]) from None


def _fault(kind: str, field: str) -> Fault:
    return Fault("settings.missing" if kind == "missing" else f"settings.wrong.{field}", field.upper())


def names() -> list[str]:
    """Every setting, as it is written in `.env`."""
    return [field.upper() for field in Settings.model_fields]


class _Early(BaseSettings):
    """What is needed to speak at all, read while other settings may still be wrong."""

    model_config = Local.model_config

    bot_language: str = DEFAULT
    log_level: str = ""


def _early() -> _Early:
    try:
        return _Early()
    except (ValidationError, UnicodeDecodeError, OSError):
        return _Early.model_construct()


def language() -> str:
    """In which language to speak to whoever runs us."""
    chosen = _early().bot_language
    return chosen if chosen in LANGUAGES else DEFAULT


def is_debugging() -> bool:
    """Whether whoever runs us wants to see more than sentences."""
    return _early().log_level.upper() == "DEBUG"


def misspelt() -> dict[str, str]:
    """Names in `.env` that are nobody's, with what was probably meant ("" when nothing is near)."""
    if not FILE.is_file():
        return {}
    written = [name.upper() for name in dotenv_values(FILE, encoding=ENCODING)]
    strangers = [name for name in written if name not in names() and OTHERS.match(name)]
    return {name: next(iter(difflib.get_close_matches(name, names(), 1)), "") for name in strangers}
