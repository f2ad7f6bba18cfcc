"""Whether more rows would make a better model, in words, and of how many rows one was made."""

from __future__ import annotations

from pipeline.contract import Product, feminine
from pipeline.presentation.locale.numbers import number, period, plural
from pipeline.presentation.sentences import skill_words
from pipeline.presentation.sentences.findings import Finding
from pipeline.presentation.sentences.two_models_words import gap
from pipeline.records import ENOUGH, RISING, LearningCurve, ModelCard

TITLE = "Mais dados melhorariam o modelo?"
CHART_KEY = "Ponto e faixa: AUC com intervalo de 95%. Cada passo para a direita é o dobro de linhas."


def finding(curve: LearningCurve, card: ModelCard, product: Product) -> Finding:
    """The verdict, first of how many rows were drawn where a part taught; then the last doubling in figures."""
    half, whole = curve.points[-2:]
    rest = (
        f"De {number(half.rows)} para {plural(whole.rows, product.words.row, product.words.rows)} a AUC foi de "
        f"{skill_words.measure(half.auc)} a {skill_words.measure(whole.auc)}: um ganho de {gap(curve.gain, 3)}."
    )
    if curve.verdict == RISING:
        rest += " Cada dobro costuma trazer menos que o anterior."
    return Finding(_lead(curve, card, product), rest)


def _lead(curve: LearningCurve, card: ModelCard, product: Product) -> str:
    hardly = "quase não" if skill_words.above(curve.gain) else "não"
    if card.rows_available is None:
        if curve.verdict == ENOUGH:
            return f"Mais dados {hardly} melhorariam."
        if curve.verdict == RISING:
            return "Com o dobro de linhas, o modelo ainda deve ordenar melhor."
        return "Não dá para dizer se mais dados melhorariam."
    drawn = f"Aprendeu com {learnt_from(card)} {product.words.rows}, {_drawn(product)} por dia e resultado; "
    if curve.verdict == ENOUGH:
        return f"{drawn}mais {hardly} melhoraria."
    would = "com mais, ainda deve ordenar melhor" if curve.verdict == RISING else "não dá para dizer se mais melhoraria"
    return f"{drawn}{would}. O esforço completo aprende com {_all(product)}."


def measured_on(curve: LearningCurve, product: Product) -> str:
    """How it was measured, and on which rows."""
    words = product.words
    made = "marcadas" if feminine(words.row) else "marcados"
    which = f" não {made} no próprio dia" if curve.ahead else ""
    return (
        f"A mesma receita, aprendida com um oitavo, um quarto, metade e todas as linhas do começo, e julgada em "
        f"{plural(curve.rows, words.row, words.rows)}{which} que vieram depois, de {period(*curve.period)}. "
        "Intervalos de 95%, por paciente. O período de teste não entrou."
    )


def learnt_from(card: ModelCard) -> str:
    """`83.412`; `500.000 de 9.800.000` where a part was drawn: completes "… linhas"."""
    learnt = number(card.rows_trained)
    return learnt if card.rows_available is None else f"{learnt} de {number(card.rows_available)}"


def _drawn(product: Product) -> str:
    return "sorteadas" if feminine(product.words.row) else "sorteados"


def _all(product: Product) -> str:
    return "todas" if feminine(product.words.row) else "todos"
