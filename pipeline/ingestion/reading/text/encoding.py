"""Text of any encoding → a UTF-8 file on disk, looked through once: lines, quotes, signs of damage."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer
import numpy as np

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.file_type import is_binary, not_a_table
from pipeline.ingestion.reading.limits import Limits
from pipeline.records import Note, note

SAMPLE = 1 << 18
_CHUNK = 1 << 22
_DAMAGE_WITHIN = 1 << 24  # lost accents show at the beginning; looking through all of it would cost time
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FEED = ord("\n")
_WIDE = ("utf-16", "utf-32")
_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1252": "Windows-1252",
    "cp850": "CP850",
    "mac_roman": "Mac Roman",
}
_PORTUGUESE = frozenset("áàâãéêíóôõúüçÁÀÂÃÉÊÍÓÔÕÚÜÇªº°–—“”’€§")


@dataclass(frozen=True)
class TextFile:
    """A UTF-8 file without NULs. `lines` counts line feeds, plus one for an unfinished last line; `quotes`, `returns`,
    `apostrophes`: whether it has any.
    """

    path: Path
    encoding: str
    bom: bool
    lines: int
    quotes: bool
    returns: bool
    apostrophes: bool
    notes: tuple[Note, ...]


@dataclass
class _Scan:
    lines: int = 0
    quotes: bool = False
    returns: bool = False
    apostrophes: bool = False
    nuls: int = 0
    replaced: int = 0
    doubled: int = 0
    valid: bool = True


def _by_byte(error: UnicodeError) -> tuple[str, int]:
    """Bytes that the codec doesn't know, as Windows-1252 would show them (or Latin-1, where that has a gap)."""
    assert isinstance(error, UnicodeDecodeError)
    piece = error.object[error.start : error.end]
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in piece), error.end


codecs.register_error("presenca-by-byte", _by_byte)


def to_utf8(path: Path, folder: Path, name: str, limits: Limits) -> TextFile:
    """Looks through the text at `path`; where it isn't UTF-8, writes it as such into `folder`."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    encoding, bom = _by_marks(head)
    if encoding == "utf-8":
        scan = _look_through(path, name, limits)
        if scan.valid and not scan.nuls:
            return _text_file(path, "utf-8", bool(bom), scan, ())
        if not scan.valid:
            encoding = _one_byte_encoding(path, head)
    if not encoding.startswith(_WIDE) and is_binary(head):
        raise not_a_table(name, "reading.is_binary")
    target = folder / "utf8.csv"
    nuls, odd = _transcode(path, target, encoding, bom, name, limits)
    notes = []
    if nuls:
        notes.append(note("reading.nuls", count=nuls))
    if odd and encoding == "utf-8":
        notes.append(note("reading.mixed_encodings", count=odd))
    return _text_file(target, encoding, False, _look_through(target, name, limits), tuple(notes))


def _text_file(path: Path, encoding: str, bom: bool, scan: _Scan, notes: tuple[Note, ...]) -> TextFile:
    if scan.replaced:
        notes += (note("reading.lost_characters", count=scan.replaced),)
    if scan.doubled:
        notes += (note("reading.encoded_twice", count=scan.doubled),)
    shown = _NAMES.get(encoding, encoding.replace("_", "-").upper())
    return TextFile(path, shown, bom, scan.lines, scan.quotes, scan.returns, scan.apostrophes, notes)


def _by_marks(head: bytes) -> tuple[str, bytes]:
    """(encoding, byte order mark); without a mark, the NULs on one side of each pair, or in three of four places, tell
    UTF-16 and UTF-32.
    """
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding, bom
    if wide := _four_bytes(head):
        return wide, b""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le", b""
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be", b""
    return "utf-8", b""


def _four_bytes(head: bytes) -> str:
    """UTF-32 by its NULs, "" where it is none: the highest byte of a character is always 0, the next one nearly so."""
    quarter = len(head) // 4
    nuls = [head[place : quarter * 4 : 4].count(0) for place in range(4)]
    for encoding, (lowest, _, next_highest, highest) in (("utf-32-le", nuls), ("utf-32-be", nuls[::-1])):
        if quarter and highest == quarter and next_highest > 0.9 * quarter and lowest < 0.1 * quarter:
            return encoding
    return ""


def _one_byte_encoding(path: Path, head: bytes) -> str:
    """What a text that isn't UTF-8 is most likely written in, judged by its Portuguese letters."""
    sample = head + _around_first_fault(path)
    high = sum(b > 127 for b in sample)
    wrong = sum(c == "\ufffd" for c in sample.decode("utf-8", "replace"))
    if wrong * 8 < high:  # nearly all of it is sound UTF-8: a mixed file
        return "utf-8"
    shares = {}
    for encoding in ("cp1252", "cp850", "mac_roman"):
        letters = [c for c in sample.decode(encoding, "presenca-by-byte") if ord(c) > 127]
        shares[encoding] = sum(c in _PORTUGUESE for c in letters) / max(len(letters), 1)
    best = max(shares, key=lambda e: (shares[e], e == "cp1252"))
    if shares[best] >= 0.5:
        return best
    guess = charset_normalizer.from_bytes(sample[:SAMPLE]).best()
    return guess.encoding if guess is not None and guess.encoding not in ("ascii", "utf_8") else "cp1252"


def _around_first_fault(path: Path) -> bytes:
    """64 kB around the first bytes that are no UTF-8: the head of a large file may be plain ASCII."""
    decoder, start = codecs.getincrementaldecoder("utf-8")(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                file.seek(start)
                whole = file.read(_CHUNK + 8)
                first = next((i for i in range(0, len(whole), 4096) if not whole[i : i + 4096].isascii()), 0)
                return whole[first : first + 65536]
            start += len(chunk)
    return b""


def _transcode(path: Path, target: Path, encoding: str, bom: bytes, name: str, limits: Limits) -> tuple[int, int]:
    """Writes UTF-8 without mark and NULs; returns how many NULs and how many unknown bytes there were."""
    decoder = codecs.getincrementaldecoder(encoding)("replace" if encoding.startswith(_WIDE) else "presenca-by-byte")
    strict = codecs.getincrementaldecoder(encoding)("strict")
    nuls = odd = total = 0
    with path.open("rb") as source, target.open("wb") as out:
        source.seek(len(bom))
        while True:
            chunk = source.read(1 << 20)
            text = decoder.decode(chunk, final=not chunk)
            if encoding == "utf-8":
                try:
                    strict.decode(chunk, final=not chunk)
                except UnicodeDecodeError:
                    odd += 1
                    strict.reset()
            nuls += text.count("\0")
            data = text.replace("\0", "").encode("utf-8", "replace")
            total += len(data)
            if total > limits.max_unpacked_bytes:
                raise UnreadableFile("reading.too_much_text", name=name, limit=limits.max_unpacked_bytes)
            out.write(data)
            if not chunk:
                return nuls, odd


def _look_through(path: Path, name: str, limits: Limits) -> _Scan:
    """One pass over the bytes: counts, validity as UTF-8, no more lines and no longer one than the limits."""
    scan, decoder = _Scan(), codecs.getincrementaldecoder("utf-8")()
    since_line, last, looked = 0, b"", 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            since_line = _check_line_length(chunk, since_line, scan.lines, name, limits)
            scan.lines += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == _FEED))
            if scan.lines > limits.max_lines:
                raise UnreadableFile("reading.too_many_rows", name=name, limit=limits.max_lines)
            scan.quotes = scan.quotes or b'"' in chunk
            scan.returns = scan.returns or b"\r" in chunk
            scan.apostrophes = scan.apostrophes or b"'" in chunk
            scan.nuls += chunk.count(b"\0") if b"\0" in chunk else 0
            if not chunk.isascii() or decoder.getstate()[0]:
                scan.valid = scan.valid and _decodes(decoder, chunk)
                if looked < _DAMAGE_WITHIN:
                    scan.replaced += chunk.count(b"\xef\xbf\xbd")
                    scan.doubled += chunk.count(b"\xc3\x83\xc2")
            looked += len(chunk)
            last = chunk[-1:]
    scan.valid = scan.valid and _decodes(decoder, b"", final=True)
    scan.lines += last not in (b"", b"\n")
    return scan


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _check_line_length(chunk: bytes, since_line: int, lines: int, name: str, limits: Limits) -> int:
    """How many bytes the unfinished last line has so far; UnreadableFile once a line is longer than the limit."""
    limit = limits.max_line_bytes
    start = -since_line
    while len(chunk) - start > limit:
        found = max(chunk.rfind(end, max(start, 0), max(start + limit, 0)) for end in (b"\n", b"\r"))
        if found < 0:
            row = lines + chunk.count(b"\n", 0, max(start, 0)) + 1
            raise UnreadableFile("reading.long_line", name=name, row=row, limit=limit)
        start = found + 1
    return len(chunk) - start
