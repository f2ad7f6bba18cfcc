"""The memory of a series' models in words: each of them, whether a new one is better, which was used when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.contract import Product, feminine
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale.numbers import decimal, decimal_interval, moment, number, period, plural
from pipeline.presentation.sentences.findings import Finding
from pipeline.presentation.sentences.model_words import until
from pipeline.presentation.sentences.skill_words import measure
from pipeline.presentation.sentences.two_models_words import better, changed_tier, gap
from pipeline.records import (
    HELD_OUT,
    LEVELLED,
    LOADED,
    TRAINED,
    Interval,
    KeptModel,
    ModelComparison,
    ModelInfo,
    ModelMemory,
    ModelUse,
    OwnTest,
    SideBySide,
)

_NAME = 40
_MADE = {TRAINED: "treinado aqui", LOADED: "carregado de um arquivo", LEVELLED: "nível ajustado aqui"}
_WHO = {"person": "por quem estava na página", "command_line": "pela linha de comando", "training": "pelo treino"}
IN_USE, SHOWN, NEW = "o modelo em uso", "o modelo desta página", "o modelo novo"


def named(info: ModelInfo, now: dt.datetime) -> str:
    """A model in a choice of several: its file, until when, and when it was made."""
    return f"{shorten(info.dataset_name, _NAME)}, dados {until(info.trained_until)}, de {_moment(info.created, now)}"


def choices(kept: Sequence[KeptModel], now: dt.datetime) -> dict[str, str]:
    """Each model's name in a choice, by its id; one that another has already is numbered, as a choice goes by words."""
    found: dict[str, str] = {}
    for one in kept:
        name = named(one.info, now)
        again = sum(told == name or told.startswith(f"{name} (") for told in found.values())
        found[one.info.id] = f"{name} ({again + 1})" if again else name
    return found


def made(kept: KeptModel, now: dt.datetime) -> str:
    """What it learnt from and how it came here: `2.500 linhas, dados até 31/05/2026; treinado aqui em 28/11 19:02`."""
    info = kept.info
    when = f"dados de {period(kept.since, info.trained_until)}" if kept.since else f"dados {until(info.trained_until)}"
    gone = "; os dados foram apagados" if info.dataset_deleted else ""
    rows = plural(kept.rows, "linha", "linhas")
    return f"{rows}, {when}; {_MADE[kept.origin]} em {_moment(info.created, now)}{gone}."


def tested(kept: KeptModel, product: Product) -> str:
    """The skill of its own test, which is on data of its own."""
    when = f", de {period(*kept.test_period)}" if kept.test_period else ""
    came = ""
    if kept.ratio is not None:
        between = f"{number(100 * (kept.ratio.low or 0))} a {number(100 * (kept.ratio.high or 0))}"
        told = "previstas" if feminine(product.words.event) else "previstos"
        came = f"; vieram {number(100 * kept.ratio.value)} {product.words.events} por 100 {told} (IC {between})"
    return f"No seu teste{when}: AUC {measure(kept.test.auc)}{came}."


def used(kept: KeptModel, now: dt.datetime) -> str:
    """Since when it is in use, or when it was; "" where that is not known."""
    use = kept.use
    if use is None or not use.at:
        return ""
    begin = "Em uso desde" if kept.in_use else "Posto em uso em"
    return f"{begin} {_moment(use.at, now)}, {_by(use)}."


def history(found: ModelMemory, now: dt.datetime) -> list[str]:
    """Which model was put to use when, newest first; those that are no more by what is left of them."""
    by_id = {one.info.id: one.info for one in found.kept}
    told = []
    for use in reversed(found.uses):
        name = named(by_id[use.model_id], now) if use.model_id in by_id else "um modelo que foi apagado"
        when = _moment(use.at, now) if use.at else "antes de se anotar"
        told.append(f"{when}: {name}{f', {_by(use)}' if use.at else ''}.")
    return told


def _by(use: ModelUse) -> str:
    return f"{_WHO.get(use.actor, 'por ser o primeiro')}{', de volta' if use.back else ''}"


def _moment(text: str, now: dt.datetime) -> str:
    return moment(dt.datetime.fromisoformat(text), now)


def challenger(found: SideBySide, product: Product, first: str = IN_USE) -> Finding:
    """Whether the new model (second) is better than another (`first`: what it is), in one sentence; then by what rows.

    Where there are no rows to tell by, that is said, and each model's own test stands there for what it is.
    """
    if found.comparison is None:
        return Finding(f"Ainda não dá para dizer se {NEW} é melhor.", _own_tests(found.tests, product))
    return Finding(better(found.comparison, first, NEW), _measured(found.comparison, found.basis, product))


def side_by_side(found: SideBySide, product: Product) -> Finding:
    """Two models of the list in one sentence, then how they differ."""
    if found.comparison is None:
        return Finding("Ainda não dá para dizer qual é melhor.", _own_tests(found.tests, product))
    return Finding(
        better(found.comparison),
        f"{_measured(found.comparison, found.basis, product)} {changed_tier(found.comparison, product, 'segundo')}",
    )


def _measured(found: ModelComparison, basis: str, product: Product) -> str:
    """On which rows, and by how much they differ."""
    words, skill = product.words, found.first
    when = f", de {period(*found.period)}" if found.period else ""
    unseen = (
        "Cada modelo que aprendeu com eles responde aqui pela versão do seu teste, que ainda não os tinha visto"
        if basis == HELD_OUT
        else "Nenhum dos dois aprendeu com eles"
    )
    made_ = "marcadas" if feminine(words.row) else "marcados"
    which = f" não {made_} no próprio dia" if found.ahead else ""
    return (
        f"{plural(skill.rows, words.row, words.rows)}{which}{when}, {plural(skill.events, words.event, words.events)}. "
        f"{unseen}. Diferença: AUC {gap(found.auc_gap, 3)}; Brier {gap(found.brier_gap, 4)}."
    )


def _own_tests(tests: tuple[OwnTest, OwnTest], product: Product) -> str:
    told = [
        f"{name}, AUC {measure(test.auc)} em {plural(test.rows, product.words.row, product.words.rows)}"
        f"{f' de {period(*test.period)}' if test.period else ''}"
        for name, test in zip(("um", "outro"), tests, strict=True)
    ]
    return (
        f"Não há {product.words.rows} bastantes, com resultado, que os dois desconheçam. Cada um foi medido só no seu "
        f"próprio teste, em dados diferentes: {'; '.join(told)}. Isso não diz qual é melhor; os próximos resultados "
        "dirão."
    )


def calibrated(found: ModelComparison) -> str:
    """Level and slope of both, which are wanted near 1."""
    parts = [
        f"{name}, observado sobre esperado {_two(skill.ratio)} e inclinação {_two(skill.slope)}"
        for name, skill in (("primeiro", found.first), ("segundo", found.second))
    ]
    return f"Calibração (o desejado é perto de 1): {'; '.join(parts)}."


def _two(item: Interval) -> str:
    return f"{decimal(item.value, 2)} (IC {decimal_interval(item, 2)})"


def after(info: ModelInfo | None, now: dt.datetime) -> str:
    """What is in use once the one in use is deleted."""
    if info is None:
        return "É o modelo em uso, e a série fica sem nenhum: não há lista até treinar ou escolher outro."
    return f"É o modelo em uso. No lugar dele fica {named(info, now)}."
