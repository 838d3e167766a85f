"""How the rules say no. Every class carries a text key, never a text; the words live in handlers/texts."""


class Refused(Exception):
    """The rules say no, and the person who asked is told so kindly.

    `key` names the sentence in the catalogues; `about` fills its placeholders.
    """

    key = "refused.not_possible"

    def __init__(self, **about: object) -> None:
        super().__init__(self.key)
        self.about = about


class NotYours(Refused):
    """The person may not do this at all."""

    key = "refused.not_yours"


class Gone(Refused):
    """The thing that was pressed no longer exists or has moved on."""

    key = "refused.gone"


class AlreadyTaken(Refused):
    """Somebody was faster. `about["name"]` is who."""

    key = "refused.already_taken"


class AlreadyClosed(Refused):
    key = "refused.already_closed"


class NotYourTurn(Refused):
    """The question stands in a state in which this cannot be done."""

    key = "refused.not_now"
