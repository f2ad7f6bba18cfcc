"""How a series is set is one record: kept for everybody, read as earlier versions kept it, and not lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import services
from pipeline.errors import PresencaError
from pipeline.products.no_show import PRODUCT
from pipeline.records import to_plain
from pipeline.records.contacts import Mute, QueueSettings
from pipeline.records.series_settings import ExtraBookings, SeriesSettings
from pipeline.records.slots import OverbookingPolicy
from pipeline.services import Workspace
from pipeline.services.data import series_settings
from pipeline.services.pages import call_scripts, slot_values
from tests.refusals import refused

CALLS = QueueSettings(people=2, days_ahead=5, floor=0.2, mute=Mute(9, (("Norte", 2),)))
EXTRA = ExtraBookings(OverbookingPolicy(chance=0.1, most=4, bound=0.5), 30.0, whole_day=True)


@pytest.fixture
def series(workspace_home: Path) -> str:
    return services.open_workspace().add_series(PRODUCT.key, "Clínica A").id


def set_all(series: str, space: Workspace) -> SeriesSettings:
    series_settings.set_calls(space, series, CALLS)
    series_settings.set_money(space, series, {"Ultrassom": 180.0, "": 90.0}, 4.0, 0.2)
    series_settings.set_extra(space, series, EXTRA)
    series_settings.set_script(space, series, "usual", "Alô?")
    return series_settings.of(space, series)


def test_the_usual_until_somebody_sets_something_and_then_for_everybody(series: str) -> None:
    assert series_settings.of(Workspace(), series) == SeriesSettings()
    assert series_settings.calls(Workspace(), series) == QueueSettings()
    assert series_settings.extra(Workspace(), series) == ExtraBookings()
    found = set_all(series, Workspace())
    assert series_settings.of(Workspace(), series) == found  # another process reads the same
    assert (found.calls, found.extra, dict(found.scripts)) == (CALLS, EXTRA, {"usual": "Alô?"})
    worth = slot_values.of(Workspace(), series)
    assert worth.costs.call == 4.0 and {one.name: one.value for one in worth.values if not one.example}[""] == 90.0
    series_settings.set_script(Workspace(), series, "usual", "")
    assert series_settings.of(Workspace(), series) == replace(found, scripts={})


def test_what_an_earlier_version_kept_is_read_and_brought_into_the_record(series: str) -> None:
    space = Workspace()
    space.set_setting(f"calls:{series}", to_plain(CALLS))
    space.set_setting(f"money:{series}", {"values": {"": 75.0}, "call": 3.0, "message": 0.1})
    space.set_setting(f"call_scripts:{series}", {"usual": "Bom dia!"})
    before = series_settings.of(space, series)
    assert before.calls == CALLS and before.money is not None and before.money.values == {"": 75.0}
    assert "Bom dia!" in [one.text for one in call_scripts.scripts(space, series)] and before.extra is None
    services.open_workspace()
    copy = space.home / "series_settings" / series / "all.json"
    assert "Bom dia!" in copy.read_text("utf-8")
    series_settings.set_extra(space, series, EXTRA)
    assert series_settings.of(space, series) == replace(before, extra=EXTRA)


def test_a_lost_record_comes_back_from_its_copy(series: str) -> None:
    space = Workspace()
    before = set_all(series, space)
    with space.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM settings WHERE key LIKE 'series_settings:%'")
    assert series_settings.of(space, series) == SeriesSettings()
    space.close()
    assert series_settings.of(Workspace(), series) == before


def test_two_people_who_set_two_things_at_once_lose_none(series: str) -> None:
    space = Workspace()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: series_settings.set_script(space, series, f"script{n}", "Alô?"), range(12)))
    assert len(series_settings.of(space, series).scripts) == 12


@pytest.mark.parametrize(
    "wrong",
    [
        replace(EXTRA, minutes=0.0),
        replace(EXTRA, minutes=float("nan")),
        replace(EXTRA, policy=OverbookingPolicy(chance=0.9)),
        replace(EXTRA, policy=OverbookingPolicy(most=-1)),
        replace(EXTRA, policy=OverbookingPolicy(bound=-0.1)),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(series: str, wrong: ExtraBookings) -> None:
    with refused(PresencaError, match="não faz sentido"):
        series_settings.set_extra(Workspace(), series, wrong)
    with refused(PresencaError, match="não faz sentido"):
        series_settings.set_calls(Workspace(), series, replace(CALLS, people=0))
    assert series_settings.of(Workspace(), series) == SeriesSettings()
