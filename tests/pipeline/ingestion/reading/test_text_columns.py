"""Columns of more text than one of Arrow's arrays holds are read piece by piece, or refused in words."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UnreadableFile
from pipeline.ingestion.mapping.cell_profile import sample
from pipeline.ingestion.parsing.column import encode
from pipeline.ingestion.reading import text_columns
from tests.refusals import refused

_CELL = st.sampled_from(["a", "b", "", "ção", None])
_PIECES = st.lists(st.lists(_CELL, max_size=4), max_size=5)


@pytest.fixture(scope="module")
def long() -> pa.ChunkedArray:
    """2.2 GB of text in which one cell is repeated, so that it takes 64 MB."""
    piece = pa.array(["x" * (1 << 26)])
    return pa.chunked_array([piece] * 33)


@given(_PIECES, st.sets(st.integers(0, 19)))
def test_cells_taken_are_those_of_the_whole(pieces: list[list[str | None]], wanted: set[int]) -> None:
    column = pa.chunked_array([pa.array(piece, pa.string()) for piece in pieces], pa.string())
    places = np.array(sorted(place for place in wanted if place < len(column)), dtype=np.int64)
    assert text_columns.taken(column, places).to_pylist() == [column.to_pylist()[place] for place in places]


@given(_PIECES)
def test_coded_cells_are_the_cells(pieces: list[list[str | None]]) -> None:
    column = pa.chunked_array([pa.array(piece, pa.string()) for piece in pieces], pa.string())
    found = text_columns.coded(column)
    assert found.to_pylist() == text_columns.whole(column).to_pylist() == column.to_pylist()
    assert len(set(found.dictionary.to_pylist())) == len(found.dictionary)


@pytest.mark.slow  # two gigabytes
def test_a_column_longer_than_an_array_is_sampled_and_coded(long: pa.ChunkedArray) -> None:
    with pytest.raises(pa.ArrowInvalid, match="overflow"):
        long.take(pa.array([0, 32]))
    assert len(text_columns.taken(long, np.array([0, 32]))) == 2
    assert sample(long).counts.tolist() == [33]
    codes, texts = encode(long)
    assert codes.tolist() == [0] * 33 and len(texts) == 1


def test_what_can_not_be_one_array_is_refused_in_words(long: pa.ChunkedArray) -> None:
    with refused(UnreadableFile, match="mais de 2 GB de texto"):
        text_columns.whole(long)


def test_too_many_distinct_texts_are_refused_in_words() -> None:
    class Endless:
        def dictionary_encode(self) -> pa.ChunkedArray:
            raise pa.ArrowCapacityError("array cannot contain more than 2147483646 bytes")

    with refused(UnreadableFile, match="mais de 2 GB de texto"):
        text_columns.coded(Endless())
