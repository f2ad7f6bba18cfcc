"""Suggested replies: whole, short, in the tone that was asked for, with the alert's own words; as they were agreed."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import pytest

from pipeline.action.replies import MOST_THEMES, suggested
from pipeline.comment_declarations import LONGEST_REPLY, TONES
from pipeline.contract import ContractError, Reply, Theme
from pipeline.products.satisfaction import PRODUCT
from pipeline.products.satisfaction.replies import REPLIES
from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden" / "replies.json"
SAFETY, RESPECT = ("dano", "erro", "infeccao"), ("discriminacao", "assedio", "violencia")  # each share their words
CODES = (*SAFETY, *RESPECT, "obito", "ameaca_legal", "autoagressao")
THEMES = tuple(theme.key for theme in PRODUCT.themes if not theme.parent)  # their parts speak as they do
# what admits a fault, or promises
NEVER = (
    "desculp",
    "erramos",
    "nosso erro",
    "falha",
    "culpa",
    "garant",
    "promet",
    "iremos",
    "vamos ",
    "será ",
    "indeniz",
)


@pytest.mark.parametrize("tone", TONES)
def test_every_reply_is_whole_short_and_careful(tone: str) -> None:
    pairs = [*combinations(THEMES, 2), *((key,) for key in THEMES), ()]
    every = [suggested(PRODUCT, tone, themes=pair) for pair in pairs]
    every += [suggested(PRODUCT, tone, alerts=[code], themes=THEMES) for code in CODES]
    every.append(suggested(PRODUCT, tone, praise=True))
    for text in every:
        assert 80 < len(text) <= LONGEST_REPLY, text
        assert text.count("\n\n") == 2 and "{canal}" in text and "{clinica}" in text
        assert not [word for word in NEVER if word in text.lower()], text
    assert len(set(every)) == len(every) - (len(SAFETY) - 1) - (len(RESPECT) - 1)
    assert all(text.endswith(".") for text in every)


def test_tones_differ_and_every_theme_has_its_own_words() -> None:
    for key in THEMES:
        formal, close = (suggested(PRODUCT, tone, themes=[key]) for tone in TONES)
        assert formal != close and formal != suggested(PRODUCT, "formal")


def test_an_alert_decides_alone() -> None:
    told = suggested(PRODUCT, "formal", alerts=["obito"], themes=["access"], praise=True)
    assert "condolências" in told and "contato direto" in told and "estacionamento" not in told
    legal = suggested(PRODUCT, "close", alerts=["ameaca_legal"])
    assert "ouvidoria" in legal and "188" in suggested(PRODUCT, "close", alerts=["autoagressao"])


def test_no_more_than_a_few_themes_are_taken_up_and_parts_speak_as_their_whole() -> None:
    first = suggested(PRODUCT, "formal", themes=THEMES)
    assert first == suggested(PRODUCT, "formal", themes=THEMES[:MOST_THEMES])
    part = Theme("triage", "Triagem", ("triagem",), parent="waiting")
    house = replace(PRODUCT, themes=(*PRODUCT.themes, part))
    assert suggested(house, "close", themes=["triage", "waiting"]) == suggested(PRODUCT, "close", themes=["waiting"])
    assert suggested(PRODUCT, "close", themes=["unheard_of"]) == suggested(PRODUCT, "close")


def test_a_product_without_replies_suggests_none() -> None:
    assert suggested(replace(PRODUCT, replies=()), "formal") == ""


def test_what_is_too_long_loses_what_it_says_of_the_second_theme() -> None:
    long = [Reply("formal", "body", ("Muito. " * 60).strip(), themes=(key,)) for key in THEMES[:2]]
    told = suggested(replace(PRODUCT, replies=(*long, *REPLIES)), "formal", themes=THEMES[:2])
    assert len(told) <= LONGEST_REPLY and told.count("Muito.") == 60


@pytest.mark.parametrize(
    "wrong",
    [
        {"tone": "loud"},
        {"part": "middle"},
        {"text": "Fale com {nome}."},
        {"text": "sem ponto"},
        {"themes": ("waiting",), "alerts": ("obito",)},
    ],
)
def test_a_reply_that_contradicts_itself_fails_when_it_is_declared(wrong: dict[str, object]) -> None:
    with pytest.raises(ContractError):
        replace(Reply("formal", "body", "Obrigado."), **wrong)
    with pytest.raises(ContractError, match="unknown themes"):
        replace(PRODUCT, replies=(Reply("formal", "body", "Obrigado.", themes=("unheard_of",)),))


def test_the_replies_are_those_that_were_agreed() -> None:
    asked = {
        "formal waiting": ("formal", {"themes": ["waiting"]}),
        "close waiting, reception": ("close", {"themes": ["waiting", "reception"]}),
        "close praise": ("close", {"praise": True}),
        "formal obito": ("formal", {"alerts": ["obito"]}),
        "formal ameaca_legal": ("formal", {"alerts": ["ameaca_legal"]}),
        "close erro": ("close", {"alerts": ["erro"]}),
        "close autoagressao": ("close", {"alerts": ["autoagressao"]}),
        "formal nothing": ("formal", {}),
    }
    made = {name: suggested(PRODUCT, tone, **told) for name, (tone, told) in asked.items()}  # type: ignore[arg-type]
    assert made == json.loads(GOLDEN.read_text("utf-8"))
