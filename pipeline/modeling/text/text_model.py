"""What comments say about binary questions: linear models over words, made in `fit`, and the sense beside them.

Each answer is log-odds = offset + weights · columns, already calibrated, so that a word's share of the log-odds is
its own. A row without a comment says what such rows say on the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.modeling.text import tfidf
from pipeline.modeling.text.sense import Encoder, Sense
from pipeline.modeling.text.tfidf import Shares, Vocabulary


@dataclass(frozen=True)
class Asked:
    """One question to n rows:
    of which it is asked, which answer yes (both bool), and the ridge's inverse strength (C).
    """

    rows: np.ndarray
    yes: np.ndarray
    strength: float


@dataclass(frozen=True)
class Linear:
    """Log-odds of one answer; `unsaid` where there is no comment."""

    weights: np.ndarray
    offset: float
    unsaid: float


@dataclass(frozen=True)
class Reader:
    """A vocabulary, an answer to each question over its columns, and where it learnt one the sense beside the words."""

    vocabulary: Vocabulary
    answers: tuple[Linear, ...]
    sense: Sense | None = None

    def vectors(self, comments: Sequence[str], encoder: Encoder | None) -> np.ndarray | None:
        """The comments' vectors, where this reader reads those of the encoder; None: the words answer alone."""
        if self.sense is None or encoder is None or encoder.name != self.sense.encoder:
            return None
        return encoder.vectors(comments)

    def log_odds(self, comments: Sequence[str], vectors: np.ndarray | None = None) -> np.ndarray:
        """n × questions; with `vectors` (n × WIDTH) by words and sense, else by words alone."""
        found = self._by_words(comments)
        if vectors is None or self.sense is None:
            return found
        return np.where(silent(comments)[:, None], found, self.sense.joined(found, vectors))

    def _by_words(self, comments: Sequence[str]) -> np.ndarray:
        found = np.empty((len(comments), len(self.answers)))
        weights = np.column_stack([answer.weights for answer in self.answers])
        for start in range(0, len(comments), tfidf.CHUNK):
            part = slice(start, start + tfidf.CHUNK)
            found[part] = self.vocabulary.matrix(comments[part]) @ weights
        unsaid = silent(comments)
        for place, answer in enumerate(self.answers):
            found[:, place] = np.where(unsaid, answer.unsaid, found[:, place] + answer.offset)
        return found

    def shares(self, comments: Sequence[str], question: int = 0) -> Shares:
        """Whose the log-odds above `offset` are, word by word."""
        return self.vocabulary.shares(comments, self.answers[question].weights)

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        plain = {
            "vocabulary": self.vocabulary.to_plain(),
            "answers": [
                {"weights": [float(w) for w in a.weights], "offset": a.offset, "unsaid": a.unsaid} for a in self.answers
            ],
        }
        return plain if self.sense is None else {**plain, "sense": self.sense.to_plain()}

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Reader:
        """What `to_plain` gave; KeyError, TypeError or ValueError if it doesn't fit together."""
        vocabulary = Vocabulary.from_plain(plain["vocabulary"])
        answers = tuple(
            Linear(np.array(a["weights"], dtype=np.float64), float(a["offset"]), float(a["unsaid"]))
            for a in plain["answers"]
        )
        sound = answers and all(
            a.weights.shape == (vocabulary.width,) and np.isfinite(a.weights).all() for a in answers
        )
        if not sound or any(len(b) != len(i) for b, i in zip(vocabulary.blocks, vocabulary.idf, strict=True)):
            raise ValueError("weights and vocabulary differ in length")
        sense = Sense.from_plain(plain["sense"]) if "sense" in plain else None
        if sense is not None and len(sense.answers) != len(answers):
            raise ValueError("words and sense answer different questions")
        return Reader(vocabulary, answers, sense)


def silent(comments: Sequence[str]) -> np.ndarray:
    """Which of the comments say nothing (bool)."""
    return np.array([not comment.strip() for comment in comments], dtype=bool)
