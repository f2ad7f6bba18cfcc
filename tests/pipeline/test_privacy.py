"""Pseudonyms and the vault's seal."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import privacy
from pipeline.errors import WorkspaceError
from tests.refusals import refused

KEY, OTHER = b"k" * 32, b"o" * 32


def test_a_pseudonym_is_the_same_for_one_key_and_another_for_another() -> None:
    first = privacy.pseudonym("529.982.247-25", KEY)
    assert first == privacy.pseudonym("529.982.247-25", KEY)
    assert first != privacy.pseudonym("529.982.247-25", OTHER)
    assert len(first) == 26 and first.isalnum() and first.isupper()
    assert privacy.short(first) == f"P-{first[:5]}"


@pytest.mark.parametrize(
    ("one", "other"), [("529.982.247-25", "52998224725"), (" A  1 ", "A 1"), ("Jose\u0301", "Jos\u00e9")]
)
def test_one_patient_written_two_ways_is_one(one: str, other: str) -> None:
    assert privacy.pseudonym(one, KEY) == privacy.pseudonym(other, KEY)


@pytest.mark.parametrize(("one", "other"), [("1-23", "12-3"), ("abC", "abc"), ("007", "7"), ("", " x")])
def test_two_patients_stay_two(one: str, other: str) -> None:
    assert privacy.pseudonym(one, KEY) != privacy.pseudonym(other, KEY)


@given(st.binary(min_size=16, max_size=16))
def test_pseudonyms_are_written_in_standard_base32(digest: bytes) -> None:
    written = privacy._base32(np.frombuffer(digest * 2, np.uint8).reshape(2, 16))
    assert written.tolist() == [base64.b32encode(digest).rstrip(b"=")] * 2


def test_a_column_keeps_its_rows_and_what_is_missing() -> None:
    column = pd.Series(
        pd.Categorical(["b", None, "a", "b"], categories=["unused", "a", "b"]), index=[5, 6, 7, 8], name="id"
    )
    hidden = privacy.pseudonymise(column, KEY)
    assert isinstance(hidden.dtype, pd.CategoricalDtype)
    assert list(hidden.index) == [5, 6, 7, 8] and hidden.name == "id"
    assert hidden.isna().tolist() == [False, True, False, False]
    assert [hidden[5], hidden[7], hidden[8]] == [privacy.pseudonym(v, KEY) for v in ("b", "a", "b")]
    assert len(hidden.cat.categories) == 2


@given(st.lists(st.one_of(st.none(), st.text(max_size=15)), max_size=30))
def test_pseudonyms_split_rows_as_normalised_ids_do_and_their_order_tells_nothing(values: list[str | None]) -> None:
    hidden = privacy.pseudonymise(pd.Series(values, dtype=object), KEY)
    expected = [np.nan if v is None else privacy.pseudonym(v, KEY) for v in values]
    pd.testing.assert_series_equal(hidden.astype(object), pd.Series(expected, dtype=object), check_dtype=False)
    assert list(hidden.cat.categories) == sorted(hidden.cat.categories)


def test_what_is_sealed_opens_and_shows_nothing() -> None:
    sealed = privacy.seal(b"Zuleika", KEY, "abc")
    assert b"Zuleika" not in sealed
    assert sealed != privacy.seal(b"Zuleika", KEY, "abc")  # a fresh nonce each time
    assert privacy.open_sealed(sealed, KEY, "abc") == b"Zuleika"


def test_a_seal_opens_for_nobody_else() -> None:
    sealed = privacy.seal(b"Zuleika", KEY, "abc")
    for content, key, dataset in [
        (sealed, OTHER, "abc"),
        (sealed, KEY, "abd"),
        (sealed[:-1], KEY, "abc"),
        (b"", KEY, "abc"),
    ]:
        with refused(WorkspaceError, match="cofre"):
            privacy.open_sealed(content, key, dataset)


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=7))
def test_one_changed_bit_is_noticed(place: int, bit: int) -> None:
    sealed = bytearray(privacy.seal(b"Zuleika", KEY, "abc"))
    sealed[place % len(sealed)] ^= 1 << bit
    with refused(WorkspaceError, match="cofre"):
        privacy.open_sealed(bytes(sealed), KEY, "abc")
