"""What is said of factors that give the answer away."""

from __future__ import annotations

from pipeline.presentation.sentences import giveaway_words
from pipeline.products.no_show import PRODUCT
from pipeline.records import Giveaway, GiveawayTest, Interval, note

WHOLE, THIN = Interval(0.991, 0.985, 0.996), Interval(0.702, 0.68, 0.73)
REACH, LEFT = Interval(0.55, 0.5, 0.6), Interval(0.25, 0.21, 0.29)
FILLED = Giveaway(
    ("health_plan",),
    note("giveaway.filled", events=0.021, rest=1.0, event="falta", non_event="presença"),
    0.99,
    1638,
)
PAIR = Giveaway(("sex", "channel"), note("giveaway.together", auc=1.0), 1.0, 1638)


def test_which_why_and_how_good_without() -> None:
    said = giveaway_words.lines(GiveawayTest((FILLED, PAIR), WHOLE, REACH, THIN, LEFT), PRODUCT)
    assert said[0].startswith("Há fatores que já dizem o resultado")
    assert said[1] == (
        "“Convênio” está preenchido em 2,1% dos casos de falta e em 100,0% dos de presença: parece escrito depois."
    )
    assert said[2].startswith("“Sexo” e “Origem do agendamento” dizem o resultado juntos (AUC 1,00)")
    assert "AUC 0,702 (0,680 a 0,730) em vez de 0,991 (0,985 a 0,996)" in said[3]
    assert "25,0% (21,0–29,0%) das faltas em vez de 55,0%" in said[3]
    assert "desses fatores" in said[4]


def test_one_pair_alone_nothing_left_and_nothing_found() -> None:
    said = giveaway_words.lines(GiveawayTest((PAIR,), WHOLE, REACH), PRODUCT)
    assert said[0].startswith("Dois fatores juntos") and said[2].startswith("Sem isso não sobra")
    assert giveaway_words.lines(GiveawayTest((), WHOLE, REACH), PRODUCT)[0].startswith("Nenhum fator")
    assert giveaway_words.lines(None, PRODUCT) == []
