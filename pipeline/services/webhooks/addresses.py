"""Which addresses may be told anything: never one by which this server could be made to reach what is inside.

What counts is where a name leads, and the very address that was judged is the one that is connected to: a name that
leads elsewhere a moment later changes nothing. Private ranges are open to those that were allowed them, the
addresses of clouds' own services (169.254.169.254 and its like) to nobody.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from pipeline.errors import PresencaError

PRIVATE_VARIABLE = "PRESENCA_WEBHOOK_PRIVATE"  # "1": every webhook may lie in a private range
LONGEST = 2_000  # characters of an address
MOST = 4  # addresses of one name that are tried
IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]  # name and port → addresses; OSError where there are none

_PORTS = {"https": 443, "http": 80}
_MOST_PORT, _LEAST_PORT = 65_535, 1_024  # below the latter it, only those of the web: nobody is told by mail or telnet
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_NEVER = tuple(
    ipaddress.ip_address(text)
    for text in ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "255.255.255.255")
)
_PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7")
)
# what carries an IPv4 address within, and so leads wherever that one does (RFC 6052, 8215, 3056, 4380)
_TUNNELS = tuple(ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


@dataclass(frozen=True)
class Target:
    """Where to connect: the address as it was given, the name that it bears, and the IP addresses that were judged."""

    url: httpx.URL
    name: str
    found: tuple[IP, ...]


def resolve(name: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the system knows them."""
    return [str(one[4][0]) for one in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]


def private_allowed() -> bool:
    """Whether the installation opens private ranges to all webhooks."""
    return os.environ.get(PRIVATE_VARIABLE, "") == "1"


def judged(text: str, *, private: bool, resolve: Resolve = resolve) -> Target:
    """Where an address leads. PresencaError where it is malformed, is not found, or may not be told anything."""
    url = _parsed(text)
    found = _found(url, resolve)
    for ip in found:
        if not _may(ip, private=private):
            raise PresencaError("webhooks.private" if _may(ip, private=True) else "webhooks.never")
    if url.scheme == "http" and any(map(_is_public, found)):
        raise PresencaError("webhooks.https")
    return Target(url, url.raw_host.decode("ascii"), found)


def _parsed(text: str) -> httpx.URL:
    """As the library that connects reads it, so that no two readings differ."""
    if not text.isascii() or not text.isprintable() or len(text) > LONGEST or set(text) & set(' \\<>"{}|^`'):
        raise PresencaError("webhooks.malformed")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        raise PresencaError("webhooks.malformed") from None
    if url.scheme not in _PORTS or not url.host or "%" in url.host or "#" in text or port(url) > _MOST_PORT:
        raise PresencaError("webhooks.malformed")
    if "@" in text.partition("//")[2].partition("/")[0].partition("?")[0]:
        raise PresencaError("webhooks.userinfo")
    if port(url) not in _PORTS.values() and port(url) < _LEAST_PORT:
        raise PresencaError("webhooks.port")
    return url


def port(url: httpx.URL) -> int:
    """The port that an address means."""
    return _PORTS[url.scheme] if url.port is None else url.port


def _found(url: httpx.URL, resolve: Resolve) -> tuple[IP, ...]:
    host = url.host
    try:
        return (ipaddress.ip_address(host),)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
    if not _NAME.fullmatch(host) or _NUMBER.fullmatch(last):
        raise PresencaError("webhooks.malformed")  # 2130706433, 0x7f.1 and 0177.1 are read as addresses by some
    try:
        told = [ipaddress.ip_address(one.partition("%")[0]) for one in resolve(host, port(url))]
    except (OSError, ValueError):
        raise PresencaError("webhooks.not_found") from None
    if not told:
        raise PresencaError("webhooks.not_found")
    return tuple(dict.fromkeys(told))


def _may(ip: IP, *, private: bool) -> bool:
    plain = _plain(ip)
    if plain in _NEVER:
        return False
    return _is_public(plain) or (private and any(plain in one for one in _PRIVATE if one.version == plain.version))


def _plain(ip: IP) -> IP:
    """An IPv4 address that is written as IPv6 is judged as what it is."""
    return (ip.ipv4_mapped or ip) if isinstance(ip, ipaddress.IPv6Address) else ip


def _is_public(ip: IP) -> bool:
    plain = _plain(ip)
    if plain in _NEVER or plain.is_multicast or plain.is_reserved or plain.is_unspecified or plain.is_link_local:
        return False
    tunnelled = isinstance(plain, ipaddress.IPv6Address) and any(plain in one for one in _TUNNELS)
    return plain.is_global and not plain.is_private and not tunnelled
