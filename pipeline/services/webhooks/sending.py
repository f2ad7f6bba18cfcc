"""One telling: its body, its signature (Standard Webhooks), and one POST to the very address that was judged.

No redirect is followed, no proxy asked, no cookie kept; of the answer the status counts, and its first characters go
to the log.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import ssl
from dataclasses import dataclass
from functools import cache

import httpx
from standardwebhooks import Webhook as Signer

from pipeline.errors import PresencaError
from pipeline.records.webhooks import Delivery, Webhook
from pipeline.scrubbing.labels import without_numbers
from pipeline.services.webhooks import addresses
from pipeline.services.webhooks.addresses import Target

LONGEST = 10.0  # seconds of a whole attempt
ANSWER = 200  # characters of an answer that are kept
_READ = 1_024  # bytes of an answer that are read
GONE = 410

logging.getLogger("httpx").setLevel(logging.WARNING)  # below it every address is logged, with what may be a password


@dataclass(frozen=True)
class Sent:
    """What an attempt came to. `status`: 0 without an answer; `problem`: "" where it was taken."""

    status: int = 0
    problem: str = ""
    answer: str = ""


def body(delivery: Delivery, *, named: bool) -> str:
    """What is sent. `named`: with the keys of the events that it is about, where there are any."""
    at = dt.datetime.fromtimestamp(delivery.created, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    data = {**delivery.data, **({"events": list(delivery.keys)} if named and delivery.keys else {})}
    return json.dumps({"type": str(delivery.event), "timestamp": at, "data": data}, separators=(",", ":"))


def signed(delivery: Delivery, secret: str, content: str, moment: float) -> dict[str, str]:
    """The headers that tell what this is, and that it comes from here."""
    at = dt.datetime.fromtimestamp(int(moment), dt.UTC)
    message = f"msg_{delivery.id}"
    return {
        "content-type": "application/json",
        "user-agent": "Presenca-Webhooks/1",
        "accept-encoding": "identity",
        "webhook-id": message,
        "webhook-timestamp": str(int(moment)),
        "webhook-signature": Signer(secret).sign(message, at, content),
    }


async def send(
    webhook: Webhook,
    content: str,
    headers: dict[str, str],
    *,
    resolve: addresses.Resolve = addresses.resolve,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Sent:
    """One attempt, over in ten seconds whatever the other side does. `transport`: for tests, instead of the network."""
    private = webhook.private or addresses.private_allowed()
    try:
        async with asyncio.timeout(LONGEST):
            target = await asyncio.to_thread(addresses.judged, webhook.url, private=private, resolve=resolve)
            return await _tried(target, content, headers, transport)
    except TimeoutError:
        return Sent(problem="timeout")
    except PresencaError as error:
        return Sent(problem=error.note.code.rpartition(".")[2])
    except Exception as error:  # noqa: BLE001 - the last wall: what one receiver answers must not end the telling of all
        logging.getLogger("presenca").error("a webhook: %s", type(error).__name__)
        return Sent(problem="broken")


async def _tried(
    target: Target, content: str, headers: dict[str, str], transport: httpx.AsyncBaseTransport | None
) -> Sent:
    """The addresses of a name one after the other, until one can be connected to."""
    sent = Sent(problem="connect")
    async with httpx.AsyncClient(
        verify=_trusted(), timeout=LONGEST, trust_env=False, follow_redirects=False, transport=transport
    ) as client:
        for ip in target.found[: addresses.MOST]:
            sent = await _posted(client, target, str(ip), content, headers)
            if sent.problem != "connect":
                break
    return sent


async def _posted(client: httpx.AsyncClient, target: Target, ip: str, content: str, headers: dict[str, str]) -> Sent:
    """To the address that was judged; certificate and `Host` are of the name (httpx asks the system for no other)."""
    url = target.url.copy_with(host=ip)
    named = {**headers, "host": target.url.netloc.decode("ascii")}
    extensions = {"sni_hostname": target.name}
    try:
        async with client.stream("POST", url, content=content, headers=named, extensions=extensions) as answer:
            return _judged(answer.status_code, await _first(answer))
    except httpx.ConnectError as error:
        is_tls = isinstance(error.__cause__, ssl.SSLError) or "ssl" in str(error).lower()
        return Sent(problem="certificate" if is_tls else "connect")
    except httpx.TimeoutException:
        return Sent(problem="timeout")
    except (httpx.HTTPError, OSError, ValueError):
        return Sent(problem="broken")


def _judged(status: int, answer: str) -> Sent:
    if 200 <= status < 300:
        return Sent(status, "", answer)
    return Sent(status, "redirect" if 300 <= status < 400 else "gone" if status == GONE else "status", answer)


async def _first(answer: httpx.Response) -> str:
    """The first of what was answered, as one line without control characters or numbers that name somebody."""
    found = b""
    async for part in answer.aiter_raw():
        found += part
        if len(found) >= _READ:
            break
    text = " ".join(found[:_READ].decode("utf-8", "replace").split())
    return without_numbers("".join(one for one in text if one.isprintable()))[:ANSWER]


@cache
def _trusted() -> ssl.SSLContext:
    """Made once: reading all authorities takes longer than sending."""
    return httpx.create_ssl_context()
