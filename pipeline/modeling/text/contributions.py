"""What comments give to a risk, as factors that add up: their words, and where a reader has one their sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.contract import Product
from pipeline.modeling.text.comment_field import sense_factor, text_factor
from pipeline.modeling.text.text_model import Reader, silent


@dataclass(frozen=True)
class TextContribution:
    """The log-odds that comments give (float64, n), and what a comment of no known words or sense would."""

    factor: str
    log_odds: np.ndarray
    reference: float


@dataclass(frozen=True)
class Said:
    """What a reader says of n comments: log-odds (n × questions), and the vectors that it had, if any."""

    reader: Reader
    comments: Sequence[str]
    log_odds: np.ndarray
    vectors: np.ndarray | None

    @property
    def words_share(self) -> float:
        """What a unit of the words' own log-odds gives to the risk's."""
        sense = self.reader.sense
        return 1.0 if self.vectors is None or sense is None else sense.answers[0].words

    def by_words(self) -> Said:
        """The same comments read by their words alone."""
        return Said(self.reader, self.comments, self.reader.log_odds(self.comments), None)

    def contributions(self, product: Product) -> tuple[TextContribution, ...]:
        """Of the risk: factors whose log-odds sum to `log_odds[:, 0]`.

        A reader that learnt a sense gives one factor more, which is nothing where it had no vectors.
        """
        words, sense = text_factor(product), sense_factor(product)
        whole, start = self.log_odds[:, 0], self.reader.answers[0].offset
        if words is None:
            return ()
        if self.reader.sense is None or sense is None:
            return (TextContribution(words, whole, start),)
        if self.vectors is None:
            return (TextContribution(words, whole, start), TextContribution(sense, np.zeros(len(whole)), 0.0))
        head = self.reader.sense.answers[0]
        given = np.where(silent(self.comments), head.level, self.reader.sense.given(self.vectors)[:, 0])
        return (
            TextContribution(words, whole - given, head.words * start + head.offset),
            TextContribution(sense, given, head.level),
        )
