"""Whether a request was meant for this server, and came from a page of its own.

A page of another site can make its own name point here (DNS rebinding), and any page can open a websocket anywhere:
the name that is asked for and the origin tell, on this machine too, where another port is another program.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

_USUAL = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Here:
    """The address that a server was told to listen on, and the names by which it is known; `*.` begins a pattern."""

    address: str = "127.0.0.1"
    names: tuple[str, ...] = ()


def is_loopback(name: str) -> bool:
    """Whether a host's name or address stays on this machine."""
    bare = name.strip("[]").rstrip(".").lower()
    try:
        found = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return bare == "localhost"
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def parted(host: str) -> tuple[str, int | None] | None:
    """(name in small letters, port or None) of what a Host header says; None where it says anything else."""
    try:
        found = urlsplit(f"//{host}")
        name, port = found.hostname, found.port
    except ValueError:
        return None
    # what Python reads past (a user, a path, white space, a second name) other programs may read otherwise
    if not name or found.netloc != host or "@" in host or any(char <= " " or char == "\x7f" for char in host):
        return None
    return name.rstrip(".").lower(), port


def knows(host: str, here: Here, port: int | None) -> bool:
    """Whether `host` means this server, which answers on `port` (None where that isn't known).

    By an own address the port must be ours. By a name that it was told, any: a proxy may stand before it, on this
    machine too, where it is all that reaches the server.
    """
    found = parted(host)
    if found is None:
        return False
    name, asked = found
    if is_loopback(name) or name == here.address.lower().strip("[]"):
        return port is None or (asked or 80) == port or (asked is None and port == 443)
    return any(_fits(name, one.strip().lower()) for one in here.names)


def _fits(name: str, known: str) -> bool:
    return name == known or (known.startswith("*.") and name.endswith(known[1:]) and name != known[1:])


def same_origin(origin: str, host: str) -> bool:
    """Whether a page of `origin` was served under `host`; "null" is nobody's."""
    try:
        told = urlsplit(origin)
    except ValueError:
        return False
    if told.scheme not in ("http", "https") or told.path or told.query or told.fragment:
        return False
    one, other = parted(told.netloc), parted(host)
    if one is None or other is None or one[0] != other[0]:
        return False
    usual = _USUAL[told.scheme]
    # a proxy that speaks TLS may leave its port out of Host: what is missing is the scheme's usual one
    return (one[1] or usual) == (other[1] or usual)


def from_here(kind: str, method: str, headers: dict[str, str], host: str) -> bool:
    """Whether a request may have come from our own pages, or from somebody who typed the address.

    `kind`: "http" | "websocket". A websocket and whatever changes something must say its origin; a link from
    elsewhere may lead to a page, and nothing else of ours is loaded by another site. `headers` in small letters.
    """
    origin = headers.get("origin")
    if origin is not None:
        return same_origin(origin, host)
    if kind == "websocket":
        return False
    site = headers.get("sec-fetch-site", "")
    if method not in _SAFE:
        return site == "same-origin"
    return site in ("", "none", "same-origin") or headers.get("sec-fetch-mode") == "navigate"
