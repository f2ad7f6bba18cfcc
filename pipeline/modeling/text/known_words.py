"""How much of a comment a reader knows: its words of content, and those of them that stand in the vocabulary."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.modeling.text import tfidf
from pipeline.modeling.text.phrases import is_content
from pipeline.modeling.text.tfidf import Vocabulary
from pipeline.modeling.text.tokenizer import tokens_of


def known_words(vocabulary: Vocabulary, comments: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """(words of content, those that are known) of each comment, int arrays.

    A word that a negation turns is known where the vocabulary has it turned: "reclamar" does not tell what
    "não tenho do que reclamar" means.
    """
    found = np.zeros((len(comments), 2), dtype=np.int64)
    terms = vocabulary.terms()
    for start in range(0, len(comments), tfidf.CHUNK):
        part = comments[start : start + tfidf.CHUNK]
        tokens = tokens_of(part, vocabulary.words)
        plain, turned = (
            np.array([mark + word in terms for word in tokens.words], dtype=bool) for mark in ("", tfidf.TURNED)
        )
        content = is_content(tokens)
        known = content & np.where(tokens.negated, turned[tokens.word], plain[tokens.word])
        for column, mask in enumerate((content, known)):
            found[start : start + len(part), column] = np.bincount(tokens.row[mask], minlength=len(part))
    return found[:, 0], found[:, 1]
