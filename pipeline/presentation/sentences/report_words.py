"""Sentences of a validation report:
what the faults cost, outcomes that look registered by a machine, slips of the year.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.contract import Product, feminine
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale.numbers import (
    agree,
    date,
    interval,
    listed,
    number,
    percent,
    period,
    plural,
    share,
)
from pipeline.presentation.sentences import issue_words
from pipeline.records import Automatic, Interval, QualityPart, SetAside, ValidationReport

_MOST_FIELDS = 6  # that are blurred, told one by one
_NAME = 60

Line = tuple[str, str]  # what is lost, and why or what to think of it


def cost_lead(report: ValidationReport) -> str:
    """What the faults cost, in a sentence; empty for a report of an earlier version, which did not count it."""
    quality = report.quality
    if quality is None:
        return ""
    said = []
    if lost := quality.rows("lost"):
        said.append(f"{plural(lost, 'linha fica', 'linhas ficam')} de fora")
    if untaught := quality.rows("untaught"):
        said.append(f"{plural(untaught, 'linha não ensina', 'linhas não ensinam')} nada ao modelo")
    if absent := len(quality.of("absent")):
        said.append(f"{plural(absent, 'campo não tem', 'campos não têm')} nenhum dado")
    if blurred := len(quality.of("blurred")):
        said.append(f"em {plural(blurred, 'campo', 'campos')} faltam valores")
    if not said:  # what a newer file tells again is left out, too, and is no loss
        return (
            "Nada se perde: todas as linhas e todos os campos podem ser usados."
            if not report.rows_left_out
            else "Nada se perde."
        )
    sentence = listed(said) + "."
    return sentence[:1].upper() + sentence[1:]


def cost_lines(report: ValidationReport, product: Product) -> list[Line]:
    """What the faults cost, one by one, the costliest first."""
    if report.quality is None:
        return [(f"{item.label}: nenhum dado.", product.field(item.field).if_missing) for item in report.missing]
    blurred = report.quality.of("blurred")
    lines = [_cost(part, report, product) for part in report.quality.parts if part.code not in ("blurred", "aside")]
    lines += [_cost(part, report, product) for part in blurred[:_MOST_FIELDS]]
    if rest := blurred[_MOST_FIELDS:]:
        lines.append(
            (
                f"Mais {plural(len(rest), 'campo', 'campos')}: até {plural(rest[0].rows, 'linha', 'linhas')} sem "
                "valor em cada.",
                listed([part.label for part in rest]) + ".",
            )
        )
    return lines + [_cost(part, report, product) for part in report.quality.of("aside")]


def _cost(part: QualityPart, report: ValidationReport, product: Product) -> Line:
    if part.code == "absent":
        came = any(f.field == part.field and f.header for f in report.fields)
        missing = any(item.field == part.field for item in report.missing)
        why = product.field(part.field).if_missing if missing else "A coluna veio, mas nenhum valor pode ser usado."
        return f"{part.label}: {'a coluna veio sem dado que se use' if came else 'não veio no arquivo'}.", why
    rows = f"{number(part.rows)} de {plural(part.total, 'linha', 'linhas')} ({share(part.rows, part.total)})"
    one = part.rows == 1
    if part.code == "lost":
        return f"{rows} {'fica' if one else 'ficam'} de fora.", _reasons(report, product, aside=False)
    if part.code == "untaught":
        return (
            f"{rows} não {'ensina' if one else 'ensinam'} nada ao modelo.",
            "O resultado está vazio, não foi entendido ou é de data que não chegou.",
        )
    if part.code == "blurred":
        return f"{part.label}: sem valor em {rows}.", "São usadas sem o campo." if not one else "É usada sem o campo."
    return f"{rows} não {'entra' if one else 'entram'} na conta, e não há o que corrigir.", _reasons(
        report, product, aside=True
    )


def _reasons(report: ValidationReport, product: Product, *, aside: bool) -> str:
    titles = {issue_words.title(issue, product) for issue in report.issues if issue.cost == "aside"}
    counted = issue_words.reasons(report.left_out, product)
    named = [f"{title}: {number(rows)}" for title, rows in counted if (title in titles) is aside]
    return "; ".join(named) + "." if named else ""


def fields_with_data(report: ValidationReport, product: Product) -> str:
    """`10 de 13 campos preenchidos, 2 vazios, 1 ilegível`, of those that are asked for: filled are those with one
    usable value at least; a field that has no column is in neither count.
    """
    extra = {field.key for field in product.extras}
    asked = [item for item in report.fields if item.field not in extra]
    came = [item for item in asked if item.header is not None and not item.usable]
    empty = sum(1 for item in came if not item.filled)
    filled = sum(1 for item in asked if item.usable)
    unreadable = len(came) - empty
    return fields_filled(filled, empty, len(asked)) + (
        f", {plural(unreadable, 'ilegível', 'ilegíveis')}" if unreadable else ""
    )


def fields_counted(report: ValidationReport, product: Product) -> str:
    """`10 de 13 campos`, where there is room for no more: those with a usable value, of those that are asked for."""
    return fields_with_data(report, product).partition(" preenchido")[0]


def fields_filled(filled: int, empty: int, of: int) -> str:
    """`5 de 8 campos preenchidos, 3 vazios`: of the product's fields, those that the file fills, and those whose column
    came without a value."""
    said = f"{number(filled)} de {plural(of, 'campo', 'campos')} {agree(filled, 'preenchido', 'preenchidos')}"
    return said + (f", {plural(empty, 'vazio', 'vazios')}" if empty else "")


def rows_seen(rows: int, is_beginning: bool) -> str:
    """`1.204 linhas`, or of a file whose first lines alone were looked at `60.000 linhas do começo do arquivo`."""
    return plural(rows, "linha", "linhas") + (" do começo do arquivo" if is_beginning else "")


def far(report: ValidationReport) -> str:
    """Rows whose year is far from all others': counted, but outside of the period and the chart."""
    if not report.far:
        return ""
    named = listed([f"{plural(rows, 'linha', 'linhas')} em {year}" for year, rows in report.far[:6]])
    total = sum(rows for _, rows in report.far)
    return (
        f"{named} {'fica' if total == 1 else 'ficam'} fora do período e do gráfico, mas "
        f"{'continua' if total == 1 else 'continuam'} na conta: confira o ano."
    )


# ---------------------------------------------------------------- outcomes that look registered by a machine


def automatic_title(item: Automatic) -> str:
    """The field and the value whose outcomes look registered by a machine."""
    return f"{item.label}: {shorten(item.value, _NAME)}"


def automatic(item: Automatic, product: Product) -> str:
    """Where, what, how many, since when, and what to do."""
    return f"{_what(item, product)} {_advice(item, product)}"


def _what(item: Automatic, product: Product) -> str:
    words = product.words
    known = f"{plural(item.outcomes, words.row, words.rows)} com resultado"
    none = f"{'nenhuma' if feminine(words.event) else 'nenhum'} {words.event}"
    days = period(item.first, item.last)
    if item.code == "leap":
        before = f"{percent(item.rate.value)} (IC {interval(item.rate)}, n {number(item.rate_of)})"
        return (
            f"A taxa passou de {before} para {percent(item.events / item.outcomes)} (n {number(item.outcomes)}) a "
            f"partir de {date(item.first)}, "
            f"e a dos outros não mudou assim."
        )
    result = f"{plural(item.events, words.event, words.events)}" if item.events else none
    against = (
        "no resto do tempo"
        if item.code.endswith("_while")
        else f"{'nas outras' if feminine(words.rows) else 'nos outros'} {words.rows}"
    )
    return f"De {days}, em {known}, {result}; {against}, {_rate(item.rate, item.rate_of)}."


def _rate(rate: Interval, n: int) -> str:
    bounds = interval(rate)
    return f"{percent(rate.value)} ({f'IC {bounds}, ' if bounds else ''}n {number(n)})"


def _advice(item: Automatic, product: Product) -> str:
    words = product.words
    if item.code == "leap":
        return "Confira se a forma de registrar mudou; se mudou, deixe de fora o que não vale."
    if item.events:
        return (
            f"É provável que {'a' if feminine(words.event) else 'o'} {words.event} seja registro automático: "
            "confira, e deixe de fora o que não for de verdade."
        )
    return (
        "É provável que o resultado seja registro automático, ou que não haja hora marcada: confira, e deixe de fora "
        "o que não valer."
    )


def leave_out(item: Automatic, product: Product) -> str:
    """What the button says."""
    return f"Deixar de fora {plural(item.rows, product.words.row, product.words.rows)}"


def were_left_out(rows: int, product: Product) -> str:
    """`536 agendamentos deixados de fora`."""
    return (
        f"{plural(rows, product.words.row, product.words.rows)} "
        f"{'deixada' if feminine(product.words.row) else 'deixado'}{'' if rows == 1 else 's'} de fora"
    )


def left_out(item: SetAside, product: Product) -> str:
    """What was left out by request."""
    first, _, last = item.period.partition("/")
    days = f", de {_day(first)} a {_day(last)}" if last else ""
    return f"{item.label}: {shorten(item.value, _NAME)}{days}"


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{day}/{month}/{year}"


# ---------------------------------------------------------------- after mending


def mended(cells: int, broken: Sequence[tuple[str, int]], product: Product, dropped: int = 0) -> str:
    """`3 células corrigidas; 1 continua sem poder ser usada (Data do agendamento ilegível).`:
    how many were mended, and how many only changed.
    """
    wrong = issue_words.reasons(broken, product)
    still = sum(count for _, count in wrong)
    parts = []
    if cells > still:
        parts.append(plural(cells - still, "célula corrigida", "células corrigidas"))
    if still:
        why = "; ".join(f"{title}: {number(count)}" if len(wrong) > 1 else title for title, count in wrong)
        parts.append(f"{plural(still, 'célula mudada continua', 'células mudadas continuam')} com problema ({why})")
    if dropped:
        parts.append(f"{plural(dropped, 'já dizia', 'já diziam')} o que foi digitado")
    return "; ".join(parts) + "."
