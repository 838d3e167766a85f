"""How the command line speaks: sentences from the text catalogues, in one language, to the two streams."""

import sys
from dataclasses import dataclass

from bot.finding import Finding, Mark
from handlers.words import plainly


@dataclass(frozen=True)
class Voice:
    """Says to standard output, complains to standard error."""

    language: str

    def __call__(self, key: str, **about: object) -> str:
        return plainly(self.language, key, **about)

    def say(self, key: str, **about: object) -> None:
        self.write(self(key, **about))

    def write(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def complain(self, key: str, **about: object) -> None:
        self.grumble(self(key, **about))

    def grumble(self, text: str) -> None:
        sys.stderr.write(text + "\n")

    def report(self, finding: Finding) -> None:
        """A finding as a line; what is wrong goes where complaints go."""
        about = {**finding.about}
        if "reason" in about:
            about["reason"] = self(str(about["reason"]))
        line = f"{finding.mark} {self(finding.key, **about)}"
        (self.grumble if finding.mark is Mark.WRONG else self.write)(line)
