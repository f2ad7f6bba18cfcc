"""Sentences made from records: what a page says first, in words that a manager reads once.

Findings are plain text in two parts, the clause to be set bold and the rest; names in them come from files,
so a page escapes them (`Finding.markdown`).
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.contract import Outcome, Product
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import listed, number, percent, plural, word
from pipeline.records import (
    CommentSummary,
    FollowUpCounts,
    Leak,
    ThemeOverview,
    ThemeRow,
    ValidationReport,
)

USES = {"training": "treino", "scoring": "cálculo de risco"}
_NAMED = 2  # groups named in a finding


class Finding(NamedTuple):
    """The first clause, set bold, and what follows."""

    lead: str
    rest: str = ""

    @property
    def text(self) -> str:
        """Both parts as one plain text, nothing escaped."""
        return f"{self.lead} {self.rest}".strip()

    def markdown(self) -> str:
        """Both parts as Markdown that shows exactly their characters, the lead bold."""
        return f"**{escape_markdown(self.lead)}** {escape_markdown(self.rest)}".strip()


# ---------------------------------------------------------------- validation


def report_finding(report: ValidationReport) -> Finding:
    """`83.412 de 84.076 linhas podem ser usadas.` and what stands in the way."""
    read, usable = report.rows_read, report.rows_usable
    if read == 0:
        return Finding("O arquivo não tem nenhuma linha de dados.")
    if usable == read:
        lead = "A única linha pode ser usada." if read == 1 else f"Todas as {number(read)} linhas podem ser usadas."
    elif usable == 0:
        lead = f"Nenhuma das {plural(read, 'linha', 'linhas')} pode ser usada."
    else:
        verb = "pode ser usada" if usable == 1 else "podem ser usadas"
        lead = f"{number(usable)} de {plural(read, 'linha', 'linhas')} {verb}."
    return Finding(lead, _troubles(report))


def report_headline(report: ValidationReport) -> str:
    """`report_finding` as one text."""
    return report_finding(report).text


def _troubles(report: ValidationReport) -> str:
    """`Dois problemas deixam 664 linhas de fora; um pede atenção antes do treino.`"""
    costly = [i for i in report.issues if i.loses_rows and i.rows and i.cost != "aside"]
    lost = report.quality.rows("lost") if report.quality else report.rows_left_out
    warnings = [i for i in report.issues if i.severity == "warning" and not i.loses_rows]
    parts = []
    if lost:
        count = max(len(costly), 1)
        verb = "problema deixa" if count == 1 else "problemas deixam"
        parts.append(f"{word(count)} {verb} {plural(lost, 'linha', 'linhas')} de fora")
    if report.automatic:
        parts.append(f"{plural(len(report.automatic), 'grupo parece', 'grupos parecem')} de registro automático")
    if warnings:
        noun = "" if parts and not report.automatic else (" ponto" if len(warnings) == 1 else " pontos")
        verb = "pede" if len(warnings) == 1 else "pedem"
        parts.append(f"{word(len(warnings))}{noun} {verb} atenção{_before(report)}")
    if not parts:
        return "" if report.issues else "Nenhum problema foi encontrado."
    sentence = "; ".join(parts) + "."
    return sentence[0].upper() + sentence[1:]


def _before(report: ValidationReport) -> str:
    return " antes do treino" if "training" in report.usable_for else ""


def uses(report: ValidationReport) -> str:
    """`treino e cálculo de risco`, or that it serves for nothing."""
    names = [USES[use] for use in report.usable_for if use in USES]
    return listed(names) if names else "nem treino nem cálculo de risco"


def state(name: str, product: Product) -> str:
    """A state of the target as a label of a count: `Faltas`, `Ainda sem resultado`, …"""
    words = product.words
    return {
        Outcome.EVENT.value: words.events.capitalize(),
        Outcome.NON_EVENT.value: words.non_event.capitalize(),
        Outcome.PENDING.value: "Ainda por acontecer",
        Outcome.EXCLUDED.value: "Fora da conta (cancelados, remarcados)",
        Outcome.UNKNOWN.value: "Sem resultado informado",
    }.get(name, name)


# ---------------------------------------------------------------- comments


def comments_finding(
    found: CommentSummary, product: Product, waiting: FollowUpCounts, grave: FollowUpCounts
) -> Finding:
    """How many events wait for an answer, which of them can't wait, and how many detractors gave no rating."""
    words = product.words
    if found.events == 0:
        return Finding(f"Não há {words.rows} com estes filtros.", "Amplie o período ou retire um filtro.")
    listing = f"{plural(found.comments, 'comentário', 'comentários')} em {plural(found.events, words.row, words.rows)}."
    if waiting.total == 0:
        return Finding(f"Nenhum {words.event} neste período.", listing)
    if waiting.open == 0:
        told = "O que pedia resposta já tem." if waiting.total == 1 else f"Os {number(waiting.total)} já têm resposta."
        return Finding(told, listing)
    many = plural(waiting.open, words.row, words.rows)
    urgent = f", {plural(grave.open, 'não pode', 'não podem')} esperar" if grave.open else ""
    lead = f"{many} {'espera' if waiting.open == 1 else 'esperam'} resposta{urgent}."
    by_text = (
        f"{number(found.by_text)} sem nota, pelo que {'escreveu' if found.by_text == 1 else 'escreveram'}; "
        if found.by_text
        else ""
    )
    return Finding(lead, (by_text + listing)[:1].upper() + (by_text + listing)[1:])


def themes_finding(found: ThemeOverview) -> Finding:
    """Which themes pull the stars down and up, by how much they weigh on all."""

    def names(stance: str) -> list[str]:
        rows = [row for row in found.themes if row.stance == stance and row.effect is not None]
        rows.sort(key=lambda row: -abs(row.effect.value if row.effect else 0.0) * row.share.value)
        return [row.label.lower() for row in rows[:_NAMED]]

    worse, better = names("improve"), names("celebrate")
    lead = f"O que mais tira estrelas: {listed(worse)}." if worse else "Nenhum tema tira estrelas com clareza."
    rest = f"O que mais dá: {listed(better)}." if better else "Nenhum tema dá estrelas com clareza."
    return Finding(
        lead,
        f"{rest} {number(found.covered)} de {plural(found.comments, 'comentário fala', 'comentários falam')} de "
        "algum tema.",
    )


def polarity_finding(found: ThemeOverview) -> Finding:
    """Which themes draw most blame and most praise, by their comments; where no side is known, what moves the stars."""
    blamed = sorted(found.main, key=lambda row: -row.counts.negative)[:_NAMED]
    praised = sorted(found.main, key=lambda row: -row.counts.positive)[:_NAMED]
    if not any(row.counts.negative + row.counts.positive for row in found.main):
        return themes_finding(found)
    worse = [_with_share(row, row.counts.negative) for row in blamed if row.counts.negative]
    better = [_with_share(row, row.counts.positive) for row in praised if row.counts.positive]
    lead = f"O que mais recebe queixa: {listed(worse)}." if worse else "Nenhum tema recebe queixa."
    rest = f"O que mais recebe elogio: {listed(better)}." if better else "Nenhum tema recebe elogio."
    return Finding(
        lead,
        f"{rest} {number(found.covered)} de {plural(found.comments, 'comentário fala', 'comentários falam')} de "
        "algum tema.",
    )


def _with_share(row: ThemeRow, count: int) -> str:
    return f"{row.label.lower()} ({percent(count / row.comments, 0)} de {number(row.comments)})"


# ---------------------------------------------------------------- leaks and comparisons


def leak(item: Leak) -> str:
    """Why a column knows the future, and what came of it."""
    ends = (
        "; é usada porque alguém pediu."
        if item.used
        else "; não é usada."
        if item.field
        else "; não é de nenhum campo e não é usada."
    )
    return f"“{shorten(item.header, 60)}” {say(item.why)}{ends}"
