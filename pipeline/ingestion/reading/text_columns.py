"""Columns of text of any length: an array of Arrow's strings holds 2 GB, and a column of millions of comments more."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipeline.errors import UnreadableFile


def taken(column: pa.ChunkedArray, places: np.ndarray) -> pa.ChunkedArray:
    """The cells at some rising places, of each piece its own: `take` puts the whole column together first."""
    begin = np.cumsum([0, *(len(piece) for piece in column.chunks)])
    cuts = np.searchsorted(places, begin)
    pieces = [
        piece.take(pa.array(places[cuts[at] : cuts[at + 1]] - begin[at]))
        for at, piece in enumerate(column.chunks)
        if cuts[at + 1] > cuts[at]
    ]
    return pa.chunked_array(pieces, column.type)


def pieces(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The place of each row's text among the distinct ones of a column, as they first come: pieces of one dictionary.
    UnreadableFile where these are more than an array holds.
    """
    try:
        return column.dictionary_encode()
    except pa.ArrowCapacityError as error:
        raise UnreadableFile("reading.column_too_long") from error


def coded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """The same in one piece."""
    found = pieces(column)
    return found.combine_chunks() if found.num_chunks else pa.array([], column.type).dictionary_encode()


def whole(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece. UnreadableFile where its texts, repeated ones too, are more than an array holds."""
    try:
        return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    except pa.ArrowInvalid as error:
        raise UnreadableFile("reading.column_too_long") from error
