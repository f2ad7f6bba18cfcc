"""How good a model is, in words first: what it reaches, whether something simpler reaches as much, where it errs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.contract import Product, feminine
from pipeline.presentation.locale import names
from pipeline.presentation.locale.numbers import (
    EN_DASH,
    date,
    decimal,
    interval,
    listed,
    number,
    percent,
    period,
    plural,
)
from pipeline.presentation.sentences.findings import Finding
from pipeline.records import CalibrationBin, Evaluation, Interval, ModelCard

_SIMPLER = {
    "logistic_regression": "uma regressão logística simples",
    "lead_time": "quem olha só a antecedência",
    "tf_idf": "uma regressão logística sobre as palavras",
    "words_alone": "o mesmo modelo, só pelas palavras,",
}
CONFIRMED = "O risco previsto se confirma?"


def until(day: dt.date | None) -> str:
    """`até 31/05/2026`; `sem datas` where what was learnt from has none: completes "dados …"."""
    return f"até {date(day)}" if day else "sem datas"


def tested_on(test: Evaluation) -> str:
    """`de 01/05/2026 a 31/05/2026`; or that the rows were drawn: completes "Teste …"."""
    return f"de {period(*test.period)}" if test.period else "em linhas sorteadas (sem datas não se mede o futuro)"


def headline_test(card: ModelCard) -> Evaluation:
    """The test that is spoken of first: without rows booked on the day, which nobody could have called."""
    return card.test_ahead or card.test


def finding(card: ModelCard, product: Product) -> Finding:
    """What calling the riskiest tenth reaches, beside the best of the simpler ways;
    then how it compares in measures.
    """
    test, words = headline_test(card), product.words
    if words.model_finding:
        lead = words.model_finding.format(poles=_hundred(_poles(test)), reached=_hundred(test.model.recall_at_10pct))
        return Finding(lead + _poles_beside(test), against_references(test))
    begin = (
        f"Ligar para os 10% de {words.rows} com maior risco alcança {_hundred(test.model.recall_at_10pct)} de cada 100 "
        f"{words.events}"
    )
    beside = _reach_beside(test)
    lead = f"{begin} (ao acaso, 10); {beside}." if beside else f"{begin}; ao acaso, seriam 10."
    return Finding(lead, against_references(test))


def headline(card: ModelCard, product: Product) -> str:
    """`finding` as one text."""
    return finding(card, product).text


def _hundred(item: Interval) -> str:
    return number(100 * item.value)


def _poles(test: Evaluation) -> Interval:
    return test.stars.model.auc_poles if test.stars else test.model.auc


def _reach_beside(test: Evaluation) -> str:
    """`uma regressão logística simples alcança o mesmo`;
    empty where the model reaches clearly more than all of them.
    """
    best = max(test.references, key=lambda r: r.recall_at_10pct.value, default=None)
    if best is None:
        return ""
    gap = next((d.recall_at_10pct for d in test.differences if d.reference == best.key), None)
    return _beside(best.key, "alcança", test.model.recall_at_10pct, best.recall_at_10pct, gap)


def _poles_beside(test: Evaluation) -> str:
    """The same for a model of ratings; a whole sentence, or nothing."""
    best = max(test.stars.references, key=lambda r: r.auc_poles.value, default=None) if test.stars else None
    if best is None or test.stars is None:
        return ""
    gap = next((d.auc_poles for d in test.stars.differences if d.key == best.key), None)
    said = _beside(best.key, "reconhece", test.stars.model.auc_poles, best.auc_poles, gap)
    return f" {said[:1].upper()}{said[1:]}." if said else ""


def _beside(key: str, verb: str, model: Interval, other: Interval, gap: Interval | None) -> str:
    """What a simpler way does; the paired difference decides, or the intervals where a model lacks it."""
    name = _SIMPLER.get(key, f"a referência “{names.reference(key).lower()}”")
    if _above(gap) if gap is not None else _apart(model, other):
        return ""
    if _below(gap):
        return f"{name} {verb} mais: {_hundred(other)}"
    if _hundred(model) == _hundred(other):
        return f"{name} {verb} o mesmo"
    return f"{name} {verb} {_hundred(other)}, sem diferença clara"


def _apart(model: Interval, other: Interval) -> bool:
    return model.low is not None and other.high is not None and model.low > other.high


TIERS_KEY = "O intervalo é o de um período novo: onde a taxa muda de um período a outro, ele é mais largo."


def top_group(test: Evaluation, product: Product) -> str:
    """Whether the risk said of the riskiest tenth came true: predicted, observed with interval and n."""
    return top_words(test.calibration, test.rows, product)


def top_words(bins: Sequence[CalibrationBin], rows: int, product: Product) -> str:
    """The same of the bins of any `rows` that were judged."""
    top = max(bins, key=lambda b: b.predicted, default=None)
    if top is None:
        return ""
    words, seen = product.words, percent(top.observed.value, 0)
    share = percent(top.rows / rows, 0) if rows else ""
    begin = (
        f"Nos {share} de maior risco o modelo prevê {percent(top.predicted, 0)} de {words.events} e vieram {seen} "
        f"(IC {interval(top.observed, 0)}, n {number(top.rows)})"
    )
    return f"{begin}: {_verdict(top)}."


def _verdict(top: CalibrationBin) -> str:
    low, high = top.observed.low, top.observed.high
    if low is None or high is None or low <= top.predicted <= high:
        return "lá o previsto se confirma"
    if top.predicted > high:
        return "lá ele exagera; a ordem vale, o número é menor do que diz"
    return "lá ele diz menos do que vem; a ordem vale, o número é maior do que diz"


def top_bin(test: Evaluation) -> CalibrationBin | None:
    """The group of the highest predicted risk."""
    return max(test.calibration, key=lambda b: b.predicted, default=None)


def figures(card: ModelCard, product: Product) -> list[tuple[str, str, str]]:
    """Key figures in plain words, the same on the page and in its export: name, value, what stands below."""
    test, events = headline_test(card), product.words.events
    model, top = test.model, top_bin(test)
    named = events.capitalize()
    reached = f"{named} {'alcançadas' if feminine(product.words.event) else 'alcançados'}"
    shown = [
        (reached, percent(model.recall_at_10pct.value, 0), f"IC {interval(model.recall_at_10pct, 0)}"),
        ("Acerta a ordem", f"{_hundred(model.auc)} de 100", _pairs(model.auc)),
    ]
    if top is not None:
        shown += [
            ("Previsto no topo", percent(top.predicted, 0), f"n {number(top.rows)}"),
            ("Observado no topo", percent(top.observed.value, 0), f"IC {interval(top.observed, 0)}"),
        ]
    return shown


def _pairs(item: Interval) -> str:
    if item.low is None or item.high is None:
        return "pares"
    return f"IC {number(100 * item.low)}{EN_DASH}{number(100 * item.high)}"


def figures_line(product: Product) -> str:
    """What the key figures are of."""
    words = product.words
    of = "das" if feminine(words.event) else "dos"
    done = "ligar para" if product.has_agenda else "ler"
    return (
        f"{words.events.capitalize()} {'alcançadas' if feminine(words.event) else 'alcançados'}: a parte {of} "
        f"{words.events} que se alcança "
        f"ao {done} os 10% de maior risco; esses 10% são o topo."
    )


def _pair(product: Product) -> str:
    words = product.words
    return f"em 100 pares de {_one(words.event)} e {_one(words.non_event)}"


def _one(noun: str) -> str:
    return f"{'uma' if feminine(noun) else 'um'} {noun}"


def test_line(card: ModelCard, product: Product) -> str:
    """On which rows the model was tested, and its AUC as a count of pairs that a reader can picture."""
    test, words = headline_test(card), product.words
    which = (
        ""
        if card.test_ahead is None
        else f" que não foram {'marcadas' if feminine(words.row) else 'marcados'} no próprio dia"
    )
    return (
        f"Teste em {plural(test.rows, words.row, words.rows)}{which}, {_period_of(test)}: "
        f"{plural(test.events, words.event, words.events)}. {_pair(product).capitalize()}, o modelo põe "
        f"{'a' if feminine(words.event) else 'o'} {words.event} acima em {number(100 * test.model.auc.value)}."
    )


def _period_of(test: Evaluation) -> str:
    if test.period:
        return f"de {period(*test.period)}, que o modelo não viu"
    return "de textos e pessoas sorteados, que o modelo não viu; sem datas não se mede o futuro"


def measures(product: Product) -> tuple[tuple[str, str], ...]:
    """Name and meaning of each measure, for readers who know no statistics."""
    return tuple(
        (name, text.format(event=product.words.event, events=product.words.events, non_event=product.words.non_event))
        for _, name, text in METRICS
    )


def against_references(test: Evaluation) -> str:
    """In words: which references the model beats, and in what; certain only where the interval excludes zero."""
    if not test.differences:
        return ""
    both = [d.reference for d in test.differences if _above(d.auc) and _below(d.brier)]
    order = [d.reference for d in test.differences if _above(d.auc) and not _below(d.brier)]
    size = [d.reference for d in test.differences if _below(d.brier) and not _above(d.auc)]
    rest = [d.reference for d in test.differences if not _above(d.auc) and not _below(d.brier)]
    parts = []
    if both:
        parts.append(f"Ordena melhor e erra menos que {_quoted(both)}.")
    if order:
        parts.append(f"Ordena melhor que {_quoted(order)}, sem diferença clara no tamanho do erro.")
    if size:
        parts.append(f"Erra menos que {_quoted(size)}, sem diferença clara na ordem.")
    if rest:
        parts.append(f"Não há diferença clara a favor do modelo contra {_quoted(rest)}.")
    return " ".join(parts)


def _quoted(keys: Sequence[str]) -> str:
    named = [names.reference(key) for key in keys]
    return listed([f"a referência “{n if n[:2].isupper() else n.lower()}”" for n in named])


def _above(item: Interval | None) -> bool:
    return item is not None and item.low is not None and item.low > 0


def _below(item: Interval | None) -> bool:
    return item is not None and item.high is not None and item.high < 0


def metric_with_interval(item: Interval, decimals: int = 3) -> str:
    """`0,731 (0,722 a 0,740)`."""
    if item.low is None or item.high is None:
        return decimal(item.value, decimals)
    return f"{decimal(item.value, decimals)} ({decimal(item.low, decimals)} a {decimal(item.high, decimals)})"


METRICS = (
    ("recall_at_10pct", "Alcance dos 10% de maior risco", "Parte de {events} entre os 10% com maior risco."),
    ("auc", "AUC", "Chance de ordenar bem um caso de {event} e um de {non_event}; 0,5 é o acaso, 1 é perfeito."),
    ("average_precision", "Precisão média", "Acertos no alto da lista; o acaso dá a própria taxa."),
    ("brier", "Brier", "Erro médio ao quadrado do risco; menor é melhor."),
    (
        "ece",
        "Erro de calibração",
        "Distância média entre risco previsto e taxa observada, descontado o acaso; menor é melhor.",
    ),
)


def metric_value(name: str, item: Interval) -> str:
    """A metric with its interval: reach and calibration error as percentages, the others as decimals."""
    if name in ("recall_at_10pct", "ece"):
        bounds = interval(item)
        return percent(item.value) + (f" ({bounds})" if bounds else "")
    return metric_with_interval(item, 4 if name == "brier" else 3)
