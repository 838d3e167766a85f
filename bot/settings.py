"""What this process must know before it can start: addresses, tokens, sizes. The only reader of the environment.

Read from the environment and from `.env` in the folder one stands in (the environment wins); a secret also from the
file that `<NAME>_FILE` names, as containers and systemd hand them over. Everything else that can be set lives in the
database (models/settings.py). Wrong settings are named all at once, as sentences.
"""

import difflib
import re
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from handlers.words import DEFAULT, LANGUAGES, plainly

FILE = Path(".env")
ENCODING = "utf-8-sig"  # Windows editors put a mark at the start
OTHERS = re.compile(r"^(SLACK|DATABASE|BOT|LOG|DELIVERY|PUBLIC|WEB)_")  # names that can only be meant for us
SECRETS = ("slack_bot_token", "slack_app_token", "slack_signing_secret", "database_url")  # may lie in a file each


def _token(kind: str) -> Any:
    """A token of one kind. The other kind in its place is the most common mistake of all."""

    def check(token: SecretStr) -> SecretStr:
        if token and not token.get_secret_value().startswith(kind):
            raise ValueError(kind)
        return token

    return AfterValidator(check)


def _upper(text: object) -> object:
    return text.upper() if isinstance(text, str) else text


def _with_slash(url: str) -> str:
    """slack_sdk puts the method's name right behind the address."""
    return url.rstrip("/") + "/"


def _missing() -> PydanticCustomError:
    return PydanticCustomError("missing", "missing")


class SecretFiles(PydanticBaseSettingsSource):
    """`SLACK_BOT_TOKEN_FILE=/run/secrets/…`: what stands in that file, without the line's end. OSError if it cannot be
    read, ValueError where it is no text.
    """

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        file = _written(f"{field_name}_FILE".upper()) if field_name in SECRETS else ""
        return (Path(file).read_text(encoding=ENCODING).strip() if file else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value}


def _written(name: str) -> str:
    """In the environment, or else in `.env`."""
    return environ.get(name) or (dotenv_values(FILE, encoding=ENCODING).get(name) if FILE.is_file() else None) or ""


def _in_a_folder(file: Path | None) -> Path | None:
    """A log that cannot be kept is found out at the start, not when it is needed."""
    if file is not None and (not file.parent.is_dir() or file.is_dir()):
        raise ValueError("no folder for it")
    return file


class Local(BaseSettings):
    """What the commands need that only look at the database."""

    model_config = SettingsConfigDict(
        env_file=FILE, env_file_encoding=ENCODING, env_ignore_empty=True, extra="ignore", frozen=True,
        hide_input_in_errors=True, str_strip_whitespace=True,
    )  # fmt: skip

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is written out goes before the name of a file."""
        return init_settings, env_settings, dotenv_settings, SecretFiles(settings_cls)

    # repr=False: an address of PostgreSQL carries a password.
    database_url: str = Field(
        "sqlite:///supportstuga.db", repr=False, pattern=r"^(sqlite:///.|postgresql(\+psycopg)?://.)"
    )
    bot_language: Literal["sv", "en"] = "sv"
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = "INFO"
    log_format: Literal["text", "json"] = "text"
    # A file apart from the database that knows what was erased.
    erasure_log: Annotated[Path | None, AfterValidator(_in_a_folder)] = None


class Settings(Local):
    """All of them: what the running bot needs."""

    slack_bot_token: Annotated[SecretStr, _token("xoxb-")]
    slack_mode: Literal["socket", "http"] = "socket"
    slack_app_token: Annotated[SecretStr, _token("xapp-")] = Field(SecretStr(""), validate_default=True)
    slack_signing_secret: SecretStr = Field(SecretStr(""), validate_default=True)
    slack_api_url: Annotated[str, AfterValidator(_with_slash)] = Field(
        "https://slack.com/api/", pattern=r"^https?://[^\s/]+(/\S*)?$"
    )
    delivery_workers: int = Field(20, ge=1, le=32)
    public_url: Annotated[str, AfterValidator(lambda url: url.rstrip("/"))] = Field(
        "", pattern=r"^(https://[^\s/?#]+(/[^\s?#]*)?)?$"
    )
    web_host: str = Field("127.0.0.1", pattern=r"^[\w.:-]+$")
    web_port: int = Field(0, ge=0, le=65535, validate_default=True)  # 0: nothing is served

    @field_validator("slack_app_token", "slack_signing_secret")
    @classmethod
    def _fits_the_mode(cls, secret: SecretStr, about: ValidationInfo) -> SecretStr:
        """Each way to be reached has a secret of its own."""
        way = "socket" if about.field_name == "slack_app_token" else "http"
        if not secret and about.data.get("slack_mode") == way:
            raise _missing()
        return secret

    @field_validator("web_port")
    @classmethod
    def _is_served_somewhere(cls, port: int, about: ValidationInfo) -> int:
        if not port and (about.data.get("public_url") or about.data.get("slack_mode") == "http"):
            raise _missing()
        return port


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
        raise Wrong([Fault("settings.unreadable", name) for name in _unreadable()]) from None


def _unreadable() -> list[str]:
    """`.env` itself, or the settings that name a file which cannot be read."""
    if FILE.is_file() and not _reads(FILE):
        return [str(FILE)]
    named = [f"{name}_FILE".upper() for name in SECRETS]
    return [name for name in named if _written(name) and not _reads(Path(_written(name)))]


def _reads(file: Path) -> bool:
    try:
        file.read_text(encoding=ENCODING)
    except (UnicodeDecodeError, OSError):
        return False
    return True


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
    ours = {*names(), *(f"{name}_FILE".upper() for name in SECRETS)}
    strangers = [name for name in written if name not in ours and OTHERS.match(name)]
    return {name: next(iter(difflib.get_close_matches(name, names(), 1)), "") for name in strangers}
