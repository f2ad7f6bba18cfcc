"""What is counted agrees with its number: of one, no sentence speaks in the plural; of two, none in the singular."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import jinja2
from jinja2 import meta

from pipeline.presentation.locale import messages

PLURAL = re.compile(r"(?<![\w.,/–-])1[ \u00a0]([a-zà-ú]+s)\b", re.IGNORECASE)
SINGULAR = re.compile(
    r"(?<![\w.,/–-])2[ \u00a0](dia|linha|coluna|campo|célula|ano|estrela|árvore|nível|caractere|paciente|comentário|"
    r"arquivo|modelo|fator|tema|mês|vez|delas|dele)\b",
    re.IGNORECASE,
)
NO_PLURAL = {"mês", "às", "mais", "antes", "nos", "cns"}
_INNER = {"code": "reading.is_pdf", "params": {}}


def _tries(number: int) -> tuple[Any, ...]:
    """What a value of a sentence may be: a number, before all; else what the sentence takes without complaint."""
    return number, (number,) * number, "2026-01-05", ("um",) * number, _INNER


def _renderings(code: str, number: int) -> Iterator[str]:
    """The sentence with as many of its values as can be being that number."""
    text = messages.codes()[code]
    names = sorted(meta.find_undeclared_variables(messages.environment().parse(text)))
    for values in sorted(itertools.product(range(len(_tries(number))), repeat=len(names)), key=sum):
        given = {name: _tries(number)[kind] for name, kind in zip(names, values, strict=True)}
        try:
            yield messages._template(code).render(given)
        except (TypeError, ValueError, KeyError, AttributeError, jinja2.TemplateError):
            continue
        return
    raise AssertionError(f"{code} is said with none of the values that were tried")


def _disagrees(code: str) -> list[str]:
    """The sentence, where it says one in the plural, or two in the singular."""
    (one,), (two,) = (list(_renderings(code, number)) for number in (1, 2))
    plural = [word for word in PLURAL.findall(one) if word.lower() not in NO_PLURAL]
    return [said for said, found in ((one, plural), (two, SINGULAR.findall(two))) if found]


def test_a_sentence_agrees_with_one_and_with_two() -> None:
    assert messages.codes()
    assert {code: wrong for code in sorted(messages.codes()) if (wrong := _disagrees(code))} == {}
