"""What was only needed for a while goes back to the system."""

import ctypes
import gc
import sys


def give_back() -> None:
    """After much has been read: glibc keeps what was freed inside its heap, 25 MB after 10,000 answers. Nothing
    happens where another library looks after memory. Some milliseconds.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
