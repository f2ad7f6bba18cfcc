"""What a file is, told by its first bytes: a table that can be read, or a refusal that says what came instead."""

from __future__ import annotations

import gzip
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.limits import Limits
from pipeline.records import note

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 20
_LOCAL_HEADER = 30  # bytes before a part's name; the last four are the lengths of what stands before its content
_FOREIGN = (
    (b"%PDF", "reading.is_pdf"),
    (b"\x89PNG", "reading.is_png"),
    (b"\xff\xd8\xff", "reading.is_jpeg"),
    (b"GIF8", "reading.is_gif"),
    (b"BM", "reading.is_bmp"),
    (b"II*\x00", "reading.is_tiff"),
    (b"MM\x00*", "reading.is_tiff"),
    (b"Rar!", "reading.is_rar"),
    (b"7z\xbc\xaf", "reading.is_7z"),
    (b"BZh", "reading.is_bzip2"),
    (b"\xfd7zXZ", "reading.is_xz"),
    (b"\x28\xb5\x2f\xfd", "reading.is_zstd"),
    (b"SQLite format 3", "reading.is_sqlite"),
    (b"{\\rtf", "reading.is_rtf"),
    (b"MZ", "reading.is_program"),
    (b"\x7fELF", "reading.is_program"),
)
_MARKUP = re.compile(rb"<(!doctype|html|head|body|table|meta|\?xml|script|style)\b", re.I)
_READ_WHOLE = re.compile(  # parts of a workbook that are small in any that a person made
    r"\A/?(\[content_types\]\.xml\Z|xl/(workbook|styles)\.\w+\Z|xl/theme/|(docprops|meta-inf)/|(styles|meta)\.xml\Z)",
    re.I,
)
_BLANK = re.compile(rb"\s*")
_CONTROLS = bytes(b for b in range(1, 32) if b not in (9, 10, 11, 12, 13, 26)) + b"\x7f"
_TEXT_MAGIC = (b"BM", b"MZ", b"BZh")  # letters that a header could begin with


def kind_of(head: bytes, name: str) -> str:
    """ "text", "gzip", "zip", "ole" (old Office), "parquet" or "html".
    UnreadableFile where the first bytes are of something that is no table.
    """
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))  # half of UTF-16's blanks are NULs
        if not wide and head.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe"):
            raise not_a_table(name, "reading.is_binary")
        raise UnreadableFile("reading.empty", name=name)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in head or "EncryptionInfo".encode("utf-16-le") in head:
            raise UnreadableFile("reading.excel_password", name=name)
        return "ole"
    for magic, what in _FOREIGN:
        if head.startswith(magic) and (magic not in _TEXT_MAGIC or is_binary(head)):
            raise not_a_table(name, what)
    if head.startswith(b"RIFF"):
        raise not_a_table(name, "reading.is_picture_or_sound")
    if _is_markup(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return {b"\x1f\x8b": "gzip", b"PK": "zip"}.get(head[:2], "text")


def _is_markup(head: bytes) -> bool:
    """Whether a page begins here, after any number of comments; one that never ends may hide a table."""
    place = _after_blanks(head, 0)
    while head.startswith(b"<!--", place):
        end = head.find(b"-->", place + 4)
        if end < 0:
            return b"<table" in head[place:].lower()
        place = _after_blanks(head, end + 3)
    return _MARKUP.match(head, place) is not None


def _after_blanks(head: bytes, place: int) -> int:
    found = _BLANK.match(head, place)
    return found.end() if found else place


def is_binary(sample: bytes) -> bool:
    """Whether there are more control characters (other than tab, line ends and the like) than a text could hold."""
    nuls = sample.count(0)
    others = len(sample) - len(sample.translate(None, _CONTROLS))
    return others > 0.02 * len(sample) or nuls > 0.3 * len(sample)


def not_a_table(name: str, what: str) -> UnreadableFile:
    """The refusal of a file that is something else; `what` is its code."""
    return UnreadableFile("reading.not_a_table", name=name, what=note(what))


def unpack_gzip(source: BinaryIO, target: Path, name: str, limits: Limits, size: int | None = None) -> None:
    """Unpacks all members of a gzip into `target`: never more than `max_unpacked_bytes` and, beyond what is trusted,
    never so many times its own `size` as only a bomb gives.
    """
    total, most = 0, limits.max_unpacked_bytes
    if size is not None:
        most = min(most, max(limits.trusted_bytes, limits.max_gzip_ratio * size))
    try:
        with gzip.GzipFile(fileobj=source) as packed, target.open("wb") as out:
            while part := packed.read(_CHUNK):
                total += len(part)
                if total > most:
                    raise UnreadableFile("reading.gzip_unpacks_too_far", name=name, limit=most)
                out.write(part)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise UnreadableFile("reading.gzip_damaged", name=name) from None


def _is_bomb(part: zipfile.ZipInfo, limits: Limits) -> bool:
    """Whether a part holds more than any spreadsheet writes there, by the zip's own table."""
    if part.file_size <= limits.max_part_bytes:
        return False
    ratio = part.file_size / max(part.compress_size, 1)
    return ratio > limits.max_part_ratio or _is_read_whole(part)


def _is_read_whole(part: zipfile.ZipInfo) -> bool:
    return _READ_WHOLE.match(part.filename) is not None or part.filename.lower().endswith(".rels")


def check_zip(path: Path, name: str, limits: Limits) -> str:
    """ "xlsx", "xlsb" or "ods".
    UnreadableFile unless `path` is a zip with a workbook whose parts stay under the limits, unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableFile("reading.zip_damaged", name=name) from None
    if any(m.flag_bits & 1 for m in members):
        raise UnreadableFile("reading.zip_password", name=name)
    names = {m.filename for m in members}
    other = "xl/workbook.bin" in names or "content.xml" in names
    if not other and "xl/workbook.xml" not in names and "[Content_Types].xml" not in names:
        raise UnreadableFile("reading.zip_archive", name=name)
    if any(n.startswith(("word/", "ppt/")) for n in names):
        raise not_a_table(name, "reading.is_document_or_slides")
    if sum(m.file_size for m in members) > limits.max_unpacked_bytes or any(_is_bomb(m, limits) for m in members):
        raise UnreadableFile("reading.book_unpacks_too_far", name=name, limit=limits.max_unpacked_bytes)
    if not other:  # these are unpacked by Python's zipfile, which gives no more than its table says
        if _marks(path, members, limits) > limits.max_part_marks:
            raise UnreadableFile("reading.too_many_marks", name=name, limit=limits.max_part_marks)
        return "xlsx"
    _unpacks_as_told(path, members, name, limits)
    return "xlsb" if "xl/workbook.bin" in names else "ods"


def _marks(path: Path, members: list[zipfile.ZipInfo], limits: Limits) -> int:
    """The tags of the parts that are read whole, counted up to the first part that takes them over the limit."""
    total = 0
    with zipfile.ZipFile(path) as archive:
        for member in members:
            if total <= limits.max_part_marks and _is_read_whole(member):
                total += _tags(archive, member)
    return total


def _tags(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    try:
        return archive.read(member).count(b"<")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        return 0  # whoever reads it will say that it is damaged


def _unpacks_as_told(path: Path, members: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    """UnreadableFile where a part holds more than the zip's table says: its packed bytes are followed, and left as soon
    as they give more, since another library will follow them to their end.
    """
    with path.open("rb") as file:
        for member in members:
            if member.compress_type == zipfile.ZIP_DEFLATED and _gives_more(file, member):
                raise UnreadableFile("reading.book_unpacks_too_far", name=name, limit=limits.max_unpacked_bytes)


def _gives_more(file: BinaryIO, member: zipfile.ZipInfo) -> bool:
    file.seek(member.header_offset)
    head = file.read(_LOCAL_HEADER)
    file.seek(sum(struct.unpack("<HH", head[-4:])) if len(head) == _LOCAL_HEADER else 0, 1)
    unpacker, total, packed = zlib.decompressobj(-zlib.MAX_WBITS), 0, b""
    while not unpacker.eof and (packed := unpacker.unconsumed_tail or file.read(_CHUNK)):
        try:
            total += len(unpacker.decompress(packed, _CHUNK))
        except zlib.error:
            return False  # whoever reads it will say that it is damaged
        if total > member.file_size:
            return True
    return False
