"""When an appointment of a list is: short where it is plain, with its year where it is not."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from pipeline.presentation.frames import call_list as listing

AS_OF = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "hour", "shown"),
    [
        ("2026-12-01", 9.5, "01/12 09:30"),
        ("2026-11-22", np.nan, "22/11"),
        ("2027-02-03", 7, "03/02 07:00"),
        ("2027-10-26", 17, "26/10/2027"),
        ("2026-11-21", 8, "21/11/2026"),
        (None, np.nan, ""),
    ],
)
def test_day_of_the_list(day: str | None, hour: float, shown: str) -> None:
    assert listing.when(pd.Timestamp(day), hour, AS_OF) == shown
