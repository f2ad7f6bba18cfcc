"""What downloads are called by: the open data set and its month, and nothing that may be somebody's."""

from __future__ import annotations

import datetime as dt
import re

import streamlit as st

from pipeline.records import DatasetInfo

_ABOUT = "download_about"
_NUMBER = re.compile(r"\d{5,}")


def named(name: str, day: dt.date | None) -> str:
    """A file as names of downloads carry it: without its ending and long numbers (one may be somebody's), its month."""
    plain = _NUMBER.sub("", name.rsplit(".", 1)[0])
    return f"{plain}-{day:%Y-%m}" if day else plain


def remember(dataset: DatasetInfo | None) -> None:
    """The data set that this page speaks of."""
    st.session_state[_ABOUT] = "" if dataset is None else named(dataset.name, dataset.last_date)


def of_the_page() -> str:
    """What downloads of this page are of: the open data set; "" where there is none."""
    return str(st.session_state.get(_ABOUT, ""))
