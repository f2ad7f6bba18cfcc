"""Use cases of coming in by the organisation's own provider (OpenID Connect). Persons are added before, by a manager:
whoever the provider vouches for is looked up by login, and nobody is made.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from pipeline.access import lockout
from pipeline.access.oidc import settings as provider_settings
from pipeline.access.oidc.settings import Settings
from pipeline.errors import PresencaError
from pipeline.records import User
from pipeline.services.people import entering
from pipeline.services.people.entering import Entered
from pipeline.services.session import Session
from pipeline.workspace.store import Workspace

if TYPE_CHECKING:
    from pipeline.access.oidc.pending import Pending, Seals
    from pipeline.access.oidc.provider import Provider

_LONGEST_CODE = 4096


@dataclass(frozen=True)
class Offer:
    """That there is a provider. `name`: as a button says it; `only`: passwords are for admins alone."""

    name: str
    only: bool


@dataclass(frozen=True)
class Begun:
    """Where a browser goes, and what it carries until it is back."""

    address: str
    sealed: str = field(repr=False)


@dataclass(frozen=True)
class Came:
    """Somebody who came in, and the page to go on to."""

    entered: Entered
    way: str


def offered() -> Offer | None:
    """What the settings offer; None where there are none. PresencaError where they are not right."""
    found = provider_settings.load(os.environ)
    return None if found is None else Offer(found.name, found.only)


def begin(base: str, back: str, way: str, *, another: bool = False) -> Begun:
    """Sends a browser to the provider. `base`: the app's address as the browser asked for it, with its prefix; `back`:
    the path, below it, on which it returns; `way`: the page to go on to; `another`: lets the person choose another
    account than the one that is open there. PresencaError where it can't be asked.
    """
    from pipeline.access.oidc.pending import Pending

    provider = _provider(_settings())
    pending = Pending(way, (provider.settings.address or base) + back, another)
    return Begun(provider.address(pending), _seals().seal(pending, time.time()))


def finish(workspace: Workspace, told: Mapping[str, str], sealed: str, address: str = "") -> Came:
    """Lets in whom the provider vouches for. `told`: the query with which the browser came back; `sealed`: what it
    carried; `address`: its own. PresencaError with what is not as it must be; a try that fails counts as one.
    """
    provider = _provider(_settings())
    pending = _pending(told, sealed)
    if "error" in told or not 0 < len(told.get("code", "")) <= _LONGEST_CODE:
        raise PresencaError("oidc.denied")
    tried = [f"provider/{address}", f"address/{address}"]
    moment = entering.begin_try(workspace, tried, free=(lockout.FREE_TRIES_ADDRESS,) * 2)
    try:
        user = _user(workspace, provider, told, pending)
    except PresencaError as error:
        if error.note.code == "oidc.unreachable":  # nobody's fault here: it must not close the door to a clinic
            workspace.end_try(tried, moment)
        raise
    workspace.end_try(tried, moment)
    return Came(entering.enter(workspace, user, moment, "oidc"), pending.way)


def leaving(base: str, after: str) -> str:
    """Where a browser ends its session at the provider too, going on to `after`; "" where there is no such place."""
    found = provider_settings.load(os.environ)
    return _provider(found).leaving((found.address or base) + after) if found is not None else ""


def _pending(told: Mapping[str, str], sealed: str) -> Pending:
    """What this browser went with, if it is what came back, for the first time."""
    now = time.time()
    pending = _seals().open(sealed, now) if sealed else None
    same = pending is not None and hmac.compare_digest(told.get("state", "").encode(), pending.state.encode())
    if pending is None or not same or not _seals().use(pending.state, now):
        raise PresencaError("oidc.expired")
    return pending


def _user(workspace: Workspace, provider: Provider, told: Mapping[str, str], pending: Pending) -> User:
    from pipeline.access.oidc import id_token

    user = None
    try:
        claims = provider.claims(told["code"], told.get("iss"), pending)
        user = workspace.user_of_login(id_token.login_of(claims, provider.settings))
        if user is None:
            raise PresencaError("oidc.unknown")
        if not user.active:
            raise PresencaError("oidc.removed")
    except PresencaError as error:
        if error.note.code != "oidc.unreachable":
            Session(workspace).audit("login_refused", person=user.id if user else None, way="oidc")
        raise
    return user


def _settings() -> Settings:
    found = provider_settings.load(os.environ)
    if found is None:
        raise PresencaError("oidc.off")
    return found


@lru_cache(maxsize=4)
def _provider(found: Settings) -> Provider:
    from pipeline.access.oidc.provider import Provider

    return Provider(found)


@cache
def _seals() -> Seals:
    from pipeline.access.oidc.pending import Seals

    return Seals()
