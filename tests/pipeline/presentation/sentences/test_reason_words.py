"""What a factor says of a row, in words: grammar by the product's nouns, each distinct note said once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.presentation.locale.messages import say
from pipeline.presentation.sentences import reason_words
from pipeline.records import Contribution, Note, note, pack, unpack

_VISITS = {"row": "visita", "rows": "visitas"}
_LOANS = {"row": "empréstimo", "rows": "empréstimos"}


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (note("factor.lead", days=0), "Marcado para o mesmo dia"),
        (note("factor.lead", days=1), "Antecedência de 1 dia"),
        (note("factor.lead", days=1204), "Antecedência de 1.204 dias"),
        (note("factor.value", noun=Note("short.unit"), value="unidade Sul"), "unidade Sul"),
        (note("factor.value", noun=Note("short.unit"), value="Sul"), "Unidade Sul"),
        (note("factor.value_unknown", noun=Note("short.plan")), "Sem informação de convênio"),
        (note("factor.value_unknown", noun="UF"), "Sem informação de UF"),
        (note("factor.calendar", weekday=5, day=3), "Sábado, dia 3"),
        (note("factor.hour", hour=1, minute=0), "Horário da 1h"),
        (note("factor.hour", hour=9, minute=5), "Horário das 9h05"),
        (note("factor.first_known", row="visita"), "Primeira visita conhecida do paciente"),
        (note("factor.first_known", row="empréstimo"), "Primeiro empréstimo conhecido do paciente"),
        (
            note("factor.history", of=1, bad=0, event="falta", events="faltas", **_VISITS),
            "Nenhuma falta na última visita",
        ),
        (
            note("factor.history", of=10, bad=2, event="atraso", events="atrasos", **_LOANS),
            "2 atrasos nos últimos 10 empréstimos",
        ),
        (note("factor.others_lately_made", count=1, **_VISITS), "Mais 1 visita feita há menos de 30 dias"),
        (note("factor.others_lately_made", count=2, **_LOANS), "Mais 2 empréstimos feitos há menos de 30 dias"),
        (note("factor.load", count=0, place="Unidade", **_VISITS), "Sem visitas no mesmo dia e unidade"),
        (note("factors.protected", labels=["Idade", "Sexo"]), "Idade e sexo"),
        (note("factors.others", count=1), "Outro fator"),
    ],
)
def test_words_agree_with_their_nouns_and_counts(item: Note, words: str) -> None:
    assert say(item) == words


def test_a_column_of_notes_is_said_as_text_or_as_categories() -> None:
    lead, none = pack(note("factor.lead", days=42)), ""
    column = pd.Series([lead, none, lead, "Uma frase de outra versão."])
    told = ["Antecedência de 42 dias", "", "Antecedência de 42 dias", "Uma frase de outra versão."]
    assert reason_words.texts(column).tolist() == told
    assert reason_words.texts(column.astype("category")).tolist() == told
    assert reason_words.texts(column.astype("category").iloc[[1, 2]]).tolist() == told[1:3]
    assert reason_words.texts(pd.Series([None, lead], dtype="str")).tolist() == ["", told[0]]
    assert reason_words.texts(pd.Series([], dtype="str")).tolist() == []


def test_reasons_carry_their_points_and_nothing_stays_nothing() -> None:
    lead = pack(note("factor.lead", days=42))
    told = reason_words.reasons([lead, "", lead], np.array([0.09, np.nan, -0.0149]))
    assert told.tolist() == ["Antecedência de 42 dias: +9 pontos", "", "Antecedência de 42 dias: −1 ponto"]
    assert reason_words.reason(Contribution("lead", note("factor.lead", days=42), 0.01)).endswith(": +1 ponto")


def test_what_the_observation_says_of_gaps() -> None:
    field = note("score.without_field", field="Data de contato")
    gaps = note("score.gaps", missing=[field, note("score.without_history")], unseen=["Unidade", "UF"], taught=False)
    assert say(gaps) == (
        "Sem data de contato e sem histórico: risco calculado com menos informação. "
        "Não aparece no treino do modelo: unidade e UF."
    )
    taught = note("score.gaps", missing=[], unseen=[], taught=True)
    assert say(taught).startswith("Do período em que o modelo aprendeu")


def test_a_packed_note_is_the_note_again() -> None:
    item = note("factor.value", noun=Note("short.unit"), value='“Sul” {"code": 1}')
    assert unpack(pack(item)) == item
