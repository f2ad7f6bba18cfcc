"""What the reader that ships with the app learns from: invented comments with their stars, and nothing else."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pyarrow as pa

from pipeline.products.satisfaction.sample import HEADERS, generate
from pipeline.products.satisfaction.sample_comments import written
from pipeline.products.satisfaction.starter_phrases import BY_STARS, SLOTS

SAMPLE_ROWS, REMARKS = 14_000, 8_000  # events of the sample network, and remarks of more kinds
_SLOT = re.compile(r"(d?)\{(\w+?)(?:_de)?\}")
_SHARES = (0.30, 0.16, 0.12, 0.17, 0.25)  # of the stars among the remarks, one to five
_JOINS = (". ", ", ", "! ", ". ", " e ")


def texts(seed: int) -> pa.Table:
    """Comments and stars as text columns, headed as in a clinic's file; it depends on the seed alone."""
    comments, stars = map(list, zip(*_pairs(seed), strict=True))
    return pa.table({HEADERS["rating"]: pa.array(stars, pa.string()), HEADERS["comment"]: pa.array(comments, pa.string())})


def _pairs(seed: int) -> Iterator[tuple[str, str]]:
    for table in generate(SAMPLE_ROWS, seed):
        for rating, comment in zip(table[HEADERS["rating"]].to_pylist(), table[HEADERS["comment"]].to_pylist(), strict=True):
            if rating and comment:
                yield comment, rating
    for place in range(REMARKS):
        dice = random.Random(f"{seed}/starter/{place}")
        stars = dice.choices(range(1, 6), _SHARES)[0]
        yield written(dice, remark(dice, stars), stars), str(stars)


def remark(dice: random.Random, stars: int) -> str:
    """One to three remarks of these stars, their slots filled."""
    said = [_filled(dice, part) for part in dice.sample(BY_STARS[stars], dice.choice((1, 1, 2, 2, 3)))]
    text = said[0]
    for part in said[1:]:
        text += dice.choice(_JOINS) + part
    return text


def _filled(dice: random.Random, text: str) -> str:
    return _SLOT.sub(lambda slot: _after_de(dice.choice(SLOTS[slot[2]])) if slot[1] else dice.choice(SLOTS[slot[2]]), text)


def _after_de(noun: str) -> str:
    """ "de" before a noun, with its article: "o parto" is "do parto"."""
    return f"d{noun}" if noun[:2] in ("o ", "a ") else f"de {noun}"
