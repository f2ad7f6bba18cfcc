"""Bodies of requests, taken in piece by piece: bounded in bytes, unpacked ones too, and in time."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import BinaryIO

from fastapi import Request
from starlette.requests import ClientDisconnect

from pipeline.api.problems import Refused

MOST_BYTES = 32 * 1024 * 1024  # of records that are sent
MOST_AT_ONCE = 4 * 1024 * 1024  # of rows that are scored while the caller waits
MOST_SECONDS = 120.0
_PIECE = 1 << 18
_GZIP = 31  # zlib's window of 32 kB with gzip's header


async def take_in(request: Request, into: BinaryIO, most: int, seconds: float = MOST_SECONDS) -> int:
    """Writes the body, unpacked, into a file; gives its size. Refused where it is larger, slower or oddly packed."""
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("identity", "gzip", ""):
        raise Refused("api.encoding")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most:
        raise Refused("api.too_large", limit=most)
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for piece in _unpacked(request) if packed == "gzip" else request.stream():
                size += len(piece)
                if size > most:
                    raise Refused("api.too_large", limit=most)
                into.write(piece)
    except TimeoutError:
        raise Refused("api.slow") from None
    except (ClientDisconnect, zlib.error):
        raise Refused("api.malformed") from None
    return size


async def _unpacked(request: Request) -> AsyncIterator[bytes]:
    """What gzip packed, in pieces that are bounded whatever they were packed to; Refused where its end is missing."""
    machine = zlib.decompressobj(_GZIP)
    async for piece in request.stream():
        left = piece
        while left:
            if machine.eof:  # one packed body after another is one body
                machine = zlib.decompressobj(_GZIP)
            found = machine.decompress(left, _PIECE)
            left = machine.unconsumed_tail or machine.unused_data
            yield found
    if not machine.eof:
        raise Refused("api.malformed")


def media_type(request: Request) -> str:
    """The type of a body, without its parameters, in small letters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
