"""Where the workspace lies and where its key lies: never one inside the other.

A backup of the workspace that held the key would hand both to whoever finds it. So the key is in the
environment (`PRESENCA_KEY`) or in a file of its own (0600) under the user's configuration.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from itertools import pairwise
from pathlib import Path

import platformdirs
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from pipeline import atomic
from pipeline.errors import WorkspaceError
from pipeline.privacy import KEY_BYTES
from pipeline.workspace.storage import atomic_files

HOME_VARIABLE = "PRESENCA_HOME"
KEY_VARIABLE = "PRESENCA_KEY"
KEY_FILE_VARIABLE = "PRESENCA_KEY_FILE"
SHORTEST_PHRASE = 24
LEAST_BYTES = 16  # different ones, of a key's 32
LEAST_CHARACTERS = 8  # different ones, of a phrase


def default_home() -> Path:
    """`PRESENCA_HOME`, or the system's data folder."""
    chosen = os.environ.get(HOME_VARIABLE)
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("presenca", appauthor=False))


def key_path() -> Path:
    """`PRESENCA_KEY_FILE`, or `presenca/key` in the user's configuration."""
    chosen = os.environ.get(KEY_FILE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    folder = Path(platformdirs.user_config_dir("presenca", appauthor=False))
    if folder == Path(platformdirs.user_data_dir("presenca", appauthor=False)):  # macOS and Windows: one for both
        folder = folder.with_name("presenca-key")
    return folder / "key"


def load_key(home: Path, *, may_create: bool = True) -> bytes:
    """The key of 32 bytes: from the environment, from its file, or made now.

    `may_create=False` where the workspace already holds data: a new key could open none of it.
    """
    return load(home, may_create=may_create)[0]


def load(home: Path, *, may_create: bool = True) -> tuple[bytes, bool]:
    """`load_key`, and whether the key could be guessed."""
    given = os.environ.get(KEY_VARIABLE)
    if given:
        return _with_weakness(given, KEY_VARIABLE)
    path = key_path()
    if path.resolve().is_relative_to(home.resolve()):
        raise WorkspaceError("key.within_data", variable=KEY_FILE_VARIABLE)
    with atomic_files.explained("doing.read_key"):
        if not path.exists():
            if not may_create:
                raise WorkspaceError("key.missing", variable=KEY_FILE_VARIABLE)
            _create(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(0o600)
        return _with_weakness(path.read_text("ascii", "replace"))


def _with_weakness(text: str, variable: str = "") -> tuple[bytes, bool]:
    """A phrase is judged by its characters: stretched, it looks as good as any other."""
    key = _decoded(text, variable)
    return key, is_weak(key) or is_weak_phrase(text.strip())


def is_weak_phrase(text: str) -> bool:
    """Whether a phrase has few different characters or a short pattern."""
    return len(set(text)) < LEAST_CHARACTERS or _has_pattern(text.encode())


def _create(path: Path) -> None:
    """Writes a new key in one step; if another process was faster, its key stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    try:
        atomic_files.write_new(temporary, secrets.token_hex(KEY_BYTES).encode() + b"\n")
        if os.name == "posix":
            os.link(temporary, path)  # unlike rename, fails if there is one
        else:
            temporary.rename(path)  # on Windows, this fails if there is one
    except FileExistsError:
        return
    finally:
        temporary.unlink(missing_ok=True)
    atomic.settle_folder(path.parent)


def _decoded(text: str, variable: str = "") -> bytes:
    """32 bytes in hexadecimal or base64 as they are; a longer phrase is stretched, since phrases can be guessed.

    `variable`: where the text came from, "" for the key's file.
    """
    text = text.strip()
    for decode in (bytes.fromhex, _from_base64):
        try:
            key = decode(text)
        except ValueError:  # not in this notation; binascii.Error is one too
            continue
        if len(key) == KEY_BYTES:
            return key
    if len(text) >= SHORTEST_PHRASE and text.isprintable():
        return _stretched(text)
    raise WorkspaceError("key.malformed", variable=variable, shortest=SHORTEST_PHRASE)


def _stretched(phrase: str) -> bytes:
    return Scrypt(salt=b"presenca/key/1", length=KEY_BYTES, n=2**14, r=8, p=1).derive(phrase.encode())


def is_weak(key: bytes) -> bool:
    """Whether a key is one that a person would type: few different bytes, a short pattern, or a run (aaaa…, abab…,
    0123…). Of 32 random bytes, fewer than 16 are different once in 10**16 times.
    """
    return len(set(key)) < LEAST_BYTES or _has_pattern(key)


def _has_pattern(text: bytes) -> bool:
    """Whether it repeats itself, or counts up or down."""
    steps = {(after - before) % 256 for before, after in pairwise(text)}
    return len(steps) <= 2 or any(text == (text[:every] * len(text))[: len(text)] for every in range(1, 17))


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, altchars=b"-_" if set(text) & set("-_") else None, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
