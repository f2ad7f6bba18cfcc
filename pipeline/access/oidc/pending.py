"""A login that has gone to the provider and is not back: held by the browser alone, sealed, for ten minutes."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from threading import Lock

from cryptography.fernet import Fernet, InvalidToken

LIFE = 600  # seconds between going and coming back
_MOST_USED = 20_000


@dataclass(frozen=True)
class Pending:
    """What is compared when the browser comes back. `way`: the page to go on to; `back`: the redirect address;
    `another`: whether the person asked to choose who they are.
    """

    way: str
    back: str
    another: bool = False
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)


class Seals:
    """Seals what a browser is to carry, by a key that is forgotten with the process; opens each once."""

    def __init__(self) -> None:
        self._fernet = Fernet(Fernet.generate_key())
        self._used: dict[str, float] = {}
        self._lock = Lock()

    def seal(self, pending: Pending, now: float) -> str:
        """The text of a cookie."""
        told = json.dumps(asdict(pending)).encode()
        return self._fernet.encrypt_at_time(told, int(now)).decode().rstrip("=")

    def open(self, sealed: str, now: float) -> Pending | None:
        """What was sealed; None for another's, an altered or an old one."""
        try:
            whole = sealed.encode("ascii") + b"=" * (-len(sealed) % 4)
            return Pending(**json.loads(self._fernet.decrypt_at_time(whole, LIFE, int(now))))
        except (InvalidToken, ValueError):
            return None

    def use(self, state: str, now: float) -> bool:
        """Uses a login up; False where it was used before."""
        with self._lock:
            for old in [one for one, at in self._used.items() if now - at > LIFE or len(self._used) > _MOST_USED]:
                del self._used[old]
            if state in self._used:
                return False
            self._used[state] = now
            return True
