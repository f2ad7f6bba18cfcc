"""How long a login lasts, and what of its token is kept."""

from __future__ import annotations

import hashlib
import re
import secrets

from pipeline.records import Login

IDLE = 60 * 60.0  # seconds without a request
LONGEST = 12 * 3600.0  # seconds since the password was typed
INVITATION = 7 * 24 * 3600.0
SEEN_EVERY = 60.0  # seconds between two notes that somebody is still there
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits


def new_token() -> str:
    """256 random bits, as they stand in a cookie or a link."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token: random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("ascii", "replace")).hexdigest()


def is_token(text: str) -> bool:
    """Whether a text is written as a token: nothing else is looked up."""
    return bool(_TOKEN.fullmatch(text))


def ended(login: Login, now: float) -> bool:
    """Whether a login is over: idle for an hour, twelve hours old, or from a clock that is ahead of ours by more."""
    return now - login.seen >= IDLE or now - login.created >= LONGEST or login.created - now > IDLE
