"""Files for whoever calls or writes: phones as digits, masked unless asked for, and no cell that a spreadsheet runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.presentation import spreadsheets
from pipeline.presentation.frames.contact_files import ToContact, center, digits, masked, messages
from pipeline.products.no_show import PRODUCT


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("(27) 99876-1234", "5527998761234"),
        ("027 3225-1234", "552732251234"),
        ("+55 27 99876-1234", "5527998761234"),
        ("99876", ""),
        ("", ""),
    ],
)
def test_a_phone_is_digits_with_the_countrys_code(text: str, told: str) -> None:
    assert digits(text) == told
    assert masked(text) == ("•" * (len(told) - 2) + told[-2:] if told else "")


@given(st.text("0123456789()+- a", max_size=30))
def test_of_a_masked_phone_two_digits_are_told(text: str) -> None:
    assert sum(sign.isdigit() for sign in masked(text)) in (0, 2)


def to_contact(text: str) -> ToContact:
    frame = pd.DataFrame(
        {
            "patient_id": pd.Categorical(["ABCDE77777"]),
            "scheduled_date": pd.to_datetime(["2026-11-24"]),
            "scheduled_date_hour": np.array([14.5], np.float32),
            "procedure": pd.Categorical([text]),
            "unit": pd.Categorical(["Norte"]),
            "row": [2],
        }
    )
    return ToContact(frame, ("00000000000000ff",), ("",), (("Antecedência de 40 dias",),), (text,), PRODUCT)


def test_nothing_in_the_files_is_run_and_names_come_only_when_asked_for() -> None:
    found = to_contact("=HYPERLINK(1)")
    own = pd.DataFrame({"Nome": ["MARIA DA SILVA"], "Celular": ["(27) 99876-1234"], "resultado": ["x"]})
    said = center(found, own)
    assert list(said.columns)[-7:] == ["resultado", "canal", "contatado em", "barreira", "oferta", "quem", "anotação"]
    assert said["resultado (do arquivo)"].tolist() == ["x"] and said["resultado"].tolist() == [""]
    assert "'=HYPERLINK(1)" in spreadsheets.csv_bytes(said).decode("utf-8-sig")
    masked_, named = (messages(found, own, ["Celular"], identified=asked) for asked in (False, True))
    assert masked_.iloc[0].tolist() == ["•••••••••••34", "", "=HYPERLINK(1)", "00000000000000ff"]
    assert named.iloc[0].tolist()[:2] == ["5527998761234", "Maria"]
