"""Praise and blame of clauses: golden clauses by theme, negation, sums that add up, time that grows evenly."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract import ContractError, Opinions, Theme
from pipeline.insight.comments import polarity, theme_reading
from pipeline.insight.comments.clauses import spans
from pipeline.insight.comments.phrases import Phrases
from pipeline.insight.comments.theme_reading import SILENT, SpokenComments, read
from pipeline.insight.comments.theme_sentences import preview, sentences_of
from pipeline.insight.comments.themes import codes, overview
from pipeline.modeling.text.text_model import Linear
from pipeline.products.satisfaction import PRODUCT
from tests.conftest import ROOT
from tests.growth import grows_with_its_size

THEMES, OPINIONS = PRODUCT.themes, PRODUCT.opinions
assert OPINIONS is not None
LEAST = 0.85
GOLDEN = list(csv.DictReader((ROOT / "tests" / "golden" / "polarity_clauses.csv").open(encoding="utf-8")))
_PLENTY = "espera médico recepção limpeza ótimo péssima não nunca sem mas , . e boa ruim fila 4 horas pra atender"
WORDS = st.sampled_from(_PLENTY.split(" "))
COMMENTS = st.lists(st.lists(WORDS, max_size=14).map(" ".join), max_size=8)


def said(comment: str) -> set[str]:
    """What is read in a comment, of whole themes, as the golden file writes it."""
    reading = read([comment], THEMES, OPINIONS)
    return {
        f"{theme.key}:{polarity.NAMES[code]}"
        for theme, code in zip(THEMES, reading.said[0].tolist(), strict=True)
        if code != SILENT and not theme.parent
    }


def of(clause: str) -> str:
    words = [word for _, _, word in theme_reading.clauses.parts(clause)]
    return polarity.NAMES[polarity.of(polarity.lexicon(OPINIONS).find(words))]


@pytest.mark.parametrize("part", ["tuned", "held_out", "unseen"])
def test_themes_and_polarity_are_those_that_a_reader_marked(part: str) -> None:
    """`unseen` was written after the words were chosen, and they were not changed for it."""
    wanted = [(row["text"], set(row["themes"].split())) for row in GOLDEN if row["part"] == part]
    pairs = [(want, said(text)) for text, want in wanted]
    hits = sum(len(want & got) for want, got in pairs)
    wrong = [(text, sorted(want ^ got)) for (text, want), (_, got) in zip(wanted, pairs, strict=True) if want != got]
    assert hits >= LEAST * sum(len(want) for want, _ in pairs), wrong
    assert hits >= LEAST * sum(len(got) for _, got in pairs), wrong


def test_the_golden_file_is_large_and_holds_a_third_out() -> None:
    parts = [row["part"] for row in GOLDEN]
    assert len(parts) >= 200 and parts.count("held_out") >= 70 and len({row["text"] for row in GOLDEN}) == len(parts)


@pytest.mark.parametrize(
    ("clause", "wanted"),
    [
        ("sem fila", "positive"),
        ("sem fila nenhuma", "positive"),
        ("não demorou", "positive"),
        ("não tenho do que reclamar", "positive"),
        ("não resolveu", "negative"),
        ("não recomendo", "negative"),
        ("ninguém atende", "negative"),
        ("não foi muito boa", "negative"),
        ("não foi ruim", "positive"),
        ("paciência zero", "negative"),
        ("bom e ruim", "mixed"),
        ("sem dúvida o melhor", "positive"),
        ("não só boa como barata", "positive"),
        ("esperei 10 minutos e fui bem atendida", "positive"),
        ("não acharam o cadastro", "negative"),
        ("fica na rua de cima", "neutral"),
        ("", "neutral"),
    ],
)
def test_negation_turns_what_it_stands_before(clause: str, wanted: str) -> None:
    assert of(clause) == wanted


@pytest.mark.parametrize(
    ("comment", "clauses"),
    [
        ("O Dr. Paulo é bom, mas a fila não", ["O Dr. Paulo é bom, ", "mas a fila não"]),
        ("Custou 3.500 reais", ["Custou 3.500 reais"]),
        ("limpo apesar da reforma", ["limpo ", "apesar da reforma"]),
        ("bom embora caro, no entanto volto", ["bom ", "embora caro, ", "no entanto volto"]),
        ("médica ótima já a recepção não", ["médica ótima ", "já a recepção não"]),
    ],
)
def test_a_clause_ends_where_the_sentence_turns(comment: str, clauses: list[str]) -> None:
    assert [comment[a:b] for a, b in spans(comment)] == clauses


def test_a_comma_parts_praise_from_blame_and_not_a_list() -> None:
    assert said("médico ótimo, recepção péssima") == {"doctor:positive", "reception:negative"}
    assert said("médico ótimo e recepção péssima") == {"doctor:positive", "reception:negative"}
    assert said("não gostei do médico, da recepção, do estacionamento") == {
        "doctor:negative",
        "reception:negative",
        "access:negative",
    }


def test_a_part_is_heard_with_its_theme_and_some_only_beside_it() -> None:
    reading = read(["demorou a triagem", "a triagem é na sala 2", "o sistema de saúde", "pago meus impostos"], THEMES)
    spoken = [{THEMES[i].key for i in np.flatnonzero(row)} for row in reading.said]
    assert spoken == [{"waiting", "waiting_triage"}, set(), set(), set()]
    for place, theme in enumerate(THEMES):
        if theme.parent:
            whole = reading.said[:, reading.place(theme.parent)]
            assert (whole[reading.said[:, place] != SILENT] != SILENT).all()


@given(COMMENTS)
def test_counts_add_up_and_sentences_are_theirs(comments: list[str]) -> None:
    n = len(comments)
    stars, days = np.full(n, np.nan), np.full(n, 20_000)
    view = overview(comments, stars, days, THEMES, OPINIONS)
    spoken = SpokenComments(read(comments, THEMES, OPINIONS), comments, np.arange(n), stars, days)
    for row in view.themes:
        assert row.counts.comments == row.comments <= n
        assert row.negative is not None and row.negative.value == pytest.approx(row.counts.negative / row.comments)
        assert sum(month.comments for month in row.trend) == row.comments
        found = [sentences_of(spoken, row.key, name, size=n + 1) for name in polarity.NAMES.values()]
        assert sum(page.total for page in found) == row.comments == sentences_of(spoken, row.key, size=n + 1).total
        for page in found:
            assert all(0 <= s.start < s.end <= len(s.comment) for group in page.comments for s in group)
    assert sum(len(one) for one in codes(spoken.reading)) == sum(row.comments for row in view.themes)


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_is_read_and_equal_texts_alike(comments: list[str]) -> None:
    once, twice = read(comments, THEMES, OPINIONS), read([*comments, *comments], THEMES, OPINIONS)
    assert np.array_equal(np.vstack([once.said, once.said]), twice.said) and len(twice.clauses) == len(set(comments))
    assert np.array_equal(twice.take(np.arange(len(comments))).said, once.said)


class Weighing:
    """A reader whose log-odds are what it is told of a text."""

    answers = (Linear(np.zeros(0), -1.0, 0.0),)

    def __init__(self, odds: dict[str, float]) -> None:
        self.odds = odds

    def log_odds(self, comments: list[str]) -> np.ndarray:
        return np.array([[self.odds[comment] - 1.0] for comment in comments])


def test_a_reader_speaks_only_where_words_are_silent_and_it_is_sure() -> None:
    comments = ["a recepção X", "a recepção Y", "a recepção Z", "a recepção ótima"]
    reader = Weighing({"a recepção X": 3.0, "a recepção Y": -3.0, "a recepção Z": 1.0})
    reading = read(comments, THEMES, OPINIONS, reader)  # type: ignore[arg-type]
    told = reading.said[:, reading.place("reception")].tolist()
    assert told == [polarity.NEGATIVE, polarity.POSITIVE, polarity.NEUTRAL, polarity.POSITIVE]


def test_phrases_are_words_stems_numbers_and_gaps() -> None:
    found = Phrases([("atras*", 1), ("# horas ~ atend*", 2), ("no horario", 3)]).find
    assert found(["atrasou", "muito"]) == [(0, 1, 1)]
    assert found(["#", "horas", "pra", "me", "atender", "no", "horario"]) == [(0, 5, 2), (5, 7, 3)]
    assert found(["quatro", "horas", ",", "atender"]) == [] and found(["duas", "horas", "atendendo"]) == [(0, 3, 2)]
    assert found(["#", "horas", "a", "b", "c", "d", "e", "atender"]) == []


@pytest.mark.parametrize("term", ["Espera", "~ espera", "", "a  b", "a ~ b ~ c ~ d", "*"])
def test_a_term_is_folded_words(term: str) -> None:
    with pytest.raises(ContractError):
        Theme("x", "X", (term,))


def test_declarations_check_themselves() -> None:
    with pytest.raises(ContractError):
        Opinions(("bom",), ("bom",))
    with pytest.raises(ContractError):
        Theme("x", "X", ("x",), within=True)
    with pytest.raises(ContractError):
        Theme("x", "X", ("x",), code="Espera na fila")
    assert len({theme.spoken_code for theme in THEMES}) == len(THEMES)


def test_a_preview_shows_the_words_that_were_caught() -> None:
    comments = ["A porta. O totem travou", "nada", "o TOTEM é bom", "o TOTEM é bom"]
    found = preview(comments, np.array([3, 4, 5, 6]), Theme("new", "Novo", ("totem",)))
    assert (found.comments, found.caught) == (4, 3)
    assert [item.comment[item.start : item.end] for item in found.sentences] == ["totem", "TOTEM"]
    assert [item.row for item in found.sentences] == [3, 5]


@pytest.mark.parametrize("unit", ["bom, ruim, ", "espera boa e fila ruim e ", "não o a ", "4 horas pra me ", "já o "])
def test_a_long_comment_takes_as_long_as_many_short_ones(unit: str) -> None:
    assert grows_with_its_size(lambda size: read([unit * (size // len(unit))], THEMES, OPINIONS), 6_000)
