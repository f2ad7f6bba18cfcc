"""One identity of an appointment holds every user of it together: joining, comparison, history, rows at rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingestion import joining
from pipeline.ingestion.dataset import Dataset, concat_rows
from pipeline.ingestion.event_id import EVENT_ID, UNTOLD, event_ids, said_again, told_again, with_event_ids
from pipeline.modeling.features.timeline import without_repeats
from pipeline.products.no_show import PRODUCT
from pipeline.workspace.secrets.identities import without_identities
from tests.pipeline.ingestion.tables import HEADERS, ingested

KEYS = (
    "patient_id",
    "scheduled_date",
    "procedure",
    "appointment_type",
    "contact_date",
    "status",
    "unit",
    "booking_channel",
)
PERSONAL = tuple(field.key for field in PRODUCT.fields if field.personal)


@dataclass(frozen=True)
class Booking:
    """An appointment as a file tells it: who, when and what are its own, the rest may move."""

    patient: int
    day: int
    procedure: str
    hour: int
    unit: str
    contact: int
    status: str
    channel: str

    @property
    def own(self) -> tuple[Any, ...]:
        return self.patient, self.day, self.procedure

    def cells(self) -> tuple[str, ...]:
        day = f"{self.day:02d}/03/2026 {self.hour:02d}:00"
        contact = f"{self.contact:02d}/02/2026"
        return f"P{self.patient:03d}", day, self.procedure, "Exame", contact, self.status, self.unit, self.channel


bookings = st.builds(
    Booking,
    st.integers(0, 5),
    st.integers(1, 9),
    st.sampled_from(["Ressonância", "Raio-X"]),
    st.integers(8, 17),
    st.sampled_from(["Centro", "Norte"]),
    st.integers(1, 20),
    st.sampled_from(["Agendado", "Realizado", "No Show"]),
    st.sampled_from(["Online", "Call Center"]),
)
agendas = st.lists(bookings, min_size=1, max_size=12, unique_by=lambda b: b.own)
moves = st.fixed_dictionaries(
    {},
    optional={
        "hour": st.integers(8, 17),
        "unit": st.sampled_from(["Centro", "Norte", "Sul"]),
        "contact": st.integers(1, 20),
        "status": st.sampled_from(["Realizado", "No Show"]),
        "channel": st.sampled_from(["Online", "Call Center"]),
    },
)


def _file(agenda: list[Booking]) -> Dataset:
    columns = zip(*(booking.cells() for booking in agenda), strict=True)
    return ingested({HEADERS[key]: list(cells) for key, cells in zip(KEYS, columns, strict=True)})


@settings(max_examples=12)  # each draws up to twelve appointments, and reads two files
@given(agendas, st.data())
def test_what_moved_and_is_told_again_counts_once_for_everyone(agenda: list[Booking], data: st.DataObject) -> None:
    """Another hour, unit, professional or day of contact, in any order: for joining, comparison and history alike."""
    told = data.draw(st.lists(st.sampled_from(agenda), unique_by=lambda b: b.own, min_size=1))
    later = [replace(booking, **data.draw(moves)) for booking in data.draw(st.permutations(told))]
    before, after = _file(agenda), _file(later)

    joined = joining.join([before, after], PRODUCT)
    left = [mark for mark in joined.table[joining.SUPERSEDED].to_pylist() if mark]
    assert joined.table.num_rows - len(left) == len(agenda)

    compared = joining.compare(before.rows, after.rows, PRODUCT, ("antes", "depois"))
    assert (compared.new, compared.changed + compared.repeated) == (0, len(later))
    assert compared.only_before == len(agenda) - len(later)

    # for features too, save one that was booked anew later: what was known until then stays
    booked = {booking.own: booking.contact for booking in agenda}
    anew = sum(booking.contact > booked[booking.own] for booking in later)
    past = without_repeats(after.rows, before.rows, PRODUCT)
    assert len(past) == len(agenda) - len(later) + anew


@given(agendas, st.binary(min_size=32, max_size=32))
def test_ids_at_rest_are_of_pseudonyms_and_agree_as_those_of_ids_do(agenda: list[Booking], key: bytes) -> None:
    first, second = _file(agenda).rows, _file(agenda[::-1]).rows
    assert EVENT_ID not in without_identities(first, PERSONAL, key)  # whoever forgets to make them anew keeps none
    at_rest = [with_event_ids(without_identities(rows, PERSONAL, key), PRODUCT) for rows in (first, second)]
    assert sorted(at_rest[0][EVENT_ID]) == sorted(at_rest[1][EVENT_ID])
    assert set(at_rest[0][EVENT_ID]).isdisjoint(first[EVENT_ID])  # nothing at rest is made of the ids themselves
    older = at_rest[0].drop(columns=EVENT_ID)  # as an earlier version kept it
    assert (event_ids(older, PRODUCT) == at_rest[0][EVENT_ID].to_numpy()).all()


def test_two_alike_on_one_day_are_two_the_first_in_time_is_the_first() -> None:
    morning = Booking(1, 2, "Raio-X", 9, "Centro", 3, "Agendado", "Online")
    evening = replace(morning, hour=15)
    one, other = _file([morning, evening]).rows, _file([evening, morning]).rows
    assert one[EVENT_ID].nunique() == 2
    assert one[EVENT_ID].tolist() == other[EVENT_ID].tolist()[::-1]


@pytest.mark.parametrize("lacking", ["patient_id", "scheduled_date"])
def test_a_row_without_patient_or_day_is_like_no_other(lacking: str) -> None:
    rows = _file([Booking(1, 2, "Raio-X", 9, "Centro", 3, "Agendado", "Online")]).rows
    missing = pd.NaT if lacking == "scheduled_date" else pd.Categorical([None], categories=rows[lacking].cat.categories)
    rows = with_event_ids(rows.assign(**{lacking: missing}), PRODUCT)
    assert rows[EVENT_ID].tolist() == [UNTOLD]
    twice = concat_rows([rows, rows])
    assert not told_again(twice, twice, PRODUCT).any() and len(without_repeats(rows, rows, PRODUCT)) == 1


def test_spelling_makes_no_other_event() -> None:
    booking = Booking(1, 2, "Ressonância", 9, "Centro", 3, "Agendado", "Online")
    plain = _file([replace(booking, procedure="RESSONANCIA")]).rows
    assert np.array_equal(event_ids(_file([booking]).rows, PRODUCT), event_ids(plain, PRODUCT))


def test_the_very_same_row_of_an_overlapping_file_counts_once() -> None:
    """Two alike on one day, told apart by when they were booked: a file that lacks the first names the second as it."""
    first, second = (Booking(1, 2, "Ressonância", 9, "Centro", day, "Agendado", "Online") for day in (1, 3))
    whole, part = _file([first, second]).rows, _file([second]).rows
    assert part[EVENT_ID].tolist() == whole[EVENT_ID].tolist()[:1]
    assert said_again(part, whole, PRODUCT).tolist() == [False, True]
    assert said_again(whole, concat_rows([whole, whole]), PRODUCT).tolist() == [True, True, False, False]
