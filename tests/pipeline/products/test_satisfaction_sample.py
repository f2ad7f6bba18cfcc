"""The invented clinics' comments:
exact, repeatable, written like real ones, with the causes and faults they declare.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from pipeline.ingestion.intake import ingest
from pipeline.ingestion.parsing.places import cep_uf
from pipeline.ingestion.reading.reader import read
from pipeline.products.satisfaction import PRODUCT
from pipeline.products.satisfaction import sample_world as world
from pipeline.products.satisfaction.sample import CAUSES, HEADERS, generate, planted_errors
from pipeline.sampling import write_csv
from pipeline.scrubbing.comments import scrub_comment
from pipeline.scrubbing.staff import StaffNumbers

SAMPLES = Path(__file__).parents[3] / "data_samples"
TODAY = dt.date(2026, 11, 23)


def frame(rows: int, seed: int, **flags: bool) -> pd.DataFrame:
    table = pa.concat_tables(generate(rows, seed, **flags)).to_pandas()
    return table.rename(columns={header: key for key, header in HEADERS.items()})


@pytest.fixture(scope="module")
def past() -> pd.DataFrame:
    found = frame(24_000, 5)
    found["stars"] = pd.to_numeric(found["rating"].str[:1].replace("", None))
    found["low"] = (found["stars"] <= 2).where(found["stars"].notna())
    found["day"] = pd.to_datetime(found["event_date"], format="%d/%m/%Y")
    return found


@pytest.mark.parametrize("flags", [{}, {"future": True}, {"errors": True}])
@pytest.mark.parametrize("rows", [1, 7, 601])
def test_rows_are_exact_and_a_seed_repeats_itself(rows: int, flags: dict[str, bool]) -> None:
    first = pa.concat_tables(generate(rows, 3, **flags))
    assert first.num_rows == rows and first.column_names == list(HEADERS.values())
    assert set(first.schema.types) == {pa.string()}
    assert first.equals(pa.concat_tables(generate(rows, 3, **flags)))
    assert rows == 1 or not first.equals(pa.concat_tables(generate(rows, 4, **flags)))


def test_no_rows_are_refused_and_any_whole_number_is_a_seed() -> None:
    with pytest.raises(ValueError, match="rows must be positive"):
        list(generate(0, 1))
    assert sum(t.num_rows for t in generate(30, -12345678901234567890)) == 30


def test_cells_have_the_forms_of_the_contract(past: pd.DataFrame) -> None:
    assert past["rating"].str.fullmatch(r"(1 estrela|[2-5] estrelas|)").all()
    assert past["cep"].str.fullmatch(r"\d{5}-\d{3}").all()
    assert {cep_uf(cep.replace("-", "")) for cep in past["cep"].head(3_000)} == {place[0] for place in world.PLACES}
    assert (
        past["day"].max().date() == world.REFERENCE and (past["day"].max() - past["day"].min()).days == world.DAYS - 1
    )
    assert not ((past["rating"] == "") & (past["comment"] == "")).any()
    recent = frame(300, 5, future=True)
    assert (recent["rating"] == "").all() and (recent["comment"] != "").all()
    assert pd.to_datetime(recent["event_date"], format="%d/%m/%Y").min() >= pd.Timestamp(
        world.REFERENCE
    ) - pd.Timedelta(days=world.RECENT)


def test_shares_are_those_of_a_clinic(past: pd.DataFrame) -> None:
    assert 0.16 < past["low"].mean() < 0.26 and 0.06 < (past["stars"] == 3).mean() < 0.14
    assert (past["rating"] == "").mean() == pytest.approx(world.NO_RATING, abs=0.02)
    assert (past["comment"] == "").mean() == pytest.approx(world.NO_COMMENT, abs=0.02)


def test_comments_are_many_and_written_in_many_ways(past: pd.DataFrame) -> None:
    said = past["comment"].head(5_000)
    long = said[said.str.len() > 25]
    assert long.nunique() > 0.9 * len(long)
    assert len(set(re.findall(r"\w+", " ".join(said).lower()))) > 1_500
    assert said.str.fullmatch(r"[^a-zà-ÿ]{12,}").mean() > 0.02  # shouted
    assert said.str.contains("[\U0001f300-\U0001faff]").mean() > 0.015
    assert said.str.contains(r"\b(?:nao|otimo|recepcao|medico)\b").mean() > 0.015  # without accents
    assert (said.str.len() < 12).mean() > 0.05 and (said.str.len() > 150).mean() > 0.02


def test_words_tell_stars_as_well_as_in_real_comments(past: pd.DataFrame) -> None:
    clear = past[(past["comment"] != "") & past["stars"].isin([1, 2, 4, 5])].head(6_000)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2).fit_transform(clear["comment"])
    low = (clear["stars"] <= 2).to_numpy()
    model = LogisticRegression(C=5).fit(words[:4_500], low[:4_500])
    assert 0.93 < roc_auc_score(low[4_500:], model.predict_proba(words[4_500:])[:, 1]) < 0.99


def test_the_clean_sample_names_hardly_anybody_but_staff(past: pd.DataFrame) -> None:
    found = [scrub_comment(text, StaffNumbers()).counts for text in past["comment"].head(8_000)]
    taken = [counts for counts in found if counts]
    assert {kind for counts in taken for kind in counts} <= {"profissional", "nome"}
    assert 0.005 < len(taken) / 8_000 < 0.05 and sum("profissional" in counts for counts in taken) > 0.8 * len(taken)


@pytest.mark.parametrize("cause", [c for c in CAUSES if c.field in ("care_mode", "care_level")], ids=lambda c: c.value)
def test_causes_show_in_the_rates(past: pd.DataFrame, cause: world.Cause) -> None:
    member = past[cause.field] == cause.value
    gap = past.loc[member, "low"].mean() - past.loc[~member, "low"].mean()
    assert gap * -cause.effect > 0 and abs(gap) > 0.03


def test_the_worse_uf_and_the_episode_show(past: pd.DataFrame) -> None:
    uf = past["cep"].str.replace("-", "").map(cep_uf)
    assert past.loc[uf == "PE", "low"].mean() > past.loc[uf != "PE", "low"].mean() + 0.05
    told = past["comment"].str.lower().str.contains("totem")
    assert (
        not told[past["day"].dt.date < world.EPISODE_FROM].any()
        and told[past["day"].dt.date >= world.EPISODE_FROM].sum() > 100
    )
    assert past.loc[told, "low"].mean() > 0.5


def test_the_unit_that_lets_wait_hears_of_it(past: pd.DataFrame) -> None:
    waited = past["comment"].str.lower().str.contains("esper|demor|atras|fila") & (past["low"] == True)  # noqa: E712
    share = waited.groupby(past["unit"]).mean()
    assert share.idxmax() == "Unidade Norte" and share.max() > 1.5 * share.drop("Unidade Norte").max()
    assert set(past["unit"]) == {name for name, _ in world.UNITS}
    assert past.groupby("care_level")["sector"].agg(set).map(tuple).map(sorted).to_dict() == {
        level: sorted(sectors) for level, sectors in world.SECTORS.items()
    }


def test_a_few_mistake_the_scale(past: pd.DataFrame) -> None:
    praise = past["comment"].str.lower().str.contains("excelente|maravilhos|super recomendo") & ~past[
        "comment"
    ].str.contains("não", case=False)
    assert 0.003 < (past.loc[praise, "stars"] == 1).mean() < 0.05


@pytest.mark.parametrize("seed", [1, pytest.param(9, marks=pytest.mark.slow)])
def test_planted_faults_are_found_and_nothing_else_is_accused(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "erros.csv"
    write_csv(generate(3_000, seed, errors=True), path)
    dataset = ingest(read(path), PRODUCT, today=TODAY)
    found = {issue.rule: issue.rows for issue in dataset.report.issues}
    planted = planted_errors(3_000, seed)
    texts = dataset.raw.table.column("Texto").to_pylist()
    names = [set(scrub_comment(text or "").counts) == {"nome"} for text in texts]  # staff, as in life
    planted["comment_scrubbed"] += sum(names)
    for code, rows in planted.items():
        assert rows > 0 and found.get(code) == rows, code
    clean = tmp_path / "limpo.csv"
    write_csv(generate(3_000, seed), clean)
    accused = {issue.rule for issue in ingest(read(clean), PRODUCT, today=TODAY).report.issues}
    assert accused <= {"rating_missing", "comment_missing", "rate_jump", "comment_scrubbed"}, accused


def test_ready_samples_are_what_the_command_writes(tmp_path: Path) -> None:
    for role, rows, flags in (
        ("past", 8_000, {}),
        ("future", 400, {"future": True}),
        ("errors", 600, {"errors": True}),
    ):
        name = PRODUCT.sample.file(role)
        assert name is not None
        write_csv(generate(rows, 7, **flags), tmp_path / name)
        assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes(), name


def test_ages_are_human(past: pd.DataFrame) -> None:
    births = pd.to_datetime(past["birth_date"], format="%d/%m/%Y")
    years = (past["day"] - births).dt.days / 365.25
    assert years.min() >= 0 and years.max() < 100 and 40 < np.median(years) < 52
