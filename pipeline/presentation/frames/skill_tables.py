"""The honest test as tables: measures, calibration by group of risk, groups, references."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.contract import Product, feminine
from pipeline.presentation.locale import names, numbers
from pipeline.presentation.sentences import new_unit_words, skill_words, two_models_words, watch_words
from pipeline.records import (
    CalibrationBin,
    FieldShift,
    GroupRow,
    Interval,
    LearningCurve,
    ModelComparison,
    NewUnitTest,
    SkillReference,
    SkillReport,
    SkillSplit,
)

_STRANGERS = "Os mais comuns destes"
_MEASURES = (
    ("ratio", "Observado sobre esperado", 2),
    ("slope", "Inclinação", 2),
    ("auc", "AUC", 3),
    ("brier", "Brier", 4),
    ("log_loss", "Log-loss", 3),
    ("ece", "Erro de calibração", 3),
    ("recall_at_10pct", "Alcance dos 10% de maior risco", 3),
    ("lift", "Vezes o acaso", 1),
)


def measures(found: SkillReport) -> pd.DataFrame:
    """A measure a row: of the rows booked ahead, where they can be told, and of all."""
    sides = [*([("Sem os do próprio dia", found.ahead)] if found.ahead else []), ("Todos", found.all)]
    lines = [
        [name, *(skill_words.measure(getattr(skill, key), places) for _, skill in sides)]
        for key, name, places in _MEASURES
    ]
    lines.insert(0, ["Linhas", *(numbers.number(skill.rows) for _, skill in sides)])
    return pd.DataFrame(lines, columns=["Medida", *(name for name, _ in sides)])


def side_by_side(found: ModelComparison) -> pd.DataFrame:
    """Two models on the same rows: a measure a row, and second minus first where a paired interval is known."""
    gaps = {"auc": found.auc_gap, "brier": found.brier_gap, "log_loss": found.log_loss_gap}
    lines = [
        [
            name,
            skill_words.measure(getattr(found.first, key), places),
            skill_words.measure(getattr(found.second, key), places),
            two_models_words.gap(gaps[key], places) if key in gaps else numbers.NONE,
        ]
        for key, name, places in _MEASURES
    ]
    return pd.DataFrame(lines, columns=["Medida", "Primeiro", "Segundo", "Segundo menos primeiro"])


def learning(curve: LearningCurve, product: Product) -> pd.DataFrame:
    """The points of a learning curve: rows learnt from, AUC with its interval."""
    lines = [[numbers.number(point.rows), skill_words.measure(point.auc)] for point in curve.points]
    return pd.DataFrame(lines, columns=[f"{product.words.rows.capitalize()} com que aprendeu", "AUC"])


def new_unit(test: NewUnitTest) -> pd.DataFrame:
    """A measure a row: of rows whose unit was not learnt from, of the same rows by a model that knew it, the gap."""
    gaps = {"auc": test.auc_gap, "brier": test.brier_gap, "log_loss": test.log_loss_gap}
    lines = [
        [
            name,
            skill_words.measure(getattr(test.unseen, key), places),
            skill_words.measure(getattr(test.known, key), places),
            two_models_words.gap(gaps[key], places) if key in gaps else numbers.NONE,
        ]
        for key, name, places in _MEASURES
    ]
    return pd.DataFrame(
        lines, columns=["Medida", "Sem conhecer a unidade", "Conhecendo", "Sem conhecer menos conhecendo"]
    )


def new_units(test: NewUnitTest, product: Product) -> pd.DataFrame:
    """The units, the worst first: what came per 100 that were told, unseen and known."""
    words, told = product.words, "previstas" if feminine(product.words.event) else "previstos"
    known = {item.value: item for item in test.by_unit_known.groups}
    records = [
        [
            skill_words.group_name(item, test.by_unit).strip("“”"),
            numbers.number(item.rows),
            numbers.number(item.events),
            _hundred(item.ratio),
            _hundred(known[item.value].ratio) if item.value in known else numbers.NONE,
            skill_words.measure(item.auc, 2) if item.auc else numbers.NONE,
        ]
        for item in new_unit_words.worst_first(test).groups
    ]
    name = skill_words.column_name(test.by_unit, product)
    came = f"Vieram por 100 {told}"
    return pd.DataFrame(
        records,
        columns=[
            name[:1].upper() + name[1:],
            words.rows.capitalize(),
            words.events.capitalize(),
            f"{came}, sem conhecer (IC)",
            "Conhecendo (IC)",
            "AUC sem conhecer (IC)",
        ],
    )


def calibration(bins: Sequence[CalibrationBin], product: Product) -> pd.DataFrame:
    """Groups of like risk: what was told, what came with its interval, how many rows, and the verdict in a word."""
    records = [
        [
            numbers.percent(item.predicted),
            numbers.percent(item.observed.value),
            numbers.interval(item.observed),
            numbers.number(item.rows),
            _against(item),
        ]
        for item in bins
    ]
    return pd.DataFrame(
        records, columns=["Previsto", f"{product.words.rate} observada", "IC 95%", "Linhas", "O modelo"]
    )


def _against(item: CalibrationBin) -> str:
    low, high = item.observed.low, item.observed.high
    if low is None or high is None or low <= item.predicted <= high:
        return "confirma-se"
    return "diz demais" if item.predicted > high else "diz de menos"


def groups(split: SkillSplit, product: Product) -> pd.DataFrame:
    """The groups of a split, in its order."""
    words = product.words
    records = [
        [
            skill_words.group_name(item, split).strip("“”"),
            numbers.number(item.rows),
            numbers.number(item.events),
            numbers.percent(item.predicted),
            f"{numbers.percent(item.observed.value)} ({numbers.interval(item.observed)})",
            _hundred(item.ratio),
            skill_words.measure(item.auc, 2) if item.auc else numbers.NONE,
            _share(item.recall_at_10pct),
        ]
        for item in split.groups
    ]
    name = skill_words.column_name(split, product)
    return pd.DataFrame(
        records,
        columns=[
            name if name.isupper() else name[:1].upper() + name[1:],
            words.rows.capitalize(),
            words.events.capitalize(),
            "Previsto",
            "Observado (IC 95%)",
            f"Vieram por 100 {'previstas' if feminine(words.event) else 'previstos'} (IC)",
            "AUC (IC)",
            "Alcance (IC)",
        ],
    )


def _hundred(item: Interval) -> str:
    if item.low is None or item.high is None:
        return numbers.number(100 * item.value)
    return f"{numbers.number(100 * item.value)} ({numbers.number(100 * item.low)}–{numbers.number(100 * item.high)})"


def _share(item: Interval | None) -> str:
    if item is None:
        return numbers.NONE
    between = numbers.interval(item, 0)
    return numbers.percent(item.value, 0) + (f" ({between})" if between else "")


def references(items: Sequence[SkillReference]) -> pd.DataFrame:
    """Simpler ways that were learnt on these same rows, beside the model."""
    records = [
        [
            names.reference(item.key),
            skill_words.measure(item.auc),
            _share(item.recall_at_10pct),
            skill_words.measure(item.auc_gap),
            skill_words.measure(item.recall_gap),
        ]
        for item in items
    ]
    return pd.DataFrame(
        records, columns=["Referência", "AUC", "Alcance", "AUC, modelo menos ela", "Alcance, modelo menos ela"]
    )


def shifts(items: Sequence[FieldShift], product: Product) -> pd.DataFrame:
    """How far fields moved since the training, how much of the risk rests on them, what was never seen."""
    records = [
        [
            watch_words.field_name(item.field, product),
            numbers.percent(item.moved),
            numbers.percent(item.weight),
            numbers.percent(item.never_seen),
            "" if product.names_staff(item.field) else ", ".join(item.strangers),
        ]
        for item in items
    ]
    made = pd.DataFrame(records, columns=["Campo", "Mudou de valor", "Peso no risco", "Nunca vistos", _STRANGERS])
    return made if (made[_STRANGERS] != "").any() else made.drop(columns=_STRANGERS)


def group_rows(split: SkillSplit) -> tuple[GroupRow, ...]:
    """The groups as the dot plot takes them: what came with its interval, what was told; coloured where they clearly
    lie apart.
    """
    against = {"less": "above", "more": "below"}
    return tuple(
        GroupRow(
            skill_words.group_name(item, split).strip("“”"),
            "",
            item.rows,
            item.rows,
            item.events,
            item.observed,
            item.predicted,
            against.get(item.told, "unclear"),
        )
        for item in split.groups
    )
