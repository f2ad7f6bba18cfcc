"""CPF check digits over many cells at once.

python-stdnum checks one number at a time, which takes seconds for the ids of a large file; the tests hold this
against it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.folding import fold

_MOSTLY = 0.8
_HALF = 0.5
_LENGTH = 11


def wrong_cpfs(texts: pa.Array) -> np.ndarray:
    """Per distinct text: whether it is no valid CPF (wrong length, letters, check digits, or one digit repeated)."""
    digits, shaped = _digits(texts)
    wrong = np.ones(len(texts), bool)
    if shaped.any():
        body = "".join(digits.filter(pa.array(shaped)).to_pylist()).encode()
        wrong[shaped] = ~_valid(np.frombuffer(body, np.uint8).reshape(-1, _LENGTH).astype("int32") - ord("0"))
    return wrong


def looks_like_cpfs(texts: pa.Array, said_so: bool) -> bool:
    """True where at least 80 % of the texts are valid CPFs, or the header says CPF and half are shaped like one."""
    if not len(texts):
        return False
    if said_so:
        shaped = pc.match_substring_regex(_digits(texts)[0], r"^\d{9,11}$")
        return bool(np.mean(shaped.to_numpy(zero_copy_only=False)) >= _HALF)
    return bool(np.mean(~wrong_cpfs(texts)) >= _MOSTLY)


def with_zeros(texts: pa.Array) -> pa.Array:
    """Numbers of eight to ten digits that are right CPFs once their leading zeros are back; the others as they are."""
    bare = pc.utf8_trim_whitespace(texts)
    short = pc.match_substring_regex(bare, r"^\d{8,10}$")
    padded = pc.if_else(short, pc.utf8_lpad(bare, _LENGTH, "0"), texts)
    return pc.if_else(pa.array(~wrong_cpfs(padded)), padded, texts)


def header_says_cpf(header: str) -> bool:
    """Whether a header names the CPF as a word of its own."""
    return "cpf" in fold(header).split()


def _digits(texts: pa.Array) -> tuple[pa.Array, np.ndarray]:
    bare = pc.replace_substring_regex(texts, r"[.\-/\s]", "")
    return bare, pc.match_substring_regex(bare, r"^\d{11}$").to_numpy(zero_copy_only=False)


def _valid(digits: np.ndarray) -> np.ndarray:
    """Modulus 11 twice (Receita Federal), over an (n, 11) array of digits."""
    first = digits[:, :9] @ np.arange(10, 1, -1) * 10 % 11 % 10
    second = digits[:, :10] @ np.arange(11, 1, -1) * 10 % 11 % 10
    varied = (digits != digits[:, :1]).any(axis=1)
    return (first == digits[:, 9]) & (second == digits[:, 10]) & varied
