"""The municipality's own words, each with its forms: superanvändare|superanvändaren|superanvändare|superanvändarna.

Only nouns that differ between municipalities. Sentences live in handlers/texts.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType

from models.shipped import Settings

LANGUAGES = ("sv", "en")


@dataclass(frozen=True)
class Noun:
    """In a text: {expert_user}, {expert_user.the}, {expert_user.many}, {expert_user.all}."""

    one: str
    the: str
    many: str
    all: str

    def __str__(self) -> str:
        return self.one


@cache
def parse(text: str) -> Noun:
    """Four forms between bars; fewer raise ValueError, since a text would show the wrong one."""
    forms = [form.strip() for form in text.split("|")]
    if len(forms) != 4 or not all(forms):
        raise ValueError(text)
    return Noun(*forms)


@cache
def defaults() -> dict[str, dict[str, str]]:
    """Language → word → its forms as written in the file."""
    with resources.files("models.data").joinpath("words.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {language: {row["key"]: row[language] for row in rows} for language in LANGUAGES}


@lru_cache(maxsize=16)
def nouns(settings: Settings, language: str) -> Mapping[str, Noun]:
    """The words in force in one language. A broken override falls back to the default."""
    return MappingProxyType({key: _in_force(settings, key, language) for key in defaults()[language]})


def _in_force(settings: Settings, key: str, language: str) -> Noun:
    own = settings.values.get(f"word.{key}.{language}")
    try:
        return parse(own or defaults()[language][key])
    except ValueError:
        return parse(defaults()[language][key])
