"""The XML of a workbook's sheets and shared texts, read as it streams by: no tree is built, nothing piles up.

expat 2.5 looks at an unfinished comment or instruction again with each piece that it is given; pieces that give
nothing are followed by larger ones, so that a long one costs its length and not the square of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from xml.parsers import expat

from openpyxl.utils.cell import coordinate_to_tuple
from typing_extensions import override

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.limits import Limits
from pipeline.ingestion.reading.text.dialect import too_many_columns
from pipeline.ingestion.reading.text.tolerant_csv import too_many_rows

_PIECE, _LARGEST_PIECE = 1 << 16, 1 << 26
MOST_CELLS = 16_384  # of a row, empty ones too: no spreadsheet has more columns
_MOST_NESTED = 100


@dataclass(slots=True)
class XmlCell:
    """A cell as it is written: `column` from 1, `kind` is the attribute `t`, `style` its place among the styles."""

    column: int
    kind: str
    style: int
    text: str


XmlRow = tuple[int, list[XmlCell]]  # row of the sheet from 1, cells with a text


def rows(source: IO[bytes], name: str, limits: Limits) -> Iterator[XmlRow]:
    """All rows of a sheet, empty ones too.

    UnreadableFile where they, or the cells of one, are too many; ValueError or expat.ExpatError where it is damaged.
    """
    return streamed(source, _Sheet(name, limits))


def shared_texts(source: IO[bytes], name: str, limits: Limits) -> list[str]:
    """The texts that cells point at. UnreadableFile where they are too many; errors as for `rows`."""
    return list(streamed(source, _Texts(name, limits)))


def streamed(source: IO[bytes], reader: Xml) -> Iterator[Any]:
    """What a reader of tags finds, as its XML streams by. ValueError or expat.ExpatError where it is damaged."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.EntityDeclHandler = _no_entities
    size, seen = _PIECE, 0
    while piece := source.read(size):
        parser.Parse(piece, False)
        size = _PIECE if reader.events > seen else min(2 * size, _LARGEST_PIECE)
        seen = reader.events
        yield from reader.done
        reader.done.clear()
    parser.Parse(b"", True)
    yield from reader.done


def _no_entities(*_: object) -> None:
    """Entities could stand for gigabytes; a spreadsheet declares none."""
    raise ValueError("entity declared")


class Xml:
    """What is done with each tag; `done` holds what is complete, `events` rises with all that is found."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.done: list[Any] = []
        self.events = 0
        self._name, self._limits = name, limits
        self._depth = self._count = 0
        self._parts: list[str] | None = None  # of the text that is being read
        self._open = self._phonetic = False  # within a piece of it; within the reading aid of one

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag begins. ValueError where tags are nested deeper than any spreadsheet has them."""
        self.events += 1
        self._depth += 1
        if self._depth > _MOST_NESTED:
            raise ValueError("nested too deep")
        local = tag.rpartition(":")[2]
        if local == "t":
            self._open = not self._phonetic
        elif local == "rPh":
            self._phonetic = True
        else:
            self.begin(local, attributes)

    def end(self, tag: str) -> None:
        """A tag ends."""
        self._depth -= 1
        local = tag.rpartition(":")[2]
        if local == "t":
            self._open = False
        elif local == "rPh":
            self._phonetic = False
        else:
            self.finish(local)

    def characters(self, text: str) -> None:
        """Text between tags."""
        self.events += 1
        if self._open and self._parts is not None:
            self._parts.append(text)

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """What is done where a tag begins that is not a text's."""
        raise NotImplementedError

    def finish(self, tag: str) -> None:
        """What is done where such a tag ends."""
        raise NotImplementedError


class _Texts(Xml):
    @override
    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "si":
            self._parts = []
            self._count += 1
            if self._count > self._limits.max_shared_texts:
                raise UnreadableFile("reading.too_many_texts", name=self._name, limit=self._limits.max_shared_texts)

    @override
    def finish(self, tag: str) -> None:
        if tag == "si" and self._parts is not None:
            self.done.append("".join(self._parts).replace("x005F_", ""))
            self._parts = None


class _Sheet(Xml):
    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self._row = self._column = self._in_row = 0
        self._cells: list[XmlCell] = []
        self._cell: XmlCell | None = None

    @override
    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "v":
            self._open = True
        elif tag == "row":
            self._begin_row(attributes)

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > self._limits.max_rows:
            raise too_many_rows(self._name, self._limits)
        self._row = int(float(attributes["r"])) if "r" in attributes else self._row + 1
        self._column, self._in_row, self._cells = 0, 0, []

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        self._in_row += 1
        if self._in_row > MOST_CELLS:
            raise too_many_columns(self._name, self._in_row, self._limits)
        at = attributes.get("r")
        self._column = coordinate_to_tuple(at)[1] if at else self._column + 1
        self._cell = XmlCell(self._column, attributes.get("t", "n"), int(attributes.get("s", 0)), "")
        self._parts = []

    @override
    def finish(self, tag: str) -> None:
        if tag == "v":
            self._open = False
        elif tag == "c" and self._cell is not None:
            if self._parts:
                self._cell.text = "".join(self._parts)
                self._cells.append(self._cell)
            self._cell = self._parts = None
        elif tag == "row":
            self.done.append((self._row, self._cells))
            self._cells = []
