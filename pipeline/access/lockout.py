"""How long somebody who failed waits before the next try: longer each time, never for ever.

A wait that grows stops guessing without letting a stranger lock a person out for good (OWASP ASVS 5.0, V6.3).
"""

from __future__ import annotations

from collections.abc import Sequence

WINDOW = 24 * 3600.0  # seconds that a failure counts
FREE_TRIES = 5  # of one login name
FREE_TRIES_ADDRESS = 30  # of one address: a clinic shares one
FIRST_WAIT, LONGEST_WAIT = 30.0, 15 * 60.0


def wait(failures: Sequence[float], now: float, free: int = FREE_TRIES) -> float:
    """Seconds to wait from `now` on; 0 where a try is allowed. `failures`: their moments, in any order."""
    counted = sorted(moment for moment in failures if now - WINDOW < moment <= now)
    beyond = len(counted) - free
    if beyond < 0:
        return 0.0
    length = min(FIRST_WAIT * 2.0 ** min(beyond, 30), LONGEST_WAIT)
    return max(counted[-1] + length - now, 0.0)
