"""How hard the tests look: `make test` draws a third of hypothesis's examples, `make test-all` (EFFORT=whole) all."""

import os

WHOLE = os.environ.get("EFFORT") == "whole"


def examples(most: int) -> int:
    return most if WHOLE else max(most // 3, 5)
