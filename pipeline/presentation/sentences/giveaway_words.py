"""What is said of factors that give the answer away: which, why, how good the model is without them, what to do."""

from __future__ import annotations

from pipeline.contract import Product, feminine
from pipeline.presentation.locale import names
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import agree, interval, listed, percent
from pipeline.presentation.sentences.model_words import metric_with_interval
from pipeline.records import Giveaway, GiveawayTest


def lines(test: GiveawayTest | None, product: Product) -> list[str]:
    """One sentence a finding, then the skill without them and what to do; none for a model that was not looked at."""
    if test is None:
        return []
    if not test.found:
        return ["Nenhum fator, sozinho ou com outro, dá a resposta: procurou-se no último trecho do passado."]
    return [_opening(test), *(finding(item, product) for item in test.found), without(test, product), _advice(test)]


def _opening(test: GiveawayTest) -> str:
    what = agree(len(test.found), "Um fator já diz", "Há fatores que já dizem")
    if len(test.found) == 1 and len(test.found[0].factors) > 1:
        what = "Dois fatores juntos já dizem"
    return f"{what} o resultado: o acerto abaixo não é o que se terá com linhas que ainda vão acontecer."


def finding(item: Giveaway, product: Product) -> str:
    """`“Convênio” está preenchido em 2,1% dos casos de falta e em 100,0% dos de presença: parece escrito depois.`"""
    return f"{listed([_quoted(product, key) for key in item.factors])} {say(item.why)}."


def without(test: GiveawayTest, product: Product) -> str:
    """The skill with and without what was found, on the same rows."""
    if test.auc_without is None or test.reach_without is None:
        return "Sem isso não sobra fator algum com que medir."
    return (
        f"Sem isso, nas mesmas linhas do teste: AUC {metric_with_interval(test.auc_without)} em vez de "
        f"{metric_with_interval(test.auc)}; nos 10% de maior risco, {percent(test.reach_without.value)} "
        f"({interval(test.reach_without)}) {_of_events(product)} em vez de {percent(test.reach.value)} "
        f"({interval(test.reach)})."
    )


def _advice(test: GiveawayTest) -> str:
    what = agree(len(test.factors), "desse fator", "desses fatores")
    return (
        f"Confira quando as colunas {what} são preenchidas. Se for depois, deixe-as sem campo na página dos dados e "
        "treine de novo; se for antes, o aviso não muda nada."
    )


def _of_events(product: Product) -> str:
    return f"{'das' if feminine(product.words.event) else 'dos'} {product.words.events}"


def _quoted(product: Product, key: str) -> str:
    return f"“{names.factor(product, key)}”"
