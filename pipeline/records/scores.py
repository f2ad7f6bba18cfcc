"""The risk of rows that a caller brought: what each got, or why it got none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import msgspec

from pipeline.records.note import Note


@dataclass(frozen=True)
class Reason:
    """Why a risk departs from the reference: what is said, its points of risk (0.09 stands for +9), its factor."""

    said: Note
    points: float
    factor: str


@dataclass(frozen=True)
class RowScore:
    """What a row got: `risk` None, and `note` why, where it got none. `points` by factor sum with the reference to the
    risk; `note` else what it had to do without.
    """

    row: int
    risk: float | None
    tier: str | None
    points: dict[str, float]
    reasons: tuple[Reason, ...]
    note: Note | None
    stars: tuple[float, ...] = ()


@dataclass(frozen=True)
class ScoresPiece:
    """Some of the rows that were scored together, in their order. `as_of`: the day that they are seen from."""

    as_of: dt.date
    reference: float
    rows: tuple[RowScore, ...]


_PIECE = msgspec.json.Decoder(ScoresPiece)


def dump_piece(piece: ScoresPiece) -> bytes:
    """JSON that gives the same numbers back, to the last digit. Inverse of `load_piece`."""
    return msgspec.json.encode(piece)


def load_piece(content: bytes) -> ScoresPiece:
    """What `dump_piece` gave."""
    return _PIECE.decode(content)
