"""Comments as they rest: scrubbed, plain, none lost;
postal codes and birth dates with the parts that pages split by.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingestion.parsing.comments import read_comments
from pipeline.ingestion.parsing.places import UFS, cep_uf
from pipeline.presentation.locale.messages import say
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import Recipe, Step, StepKind
from tests.pipeline.ingestion.tables import ingested, issues_by_rule, sentence

HOSTILE = [
    "<script>alert(1)</script>",
    "**negrito** ![x](http://a.b/c.png)",
    "=1+1",
    "+55 11",
    "\u202eoluge",
    "texto\0com nulo",
    "😀😀",
    "x" * 50_000,
    "linha\nquebrada",
    "@todos",
    "''",
    "&lt;b&gt;",
]


def test_comments_of_all_kinds_come_through_as_text() -> None:
    dataset = ingested({"Data do evento": ["01/02/2026"] * len(HOSTILE), "Texto": HOSTILE}, PRODUCT)
    assert dataset.report.rows_usable == len(HOSTILE)
    said = dataset.rows["comment"].tolist()
    assert said[0] == HOSTILE[0] and said[2] == "=1+1" and said[6] == "😀😀" and len(said[7]) == 50_000
    assert "\0" not in said[5] and "\u202e" not in said[4]
    assert dataset.raw.table.column("Texto").to_pylist()[4] == HOSTILE[4]  # the file's own cell stays as it came


def test_scrubs_are_counted_by_kind_and_never_quoted() -> None:
    said = [
        "meu cpf 529.982.247-25",
        "ligue (11) 98765-4321 ou (11) 91234-5678",
        "fulano@exemplo.com",
        "Meu nome é Maria da Silva",
        "nada disso",
    ]
    dataset = ingested({"Data do evento": ["01/02/2026"] * 5, "Texto": said}, PRODUCT)
    issue = issues_by_rule(dataset)["comment_scrubbed"]
    assert issue.rows == 4 and issue.examples == (2, 3, 4, 5)
    for part in ("1 CPF", "2 telefones", "1 e-mail", "1 nome"):
        assert part in sentence(issue, PRODUCT)
    everything = " ".join(dataset.rows["comment"])
    assert not any(secret in everything + sentence(issue, PRODUCT) for secret in ("529", "98765", "fulano", "Maria"))
    assert next(f for f in dataset.report.fields if f.field == "comment").top == ()


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_is_read_and_reading_twice_changes_nothing(texts: list[str]) -> None:
    once = read_comments(texts)
    assert len(once.texts) == len(texts) and read_comments(once.texts).texts == once.texts


@pytest.mark.parametrize(
    ("cep", "uf"),
    [
        ("01310100", "SP"),
        ("19999999", "SP"),
        ("20000000", "RJ"),
        ("69050000", "AM"),
        ("69300000", "RR"),
        ("69400000", "AM"),
        ("69900000", "AC"),
        ("70000000", "DF"),
        ("72800000", "GO"),
        ("73000000", "DF"),
        ("73700000", "GO"),
        ("76800000", "RO"),
        ("78900000", None),
        ("00999999", None),
        ("99999999", "RS"),
    ],
)
def test_ranges_of_postal_codes(cep: str, uf: str | None) -> None:
    assert cep_uf(cep) == uf


@given(st.integers(1_000_000, 99_999_999))
def test_a_postal_code_lies_in_one_uf_or_none(number: int) -> None:
    assert cep_uf(f"{number:08d}") in (*UFS, None)


def test_postal_codes_are_put_right_and_become_uf_and_region() -> None:
    ceps = ["02345-100", "2345100", "2.345-100", "80010-000", "78950-000", "123", ""]
    dataset = ingested({"Data do evento": ["01/02/2026"] * 7, "CEP": ceps, "Texto": list("abcdefg")}, PRODUCT)
    found = issues_by_rule(dataset)
    assert found["cep_rewritten"].rows == 2 and found["cep_unreadable"].rows == 2 and found["cep_missing"].rows == 1
    assert dataset.rows["cep"].tolist()[:4] == ["02345100", "02345100", "02345100", "80010000"]
    assert (
        dataset.rows["cep_uf"].tolist()[:4] == ["SP", "SP", "SP", "PR"]
        and dataset.rows["cep_uf"].isna().tolist()[4:] == [True] * 3
    )
    assert dataset.rows["cep_region"].tolist()[:4] == ["Sudeste", "Sudeste", "Sudeste", "Sul"]
    assert "2345" not in str(
        [sentence(issue, PRODUCT) for issue in dataset.report.issues]
    )  # a postal code with a birth date finds a person


def test_ages_fall_into_bands() -> None:
    births = ["01/02/2020", "02/02/2008", "01/02/2008", "01/02/1996", "", "01/01/1930"]
    dataset = ingested(
        {"Data do evento": ["01/02/2026"] * 6, "Data de Nascimento": births, "Texto": list("abcdef")}, PRODUCT
    )
    assert dataset.rows["birth_date_age_band"].astype("object").where(lambda s: s.notna(), None).tolist() == [
        "0 a 17",
        "0 a 17",
        "18 a 29",
        "30 a 44",
        None,
        "75 ou mais",
    ]


def test_rows_without_a_date_keep_what_they_say_of_the_care() -> None:
    dataset = ingested(
        {"Data do evento": ["", "31/02/2026", "01/02/2026"], "Classificação": ["1", "5", "5"], "Texto": list("abc")},
        PRODUCT,
    )
    assert dataset.report.rows_usable == 3 and dataset.rows["rating"].tolist() == [1, 5, 5]
    assert dataset.rows["outcome"].tolist() == [1, 0, 0]
    without = ingested({"Classificação": ["1", "5"], "Texto": ["a", "b"]}, PRODUCT)
    assert without.report.rows_usable == 2 and without.report.usable_for == ("scoring",)
    assert "há 2\u00a0linhas com resultado" in say(without.report.usable_why[0])


def test_enough_outcomes_teach_without_any_date() -> None:
    stars = ["1", "5"] * 250
    dataset = ingested({"Classificação": stars, "Texto": [f"texto {i}" for i in range(500)]}, PRODUCT)
    assert dataset.report.usable_for == ("training", "scoring")
    assert "repeated" not in {issue.code for issue in dataset.report.issues}, "nobody can tell without days"


def test_who_works_there_keeps_a_number_only_where_the_clinic_asks() -> None:
    texts = ["A Dra. Fernanda foi ótima", "dra fernanda de novo, e meu filho João chorou", "O enfermeiro Marcos ajudou"]
    cells = {"Classificação": ["5", "5", "5"], "Texto": texts}
    plain = ingested(cells, PRODUCT).rows["comment"].tolist()
    kept = ingested(cells, PRODUCT, recipe=Recipe(steps=(Step(StepKind.STAFF),)))
    assert not any("profissional" in text for text in plain) and plain[0] == "A Dra. [nome] foi ótima"
    told = kept.rows["comment"].tolist()
    assert told[0] == "A Dra. [profissional 1] foi ótima" and "[profissional 1] de novo" in told[1]
    assert "meu filho [nome]" in told[1] and "[profissional 2]" in told[2]
    assert "profissional 1" in say(kept.report.changed[0][0])
