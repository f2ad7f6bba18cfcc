"""A stream of any length, encrypted so that nothing can be altered, moved, cut or added without being noticed.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as age and Tink use it: chunks of AES-256-GCM whose
nonce is a random beginning, a counter, and whether it is the last. Each file has a key of its own, derived from the
workspace's key (HKDF) or from a phrase (scrypt) with a random salt; neither is in the file.
"""

from __future__ import annotations

import hmac
import io
import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from typing_extensions import Buffer, override

from pipeline.errors import WorkspaceError

MAGIC = b"PRESENCA-COPIA-1\n"
CHUNK = 1 << 20  # bytes of content in a sealed chunk
_SALT, _BEGINNING, _CHECK, _TAG = 16, 7, 8, 16
_HEADER = len(MAGIC) + 1 + _SALT + _BEGINNING + _CHECK
_BY_KEY, _BY_PHRASE = b"k", b"p"
_SCRYPT = {"n": 2**17, "r": 8, "p": 1}  # OWASP's least for scrypt: 128 MB, a third of a second


@dataclass(frozen=True)
class Secret:
    """What a copy is sealed with: the key of the workspace, or a phrase that somebody keeps."""

    key: bytes = b""
    phrase: str = ""

    def derive(self, salt: bytes) -> bytes:
        """64 bytes for one file: the key of its chunks, and what tells a wrong secret from a damaged file."""
        if self.phrase:
            return Scrypt(salt=salt, length=64, **_SCRYPT).derive(self.phrase.encode())
        return HKDF(algorithm=SHA256(), length=64, salt=salt, info=b"presenca/backup/1").derive(self.key)

    @property
    def kind(self) -> bytes:
        """How the file says what opens it."""
        return _BY_PHRASE if self.phrase else _BY_KEY


def needs_phrase(header: bytes) -> bool:
    """Whether a copy opens with a phrase. WorkspaceError for what is no copy of ours."""
    if len(header) < _HEADER or not header.startswith(MAGIC):
        raise WorkspaceError("backup.not_one")
    return header[len(MAGIC) : len(MAGIC) + 1] == _BY_PHRASE


class Sealer(io.RawIOBase):
    """Writes: content goes in, sealed chunks come out into `target`. Without `close`, the file is a cut one."""

    def __init__(self, target: BinaryIO, secret: Secret) -> None:
        self._target, self._waiting, self._count = target, bytearray(), 0
        salt, self._beginning = os.urandom(_SALT), os.urandom(_BEGINNING)
        derived = secret.derive(salt)
        self._cipher = AESGCM(derived[:32])
        self._header = MAGIC + secret.kind + salt + self._beginning + derived[32 : 32 + _CHECK]
        target.write(self._header)

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, content: Buffer) -> int:
        self._waiting += content
        while len(self._waiting) > CHUNK:  # the last chunk is never empty unless all is
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(memoryview(content))

    def _put(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._beginning, self._count, last)
        self._target.write(self._cipher.encrypt(nonce, plain, self._header))
        self._count += 1

    def finish(self) -> None:
        """Seals the end; what is read without it counts as cut."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()


class Opener(io.RawIOBase):
    """Reads what `Sealer` wrote; nothing is given out that was not found whole and unaltered."""

    def __init__(self, source: BinaryIO, secret: Secret) -> None:
        self._source, self._ready, self._count, self._over = source, b"", 0, False
        self._header = source.read(_HEADER)
        needs_phrase(self._header)
        start = len(MAGIC) + 1
        salt, rest = self._header[start : start + _SALT], self._header[start + _SALT :]
        self._beginning, check = rest[:_BEGINNING], rest[_BEGINNING:]
        derived = secret.derive(salt)
        if not hmac.compare_digest(check, derived[32 : 32 + _CHECK]):
            raise WorkspaceError("backup.other_key")
        self._cipher = AESGCM(derived[:32])
        self._next = source.read(CHUNK + _TAG)

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer) -> int:
        if not self._ready and not self._over:
            self._ready = self._chunk()
        view = memoryview(buffer)
        size = min(len(view), len(self._ready))
        view[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def _chunk(self) -> bytes:
        sealed, self._next = self._next, self._source.read(CHUNK + _TAG)
        self._over = not self._next
        nonce = _nonce(self._beginning, self._count, self._over)
        self._count += 1
        try:
            return self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag:
            raise WorkspaceError("backup.altered") from None


def _nonce(beginning: bytes, count: int, last: bool) -> bytes:
    return beginning + struct.pack(">IB", count, last)
