"""What is said of places: who stands out, why one differs, and what "clearly" means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.presentation.frames import place_tables
from pipeline.presentation.locale.messages import say
from pipeline.presentation.sentences import place_words
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import (
    Interval,
    PlaceExpression,
    PlaceLevel,
    PlaceOverview,
    PlacePeriod,
    PlaceRow,
    PlaceTheme,
    PlaceWhy,
    ThemeGap,
    note,
)
from pipeline.statistics import newcombe, wilson

HERE, THERE = wilson(128, 312), wilson(210, 955)
assert HERE is not None and THERE is not None
GAP = ThemeGap(
    "waiting", "Espera", "negative", HERE, 128, THERE, 210, newcombe(HERE, THERE), True, Interval(-1.1, -1.3, -0.9)
)
WHY = PlaceWhy(
    "unit",
    "Boa *Viagem*",
    312,
    955,
    Interval(3.2, 3.1, 3.3),
    Interval(3.9, 3.8, 4.0),
    (GAP, replace(GAP, key="app", label="App", side="positive", clear=False, effect=None)),
    (PlaceExpression("senha do painel", 25, 3, None), PlaceExpression("fila", 12, 1, None)),
    125,
    0.05,
)


def level(events: int, detractors: int) -> PlaceLevel:
    return PlaceLevel(
        events, events, events, Interval(3.0, 2.9, 3.1), Interval(0.2, 0.1, 0.3), events, wilson(detractors, events)
    )


def row(value: str, detractors: int, against: str = "unclear", groups: int = 0) -> PlaceRow:
    share = wilson(9, 100)
    assert share is not None
    return PlaceRow(value, groups, level(100, detractors), against, (PlaceTheme("waiting", "Espera", 9, share),))


VIEW = PlaceOverview(
    "unit",
    level(310, 71),
    10,
    (row("Norte", 41, "above"), row("Sul", 20), row("", 10, "below", 3)),
    (),
    tuple(PlacePeriod("Norte", f"2026-0{i}", level(50, 9 + i)) for i in range(1, 4)),
    False,
    40,
    0.05,
)


def test_the_places_that_stand_out_are_named_with_their_share() -> None:
    found = place_words.finding(VIEW, PRODUCT)
    assert found.lead == "Mais detratores: Norte (41%), contra 23% de todos."
    assert "2\u00a0unidades com comentários bastantes" in found.rest and "10 sem a informação" in found.rest
    alike = replace(VIEW, rows=tuple(replace(r, against="unclear") for r in VIEW.rows))
    assert place_words.finding(alike, PRODUCT).lead == "Nenhuma diferença clara na parte de detratores."


def test_the_folded_ones_come_last_whatever_their_share() -> None:
    groups = place_words.groups(replace(VIEW, rows=(row("", 90, "above", 1), *VIEW.rows[:2])))
    assert [g.value for g in groups] == ["Norte", "Sul", "Outros (1\u00a0grupo)"]
    assert [g.events for g in groups] == [41, 20, 90]


def test_why_is_said_in_themes_and_words_and_never_in_points_of_comment() -> None:
    assert place_words.gaps(WHY) == [
        "Espera: 41% dos comentários reclamam (128 de 312, IC 36–47%) contra 22% (210 de 955, IC 19–25%); dizer isso "
        "tira 1,1 estrela."
    ]
    assert "3,20 estrelas em média (3,10 a 3,30) contra 3,90" in place_words.why_line(WHY, PRODUCT)
    assert "nas outras unidades; 312\u00a0comentários contra 955." in place_words.why_line(WHY, PRODUCT)
    words = place_words.expressions(WHY)
    assert "“senha do painel” (25\u00a0comentários, 3 nos demais) e “fila”" in words
    assert place_words.expressions(replace(WHY, expressions=())) == ""
    assert "125\u00a0comparações" in place_words.method(WHY) and "Benjamini" in place_words.method(WHY)
    said = say(note("factor.said", themes=["Espera", "Recepção"]))
    assert said == "O que se diz de espera e recepção"
    assert say(note("factor.said", themes=[])) == "O que se escreveu, sem tema que se destaque"


@pytest.mark.parametrize(
    ("column", "named"),
    [("unit", "nas outras unidades"), ("professional", "nos outros profissionais"), ("cep_uf", "nas outras UFs")],
)
def test_the_others_agree_with_the_dimension(column: str, named: str) -> None:
    assert place_words.others(PRODUCT, column) == named


def test_tables_hold_every_number_with_its_interval() -> None:
    frame = place_tables.places(VIEW, PRODUCT)
    assert frame["Unidade"].tolist() == ["Norte", "Sul", "Outros (3\u00a0grupos)"]
    assert frame["Detratores"].tolist() == [0.41, 0.2, 0.1] and frame["Detratores de"].notna().all()
    assert frame["O que mais se reclama"][0] == "Espera 9% (n 9)"
    assert place_tables.places_shown(VIEW, PRODUCT).to_html().count("41,0%") == 1
    assert len(place_tables.periods(VIEW, PRODUCT)) == 3 and place_tables.periods(VIEW, PRODUCT, "Sul").empty
    assert "jan" in place_tables.periods_shown(VIEW, PRODUCT, "Norte").to_html()
    gaps = place_tables.gaps(WHY)
    assert gaps["Quão segura"].tolist() == ["clara", "pode ser acaso"]
    assert gaps["Efeito em estrelas"].tolist()[1] == "–"
    assert place_words.periods_charted(VIEW, "Norte") and not place_words.periods_charted(VIEW, "Sul")
