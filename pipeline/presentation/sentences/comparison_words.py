"""A new file held against the one before, in the product's own nouns: the whole first, then what differs."""

from __future__ import annotations

from pipeline.contract import Field, Product, Role, feminine
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import NONE, date, interval, number, percent, period, plural
from pipeline.records import Comparison, Interval, Whole

Figure = tuple[str, str, str]  # label, value, small note


def whole_lines(found: Comparison, product: Product) -> list[str]:
    """How the whole changed: rows, days, and the rate with n and interval, before and now."""
    if found.wholes is None:
        return []
    before, after = found.wholes
    words = product.words
    lines = [
        f"{words.rows.capitalize()}: de {number(before.rows)} para {number(after.rows)}.",
        f"Período: de {_days(before)}, antes; de {_days(after)}, agora.",
    ]
    if before.rate is not None and after.rate is not None:
        lines.append(
            f"{words.rate}: de {_rate(before.rate, before.outcomes)} para {_rate(after.rate, after.outcomes)}; "
            f"{_sure(before.rate, after.rate)}."
        )
    return lines


def _days(whole: Whole) -> str:
    return period(whole.first, whole.last)


def _rate(rate: Interval, n: int) -> str:
    return f"{percent(rate.value)} (IC {interval(rate)}, n {number(n)})"


def _sure(before: Interval, after: Interval) -> str:
    """Whether the intervals leave room for chance."""
    if before.low is None or before.high is None or after.low is None or after.high is None:
        return "sem intervalo, não dá para dizer se mudou"
    if after.low > before.high:
        return "subiu mais que o acaso explica"
    if after.high < before.low:
        return "caiu mais que o acaso explica"
    return "a diferença cabe no acaso"


def figures(found: Comparison, product: Product) -> list[Figure]:
    """The whole before and now, as key figures."""
    if found.wholes is None:
        return []
    before, after = found.wholes
    words = product.words
    return [
        (f"{words.rows.capitalize()} antes", number(before.rows), f"até {date(before.last)}"),
        (f"{words.rows.capitalize()} agora", number(after.rows), f"até {date(after.last)}"),
        (f"{words.rate} antes", percent(before.rate.value) if before.rate else NONE, f"n {number(before.outcomes)}"),
        (f"{words.rate} agora", percent(after.rate.value) if after.rate else NONE, f"n {number(after.outcomes)}"),
    ]


def rows_figures(found: Comparison, product: Product) -> list[Figure]:
    """How the rows of the new file stand to those of the one before."""
    end = "as" if feminine(product.words.row) else "os"
    return [
        (f"Nov{end}", number(found.new), ""),
        ("Com algo mudado", number(found.changed), ""),
        ("Iguais", number(found.repeated), ""),
        ("Resultado novo", number(found.became_known), ""),
    ]


def comparison(found: Comparison, product: Product) -> str:
    """How many rows are new, changed and the same."""
    words = product.words
    rows, female, single = plural(found.rows, words.row, words.rows), feminine(words.row), found.rows == 1
    if not found.comparable:
        already = "se já estava" if single else "quais já estavam"
        return f"{rows}; sem “{_telling(product).label}” não dá para saber {already} no arquivo anterior."
    new = f"{number(found.new)} {'nov' + ('a' if female else 'o') + ('' if found.new == 1 else 's')}"
    same = f"{number(found.repeated)} {'igual' if found.repeated == 1 else 'iguais'}"
    of = f"{'Da única' if female else 'Do único'} {words.row}" if single else f"{'Das' if female else 'Dos'} {rows}"
    return f"{of} deste arquivo: {new}, {number(found.changed)} com algo mudado e {same}."


def _telling(product: Product) -> Field:
    """The field without which no row can be told to be one of the other file's."""
    return product.by_role(Role.PATIENT) or product.time


def details(found: Comparison, product: Product) -> list[str]:
    """What else differs: results that are known now, rows that are gone, new values, rates that moved."""
    words, lines = product.words, []
    if found.became_known:
        one = found.became_known == 1
        lines.append(
            f"{plural(found.became_known, 'resultado passou', 'resultados passaram')} a ser "
            f"{'conhecido' if one else 'conhecidos'}."
        )
    if found.gone:
        lines.append(
            f"{plural(found.gone, words.row, words.rows)} do arquivo anterior, do mesmo período, não "
            f"{'está' if found.gone == 1 else 'estão'} no novo."
        )
    for item in found.new_values:
        named = ", ".join(f"{name} ({number(rows)})" for name, rows in item.values)
        lines.append(
            f"{item.label}: {plural(item.rows, words.row, words.rows)} com valor que não havia antes: {named}."
        )
    for shift in found.shifts:
        lines.append(
            f"{say(shift.what)}: {the_rate(product)} foi de {_rate(shift.before, shift.n_before)} para "
            f"{_rate(shift.after, shift.n_after)}."
        )
    return lines


def the_rate(product: Product) -> str:
    """`a taxa de falta`: the product's rate within a sentence."""
    rate = product.words.rate
    return f"{'a' if feminine(rate) else 'o'} {rate[:1].lower()}{rate[1:]}"


def nothing_to_join(found: Comparison) -> str:
    """Why the two files need not be joined; empty where they may be."""
    if found.holds_the_other:
        return "Este arquivo já contém o anterior: não há o que juntar. Se quiser, apague o anterior."
    if found.held_by_the_other:
        return "O arquivo anterior já contém este: não há o que juntar."
    return ""
