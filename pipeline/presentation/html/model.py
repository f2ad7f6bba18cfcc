"""The model card as HTML: how good the model is in words, then in numbers, figures, bands and weights."""

from __future__ import annotations

import pandas as pd

from pipeline.contract import Product
from pipeline.presentation.charts import Chart, calibration_plot, importance_bars, reach_curve
from pipeline.presentation.escaping import escape_html, shorten
from pipeline.presentation.frames import model_tables
from pipeline.presentation.html import page
from pipeline.presentation.locale import names
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import NONE, date, interval, number, percent, period, plural
from pipeline.presentation.sentences import model_words
from pipeline.presentation.theme import LIGHT
from pipeline.records import Evaluation, ModelCard


def model_card_html(card: ModelCard, product: Product) -> str:
    """One page with its figures inside. Everything from a file is escaped."""
    test = model_words.headline_test(card)
    words = product.words
    figures = page.Figures()
    calibration = page.section(
        model_words.CONFIRMED,
        figures.add(calibration_plot(test.calibration, LIGHT)) if test.calibration else "",
        f"{model_words.top_group(test, product)} Cada ponto é um grupo de riscos parecidos; na linha, previsto e observado são iguais.",
    )
    reach = page.section(
        "Quanto se alcança ligando" if product.has_agenda else "Quanto se alcança lendo",
        figures.add(_reach(test, product)) if test.reach else "",
        f"Parcela de {words.events} que se alcança, {'chamando' if product.has_agenda else 'lendo'} do maior risco ao menor.",
    )
    weights = page.section(
        "O que mais pesa",
        figures.add(importance_bars(card.importance, product, LIGHT)) if card.importance else "",
        "Peso médio no risco, em pontos percentuais, em linhas que o modelo não tinha visto.",
    )
    parts = [
        page.heading(words.model_title, model_words.finding(card, product).html(), _meta(card, product)),
        page.figures_row(model_words.figures(card, product)),
        page.paragraphs([model_words.figures_line(product), model_words.test_line(card, product)]),
        page.section("Contra as referências", _metrics(test, product), _test_note(card, test, product)),
        page.section("Todas as linhas do teste", _metrics(card.test, product), _rows(card.test, product))
        if card.test_ahead
        else "",
        page.pair(calibration, reach),
        page.section(
            "Faixas de risco", _tiers(card, product), "Taxa observada em linhas que o modelo não tinha visto."
        ),
        weights,
        page.section(
            "E as estrelas",
            _frame(model_tables.star_metrics(test.stars)),
            "Acerto, kappa e log-loss: as cinco classificações.",
        )
        if test.stars
        else "",
        _words(card),
        page.section("Como foi feito", _made(card, product)),
    ]
    return page.document(words.model_title, product.title, parts, figures=True)


def _words(card: ModelCard) -> str:
    """The words that weigh for the event and against it."""
    if not card.words:
        return ""
    parts = [
        (title, [w for w in card.words if w.kind == kind])
        for title, kind in (("Pesam para detrator", "raises"), ("Pesam para promotor", "lowers"))
    ]
    inner = "".join(
        f"<p><strong>{title}</strong></p>{_frame(model_tables.words(items))}" for title, items in parts if items
    )
    return page.section("As palavras que mais pesam", inner, "Em comentários que o modelo não viu.")


def _frame(frame: pd.DataFrame) -> str:
    """A frame of written numbers as a table."""
    rows = [[escape_html(str(cell)) for cell in row] for row in frame.itertuples(index=False)]
    return page.table(tuple(map(str, frame.columns)), rows, right=range(1, len(frame.columns)))


def _meta(card: ModelCard, product: Product) -> list[str]:
    return [
        f"treinado em {_created(card.created)}",
        shorten(card.data_name, 60),
        plural(card.rows_trained, product.words.row, product.words.rows),
        period(card.trained_from, card.trained_until),
    ]


def _created(text: str) -> str:
    """An ISO date-time as `23/11/2025`; as it stands if it is none."""
    parts = text[:10].split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 else text


def _reach(test: Evaluation, product: Product) -> Chart:
    return reach_curve(
        test.reach, LIGHT, events=product.words.events, calls=product.has_agenda, tenth=test.model.reach_top_10.value
    )


def _rows(test: Evaluation, product: Product) -> str:
    words = product.words
    return (
        f"{period(*test.period)}: {plural(test.rows, words.row, words.rows)}, {plural(test.events, words.event, words.events)}. "
        "Intervalos de 95%, reamostrando pacientes."
    )


def _test_note(card: ModelCard, test: Evaluation, product: Product) -> str:
    scope = "Só o que não foi marcado no próprio dia. " if card.test_ahead else ""
    return scope + _rows(test, product)


def _metrics(test: Evaluation, product: Product) -> str:
    words = {"event": product.words.event, "events": product.words.events, "non_event": product.words.non_event}
    sets = (test.model, *test.references)
    rows = []
    for key, name, meaning in model_words.METRICS:
        first = (
            f"<strong>{escape_html(name)}</strong><br><span class='gray'>{escape_html(meaning.format(**words))}</span>"
        )
        rows.append((first, *(escape_html(model_words.metric_value(key, getattr(s, key))) for s in sets)))
    table = page.table(("Medida", *(names.reference(s.key) for s in sets)), rows, right=range(1, len(sets) + 1))
    return table + _differences(test)


def _differences(test: Evaluation) -> str:
    rows = [
        (
            escape_html(names.reference(d.reference)),
            escape_html(model_words.metric_with_interval(d.auc)),
            escape_html(model_words.metric_with_interval(d.brier, 4)),
        )
        for d in test.differences
    ]
    return page.table(("Modelo menos a referência, nas mesmas linhas", "AUC", "Brier"), rows, right=(1, 2))


def _cut(fraction: float) -> str:
    """A cut-off of a band, without decimals where it has none."""
    return percent(fraction, 0 if abs(fraction * 100 - round(fraction * 100)) < 1e-9 else 1)


def _tiers(card: ModelCard, product: Product) -> str:
    rows = []
    for tier in card.tiers:
        observed = percent(tier.observed.value) if tier.observed else NONE
        upper = "ou mais" if tier.high >= 1 else f"a {_cut(tier.high)}"
        rows.append(
            (
                escape_html(names.tier(tier.key)),
                f"{_cut(tier.low)} {upper}",
                number(tier.rows),
                observed,
                interval(tier.observed) or NONE,
            )
        )
    return page.table(
        ("Faixa", "Risco", product.words.rows.capitalize(), product.words.rate, "IC 95%"), rows, right=(2, 3, 4)
    )


def _made(card: ModelCard, product: Product) -> str:
    absent = [product.field(key).label for key in card.absent_fields if key in {f.key for f in product.fields}]
    facts = [
        ("Dados:", f"{card.data_name}; SHA-256 {card.data_sha256}"),
        ("Período aprendido:", f"{date(card.trained_from)} a {date(card.trained_until)}"),
        (
            "Tamanho:",
            f"{number(card.rows_trained)} {product.words.rows}, {number(card.events_trained)} {product.words.events}",
        ),
        ("Esforço e semente:", f"{names.effort(card.effort)}, {card.seed}"),
    ]
    if absent:
        facts.append(("Campos que não vieram:", ", ".join(absent)))
    return page.listing(facts) + page.paragraphs([say(note) for note in card.notes])
