"""Training with comments: with words alone, circumstances alone, few of either;
what is tested apart; words in the bundle.
"""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import IncompatibleBundle, PresencaError
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.reader import read
from pipeline.insight.scoring import score
from pipeline.modeling.bundle import bundle
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.training import boosting, train
from pipeline.modeling.training_set import prepare
from pipeline.presentation.sentences import reason_words
from pipeline.products.no_show import PRODUCT as NO_SHOW
from pipeline.products.satisfaction import PRODUCT
from pipeline.products.satisfaction.sample import CAUSES
from tests.conftest import ROOT
from tests.toy.house import TINY

pytestmark = pytest.mark.usefixtures("asked_once")
TODAY = dt.date(2026, 11, 23)


def sample_rows(most: int | None = None) -> pd.DataFrame:
    rows = ingest(read(ROOT / "data_samples" / "satisfaction_passado.csv"), PRODUCT, today=TODAY).rows
    return rows if most is None else rows.iloc[:: max(1, len(rows) // most)].reset_index(drop=True)


def trained(rows: pd.DataFrame) -> tuple[TrainedModel, OutOfFoldPredictions]:
    return train.train(rows, PRODUCT, train.TrainingRun("fast", 3, "x.csv", "0" * 64))


@pytest.fixture(scope="module")
def whole() -> tuple[pd.DataFrame, TrainedModel, OutOfFoldPredictions]:
    rows = sample_rows(2_300)
    return rows, *trained(rows)


def test_words_and_circumstances_sum_to_the_risk(whole: tuple) -> None:
    rows, model, past = whole
    assert abs(past.points.sum(axis=1) - (past.risk - past.reference)).max() < 1e-6
    found = score.score(rows, PRODUCT, model)
    np.testing.assert_allclose(found.points.sum(axis=1), found.risk - found.reference, atol=1e-12)
    np.testing.assert_allclose(found.stars.sum(axis=1), 1)
    np.testing.assert_allclose(found.stars[:, 0] + found.stars[:, 1], found.risk, atol=1e-15)


def test_planted_circumstances_push_the_way_they_were_planted(whole: tuple) -> None:
    rows, model, _ = whole
    points = score.score(rows, PRODUCT, model).points
    factor = {"care_mode": "care_mode", "care_level": "care_level", "cep_uf": "place", "birth_date_age_band": "age"}
    for cause in CAUSES:
        if abs(cause.effect) < 0.5:
            continue
        member = (rows[cause.field] == cause.value).to_numpy()
        gap = points.loc[member, factor[cause.field]].mean() - points.loc[~member, factor[cause.field]].mean()
        assert gap * -cause.effect > 0, cause


def test_the_card_tells_words_that_weigh_from_words_that_name(whole: tuple) -> None:
    card = whole[1].card
    assert card.test.stars is not None and card.test.stars.references[0].key == "tf_idf"
    kinds = {kind: [w.word for w in card.words if w.kind == kind] for kind in ("raises", "lowers", "topic")}
    assert kinds["raises"] and kinds["lowers"] and all(w.comments >= 20 for w in card.words)
    assert not any(c.isdigit() for w in card.words for c in w.word)


def test_a_text_seen_before_is_no_test_of_reading(whole: tuple) -> None:
    rows, model, _ = whole
    data = prepare(rows, PRODUCT)
    first = model.card.test.period[0]
    late = rows.loc[rows["outcome"].notna() & (rows["event_date"] >= pd.Timestamp(first))]
    early = set(rows.loc[rows["outcome"].notna() & (rows["event_date"] < pd.Timestamp(first)), "comment"].dropna())
    repeated = late["comment"].isin(early).sum()
    assert repeated > 0 and model.card.test.rows <= len(late) - repeated
    same = np.flatnonzero(data.comments == pd.Series(data.comments[data.comments != ""]).value_counts().index[0])
    assert len(same) > 1 and len(set(data.groups[same])) == 1


def test_one_persons_events_stay_on_one_side() -> None:
    rows = sample_rows(4_000)
    twin = rows.index[rows["outcome"].notna()][[5, 900]]
    for column in ("birth_date", "gender", "cep"):
        rows.loc[twin[1], column] = rows.loc[twin[0], column]
    data = prepare(rows, PRODUCT)
    places = [int(np.flatnonzero(data.rows["row"] == rows.loc[t, "row"])[0]) for t in twin]
    assert data.groups[places[0]] == data.groups[places[1]] and data.patients[places[0]] == data.patients[places[1]]
    years = rows.assign(
        birth_date=pd.to_datetime(rows["birth_date"].dt.year.fillna(1980).astype(int).astype(str) + "-07-01").astype(
            "datetime64[us]"
        )
    )
    assert (prepare(years, PRODUCT).patients == -1).all()  # dates made of ages tell nobody from another


@pytest.mark.parametrize(
    "without",
    [
        pytest.param(["comment"], id="circumstances alone"),
        pytest.param(
            ["gender", "birth_date", "age", "care_mode", "care_level", "cep", "cep_uf", "cep_region"],
            id="words alone",
            marks=pytest.mark.slow,  # words without dates: test_without_dates
        ),
    ],
)
def test_either_alone_is_enough(
    whole: tuple, tmp_path: Path, without: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(boosting.EFFORTS, "fast", TINY)  # that it goes through is asked, not how well
    rows = sample_rows(1_200)
    for column in without:
        rows[column] = (
            pd.Series([None] * len(rows), dtype=rows[column].dtype)
            if not isinstance(rows[column].dtype, pd.CategoricalDtype)
            else pd.Categorical([None] * len(rows), categories=rows[column].cat.categories)
        )
    model, past = trained(rows)
    assert (model.reader is None) == ("comment" in without)
    assert np.isfinite(past.risk).all() and 0 < past.risk.mean() < 0.5
    bundle.save(model, tmp_path / "m.zip")
    again = bundle.load(tmp_path / "m.zip", PRODUCT)
    other = whole[0].head(50)
    np.testing.assert_allclose(
        score.score(other, PRODUCT, again).risk, score.score(other, PRODUCT, model).risk, atol=1e-9
    )


def test_a_bundle_keeps_words_and_chain_and_no_comment(whole: tuple, tmp_path: Path) -> None:
    rows, model, _ = whole
    bundle.save(model, tmp_path / "m.zip")
    again = bundle.load(tmp_path / "m.zip", PRODUCT)
    some = rows.head(200)
    np.testing.assert_allclose(
        score.score(some, PRODUCT, again).stars, score.score(some, PRODUCT, model).stars, atol=1e-9
    )
    with zipfile.ZipFile(tmp_path / "m.zip") as safe_zip:
        words = json.loads(safe_zip.read("words.json"))
        whole_text = " ".join(safe_zip.read(name).decode() for name in safe_zip.namelist())
    terms = [term for block in words["vocabulary"]["blocks"] for term in block]
    assert len(terms) > 500 and not any(c.isdigit() for term in terms for c in term)
    long = [comment for comment in rows["comment"].dropna() if len(comment) > 40]
    assert not any(comment in whole_text for comment in long)
    with pytest.raises(IncompatibleBundle):
        bundle.load(tmp_path / "m.zip", NO_SHOW)


@pytest.mark.parametrize("damage", ["weights", "vocabulary", "chain"])
def test_words_that_were_altered_are_refused(whole: tuple, tmp_path: Path, damage: str) -> None:
    from pipeline.modeling.bundle import safe_zip

    bundle.save(whole[1], tmp_path / "m.zip")
    manifest, entries = safe_zip.read(tmp_path / "m.zip", lambda name: True)
    words, body = json.loads(entries["words.json"]), json.loads(entries["model.json"])
    if damage == "weights":
        words["answers"][0]["weights"] = [3 * w for w in words["answers"][0]["weights"]]
    elif damage == "vocabulary":
        words["vocabulary"]["blocks"][0] = words["vocabulary"]["blocks"][0][::-1]
    else:
        body["chain"][1]["intercept"] += 1.0
    entries |= {"words.json": safe_zip.dump_json(words), "model.json": safe_zip.dump_json(body)}
    manifest.pop("files")
    safe_zip.write(tmp_path / "x.zip", entries, manifest)
    with pytest.raises(PresencaError):
        bundle.load(tmp_path / "x.zip", PRODUCT)


def test_rated_rows_of_the_period_learnt_from_are_said_to_be_known(whole: tuple) -> None:
    rows, model, _ = whole
    found = score.score(rows, PRODUCT, model)
    rated = rows["outcome"].notna().to_numpy()
    said = np.array(["aprendeu" in text for text in reason_words.texts(found.observation)])
    assert said[rated].all() and not said[~rated].any() and np.isfinite(found.risk).all()
