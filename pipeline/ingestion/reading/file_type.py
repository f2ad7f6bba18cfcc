"""What a file is, told by its first bytes: a table that can be read, or a sentence about what came instead."""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.limits import Limits, size_text

HINT = "Envie a planilha em .xlsx ou em CSV."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 20
_FOREIGN = (
    (b"%PDF", "um PDF"),
    (b"\x89PNG", "uma imagem PNG"),
    (b"\xff\xd8\xff", "uma imagem JPEG"),
    (b"GIF8", "uma imagem GIF"),
    (b"BM", "uma imagem BMP"),
    (b"II*\x00", "uma imagem TIFF"),
    (b"MM\x00*", "uma imagem TIFF"),
    (b"Rar!", "um arquivo RAR"),
    (b"7z\xbc\xaf", "um arquivo 7z"),
    (b"BZh", "um arquivo bzip2"),
    (b"\xfd7zXZ", "um arquivo xz"),
    (b"\x28\xb5\x2f\xfd", "um arquivo zstd"),
    (b"PAR1", "um arquivo Parquet"),
    (b"SQLite format 3", "um banco de dados SQLite"),
    (b"{\\rtf", "um documento RTF"),
    (b"MZ", "um programa"),
    (b"\x7fELF", "um programa"),
)
_MARKUP = re.compile(rb"<(!doctype|html|head|body|table|meta|\?xml|script|style)\b", re.I)
_BLANK = re.compile(rb"\s*")
_CONTROLS = bytes(b for b in range(1, 32) if b not in (9, 10, 11, 12, 13, 26)) + b"\x7f"
_TEXT_MAGIC = (b"BM", b"MZ", b"BZh")  # letters that a header could begin with


def kind_of(head: bytes, name: str) -> str:
    """ "text", "gzip", "zip", "ole" (old Office) or "html". UnreadableFile where the first bytes are of something that
    is no table.
    """
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))  # half of UTF-16's blanks are NULs
        if not wide and head.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe"):
            raise _not_a_table(name, "um arquivo binário")
        raise UnreadableFile(f"“{name}” está vazio.", "Confira se a exportação terminou e envie o arquivo de novo.")
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in head or "EncryptionInfo".encode("utf-16-le") in head:
            raise UnreadableFile(f"“{name}” está protegido por senha.", "Abra no Excel, tire a senha e envie de novo.")
        return "ole"
    for magic, what in _FOREIGN:
        if head.startswith(magic) and (magic not in _TEXT_MAGIC or is_binary(head)):
            raise _not_a_table(name, what)
    if head.startswith(b"RIFF"):
        raise _not_a_table(name, "uma imagem ou um som")
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


def _not_a_table(name: str, what: str) -> UnreadableFile:
    return UnreadableFile(f"“{name}” não é uma tabela: é {what}.", HINT)


def unpack_gzip(source: BinaryIO, target: Path, name: str, limits: Limits) -> None:
    """Unpacks all members of a gzip into `target`, never more than `max_unpacked_bytes`."""
    total = 0
    try:
        with gzip.GzipFile(fileobj=source) as packed, target.open("wb") as out:
            while part := packed.read(_CHUNK):
                total += len(part)
                if total > limits.max_unpacked_bytes:
                    raise UnreadableFile(
                        f"“{name}” descompacta para mais de {size_text(limits.max_unpacked_bytes)}, o limite.",
                        "Divida o arquivo em partes, por exemplo uma por ano.",
                    )
                out.write(part)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise UnreadableFile(
            f"“{name}” está danificado ou incompleto: não descompacta até o fim.",
            "Gere o .gz de novo ou envie o arquivo sem compactar.",
        ) from None


def check_zip(path: Path, name: str, limits: Limits) -> str:
    """ "xlsx", "xlsb" or "ods". UnreadableFile unless `path` is a zip with a workbook whose parts stay under the
    limits, unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableFile(
            f"“{name}” está danificado ou incompleto.", "Abra no Excel, salve de novo como .xlsx e envie a cópia."
        ) from None
    if any(m.flag_bits & 1 for m in members):
        raise UnreadableFile(f"“{name}” está protegido por senha.", "Tire a senha e envie de novo.")
    names = {m.filename for m in members}
    other = "xl/workbook.bin" in names or "content.xml" in names
    if not other and "xl/workbook.xml" not in names and "[Content_Types].xml" not in names:
        raise UnreadableFile(
            f"“{name}” não pode ser lido: é um arquivo ZIP.", "Tire a planilha de dentro do ZIP e envie só ela."
        )
    if any(n.startswith(("word/", "ppt/")) for n in names):
        raise _not_a_table(name, "um documento do Word ou uma apresentação")
    if sum(m.file_size for m in members) > limits.max_unpacked_bytes:
        raise UnreadableFile(
            f"“{name}” descompacta para mais de {size_text(limits.max_unpacked_bytes)}, o limite.",
            "Divida a planilha ou salve como CSV.",
        )
    return "xlsb" if "xl/workbook.bin" in names else "ods" if "content.xml" in names else "xlsx"
