"""What is asked of the provider: small answers in JSON, in little time, from where we meant, or a refusal.

A certificate of the organisation's own is trusted by `SSL_CERT_FILE`, and a proxy on the way by `HTTPS_PROXY`, as
httpx reads them.
"""

from __future__ import annotations

import json
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from pipeline.errors import PresencaError

LARGEST = 512 * 1024  # bytes of an answer
PATIENCE = httpx.Timeout(6.0, connect=4.0)  # seconds between two parts of an answer
LONGEST = 10.0  # seconds of a whole answer
_ASKED = {"accept": "application/json", "accept-encoding": "identity"}  # what is packed may unpack to anything


@dataclass(frozen=True)
class Answered:
    """A status below 500 and the JSON object that came with it."""

    status: int
    told: dict[str, Any]


def unreachable(reason: str) -> PresencaError:
    """The refusal of a provider that does not answer as one; `reason`, for whoever looks after it, is in the log."""
    return PresencaError("oidc.unreachable", reason=reason)


def ask(url: str, *, headers: dict[str, str] | None = None, body: str | None = None) -> Answered:
    """GET, or POST where there is a form's `body`. No redirect is followed, no cookie kept. PresencaError else."""
    method, named = ("GET", _ASKED) if body is None else ("POST", _ASKED | {"content-type": _FORM})
    try:
        with (
            httpx.Client(verify=_trusted(), timeout=PATIENCE, follow_redirects=False) as client,
            client.stream(method, url, headers=named | (headers or {}), content=body) as answer,
        ):
            content = _content(answer)
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise unreachable(type(error).__name__) from error
    if status >= 500 or 300 <= status < 400:
        raise unreachable(f"status {status}")
    return Answered(status, _object(content))


_FORM = "application/x-www-form-urlencoded"


@cache
def _trusted() -> ssl.SSLContext:
    """Made once: reading all authorities takes longer than asking."""
    return httpx.create_ssl_context()


def _content(answer: httpx.Response) -> bytes:
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise unreachable("packed")
    found, until = bytearray(), time.monotonic() + LONGEST
    for part in answer.iter_raw():
        found += part
        if len(found) > LARGEST:
            raise unreachable("too large")
        if time.monotonic() > until:
            raise unreachable("too slow")
    return bytes(found)


def _object(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise unreachable("not JSON") from error
    if not isinstance(told, dict):
        raise unreachable("no object")
    return told
