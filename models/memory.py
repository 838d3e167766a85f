"""What was only needed for a while goes back to the system, and is not kept apart for each thread.

Only glibc is told; another library looks after memory in its own way.
"""

import ctypes
import gc
import sys
from collections.abc import Callable
from typing import Any

ARENAS, MOST = -8, 2  # M_ARENA_MAX; by itself eight a core, each with what its threads once needed


def share() -> None:
    """Before the first thread: all of them take from few heaps. Python lets one run at a time anyway."""
    _told("mallopt")(ARENAS, MOST)


def give_back() -> None:
    """After much has been read: what was freed inside the heaps, 25 MB after 10,000 answers. Some milliseconds."""
    gc.collect()
    _told("malloc_trim")(0)


def _told(name: str) -> Callable[..., Any]:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return getattr(library, name, lambda *_: 0)
