"""What the gate reads of a request: what is asked for, by what name, and with which cookie or key."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

from pipeline.access import hosts, logins

Scope = MutableMapping[str, Any]

COOKIE, PENDING_COOKIE = "presenca_sessao", "presenca_oidc"
LOGIN, LOGOUT, INVITATION = "/entrar", "/sair", "/convite/"
PROVIDER, PROVIDER_BACK = "/entrar/oidc", "/entrar/oidc/volta"  # to the organisation's provider, and back from it
CALLED = ("/api/v1", "/invocations", "/ping")  # what other systems call, and all below: with a key alone
BY_EITHER = "/api/"  # the API's own pages: for whoever is in, and for a key
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_LONGEST_WAY, _LONGEST_PENDING = 500, 3000


@dataclass(frozen=True)
class Request:
    """What the gate reads of a scope."""

    kind: str
    method: str
    path: str  # below the prefix
    whole: str  # the same with its query, as a browser may be sent to it again
    query: dict[str, str]
    headers: dict[str, str]
    host: str | None  # None where there is none, or more than one
    port: int | None
    address: str
    token: str
    is_local: bool
    is_https: bool
    prefix: str = ""
    pending: str = ""

    @classmethod
    def of(cls, scope: Scope, prefix: str) -> Request:
        """What a scope of ASGI says, for an app that is served below `prefix`."""
        pairs = [(k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in scope.get("headers", ())]
        headers = dict(pairs)
        named = [value for name, value in pairs if name == "host"]
        server, client = scope.get("server") or ("", None), scope.get("client") or ("", None)
        full = str(scope["path"])
        path = (full[len(prefix) :] or "/") if prefix and (f"{full}/").startswith(f"{prefix}/") else full
        raw = (scope.get("query_string") or b"").decode("latin-1")
        forwarded = any(name in headers for name in _FORWARDED)
        asked = [found[0] if (found := hosts.parted(one)) is not None else "" for one in named]
        ends = [str(place[0]) for place in (server, client) if place[0]]
        return cls(
            kind=scope["type"],
            method=scope.get("method", "GET"),
            path=path,
            whole=full + (f"?{raw}" if raw else ""),
            query=dict(parse_qsl(raw, max_num_fields=50)) if raw.count("&") < 50 else {},
            headers=headers,
            host=named[0] if len(named) == 1 else None,
            port=server[1],
            address=str(client[0]),
            token=token if logins.is_token(token := _cookie(headers.get("cookie", ""), COOKIE)) else "",
            # a proxy on this machine brings others here: the name they asked for tells, whatever it says of them
            is_local=not forwarded and all(hosts.is_loopback(one) for one in (*ends, *asked)),
            is_https=scope.get("scheme") in ("https", "wss"),
            prefix=prefix,
            pending=_cookie(headers.get("cookie", ""), PENDING_COOKIE)[:_LONGEST_PENDING],
        )

    @property
    def is_own(self) -> bool:
        """Whether it asks for a page of the gate."""
        return self.path in (LOGIN, LOGOUT, PROVIDER, PROVIDER_BACK) or self.path.startswith(INVITATION)

    @property
    def origin(self) -> str:
        """Scheme and host, as the browser asked for them."""
        return f"{'https' if self.is_https else 'http'}://{self.host}"

    @property
    def is_call(self) -> bool:
        """Whether another system calls: what is called by a key alone, and the API's pages where a key is brought."""
        called = any(f"{self.path}/".startswith(f"{root}/") for root in CALLED)
        return called or (self.path.startswith(BY_EITHER) and "authorization" in self.headers)

    @property
    def key(self) -> str:
        """The key that was brought; "" for none."""
        scheme, _, told = self.headers.get("authorization", "").partition(" ")
        return told.strip() if scheme.lower() == "bearer" else ""

    @property
    def is_page(self) -> bool:
        """Whether a person's browser opens a page, and reads what it gets."""
        accepts = "text/html" in self.headers.get("accept", "")
        goes = self.headers.get("sec-fetch-mode", "navigate") == "navigate"
        return self.kind == "http" and self.method in ("GET", "HEAD", "POST") and accepts and goes


def safe_way(way: str) -> str:
    """A page of ours to go on to after the login; the root for anything that could lead elsewhere."""
    plain = way.startswith("/") and not way.startswith(("//", "/\\")) and len(way) <= _LONGEST_WAY
    harmless = all("!" <= char <= "~" and char not in '\\"<>' for char in way)
    return way if plain and harmless and not way.startswith(("/_stcore", "/media", LOGOUT)) else "/"


def _cookie(cookies: str, name: str) -> str:
    """The value of a cookie; "" where there is none, or none that can be read."""
    try:
        found = SimpleCookie(cookies[:8192]).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""
