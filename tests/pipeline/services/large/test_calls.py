"""A list to call of a file by shards: the very lines, groups and counts of the file taken whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import services
from pipeline.errors import PresencaError
from pipeline.services.batch import calling, files
from pipeline.services.batch.calling import CalledFile, calls_of_file
from pipeline.services.large import spread
from pipeline.services.large.spread import Spread

REQUEST = services.CallRequest(40, days=3, control=0.2)


@pytest.fixture(scope="module")
def given(missed_home: tuple[Path, Path]) -> tuple[Path, Path]:
    samples, home = missed_home
    (bundle,) = (home / "models").glob("*.zip")
    return samples / "no_show_futuro.csv", bundle


def same(found: CalledFile, whole: CalledFile) -> bool:
    return found.table.equals(whole.table) and replace(found, table=whole.table) == whole


@pytest.mark.parametrize("number", [1, 3, pytest.param(8, marks=pytest.mark.slow)])
def test_the_list_is_the_same(given: tuple[Path, Path], number: int) -> None:
    whole = calls_of_file(*given, REQUEST)
    assert whole.to_call == 32 and same(calls_of_file(*given, replace(REQUEST, how=Spread(shards=number))), whole)


def test_with_a_history_and_contacts(given: tuple[Path, Path], missed_home: tuple[Path, Path], tmp_path: Path) -> None:
    past = missed_home[0] / "no_show_passado.csv"
    told = calls_of_file(*given, REQUEST).table.to_pandas().head(12)
    told["resultado"] = ["confirmou", "não atendeu", "recado"] * 4
    told.loc[told.index % 2 == 0, "evento"] = ""  # by patient and day alone
    told.to_csv(tmp_path / "told.csv", index=False, sep=";")
    whole = calls_of_file(*given, REQUEST, history=past, contacts=tmp_path / "told.csv")
    by_shards = replace(REQUEST, how=Spread(shards=3))
    assert whole.contacts and same(
        calls_of_file(*given, by_shards, history=past, contacts=tmp_path / "told.csv"), whole
    )


def test_few_rows_with_a_long_past_are_no_small_work(
    given: tuple[Path, Path], missed_home: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The night's command: tomorrow's rows, and years behind them, which are never all in hand."""
    past = missed_home[0] / "no_show_passado.csv"
    source, bundle = given
    written: dict[bool, bytes] = {}
    for large in (False, True):
        if large:
            monkeypatch.setattr(spread, "LARGE", 1_000)
            monkeypatch.setattr(calling, "_whole", pytest.fail)
            monkeypatch.setattr(files, "score_dataset", pytest.fail)
        called = calls_of_file(source, bundle, REQUEST, history=past)
        services.score_into(services.ScoreRequest(source, bundle, past), tmp_path / "out.csv")
        written[large] = (tmp_path / "out.csv").read_bytes() + called.table.to_pandas().to_csv().encode()
    assert written[True] == written[False]


@pytest.mark.slow  # one that looks back: pages/test_long_lists.py
def test_a_list_that_looks_back_and_one_of_nobody(given: tuple[Path, Path]) -> None:
    whole = calls_of_file(*given, REQUEST)
    for day in (whole.as_of + dt.timedelta(days=4), whole.as_of + dt.timedelta(days=4_000)):
        asked = [replace(REQUEST, as_of=day, how=how) for how in (Spread(), Spread(shards=3))]
        answers = []
        for one in asked:
            try:
                answers.append(calls_of_file(*given, one))
            except PresencaError as refused:
                answers.append(refused.note)
        if isinstance(answers[0], CalledFile):
            assert same(answers[1], answers[0])
        else:
            assert answers[0] == answers[1]
