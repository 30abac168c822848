"""Generative models small enough to train while you watch.

`data` is what is real, `truth` what is exact, `concepts` what is taught, `scene` and `draw`
how it looks, `runs` how it runs and is shared, `ui` how it is shown. Only `ui` imports Streamlit.
"""

import ctypes
import os
import sys
import time

# A network this small loses more to thread hand-offs than it gains from a second core. The
# libraries read these when they are first imported, so nothing heavy is imported here.
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

# Every visitor's thread would keep freed memory to itself, hundreds of MB for a class: glibc shares
# two heaps instead (M_ARENA_MAX of mallopt(3)), and what is large (M_MMAP_THRESHOLD) goes back to
# the system at once and leaves no hole. Other C libraries need no such word.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else object()
if _mallopt := getattr(_libc, "mallopt", None):
    _mallopt(-8, 2)
    _mallopt(-3, 2**20)


_given_back = time.monotonic()


def give_back(pause: float = 10.0) -> None:
    """Return freed memory to the system, at most once in so many seconds.

    What thirty visitors, or one in a long visit, held in turn adds up.
    """
    global _given_back
    now = time.monotonic()
    if (trim := getattr(_libc, "malloc_trim", None)) and now - _given_back >= pause:
        _given_back = now
        trim(0)
