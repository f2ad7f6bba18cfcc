"""Stars in the ways clinics write them, words as a scale, and notes of 0 to 10 that are read only when told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingestion.parsing.ratings import GRADES, NPS, read_ratings
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import Recipe, Step, StepKind
from tests.pipeline.ingestion.tables import ingested, issues_by_rule, sentence
from tests.refusals import said_of, told


def stars(*texts: str, **options: bool) -> list[float]:
    return read_ratings(list(texts), **options).stars.tolist()


def test_the_forms_of_the_contract() -> None:
    assert stars("3 estrelas", "3", "3/5", "★★★", "três estrelas", "1 estrela", "5 - ótimo", "nota 4", "4,0") == [
        3,
        3,
        3,
        3,
        3,
        1,
        5,
        4,
        4,
    ]
    assert np.isnan(stars("0", "6", "bom", "-1", "seis estrelas", "")).all()


def test_notes_of_0_to_10_are_stars_only_when_told() -> None:
    notes = [str(n) for n in range(11)]
    read = read_ratings(notes)
    assert read.scale == NPS and np.isnan(read.stars).all()
    told = read_ratings(notes, convert_nps=True)
    assert told.stars.tolist() == [1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5] and told.converted.all()


@given(st.lists(st.sampled_from(["1", "2", "3", "4", "5"]), min_size=1, max_size=40), st.sampled_from(["10", "0", "8"]))
def test_one_slip_is_no_other_scale(texts: list[str], slip: str) -> None:
    read = read_ratings([*texts, slip])
    assert read.scale == "" and read.stars[:-1].tolist() == [float(t) for t in texts] and np.isnan(read.stars[-1])


def test_a_column_of_words_is_a_scale_and_says_so() -> None:
    read = read_ratings(["Ótimo", "bom", "REGULAR", "Ruim", "péssimo", "talvez"])
    assert read.scale == GRADES and read.stars[:5].tolist() == [5, 4, 3, 2, 1] and np.isnan(read.stars[5])
    found = issues_by_rule(
        ingested(
            {"Data do evento": ["01/02/2026"] * 3, "Classificação": ["Ótimo", "ruim", "bom"], "Texto": ["a", "b", "c"]},
            PRODUCT,
        )
    )
    assert found["rating_rewritten"].rows == 3


def _notes() -> dict[str, list[str]]:
    return {
        "Data do evento": ["01/02/2026"] * 11,
        "Nota NPS": [str(n) for n in range(11)],
        "Comentário": [f"texto {n}" for n in range(11)],
    }


def test_a_file_of_notes_says_what_they_are_and_keeps_its_rows() -> None:
    dataset = ingested(_notes(), PRODUCT)
    found = issues_by_rule(dataset)["rating_nps"]
    assert found.rows == 11 and all(part in sentence(found, PRODUCT) for part in ("0 a 10", "--nps"))
    assert (
        dataset.report.rows_usable == 11
        and dataset.rows["rating"].isna().all()
        and dataset.rows["outcome"].isna().all()
    )


def test_a_file_of_notes_is_converted_when_told() -> None:
    dataset = ingested(_notes(), PRODUCT, recipe=Recipe(steps=(Step(StepKind.STARS),)))
    assert dataset.rows["rating"].tolist() == [1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5] and "rating_nps" not in issues_by_rule(
        dataset
    )
    assert any("lidas como estrelas" in note for note in said_of(dataset.report.file))


@pytest.mark.parametrize(("columns", "named"), [({"Data do evento": ["01/02/2026"]}, "Classificação ou Comentário")])
def test_a_file_without_rating_and_comment_is_refused(columns: dict[str, list[str]], named: str) -> None:
    from pipeline.errors import MissingFields

    with pytest.raises(MissingFields) as refusal:
        ingested(columns, PRODUCT)
    assert named in told(refusal.value) and "“Data do evento”" in told(refusal.value)
