"""What the command line says, in Portuguese: lines for people, made from records."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.contract import Product, feminine
from pipeline.presentation.locale import names
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import date, listed, number, percent, plural
from pipeline.presentation.sentences import comparison_words, findings, issue_words, model_words, report_words
from pipeline.records import AgendaSummary, Comparison, ModelCard, Note, Progress, ValidationReport

_USES = {"training": "treino", "scoring": "cálculo de risco"}


def count_rows(rows: int) -> str:
    """How many lines were written, in words."""
    return plural(rows, "linha escrita", "linhas escritas")


def progress(state: Progress, left: float | None = None) -> str:
    """One line of progress: "37% · Aprendendo com o passado,
    período 2 de 4 · 84.076 linhas · 120 rodadas · melhor AUC 0,731". `left`: seconds that the rest will take.
    """
    parts = [percent(state.share, 0), say(state.stage)]
    if state.rows:
        parts.append(plural(state.rows, "linha", "linhas"))
    if state.rounds:
        parts.append(plural(state.rounds, "rodada", "rodadas"))
    if state.best is not None:
        parts.append(f"melhor AUC {number(state.best, 3)}")
    return " · ".join(part for part in [*parts, _left(left)] if part)


def _left(seconds: float | None) -> str:
    """A time to wait, no more exact than a guess is: seconds in tens, minutes, or hours."""
    if seconds is None:
        return ""
    if seconds < 90:
        return f"faltam uns {plural(max(10, round(seconds / 10) * 10), 'segundo', 'segundos')}"
    if seconds < 90 * 60:
        return f"faltam uns {plural(round(seconds / 60), 'minuto', 'minutos')}"
    return f"faltam umas {plural(round(seconds / 3600), 'hora', 'horas')}"


def on_page(state: Progress, left: float | None = None) -> str:
    """The same for a manager: how far, what is being done, with how many rows, how many seconds the rest will take."""
    parts = [
        percent(state.share, 0),
        say(state.stage) or "Começando",
        plural(state.rows, "linha", "linhas") if state.rows else "",
        _left(left),
    ]
    return " · ".join(part for part in parts if part)


def report_lines(report: ValidationReport, product: Product) -> list[str]:
    """A validation report as lines: what it costs first, then each issue."""
    lines = [findings.report_headline(report)]
    lines += map(say, report.file.notes)
    lines += [line for line in (report_words.far(report), report_words.cost_lead(report)) if line]
    lines += [f"[custo] {what} {why}".rstrip() for what, why in report_words.cost_lines(report, product)]
    lines += [f"[o que fazer] {say(action.label)}." for action in report.actions]
    lines += [
        f"[registro automático] {report_words.automatic_title(item)}. {report_words.automatic(item, product)}"
        for item in report.automatic
    ]
    lines += [
        f"[deixadas de fora] {report_words.left_out(item, product)}: {plural(item.rows, 'linha', 'linhas')}"
        for item in report.set_aside
    ]
    lines += [f"[conhece o futuro] {findings.leak(item)}" for item in report.leaks]
    lines += [f"[ajuste] {say(what)} ({plural(cells, 'célula', 'células')})" for what, cells in report.changed]
    lines += [f"[{names.SEVERITIES[issue.severity]}] {issue_words.message(issue, product)}" for issue in report.issues]
    uses = " e ".join(_USES[use] for use in report.usable_for)
    lines.append(f"Serve para: {uses}." if uses else "Não serve para treino nem para cálculo de risco.")
    lines += map(say, report.usable_why)
    return lines


def scrub_lines(headers: Sequence[str], taken: Sequence[Note]) -> list[str]:
    """What scrubbing a file took out, and of which columns."""
    where = "Coluna de texto" if len(headers) == 1 else "Colunas de texto"
    return [
        f"{where}: {listed([f'“{header[:60]}”' for header in headers])}.",
        f"Foram tirados: {listed([say(item) for item in taken])}."
        if taken
        else "Nada que identifique pessoas foi encontrado.",
    ]


def join_lines(report: ValidationReport, product: Product) -> list[str]:
    """What joining gave."""
    return [
        findings.report_headline(report),
        *map(say, report.file.notes),
        *(
            f"{reason}: {plural(rows, 'linha', 'linhas')}."
            for reason, rows in issue_words.reasons(report.left_out, product)
        ),
    ]


def comparison_lines(found: Comparison, product: Product) -> list[str]:
    """A comparison as lines, the counts first."""
    return [
        *comparison_words.whole_lines(found, product),
        comparison_words.comparison(found, product),
        *comparison_words.details(found, product),
    ]


def model_lines(card: ModelCard, product: Product) -> list[str]:
    """How good a model is, in words first."""
    lines = [model_words.headline(card, product)]
    for name, test in (("não marcados no próprio dia", card.test_ahead), ("todos", card.test)):
        if test is not None:
            lines.append(
                f"Teste {model_words.tested_on(test)}, {name}: "
                f"n {number(test.rows)}, AUC {_metric(test.model.auc)}, Brier {_metric(test.model.brier)}."
            )
    return [*lines, *map(say, card.notes)]


def _metric(interval: Any) -> str:
    if interval.low is None or interval.high is None:
        return number(interval.value, 3)
    return f"{number(interval.value, 3)} (IC 95% {number(interval.low, 3)}–{number(interval.high, 3)})"


def score_lines(summary: AgendaSummary, product: Product) -> list[str]:
    """How many rows got a risk, as of which day, and why the others did not."""
    words = product.words
    listed = f", lista de {date(summary.as_of)}" if product.has_agenda else ""
    lines = [
        f"{number(summary.scored)} de {plural(summary.rows, 'linha', 'linhas')} com risco{listed}; "
        f"{words.events} {'esperadas' if feminine(words.event) else 'esperados'}: "
        f"{number(summary.expected, 1)}."
    ]
    lines += [f"{plural(rows, 'linha', 'linhas')} sem risco: {say(why)}" for why, rows in summary.not_scored]
    return lines


OUT_OF_MEMORY = "A memória deste computador não bastou para este arquivo. Divida-o em partes, por exemplo uma por ano."


def os_error(error: OSError) -> str:
    """A file that can't be opened or written, without the system's English."""
    name = getattr(error, "filename", None) or "arquivo"
    if isinstance(error, FileNotFoundError):
        return f"“{name}” não foi encontrado. Confira o caminho."
    if isinstance(error, PermissionError):
        return f"Sem permissão para abrir ou escrever “{name}”."
    if isinstance(error, IsADirectoryError):
        return f"“{name}” é uma pasta, não um arquivo."
    return f"Não foi possível ler ou escrever “{name}”. Confira o espaço em disco e o caminho."


def unexpected(error: Exception) -> str:
    """A fault of ours: its kind and place, for whoever mends it, and nothing of the data."""
    return f"Erro inesperado do Presença ({_kind_and_place(error)}). Nenhum arquivo de entrada foi alterado."


def unexpected_on_page(error: Exception) -> str:
    """The same for whoever sees a page: what is safe, and what to do."""
    return (
        f"Algo falhou ao montar esta página ({_kind_and_place(error)}). O que estava guardado continua guardado. "
        "Recarregue a página; se acontecer de novo, mande esta frase a quem cuida do sistema."
    )


def _kind_and_place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" em {Path(last[0].filename).name}, linha {last[0].lineno}" if last else ""
    return f"{type(error).__name__}{place}"
