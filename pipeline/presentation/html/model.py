"""The model card as HTML: how good the model is in words, then in numbers, figures, bands and weights."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.contract import Product
from pipeline.presentation.charts import Chart, calibration_plot, importance_bars, learning_curve, reach_curve
from pipeline.presentation.escaping import shorten
from pipeline.presentation.frames import model_tables, skill_tables
from pipeline.presentation.html import page
from pipeline.presentation.locale import names
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import NONE, interval, number, percent, period, plural
from pipeline.presentation.sentences import (
    card_words,
    giveaway_words,
    learning_words,
    model_words,
    new_unit_words,
    skill_words,
)
from pipeline.presentation.theme import LIGHT
from pipeline.records import Evaluation, ModelCard, NewUnitTest, SkillSplit


def model_card_html(card: ModelCard, product: Product) -> str:
    """One page with its figures inside. Everything from a file is escaped."""
    test = model_words.headline_test(card)
    figures = page.Figures()
    return page.render(
        "model",
        figures=True,
        title=product.words.model_title,
        product=product,
        finding=model_words.finding(card, product),
        meta=_meta(card, product),
        key_figures=model_words.figures(card, product),
        lines=[model_words.figures_line(product), model_words.test_line(card, product)],
        giveaways=giveaway_words.lines(card.giveaways, product),
        metrics=_metrics(test, product),
        differences=_differences(test),
        test_note=_test_note(card, test, product),
        all_rows=_all_rows(card, product),
        calibration=_calibration(test, product, figures),
        reach=_reach(test, product, figures),
        weights=figures.add(importance_bars(card.importance, product, LIGHT)) if card.importance else None,
        tiers=_tiers(card, product),
        stars=_frame(model_tables.star_metrics(test.stars)) if test.stars else None,
        words=_words(card),
        purpose=card_words.purpose(product),
        fields=card_words.fields(card, product),
        honest=_honest(card, product),
        new_unit=_new_unit(card.new_unit, product),
        learning=_learning(card, product, figures),
        limits=card_words.limits(card, product),
        fairness=card_words.fairness(card, product),
        fairness_note=card_words.fairness_note(product),
        people=_splits(card_words.people(card, product), product),
        use=card_words.use(product),
        law=card_words.law(),
        facts=_facts(card, product),
        notes=[say(item) for item in card.notes],
    )


def _honest(card: ModelCard, product: Product) -> dict[str, object] | None:
    """The honest test: level and slope in words, measures, calibration in numbers, months and units."""
    if card.skill is None:
        return None
    splits = card_words.places_and_times(card, product)
    return {
        "note": skill_words.measured_on(card.skill, product),
        "lines": card_words.summary(card, product),
        "measures": _frame(skill_tables.measures(card.skill)),
        "calibration": _frame(skill_tables.calibration(card.skill.calibration, product)),
        "weak": card_words.weak(splits, product),
        "splits": _splits(splits, product),
    }


def _new_unit(test: NewUnitTest | None, product: Product) -> dict[str, object] | None:
    """What a unit that the model never saw can expect."""
    if test is None:
        return None
    return {
        "title": new_unit_words.TITLE,
        "note": new_unit_words.measured_on(test, product),
        "lines": new_unit_words.lines(test, product),
        "measures": _frame(skill_tables.new_unit(test)),
        "units": _frame(skill_tables.new_units(test, product)),
    }


def _learning(card: ModelCard, product: Product, figures: page.Figures) -> dict[str, object] | None:
    """Whether more rows would make a better model."""
    curve = card.learning
    if curve is None:
        return None
    return {
        "title": learning_words.TITLE,
        "note": learning_words.measured_on(curve, product),
        "lines": [learning_words.finding(curve, card, product).text],
        "figure": figures.add(learning_curve(curve, LIGHT)),
        "points": _frame(skill_tables.learning(curve, product)),
    }


def _splits(items: Sequence[SkillSplit], product: Product) -> list[tuple[str, page.Table]]:
    return [(skill_words.split_title(s, product), _frame(skill_tables.groups(s, product))) for s in items]


def _all_rows(card: ModelCard, product: Product) -> dict[str, object] | None:
    """Every row of the test, where the headline speaks of those that were made ahead only."""
    if not card.test_ahead:
        return None
    return {
        "metrics": _metrics(card.test, product),
        "differences": _differences(card.test),
        "note": _rows(card.test, product),
    }


def _calibration(test: Evaluation, product: Product, figures: page.Figures) -> dict[str, object]:
    return {
        "title": model_words.CONFIRMED,
        "figure": figures.add(calibration_plot(test.calibration, LIGHT)) if test.calibration else None,
        "note": f"{model_words.top_group(test, product)} Cada ponto é um grupo de riscos parecidos; na linha, previsto e observado são iguais.",
    }


def _reach(test: Evaluation, product: Product, figures: page.Figures) -> dict[str, object]:
    return {
        "title": "Quanto se alcança ligando" if product.has_agenda else "Quanto se alcança lendo",
        "figure": figures.add(_reach_chart(test, product)) if test.reach else None,
        "note": f"Parcela de {product.words.events} que se alcança, {'chamando' if product.has_agenda else 'lendo'} do maior risco ao menor.",
    }


def _words(card: ModelCard) -> list[tuple[str, page.Table]]:
    """The words that weigh for the event and against it."""
    kinds = [
        (title, [w for w in card.words if w.kind == kind])
        for title, kind in (("Pesam para detrator", "raises"), ("Pesam para promotor", "lowers"))
    ]
    return [(title, _frame(model_tables.words(items))) for title, items in kinds if items]


def _frame(frame: pd.DataFrame) -> page.Table:
    """A frame of written numbers as a table."""
    rows = [[str(cell) for cell in row] for row in frame.itertuples(index=False)]
    return page.Table(tuple(map(str, frame.columns)), rows, right=range(1, len(frame.columns)))


def _meta(card: ModelCard, product: Product) -> list[str]:
    return [
        f"treinado em {_created(card.created)}",
        shorten(card.data_name, 60),
        f"{learning_words.learnt_from(card)} {product.words.rows}",
        period(card.trained_from, card.trained_until) if card.trained_from else "sem datas",
    ]


def _created(text: str) -> str:
    """An ISO date-time as `23/11/2025`; as it stands if it is none."""
    parts = text[:10].split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 else text


def _reach_chart(test: Evaluation, product: Product) -> Chart:
    return reach_curve(
        test.reach, LIGHT, events=product.words.events, calls=product.has_agenda, tenth=test.model.recall_at_10pct.value
    )


def _rows(test: Evaluation, product: Product) -> str:
    words = product.words
    return (
        f"{period(*test.period) if test.period else 'Linhas sorteadas'}: {plural(test.rows, words.row, words.rows)}, {plural(test.events, words.event, words.events)}. "
        "Intervalos de 95%, reamostrando pacientes."
    )


def _test_note(card: ModelCard, test: Evaluation, product: Product) -> str:
    scope = "Só o que não foi marcado no próprio dia. " if card.test_ahead else ""
    return scope + _rows(test, product)


def _metrics(test: Evaluation, product: Product) -> page.Table:
    words = {"event": product.words.event, "events": product.words.events, "non_event": product.words.non_event}
    sets = (test.model, *test.references)
    rows: list[tuple[page.Cell, ...]] = [
        (
            page.Measure(name, meaning.format(**words)),
            *(model_words.metric_value(key, getattr(s, key)) for s in sets),
        )
        for key, name, meaning in model_words.METRICS
    ]
    return page.Table(("Medida", *(names.reference(s.key) for s in sets)), rows, right=range(1, len(sets) + 1))


def _differences(test: Evaluation) -> page.Table:
    rows = [
        (
            names.reference(d.reference),
            model_words.metric_with_interval(d.auc),
            model_words.metric_with_interval(d.brier, 4),
        )
        for d in test.differences
    ]
    return page.Table(("Modelo menos a referência, nas mesmas linhas", "AUC", "Brier"), rows, right=(1, 2))


def _cut(fraction: float) -> str:
    """A cut-off of a band, without decimals where it has none."""
    return percent(fraction, 0 if abs(fraction * 100 - round(fraction * 100)) < 1e-9 else 1)


def _tiers(card: ModelCard, product: Product) -> page.Table:
    rows = []
    for tier in card.tiers:
        observed = percent(tier.observed.value) if tier.observed else NONE
        upper = "ou mais" if tier.high >= 1 else f"a {_cut(tier.high)}"
        rows.append(
            (
                names.tier(tier.key),
                f"{_cut(tier.low)} {upper}",
                number(tier.rows),
                observed,
                interval(tier.observed) or NONE,
            )
        )
    return page.Table(
        ("Faixa", "Risco", product.words.rows.capitalize(), product.words.rate, "IC 95%"), rows, right=(2, 3, 4)
    )


def _facts(card: ModelCard, product: Product) -> list[tuple[str, str]]:
    absent = [product.field(key).label for key in card.absent_fields if key in {f.key for f in product.fields}]
    facts = [
        ("Dados:", f"{card.data_name}; SHA-256 {card.data_sha256}"),
        ("Período aprendido:", period(card.trained_from, card.trained_until) if card.trained_from else "sem datas"),
        (
            "Tamanho:",
            f"{learning_words.learnt_from(card)} {product.words.rows}, {number(card.events_trained)} {product.words.events}",
        ),
        ("Esforço e semente:", f"{names.effort(card.effort)}, {card.seed}"),
    ]
    if absent:
        facts.append(("Campos que não vieram:", ", ".join(absent)))
    return facts
