"""Files that unpack to far more than they weigh, or hold one thing too often: written piece by piece into a folder."""

from __future__ import annotations

import gzip
import random
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from pathlib import Path

from tests.pipeline.ingestion.files import shared_text

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_SHEET = "xl/worksheets/sheet1.xml"
_SIZE = 590_000_000
_BLOCK = 1_000_000


def bombs(size: int = _SIZE) -> dict[str, Callable[[Path], None]]:
    """By name, what writes each bomb of `size` bytes, unpacked, to a path."""
    return {
        "comentário enorme": _part(_SHEET, f"<worksheet {_MAIN}><!--", "x", "--><sheetData/></worksheet>", size),
        "parte de comentários": _part("xl/comments1.xml", "<comments>", "<comment/>", "</comments>", size),
        "células numa linha": _part(
            _SHEET, f"<worksheet {_MAIN}><sheetData><row>", "<c/>", "</row></sheetData></worksheet>", size // 7
        ),
        "células numa linha, lidas": _drawn(
            _SHEET, f"<worksheet {_MAIN}><sheetData><row>", _numbers, "</row></sheetData></worksheet>", size
        ),
        "linhas vazias": _part(_SHEET, f"<worksheet {_MAIN}><sheetData>", "<row/>", "</sheetData></worksheet>", size),
        "linhas vazias, lidas": _drawn(
            _SHEET, f"<worksheet {_MAIN}><sheetData>", _rows, "</sheetData></worksheet>", size
        ),
        "textos": _part("xl/sharedStrings.xml", f"<sst {_MAIN}>", "<si><t>x</t></si>", "</sst>", size),
        "textos, lidos": _drawn("xl/sharedStrings.xml", f"<sst {_MAIN}>", _texts, "</sst>", size),
        "estilos": _part("xl/styles.xml", f"<styleSheet {_MAIN}><cellXfs>", "<xf/>", "</cellXfs></styleSheet>", size),
        "estilos, lidos": _part(
            "xl/styles.xml", f"<styleSheet {_MAIN}><cellXfs>", "<xf/>", "</cellXfs></styleSheet>", 18_000_000
        ),
        "xl/workbook.xml": _part(
            "xl/workbook.xml", f"<workbook {_MAIN}><sheets>", "<sheet/>", "</sheets></workbook>", size
        ),
        "xl/workbook.xml, lido": _part(
            "xl/workbook.xml", f"<workbook {_MAIN}><sheets>", "<sheet/>", "</sheets></workbook>", 18_000_000
        ),
        "tipos": _part("[Content_Types].xml", "<Types>", "<Default/>", "</Types>", size),
        "tipos, lidos": _part("[Content_Types].xml", "<Types>", "<Default/>", "</Types>", 18_000_000),
        "linhas de texto": _packed("Paciente;Data\n", "1;02/01/2026\n", size),
        "linhas em branco": _packed("Paciente;Data\n", "\n", size),
        "HTML": _plain("<html><table>", "<tr><td>Paciente<td>Data</tr>", size // 6),
        "HTML, lido": _plain("<html><table>", "<tr><td>Paciente<td>Data</tr>", 38_000_000),
        "HTML de tabelas": _plain("<html>", "<table>", 38_000_000),
        "HTML de sinais": _plain("<html><table>", "<", 38_000_000),
        "HTML de instruções, lido": _plain("<html><table>", "<?a?>", 38_000_000),
        "HTML de instruções": _plain("<html><table>", "<?a?>", size // 6),
        "ODS de linhas repetidas": _ods,
    }


def _pieces(unit: str, size: int) -> Iterator[bytes]:
    block = unit.encode() * (_BLOCK // len(unit))
    return repeat(block, size // len(block) + 1)


def _drawn_pieces(make: Callable[[random.Random], str], size: int) -> Iterator[bytes]:
    drawn = random.Random(7)
    blocks = [make(drawn).encode() for _ in range(40)]  # further apart than a packer looks back
    while size > 0:
        yield (block := drawn.choice(blocks))
        size -= len(block)


def _numbers(drawn: random.Random) -> str:
    return "".join(f"<c><v>{drawn.randrange(10**9)}</v></c>" for _ in range(10_000))


def _rows(drawn: random.Random) -> str:
    return "".join(f'<row ht="{drawn.randrange(10**9)}"/>' for _ in range(10_000))


def _texts(drawn: random.Random) -> str:
    return "".join(f"<si><t>{drawn.randrange(10**9)}</t></si>" for _ in range(10_000))


def _part(name: str, head: str, unit: str, tail: str, size: int) -> Callable[[Path], None]:
    return lambda path: _book(path, name, head, _pieces(unit, size), tail)


def _drawn(name: str, head: str, make: Callable[[random.Random], str], tail: str, size: int) -> Callable[[Path], None]:
    return lambda path: _book(path, name, head, _drawn_pieces(make, size), tail)


def _book(path: Path, name: str, head: str, pieces: Iterable[bytes], tail: str) -> None:
    path.write_bytes(shared_text("Paciente", 3))
    with zipfile.ZipFile(path) as archive:
        kept = {member: archive.read(member) for member in archive.namelist() if member != name}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for member, content in kept.items():
            archive.writestr(member, content)
        with archive.open(name, "w", force_zip64=True) as out:
            out.write(head.encode())
            for piece in pieces:
                out.write(piece)
            out.write(tail.encode())


def _packed(head: str, unit: str, size: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with gzip.open(path, "wb", compresslevel=1) as out:
            out.write(head.encode())
            out.writelines(_pieces(unit, size))

    return write


def _plain(head: str, unit: str, size: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("wb") as out:
            out.write(head.encode())
            out.writelines(_pieces(unit, size))

    return write


def _ods(path: Path) -> None:
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    cell = '<table:table-cell table:number-columns-repeated="10" office:value-type="string"><text:p>x</text:p>'
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-cell></table:table-row>'
    names = f'xmlns:office="{office}" xmlns:table="{table}" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    head = f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="A">'
    tail = "</table:table></office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<x/>")
        archive.writestr("content.xml", f"{head}{row}{tail}")
