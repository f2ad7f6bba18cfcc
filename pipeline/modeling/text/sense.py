"""The sense of comments: what a vector of a whole comment says beside its words.

A sentence encoder turns a comment into a vector; a linear head over it, stacked on the words' answer (Wolpert 1992),
gives log-odds = `words` · (the words' log-odds) + `weights` · vector + `offset`. Both parts are sums, so that words
and sense add up exactly. The encoder rests outside the model, which names it and answers by words alone without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

WIDTH = 384  # numbers of a vector
Listener = Callable[[int, int], None]  # hears how many of how many texts have been read


class Encoder(Protocol):
    """What turns comments into vectors; `name` tells which, so that a head meets only vectors of its own kind."""

    @property
    def name(self) -> str:
        """Of the encoder and its weights."""
        ...

    def vectors(self, texts: Sequence[str], listener: Listener | None = None) -> np.ndarray:
        """n × WIDTH, float32; equal texts give equal vectors."""
        ...


@dataclass(frozen=True)
class Listened:
    """An encoder whose readings somebody hears of."""

    encoder: Encoder
    listener: Listener

    @property
    def name(self) -> str:
        """See `Encoder`."""
        return self.encoder.name

    def vectors(self, texts: Sequence[str], listener: Listener | None = None) -> np.ndarray:
        """See `Encoder`."""
        return self.encoder.vectors(texts, listener or self.listener)


@dataclass(frozen=True)
class SenseAnswer:
    """The head of one question: the words' share, the weights (float64, WIDTH), the offset.

    `level` is the mean of weights · vector over what it learnt from: a comment of no marked sense.
    """

    words: float
    weights: np.ndarray
    offset: float
    level: float

    @staticmethod
    def silent() -> SenseAnswer:
        """The head that leaves the words' answer as it is."""
        return SenseAnswer(1.0, np.zeros(WIDTH), 0.0, 0.0)


@dataclass(frozen=True)
class Sense:
    """The heads of all questions, and the name of the encoder whose vectors they read."""

    encoder: str
    answers: tuple[SenseAnswer, ...]

    def given(self, vectors: np.ndarray) -> np.ndarray:
        """What the vectors (n × WIDTH) give to each question's log-odds: n × questions."""
        return np.asarray(vectors, dtype=np.float64) @ np.column_stack([answer.weights for answer in self.answers])

    def joined(self, words: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """The log-odds (n × questions) of the words' log-odds and the vectors."""
        shares = np.array([answer.words for answer in self.answers])
        offsets = np.array([answer.offset for answer in self.answers])
        return words * shares + self.given(vectors) + offsets

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "encoder": self.encoder,
            "answers": [
                {"words": a.words, "weights": a.weights.tolist(), "offset": a.offset, "level": a.level}
                for a in self.answers
            ],
        }

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Sense:
        """What `to_plain` gave; KeyError, TypeError or ValueError if it doesn't fit together."""
        answers = tuple(
            SenseAnswer(
                float(a["words"]), np.array(a["weights"], dtype=np.float64), float(a["offset"]), float(a["level"])
            )
            for a in plain["answers"]
        )
        for a in answers:
            if a.weights.shape != (WIDTH,) or not np.isfinite([a.words, a.offset, a.level, *a.weights]).all():
                raise ValueError("a head of another width")
        return Sense(str(plain["encoder"]), answers)


def made_up(rows: int) -> np.ndarray:
    """Vectors (rows × WIDTH) of no comment, the same each time: a bundle's heads are tried with them."""
    drawn = np.random.default_rng(0).standard_normal((rows, WIDTH))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
