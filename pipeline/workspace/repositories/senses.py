"""The vectors of a data set's comments, sealed beside its rows: they tell of what patients wrote, and go with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from pipeline.privacy import open_sealed, seal
from pipeline.workspace.repositories.datasets import SENSE
from pipeline.workspace.repositories.erasures import Erasures
from pipeline.workspace.storage import atomic_files

_WHOLE = "sense.name"  # in a revision's folder: which encoder has read all its comments
_KEY, _VECTOR, _ENCODER = "key", "vector", b"encoder"


@dataclass(frozen=True)
class KeptVectors:
    """Vectors (n × width, float16) of n texts by their keys, and the encoder that made them."""

    encoder: str
    keys: tuple[str, ...]
    vectors: np.ndarray


def text_key(text: str) -> str:
    """What stands for a text among those that are kept."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


class Senses(Erasures):
    """The part of the workspace that keeps the sense of comments."""

    def sense(self, dataset_id: str) -> KeptVectors | None:
        """What is kept of a data set's comments, read whole or in part; None where nothing is."""
        path = self.blobs.fetched(self.dataset_place(self.dataset(dataset_id).id) / SENSE)
        if not path.exists():
            return None
        with atomic_files.explained("doing.open_sense"):
            content = open_sealed(path.read_bytes(), self.key, dataset_id)
        with pa.ipc.open_stream(content) as reader:
            table = reader.read_all()
        flat = table.column(_VECTOR).combine_chunks().flatten().to_numpy(zero_copy_only=False)
        encoder = (table.schema.metadata or {}).get(_ENCODER, b"").decode()
        keys = tuple(table.column(_KEY).to_pylist())
        return KeptVectors(encoder, keys, flat.reshape(len(keys), -1))

    def save_sense(self, dataset_id: str, kept: KeptVectors) -> None:
        """Keeps vectors in place of those that were there."""
        width = kept.vectors.shape[1]
        flat = pa.array(kept.vectors.astype(np.float16).ravel(), pa.float16())
        table = pa.table(
            {_KEY: pa.array(kept.keys, pa.string()), _VECTOR: pa.FixedSizeListArray.from_arrays(flat, width)},
            metadata={_ENCODER: kept.encoder.encode()},
        )
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        sealed = seal(sink.getvalue().to_pybytes(), self.key, dataset_id)
        with atomic_files.explained("doing.save_sense"):
            self.blobs.put(sealed, self.dataset_place(self.dataset(dataset_id).id) / SENSE)

    def sense_whole(self, dataset_id: str) -> str:
        """The encoder that has read all comments of the data set as it is now, or ""."""
        try:
            return (self._contents(dataset_id, _WHOLE) / _WHOLE).read_text("utf-8")
        except FileNotFoundError:  # nobody has read them, or they were deleted meanwhile
            return ""

    def mark_sense_whole(self, dataset_id: str, encoder: str) -> None:
        """Says that all comments of the data set as it is now have been read."""
        with atomic_files.explained("doing.save_sense"):
            self.blobs.put(encoder.encode(), self._contents(dataset_id) / _WHOLE)
