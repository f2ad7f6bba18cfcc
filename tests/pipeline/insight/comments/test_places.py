"""Where patients are content: sums that add up, nobody told of a handful of people, and no chance called a cause."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.insight.comments.place_expressions import LEAST, expressions, log_odds
from pipeline.insight.comments.place_reasons import why_place
from pipeline.insight.comments.places import FEW, Spoken, dimensions, overview
from pipeline.products.satisfaction import PRODUCT
from pipeline.statistics import discoveries, newcombe, two_rates, wilson
from tests.growth import grows_with_its_size

THEMES = PRODUCT.themes[:3]


def listed(units: list[str | None], stars: list[float], texts: list[str | None] | None = None) -> pd.DataFrame:
    """A list of events as `comment_list` keeps it, as far as places read it."""
    size = len(units)
    return pd.DataFrame(
        {
            "unit": pd.Categorical(units),
            "rating": np.array(stars, "float32"),
            "comment": pd.Series(["texto"] * size if texts is None else texts, dtype="object"),
            "event_date": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(size) % 200, unit="D"),
        }
    )


def spoken(complains: np.ndarray) -> Spoken:
    """Events of which some complain (bool, n × themes) and nothing else is said."""
    return Spoken(THEMES, complains, -complains.astype(np.int8))


EVENT = st.tuples(
    st.sampled_from(["Norte", "Sul", "Leste", "Oeste", None]),
    st.sampled_from([1.0, 3.0, 5.0, float("nan")]),
    st.sampled_from(["texto", None]),
    st.booleans(),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(EVENT, min_size=1, max_size=90))
def test_every_event_is_counted_once(events: list[tuple[str | None, float, str | None, bool]]) -> None:
    units, stars, texts, said = (list(column) for column in zip(*events, strict=True))
    table = listed(units, stars, texts)
    complains = np.column_stack([np.array(said)] * len(THEMES))
    found = overview(table, spoken(complains), PRODUCT, "unit")
    assert sum(row.level.events for row in found.rows) + found.untold == found.total.events == len(events)
    named = [row for row in found.rows if not row.groups]
    assert all(row.level.comments >= FEW for row in named) and len(found.rows) - len(named) <= 1
    for name in ("rated", "judged", "comments"):
        own = sum(getattr(row.level, name) for row in found.rows)
        assert own <= getattr(found.total, name) and (found.untold or own == getattr(found.total, name))
    for row in named:
        own = [item for item in found.periods if item.value == row.value]
        assert sum(item.level.events for item in own) == row.level.events
        assert {c.comments for c in found.themes if c.value == row.value} <= {row.level.comments}


def test_small_values_are_told_together_with_their_number() -> None:
    table = listed(["Norte"] * 20 + ["Sul"] * 20 + ["A", "B", "C"] * 2, [5.0] * 46)
    *named, last = overview(table, spoken(np.zeros((46, 3), bool)), PRODUCT, "unit").rows
    assert [row.value for row in named] == ["Norte", "Sul"]
    assert (last.value, last.groups, last.level.events) == ("", 3, 6)
    assert why_place(table, spoken(np.zeros((46, 3), bool)), PRODUCT, "unit", "A") is None


def planted(seed: int, rates: dict[str, float], size: int = 300) -> tuple[pd.DataFrame, Spoken]:
    """Units of `size` events; a comment complains of the first theme at the unit's rate, of the others at a tenth."""
    draw = np.random.default_rng(seed)
    units = [unit for unit in rates for _ in range(size)]
    often = np.array([[rates[unit], 0.1, 0.1] for unit in units])
    complains = draw.random(often.shape) < often
    stars = np.where(complains[:, 0], 2.0, 5.0) - (draw.random(len(units)) < 0.1)
    return listed(units, stars.tolist()), spoken(complains)


def test_a_theme_that_differs_is_named_with_both_shares_and_its_price() -> None:
    table, said = planted(1, {"Norte": 0.41, "Sul": 0.22, "Leste": 0.22})
    why = why_place(table, said, PRODUCT, "unit", "Norte")
    assert why is not None and why.comments == 300 and why.elsewhere == 600
    (gap,) = why.clear
    assert gap is why.gaps[0] and gap.key == THEMES[0].key and gap.side == "negative"
    assert gap.here.value == pytest.approx(0.41, abs=0.07) and gap.elsewhere.value == pytest.approx(0.22, abs=0.05)
    assert gap.gap.low is not None and gap.gap.low > 0 and gap.effect is not None
    assert gap.effect.value == pytest.approx(-3.0, abs=0.2)
    rows = {row.value: row.against for row in overview(table, said, PRODUCT, "unit").rows}
    assert rows["Norte"] == "above" and rows["Sul"] == rows["Leste"] == "below"


def test_chance_is_seldom_called_clear() -> None:
    """Twenty-five networks of ten units that are all alike: with the bound, one in twenty may say something."""
    said_any = 0
    for seed in range(25):
        table, said = planted(seed, dict.fromkeys("ABCDEFGHIJ", 0.25), size=60)
        found = overview(table, said, PRODUCT, "unit")
        gaps = [why_place(table, said, PRODUCT, "unit", name) for name in "AB"]
        clear = any(why.clear for why in gaps if why) or any(row.against != "unclear" for row in found.rows)
        said_any += clear
    assert said_any <= 4


def nothing_said(table: pd.DataFrame) -> Spoken:
    said = np.zeros((len(table), len(THEMES)), dtype=bool)
    return Spoken(THEMES, said, said.astype(np.int8))


def test_without_any_rating_detractors_are_those_whose_text_reads_so() -> None:
    table = listed(["Norte"] * 20 + ["Sul"] * 20, [float("nan")] * 40)
    table["group"] = ["detractor"] * 15 + ["promoter"] * 25
    found = overview(table, nothing_said(table), PRODUCT, "unit")
    assert found.by_text and found.total.stars is None and found.total.judged == 40
    assert [row.level.detractors.value for row in found.rows if row.level.detractors] == [0.75, 0.0]


def test_only_what_splits_the_events_is_a_dimension() -> None:
    table = listed(["Norte", "Sul"], [1.0, 5.0]).assign(
        sector=pd.Categorical(["Triagem"] * 2), care_level=pd.Categorical(["Exame", "Consulta"])
    )
    assert dimensions(table, PRODUCT) == ("unit", "care_level")


def test_words_of_one_place_are_told_and_none_that_a_few_people_wrote() -> None:
    here = np.array([True] * 60 + [False] * 240)
    comments = [f"caso {i}: a senha do painel" if i < 25 else f"fui atendido na visita {i}" for i in range(60)]
    comments += [f"fui atendido na visita {i}" if i % 9 else f"o painel ajudou, visita {i}" for i in range(240)]
    comments[30:34] = ["cadeira quebrada no canto"] * 4
    found = expressions(comments, here, np.full(300, 2.0))
    assert found[0].text == "senha do painel" and found[0].comments == 25 and found[0].elsewhere == 0
    assert not any("cadeira" in item.text for item in found)
    copies = ["cadeira quebrada no canto"] * 30 + ["tudo certo"] * 270
    assert LEAST > 1 and not expressions(copies, here, np.full(300, 2.0))


def test_one_endless_comment_is_no_more_work_than_its_length() -> None:
    def work(size: int) -> object:
        comments = ["a" * size, "espera " * (size // 7), *[f"visita {i} sem espera alguma" for i in range(40)]]
        return expressions(comments, np.arange(len(comments)) < 20, np.full(len(comments), 1.0))

    assert grows_with_its_size(work, 50_000)


def test_log_odds_of_what_is_said_alike_are_small() -> None:
    z = log_odds(np.array([10.0, 10.0]), 100, np.array([40.0, 0.0]), 400)
    assert abs(z[0]) < 1e-9 and z[1] > 3


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(1, 60))
@example(0, 3, 48, 48)  # a bound that rounding led beyond −1
def test_two_rates_say_the_same_from_either_side(k: int, n: int, j: int, m: int) -> None:
    k, j = min(k, n), min(j, m)
    one = two_rates(*(np.array([v], float) for v in (k, n, j, m)))[0]
    other = two_rates(*(np.array([v], float) for v in (j, m, k, n)))[0]
    assert np.isnan(one) == np.isnan(other) and (np.isnan(one) or (one == pytest.approx(other) and 0 <= one <= 1))
    here, there = wilson(k, n), wilson(j, m)
    assert here is not None and there is not None
    gap = newcombe(here, there)
    assert gap.low is not None and gap.high is not None and -1 <= gap.low <= gap.value <= gap.high <= 1


def test_discoveries_are_those_of_benjamini_and_hochberg() -> None:
    p = np.array([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, np.nan])
    assert discoveries(p, 0.05).tolist() == [True, True] + [False] * 9
    assert not discoveries(np.full(3, np.nan), 0.05).any()
