"""Whether an ID token is what the provider says of the person who just came from it (OpenID Connect Core, 3.1.3.7)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, KeySet, RSAKey
from joserfc.jws import JWSRegistry

from pipeline.access.oidc.settings import Settings
from pipeline.errors import PresencaError

# signed by a key that only the provider has: never "none", nor HS…, whose key would be ours too
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
LEEWAY = 60  # seconds that two clocks may be apart
_MOST_KEYS, _SHORTEST_RSA, _LONGEST_LOGIN = 50, 2048, 80
_PUBLIC = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")
_FAULTS = (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Expected:
    """What a token must say: of whom it is, for whom, in which login, signed how."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    algorithms: frozenset[str]
    access_token: str = field(default="", repr=False)


def refused(reason: str) -> PresencaError:
    """The refusal of a token; `reason`, a word of ours or the name of a claim, is for the log."""
    return PresencaError("oidc.refused", reason=reason)


def key_set(told: dict[str, Any]) -> KeySet:
    """The keys of a JWKS that may sign; what is no key, no public one or a weak one is passed over."""
    listed = told.get("keys")
    found = [_key(one) for one in (listed if isinstance(listed, list) else [])[:_MOST_KEYS]]
    return KeySet([key for key in found if key is not None])


def _key(told: object) -> RSAKey | ECKey | None:
    if not isinstance(told, dict) or told.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key({name: told[name] for name in _PUBLIC if name in told})
        if isinstance(key, RSAKey):
            return key if key.raw_value.key_size >= _SHORTEST_RSA else None
        return key if isinstance(key, ECKey) else None
    except _FAULTS:
        return None


def key_id(token: object) -> str:
    """The `kid` that a token names, unchecked; "" for none. PresencaError for what is no token."""
    try:
        head = str(token).encode("ascii").partition(b".")[0]
        told = json.loads(urlsafe_b64decode(head + b"=" * (-len(head) % 4)))
        return str(told.get("kid") or "")
    except _FAULTS as error:
        raise refused("malformed") from error


def checked(token: str, keys: KeySet, expected: Expected, now: float) -> dict[str, Any]:
    """The claims of a token. PresencaError "oidc.refused" where anything of it isn't as it must be."""
    allowed = sorted(expected.algorithms & ALGORITHMS)
    if not allowed or not keys:  # joserfc takes no names for its own choice of them
        raise refused("algorithm" if keys else "keys")
    whose = {"iss": expected.issuer, "aud": expected.client_id}
    options = {name: {"essential": True, "value": value} for name, value in whose.items()}
    params = {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": expected.access_token}
    try:
        read = jwt.decode(token, keys, registry=JWSRegistry(algorithms=allowed, strict_check_header=False))
        claims = CodeIDToken(read.claims, read.header, options, params)
        claims.validate(now=int(now), leeway=LEEWAY)
    except _FAULTS as error:
        raise refused(str(getattr(error, "claim", "") or type(error).__name__)[:40]) from error
    return dict(claims)


def login_of(claims: dict[str, Any], settings: Settings) -> str:
    """The login that the claims name, in small letters. PresencaError where the provider vouches for none.

    Nothing is folded: an address that only looks like another's is another's.
    """
    if settings.required is not None and not _holds(claims.get(settings.required[0]), settings.required[1]):
        raise PresencaError("oidc.not_required")
    found = claims.get(settings.claim)
    if not isinstance(found, str) or not found:
        raise PresencaError("oidc.no_claim", claim=settings.claim)
    if settings.claim == "email" and claims.get("email_verified") is not True:
        raise PresencaError("oidc.unverified")
    if not found.isascii() or len(found) > _LONGEST_LOGIN:
        raise PresencaError("oidc.unknown")
    return found.lower()


def _holds(found: object, value: str) -> bool:
    return found == value or (isinstance(found, list) and value in found)
