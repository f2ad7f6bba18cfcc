"""Text is compared by one rule, in file names, headers, values and words alike."""

from __future__ import annotations

import pytest

from pipeline.folding import fold, fold_word
from pipeline.presentation.escaping import file_stem


@pytest.mark.parametrize(
    ("text", "folded", "stem"),
    [
        ("  Convênio — Médico ", "convenio medico", "convenio_medico"),
        ("Nº 1º", "no 1o", "no_1o"),
        ("STRASSE", "strasse", "strasse"),
        ("Straße", "strasse", "strasse"),
        ("—", "", ""),
    ],
)
def test_only_letters_and_digits_are_compared(text: str, folded: str, stem: str) -> None:
    assert fold(text) == folded and file_stem(text) == stem


def test_a_word_keeps_signs_that_are_words() -> None:
    assert fold_word("NÃO") == "nao" and fold_word("😀") == "😀"
