"""What every page leaves in memory for good is set apart from what a run of a page leaves behind.

Streamlit collects garbage after each run of a page (`runner.postScriptGC`), over all objects there are: with our
libraries loaded that took 0.2 s of every rerun, in which nobody else's page moves. What is loaded stays loaded, so
that it is put out of the collector's sight (`gc.freeze`), once for the server and again where many modules came.
"""

from __future__ import annotations

import gc
import sys
from threading import Lock

_MANY = 20  # modules; a library comes with more, a lazy import of ours with less
_lock = Lock()
_settled = 0  # modules that were there at the last time


def settle() -> bool:
    """After a run of a page: whether there was something new to set apart.

    What belongs to the pages that are open meanwhile is set apart, too: the few times that this happens it is freed by
    its counted references, or stays.
    """
    global _settled
    with _lock:
        if len(sys.modules) < _settled + _MANY:
            return False
        _settled = len(sys.modules)
    gc.collect()
    gc.freeze()
    return True
