"""A zip that comes from somebody else: opened by limits, names and checksums before anything in it is read.

Nothing here knows models. Text is read as JSON only, strictly: finite numbers, no name twice.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipeline import atomic
from pipeline.errors import UnsafeBundle

MAX_FILE = 64 * 1024**2  # bytes, packed
MAX_UNPACKED = 256 * 1024**2  # bytes, all entries together
MAX_ENTRIES = 80
MANIFEST = "manifest.json"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # equal content gives equal bytes


def write(
    path: Path, entries: Mapping[str, bytes], manifest: Mapping[str, Any], sign: Callable[[bytes], str] | None = None
) -> None:
    """Writes the entries and a manifest with their checksums and its own; whole or not at all.

    `sign`: gives the signature of what `sealed` says, which stands for the manifest and so for every entry.
    """
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(entries.items())}
    told: dict[str, Any] = {**manifest, "files": sums}
    told["sum"] = hashlib.sha256(sealed(told)).hexdigest()
    if sign is not None:
        told["signature"] = sign(sealed(told))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {
            MANIFEST: dump_json(told),
            **dict(sorted(entries.items())),
        }.items():
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o600 << 16
            archive.writestr(info, content)
    atomic.write(Path(path), buffer.getvalue())


def read(source: Path | bytes, expected: Callable[[str], bool]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Manifest and entries, after size, name and checksum checks.

    `expected` says whether a name may be in the archive. Raises UnsafeBundle.
    """
    entries = _unpacked(file_bytes(source), expected)
    if MANIFEST not in entries:
        raise UnsafeBundle("bundle.no_manifest")
    manifest = load_json(entries.pop(MANIFEST), MANIFEST)
    sums = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(sums, dict) or set(sums) != set(entries):
        raise UnsafeBundle("bundle.not_as_listed")
    if "sum" in manifest and manifest["sum"] != hashlib.sha256(sealed(manifest)).hexdigest():
        raise UnsafeBundle("bundle.entry_changed", name=MANIFEST)
    for name, content in entries.items():
        if hashlib.sha256(content).hexdigest() != sums[name]:
            raise UnsafeBundle("bundle.entry_changed", name=name)
    return manifest, entries


def sealed(manifest: Mapping[str, Any]) -> bytes:
    """All that a manifest says but its own sum and signature; files of earlier versions have neither."""
    return dump_json({name: said for name, said in manifest.items() if name not in ("sum", "signature")})


def dump_json(plain: Any) -> bytes:
    """Strict JSON with sorted names; ValueError for numbers that are not finite (a fault of ours)."""
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1).encode()


def load_json(content: bytes, name: str) -> Any:
    """What `dump_json` wrote. Raises UnsafeBundle for anything a strict reader would not take."""
    try:
        return json.loads(
            content.decode("utf-8"), parse_float=_finite, parse_constant=_no_constant, object_pairs_hook=_no_repeats
        )
    except (ValueError, RecursionError) as error:
        raise UnsafeBundle("bundle.entry_unreadable", name=name) from error


def file_bytes(source: Path | bytes) -> bytes:
    """What a file holds; OSError where it can't be read, UnsafeBundle where it is larger than any bundle."""
    if not isinstance(source, bytes):
        with Path(source).open("rb") as file:
            source = file.read(MAX_FILE + 1)
    if len(source) > MAX_FILE:
        raise UnsafeBundle("bundle.too_large", megabytes=MAX_FILE // 1024**2)
    return source


def _unpacked(content: bytes, expected: Callable[[str], bool]) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            _check_listing(listed, expected)
            return {info.filename: _entry(archive, info) for info in listed}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        OverflowError,
    ) as error:
        raise UnsafeBundle("bundle.not_a_zip") from error


def _check_listing(listed: list[zipfile.ZipInfo], expected: Callable[[str], bool]) -> None:
    names = [info.filename for info in listed]
    if len(names) > MAX_ENTRIES or len(set(names)) != len(names):
        raise UnsafeBundle("bundle.too_many_entries")
    strange = [name for name in names if name != MANIFEST and not expected(name)]
    if strange:
        raise UnsafeBundle("bundle.strange_entries")
    if sum(info.file_size for info in listed) > MAX_UNPACKED:
        raise UnsafeBundle("bundle.too_large_open", megabytes=MAX_UNPACKED // 1024**2)
    if any(
        info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 1 for info in listed
    ):
        raise UnsafeBundle("bundle.strange_packing")


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """One entry, never more than it said it would be."""
    with archive.open(info) as file:
        content = file.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise zipfile.BadZipFile("size differs from the listing")
    return content


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _no_constant(text: str) -> float:
    raise ValueError(text)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("name twice")
    return found
