"""The provider itself: what it says of itself, where a browser is sent, and what it says of who comes back.

Authorization code flow with PKCE (RFC 7636, S256), discovery (OpenID Connect Discovery 1.0), the issuer in the answer
(RFC 9207), logout (OpenID Connect RP-Initiated Logout 1.0).
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet

from pipeline.access.oidc import fetching, id_token
from pipeline.access.oidc.pending import Pending
from pipeline.access.oidc.settings import Settings, is_safe_address
from pipeline.errors import PresencaError

KEPT = 900.0  # seconds that what a provider says of itself, and its keys, hold
_DOWN = 10.0  # seconds that one that did not answer is not asked again
_WELL_KNOWN = "/.well-known/openid-configuration"
_ERRORS = frozenset({"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "invalid_scope"})


@dataclass(frozen=True)
class Metadata:
    """What a provider says of itself; "" for what it does not have."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str = ""
    end_session: str = ""
    algorithms: frozenset[str] = frozenset({"RS256"})
    basic: bool = True  # takes the secret in a header
    names_itself: bool = False  # in each answer


class Provider:
    """One provider, for as long as the process lives. Threads may share it."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.settings, self._clock = settings, clock
        self._lock = Lock()
        self._metadata: Metadata | None = None
        self._keys: KeySet | None = None
        self._asked = self._keys_asked = self._failed = float("-inf")

    def address(self, pending: Pending) -> str:
        """Where the browser goes to say who sits there. PresencaError where the provider can't be asked."""
        return prepare_grant_uri(
            self.metadata().authorization,
            client_id=self.settings.client_id,
            response_type="code",
            redirect_uri=pending.back,
            scope=_SCOPE if self.settings.claim in ("email", "sub") else f"{_SCOPE} profile",
            state=pending.state,
            nonce=pending.nonce,
            code_challenge=create_s256_code_challenge(pending.verifier),
            code_challenge_method="S256",
            prompt="select_account" if pending.another else None,
        )

    def claims(self, code: str, issuer: str | None, pending: Pending) -> dict[str, Any]:
        """What the provider says of whoever came back with `code`; `issuer`: the one that the answer named, if any."""
        about = self.metadata()
        if (issuer is None and about.names_itself) or issuer not in (None, about.issuer):
            raise id_token.refused("issuer of the answer")
        told = self._exchanged(about, code, pending)
        token, access = told.get("id_token"), told.get("access_token")
        if not isinstance(token, str):
            raise id_token.refused("no ID token")
        held = access if isinstance(access, str) else ""
        expected = id_token.Expected(about.issuer, self.settings.client_id, pending.nonce, about.algorithms, held)
        claims = id_token.checked(token, self._keys_for(about, token), expected, self._clock())
        return claims if self.settings.claim in claims or not held else self._more(about, claims, held)

    def leaving(self, back: str) -> str:
        """Where a browser ends its session at the provider, going on to `back`; "" where that isn't known."""
        known = self._metadata
        if known is None or not known.end_session:
            return ""
        said = [("client_id", self.settings.client_id), ("post_logout_redirect_uri", back)]
        return add_params_to_uri(known.end_session, said)

    def metadata(self) -> Metadata:
        """What the provider says of itself, asked anew when it is old."""
        with self._lock:
            now = self._clock()
            if self._metadata is not None and now - self._asked < KEPT:
                return self._metadata
            if now - self._failed < _DOWN:
                raise fetching.unreachable("a moment ago")
            try:
                self._metadata, self._asked = self._discovered(), now
            except PresencaError:
                self._failed = now
                raise
            return self._metadata

    def _discovered(self) -> Metadata:
        answered = fetching.ask(self.settings.issuer.rstrip("/") + _WELL_KNOWN)
        told, issuer = answered.told, answered.told.get("issuer")
        if answered.status != 200:
            raise fetching.unreachable(f"status {answered.status}")
        if not isinstance(issuer, str) or issuer.rstrip("/") != self.settings.issuer.rstrip("/"):
            raise fetching.unreachable("another issuer")  # nobody else's word is taken for this one's
        authorization, token, keys = (self._endpoint(told, name) for name in _NEEDED)
        if not (authorization and token and keys):
            raise fetching.unreachable("no endpoint")
        algorithms = _names(told, "id_token_signing_alg_values_supported") or {"RS256"}
        methods = _names(told, "token_endpoint_auth_methods_supported") or {"client_secret_basic"}
        return Metadata(
            issuer,
            authorization,
            token,
            keys,
            userinfo=self._endpoint(told, "userinfo_endpoint"),
            end_session=self._endpoint(told, "end_session_endpoint"),
            algorithms=frozenset(algorithms & id_token.ALGORITHMS),
            basic="client_secret_basic" in methods,
            names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        )

    def _endpoint(self, told: dict[str, Any], name: str) -> str:
        """An address that may be asked; http only where the issuer itself is on this machine."""
        found, plain = told.get(name), self.settings.issuer.startswith("http://")
        if not isinstance(found, str) or not is_safe_address(found.partition("?")[0], plain_here=plain):
            return ""
        return found if found.isascii() and found.isprintable() and "#" not in found else ""

    def _keys_for(self, about: Metadata, token: str) -> KeySet:
        """The keys, asked anew when old, or where the token names one that isn't known (a rotation); not else."""
        named = id_token.key_id(token)
        with self._lock:
            known, now = self._keys, self._clock()
            fresh = known is not None and now - self._keys_asked < KEPT
            if known is None or not fresh or (named and named not in {key.kid for key in known}):
                self._keys = known = id_token.key_set(fetching.ask(about.keys).told)
                self._keys_asked = now
            return known

    def _exchanged(self, about: Metadata, code: str, pending: Pending) -> dict[str, Any]:
        body = prepare_token_request(
            "authorization_code", redirect_uri=pending.back, code=code, code_verifier=pending.verifier
        )
        url, headers, body = self._signed(about, body)
        answered = fetching.ask(url, headers=headers, body=body)
        if answered.status != 200:
            error = answered.told.get("error")
            raise id_token.refused(error if isinstance(error, str) and error in _ERRORS else "token endpoint")
        return answered.told

    def _signed(self, about: Metadata, body: str) -> tuple[str, dict[str, str], str]:
        way = ("client_secret_basic" if about.basic else "client_secret_post") if self.settings.secret else "none"
        who = ClientAuth(self.settings.client_id, self.settings.secret, way)
        headers: dict[str, str] = {}
        url, headers, body = who.prepare("POST", about.token, headers, body)
        return url, headers, body

    def _more(self, about: Metadata, claims: dict[str, Any], access: str) -> dict[str, Any]:
        """The claims with what the provider tells of the same person elsewhere: some put no e-mail into the token."""
        if not about.userinfo:
            return claims
        told = fetching.ask(about.userinfo, headers={"authorization": f"Bearer {access}"}).told
        same = hmac.compare_digest(str(told.get("sub")).encode(), str(claims.get("sub")).encode())
        if not same:
            raise id_token.refused("userinfo of another")
        return told | claims


_SCOPE = "openid email"
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def _names(told: dict[str, Any], name: str) -> set[str]:
    found = told.get(name)
    return {one for one in found if isinstance(one, str)} if isinstance(found, list) else set()
