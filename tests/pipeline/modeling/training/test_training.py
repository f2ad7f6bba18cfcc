"""Training end to end on made-up clinics: what a card says, what a model saw, what is refused, what is found."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.contract import Role
from pipeline.errors import Cancelled, NotEnoughData
from pipeline.ingestion.intake import NOTHING, ingest
from pipeline.ingestion.reading.reader import read
from pipeline.insight.scoring import score
from pipeline.modeling.bundle import bundle
from pipeline.modeling.features.prediction_time import event_days
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.training import boosting, train
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import reason_words
from pipeline.products.no_show import PRODUCT
from pipeline.records import Progress, Recipe
from tests.conftest import ROOT
from tests.refusals import refused
from tests.toy.house import TINY

TODAY = dt.date(2026, 11, 23)


def sample_rows() -> pd.DataFrame:
    return ingest(read(ROOT / "data_samples" / "no_show_passado.csv"), PRODUCT, today=TODAY).rows


def trained(rows: pd.DataFrame, **options: object) -> tuple[TrainedModel, OutOfFoldPredictions]:
    asked = {"effort": "fast", "seed": 3, "data_name": "x.csv", "data_sha256": "0" * 64}
    run = train.TrainingRun(**{name: options.pop(name, usual) for name, usual in asked.items()})  # type: ignore[arg-type]
    return train.train(rows, PRODUCT, run, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole() -> tuple[pd.DataFrame, TrainedModel, OutOfFoldPredictions, list[Progress]]:
    rows, told = sample_rows(), []
    model, past = trained(rows, progress=told.append)
    return rows, model, past, told


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trees enough to ask what they saw, not how good they are."""
    monkeypatch.setitem(boosting.EFFORTS, "fast", TINY)


@pytest.fixture(scope="module")
def part(whole: tuple) -> tuple[pd.DataFrame, TrainedModel, OutOfFoldPredictions]:
    """Every third row, and a model that learnt from them in haste."""
    rows = whole[0].iloc[::3].reset_index(drop=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosting.EFFORTS, "fast", TINY)
        return rows, *trained(rows)


def test_the_card_ties_up(whole: tuple) -> None:
    rows, model, past, _ = whole
    card, labelled = model.card, rows[rows["outcome"].notna()]
    assert (card.rows_trained, card.events_trained) == (len(labelled), int(labelled["outcome"].sum()))
    assert (card.trained_from, card.trained_until) == (
        labelled["scheduled_date"].min().date(),
        labelled["scheduled_date"].max().date(),
    )
    first, last = card.test.period
    tested = labelled[labelled["scheduled_date"] >= pd.Timestamp(first)]
    assert (card.test.rows, card.test.events, last) == (len(tested), int(tested["outcome"].sum()), card.trained_until)
    ahead = tested[tested["contact_date"] < tested["scheduled_date"]]
    assert card.test_ahead is not None and card.test_ahead.rows == len(ahead)
    assert [t.key for t in card.tiers] == ["low", "medium", "high", "very_high"]
    edges = [t.low for t in card.tiers] + [card.tiers[-1].high]
    assert edges == sorted(edges) and edges[0] == 0 and edges[-1] == 1
    assert sum(t.rows for t in card.tiers) == len(past.row)
    rates = [t.observed.value for t in card.tiers]
    assert rates == sorted(rates)
    assert {d.reference for d in card.test.differences} == {r.key for r in card.test.references} and len(
        card.test.references
    ) == 2
    said = [messages.say(note) for note in card.notes]
    assert any("de novo" in text for text in said)
    frozen = card.test_frozen
    assert frozen is not None and frozen.period[0] == first and frozen.rows <= card.test.rows
    assert any("Com uma só lista" in text and f"{frozen.rows:,}".replace(",", ".") in text for text in said)


def test_skill_is_there_and_the_references_are_beaten_or_met(whole: tuple) -> None:
    test = whole[1].card.test_ahead
    assert test.model.auc.low > 0.58
    lead = next(d for d in test.differences if d.reference == "lead_time")
    assert lead.auc.low > 0 and lead.brier.high < 0


def test_past_risks_come_from_models_that_had_not_seen_the_row(part: tuple, in_haste: None) -> None:
    """Other outcomes of a late row change the risk of no earlier row, nor its own."""
    rows, _, past = part
    last = rows["scheduled_date"] >= rows.loc[rows["outcome"].notna(), "scheduled_date"].max() - pd.Timedelta(days=3)
    turned = rows.assign(
        outcome=np.where(last & rows["outcome"].notna(), 1 - rows["outcome"], rows["outcome"]).astype("float32")
    )
    swap = {"event": "non_event", "non_event": "event"}
    turned["state"] = pd.Categorical(
        [swap.get(s, s) if at else s for s, at in zip(rows["state"], last, strict=True)], rows["state"].cat.categories
    )
    _, other = trained(turned)
    early = rows["row"][~last].to_numpy()
    assert len(past.row) == len(other.row) and np.array_equal(past.row, other.row)
    chosen = np.isin(past.row, early)
    assert chosen.sum() > 1500 and np.array_equal(past.risk[chosen], other.risk[chosen])


def test_past_risks_and_points_add_up(whole: tuple) -> None:
    rows, model, past, _ = whole
    np.testing.assert_allclose(past.points.sum(axis=1), past.risk - past.reference, atol=2e-6)
    assert set(past.points.columns) <= {spec.key for spec in PRODUCT.features}
    first = event_days(rows, PRODUCT)[np.isin(rows["row"], past.row)].min()
    assert first > event_days(rows, PRODUCT).min()  # the first block has none


def test_progress_goes_forward_and_names_its_stage(whole: tuple) -> None:
    told = whole[3]
    shares = [p.share for p in told]
    assert shares == sorted(shares) and shares[-1] == 1 and len({p.stage for p in told}) > 5
    assert any(p.rounds for p in told) and any(p.best for p in told) and all(p.rows for p in told[1:])


def test_the_same_seed_gives_the_same_model(part: tuple, in_haste: None) -> None:
    rows, model, _ = part
    again, _ = trained(rows)
    assert [b.model_to_string() for b in again.boosters] == [b.model_to_string() for b in model.boosters]
    assert (again.slope, again.intercept, again.card.test) == (model.slope, model.intercept, model.card.test)


def test_cancelling_stops_it_soon(whole: tuple) -> None:
    calls = iter([False] * 4 + [True] * 10_000)
    with pytest.raises(Cancelled):
        trained(whole[0], cancelled=lambda: next(calls))


@pytest.mark.parametrize(
    "lacking",
    [
        pytest.param(("patient_id",), marks=pytest.mark.slow),
        pytest.param(("contact_date",), marks=pytest.mark.slow),
        ("patient_id", "contact_date"),
        pytest.param(("unit", "uf", "health_plan", "procedure"), marks=pytest.mark.slow),
        tuple(f.key for f in PRODUCT.asked if f.role not in (Role.SCHEDULED, Role.TARGET)),
    ],
    ids=["no patient", "no contact", "neither", "no places", "only date and status"],
)
def test_fields_that_are_not_there(lacking: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(boosting.EFFORTS, "fast", TINY)  # that it goes through is asked, not how well
    lines = (ROOT / "data_samples" / "no_show_passado.csv").read_text("utf-8-sig").splitlines(keepends=True)
    raw = read("".join(lines[:1] + lines[1::4]).encode(), "um_quarto.csv")
    bare = ingest(raw, PRODUCT, today=TODAY, recipe=Recipe.of(dict.fromkeys(lacking)))
    model, past = trained(bare.rows)
    assert set(lacking) <= set(model.card.absent_fields)
    bundle.save(model, tmp_path / "m.zip")
    loaded = bundle.load(tmp_path / "m.zip", PRODUCT)
    future = ingest(
        read(ROOT / "data_samples" / "no_show_futuro.csv"),
        PRODUCT,
        today=TODAY,
        recipe=Recipe.of(dict.fromkeys(lacking)),
    ).rows
    scored = score.score(future, PRODUCT, loaded, history=bare.rows, as_of=None)
    pending = (future["state"] == "pending").to_numpy()  # the others were called off
    assert np.isfinite(scored.risk[pending]).all() and 360 < pending.sum() < len(scored.risk) == 400
    if "contact_date" in lacking:
        assert model.card.test_ahead is None
        told = reason_words.texts(scored.observation)
        assert all("contato" in text for text, waits in zip(told, pending, strict=True) if waits)


def _future(recipe: Recipe = NOTHING) -> pd.DataFrame:
    return ingest(read(ROOT / "data_samples" / "no_show_futuro.csv"), PRODUCT, today=TODAY, recipe=recipe).rows


@pytest.fixture(scope="module")
def future_risk(whole: tuple) -> np.ndarray:
    """Of the sample's appointments to come, with all their cells."""
    return score.score(_future(), PRODUCT, whole[1], history=whole[0], as_of=None).risk


@pytest.mark.parametrize("field", [f.key for f in PRODUCT.fields if f.role not in (Role.SCHEDULED, Role.TARGET)])
def test_a_gap_in_a_cell_is_not_a_low_risk(whole: tuple, future_risk: np.ndarray, field: str) -> None:
    """Rows without a cell keep, together, about the risk that they have with it."""
    rows, model, _, _ = whole
    gaps = _future(Recipe.of({field: None}))
    with_it, without = future_risk, score.score(gaps, PRODUCT, model, history=rows, as_of=None).risk
    assert 0.75 < np.nanmean(without) / np.nanmean(with_it) < 1.3


def test_too_little_is_refused_with_a_sentence(whole: tuple) -> None:
    rows = whole[0]
    with refused(NotEnoughData, match="500"):
        trained(rows.head(450))
    present = rows[rows["outcome"] == 0]
    with refused(NotEnoughData, match="50"):
        trained(pd.concat([present, rows[rows["outcome"] == 1].head(49)], ignore_index=True))


@pytest.mark.slow
def test_repeats_do_not_break_the_way(whole: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(boosting.EFFORTS, "fast", TINY)
    rows = whole[0].head(1500)
    twice = pd.concat([rows, rows], ignore_index=True)
    twice["row"] = np.arange(2, len(twice) + 2)
    model, past = trained(twice)
    assert model.card.rows_trained == 2 * int(rows["outcome"].notna().sum()) and np.isfinite(past.risk).all()


def test_protected_factors_are_never_a_reason(whole: tuple) -> None:
    rows, model, _, _ = whole
    future = ingest(read(ROOT / "data_samples" / "no_show_futuro.csv"), PRODUCT, today=TODAY).rows
    scored = score.score(future, PRODUCT, model, history=rows, as_of=None)
    assert np.nanmax(np.abs(scored.points["age"])) > 0.01, "the model does use age"
    said = {
        text
        for of in score.reasons(scored, future, PRODUCT, top=3)
        for text in reason_words.reasons(of.notes, of.points)
    }
    assert said and not any(
        word in text for text in said for word in ("Idade", "anos", "Sexo", "Feminino", "Masculino")
    )


def test_an_unknown_effort_is_a_fault_of_the_caller(whole: tuple) -> None:
    with pytest.raises(KeyError):
        trained(whole[0], effort="enormous")
    assert replace(whole[1].card, effort="fast") == whole[1].card
