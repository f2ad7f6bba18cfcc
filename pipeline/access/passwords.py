"""Passwords: which are too weak, how one is kept (argon2id), how it is checked.

Length over signs, and no list of rules: OWASP ASVS 5.0, V6.2. The parameters are RFC 9106's second choice (64 MiB).
"""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from pipeline.access.vocabulary import COMMON
from pipeline.errors import PresencaError

SHORTEST, LONGEST = 12, 256
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)


def folded(password: str) -> str:
    """A password as it is hashed: NFKC, so that it is the same from every keyboard."""
    return unicodedata.normalize("NFKC", password)


def refuse_weak(password: str, *about: str) -> None:
    """PresencaError where a password is too short, too long, common, or made of `about` (login, name)."""
    text = folded(password)
    if len(text) < SHORTEST:
        raise PresencaError("password.short", shortest=SHORTEST)
    if len(text) > LONGEST:
        raise PresencaError("password.long", longest=LONGEST)
    if _bare(text) in COMMON or len(set(text.casefold())) < 5 or _runs(text):
        raise PresencaError("password.common")
    if any(len(one) >= 4 and _bare(one) and len(_bare(text).replace(_bare(one), "")) < 6 for one in about):
        raise PresencaError("password.own_name")


def _bare(text: str) -> str:
    """Letters alone where there are any, so that digits and signs at the ends don't make a common word another."""
    letters = "".join(char for char in text.casefold() if char.isalpha())
    return letters or "".join(char for char in text if char.isalnum())


def _runs(text: str) -> bool:
    """Whether nearly every sign follows from the one before: 1234…, abcd…, or a half said twice of one word."""
    steps = [ord(b) - ord(a) for a, b in zip(text, text[1:], strict=False)]
    return sum(abs(step) <= 1 for step in steps) >= 0.8 * len(steps)


def hashed(password: str) -> str:
    """The hash to keep, with its parameters and salt."""
    return _HASHER.hash(folded(password))


def matches(kept: str, password: str) -> bool:
    """Whether this is the password. It takes as long where there is none (`kept` empty): nobody learns who exists."""
    if len(password) > LONGEST:
        return False
    try:
        return _HASHER.verify(kept or _nobody(), folded(password)) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's, and is to be made anew at the next login."""
    return _HASHER.check_needs_rehash(kept)


_NOBODY: list[str] = []


def _nobody() -> str:
    """The hash of a password that nobody has, made once."""
    if not _NOBODY:
        _NOBODY.append(_HASHER.hash("nobody has this password: it is not typed anywhere"))
    return _NOBODY[0]
