"""Alerts of comments: denied, excused, far apart, drawn out; the sentence that shows them; their short text."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract import Alert
from pipeline.declaring import ContractError
from pipeline.insight.comments import severity
from pipeline.insight.comments.alert_phrases import pattern, plain_words, rarest
from pipeline.products.no_show import PRODUCT as WITHOUT
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import AlertFound
from tests.growth import grows_with_its_size

FIRE = Alert("fire", "fogo", "Fogo", ("pegou .. fogo", "incendi*", "sem saida"), unless=("fogo de artificio",))
SMOKE = Alert("smoke", "fumaca", "Fumaça", ("fumaca/fumo na? sala",))
DECLARED = (FIRE, SMOKE)
KEYS = {
    "A sala pegou fogo": ["fire"],
    "PEGOOOU, de novo, fogo!!": ["fire"],
    "pegou ontem, bem depois das nove, fogo": [],  # more than three words between
    "Não pegou fogo": [],
    "Não vi, pegou fogo": ["fire"],  # a comma ends what a negation reaches
    "Não avisaram pegou fogo": ["fire"],  # and so does a word that carries none on
    "Se não pegou fogo ainda, vai pegar": ["fire"],
    "pegou fogo nenhum": [],
    "Ninguém me deu saída nenhuma, sala sem saída nenhuma": ["fire"],  # what denies by itself isn't denied after it
    "Pegou no fogo de artifício": [],
    "Pegou no fogo de artifício e houve incêndio": ["fire"],
    "Fumo sala": ["smoke"],
    "fumaça na sala. Tudo se incendiou": ["fire", "smoke"],
    "pegou. fogo": [],  # no phrase reaches over the end of a sentence
    "": [],
}


def keys(comment: str) -> list[str]:
    return [found.key for found in severity.alerts([comment], DECLARED)[0]]


@pytest.mark.parametrize(("comment", "expected"), KEYS.items())
def test_what_a_sentence_shows(comment: str, expected: list[str]) -> None:
    assert keys(comment) == expected


def test_the_first_sentence_that_shows_it_is_given_without_blanks_around() -> None:
    comment = "Bom.  Pegou fogo! \n Incêndio."
    (found,) = severity.alerts([comment], DECLARED)[0]
    assert comment[found.start : found.end] == "Pegou fogo!"


def test_the_gravest_is_the_first_that_is_declared() -> None:
    found = severity.alerts(["Fumaça na sala, pegou fogo"], DECLARED)[0]
    assert severity.code(found, DECLARED) == "fogo" and severity.code(found, DECLARED[::-1]) == "fumaca"
    assert severity.code((), DECLARED) == "" and severity.gravest((), DECLARED) is None


def test_rows_without_a_comment_show_nothing_nor_does_a_product_without_alerts() -> None:
    rows = pd.DataFrame({"comment": ["Meu pai morreu na fila", None, float("nan")]})
    assert [len(found) for found in severity.of_rows(rows, PRODUCT)] == [1, 0, 0]
    assert severity.of_rows(rows, WITHOUT) == [(), (), ()] and severity.alerts(["fogo"], ()) == [()]


@pytest.mark.parametrize(
    "phrase",
    ["", "Fogo", "fogão", ".. fogo", "fogo ..", "a? fogo", "fogo/", "fogo .. .. saida", "fo*go", "pegou  fogo"],
)
def test_a_phrase_that_is_none_is_refused(phrase: str) -> None:
    with pytest.raises(ContractError):
        Alert("fire", "fogo", "Fogo", (phrase,))


@pytest.mark.parametrize(
    "broken", [{"key": "Fire"}, {"code": "á"}, {"label": ""}, {"phrases": ()}, {"answer_hours": 0}]
)
def test_a_declaration_that_lacks_something_is_refused(broken: dict) -> None:
    whole = {"key": "fire", "code": "fogo", "label": "Fogo", "phrases": ("fogo",), "answer_hours": 1}
    with pytest.raises(ContractError):
        Alert(**(whole | broken))


COMMENTS = st.lists(
    st.sampled_from(
        ["pegou", "fogo", "não", "incêndio", "fumaça", "na", "sala", "sem", "saída", ".", ",", "\n", "É", "x"]
    )
).map(" ".join)


@given(st.lists(COMMENTS, max_size=5))
def test_short_text_brings_back_what_was_found_and_spans_lie_within(comments: list[str]) -> None:
    for comment, found in zip(comments, severity.alerts(comments, DECLARED), strict=True):
        assert severity.unpacked(severity.packed(found)) == found
        assert all(0 <= one.start < one.end <= len(comment) for one in found)
        assert all(comment[one.start : one.end].strip() == comment[one.start : one.end] for one in found)


@given(st.one_of(st.text(), COMMENTS))
def test_no_alert_is_lost_by_looking_for_rare_words_first(comment: str) -> None:
    told = {found.key for found in severity.alerts([comment], DECLARED)[0]}
    alone = {
        alert.key
        for start, end in severity.clauses.sentences(comment)
        for alert in DECLARED
        for phrase in alert.phrases
        for text in [" ".join(plain_words(comment[start:end]))]
        for match in pattern(phrase).finditer(text)
        if not severity.denied(text, *match.span())
        and not any(
            a < match.end() and match.start() < b
            for excuse in alert.unless
            for a, b in [hit.span() for hit in pattern(excuse).finditer(text)]
        )
    }
    assert told == alone


def test_words_of_grammar_are_no_rare_words() -> None:
    assert rarest("nao .. lav* .. mao/maos") == ("lav*",) and rarest("na? uti") == ("uti",)


def test_short_text_of_another_kind_is_refused() -> None:
    assert severity.packed((AlertFound("fire", 3, 9), AlertFound("smoke", 0, 2))) == "fire:3-9;smoke:0-2"
    assert severity.unpacked("") == ()
    with pytest.raises(ValueError, match="unpack"):
        severity.unpacked("fire")


@pytest.mark.slow  # by the clock; test_hanging has long ones
def test_time_grows_with_the_number_of_comments() -> None:
    texts = [f"Meu pai caiu da maca {n} e ninguém veio, mas não houve sequela. Vou processar." for n in range(1_000)]
    assert grows_with_its_size(lambda n: severity.alerts(texts[:n], PRODUCT.alerts), 1_000)
