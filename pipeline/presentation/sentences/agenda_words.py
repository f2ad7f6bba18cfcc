"""Sentences of the agenda: what calling reaches, what is expected and why, and where every row of the file went."""

from __future__ import annotations

import datetime as dt

from pipeline.contract import Outcome, Product, feminine
from pipeline.presentation.locale.numbers import EN_DASH, date, decimal, listed, number, percent, plural
from pipeline.presentation.sentences.findings import Finding
from pipeline.records import CameOf, Cancelling, Expected, Level, ListCounts

WEEKDAYS = ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo")
EVERY_DAY = "Todos os dias"
_SHORT = 10  # below it an expected number is told in tenths, or one call would reach "0"


def count(expected: float) -> str:
    """An expected number, written the same wherever it stands."""
    return decimal(expected, 1 if expected < _SHORT else 0)


def day(value: dt.date | None) -> str:
    """`30/05/2016 (segunda-feira)`; every day where there is none."""
    return EVERY_DAY if value is None else f"{date(value)} ({WEEKDAYS[value.weekday()]})"


def between(expected: Expected) -> str:
    """`1.120–1.390`: the 95 % interval of the expected events."""
    low, high = expected.events.low, expected.events.high
    return "" if low is None or high is None else f"{number(round(low))}{EN_DASH}{number(round(high))}"


def finding(
    calls: int, reached: float, expected: Expected, entries: int, on: dt.date | None, product: Product
) -> Finding:
    """`Ligar para os 12 primeiros alcança 7 das 18 faltas esperadas.` and what the list holds."""
    words = product.words
    if not expected.rows:
        return Finding(f"Não há {words.rows} com estes filtros.", "Escolha outro dia ou retire um filtro.")
    said, events = listing(entries, expected.rows, on, product), expected.events.value
    if round(events) < 2 or calls < 2:
        return Finding(said[0].upper() + said[1:], f"Número esperado de {words.events}: {count(events)}.")
    return Finding(
        words.agenda_finding.format(calls=number(calls), reached=count(reached), expected=count(events)), said
    )


def listing(entries: int, rows: int, on: dt.date | None, product: Product) -> str:
    """`47 pacientes com 60 agendamentos em 30/05/2016 (segunda-feira), do maior risco ao menor.`"""
    held = plural(rows, product.words.row, product.words.rows)
    who = held if entries == rows else f"{plural(entries, 'paciente', 'pacientes')} com {held}"
    return f"{who}{f' em {day(on)}' if on else ''}, do maior risco ao menor."


def finding_back(
    calls: int, came: CameOf, entries: int, on: dt.date | None, as_of: dt.date, product: Product
) -> Finding:
    """What the list would have reached, with the n behind it."""
    words = product.words
    if not came.rows:
        return Finding(f"Não há {words.rows} com estes filtros.", "Escolha outro dia ou retire um filtro.")
    held = listing(entries, came.rows, on, product)
    known = f"O risco é o que se sabia em {date(as_of)}."
    if not came.events:
        return Finding(
            f"Como teria sido: nenhum{'a' if feminine(words.event) else ''} {words.event} entre "
            f"{plural(came.rows, words.row, words.rows)}.",
            known,
        )
    of = "da" if feminine(words.event) else "do"
    first = "o primeiro da lista tinha" if calls == 1 else f"os {number(calls)} primeiros da lista tinham"
    events = (
        f"{of} {words.event} que houve" if came.events == 1 else f"{of}s {number(came.events)} {words.events} que houve"
    )
    return Finding(
        f"Como teria sido: {first} {number(came.reached)} {events} ({percent(came.reached / came.events, 0)}).",
        f"{held} {known}",
    )


def came_of(came: CameOf, product: Product) -> str:
    """`De 3.984: 2.900 presenças, 800 faltas, 284 “Cancelado”.` as the file has them."""
    words = product.words
    parts = [f"{number(came.events)} com {words.event}", f"{number(came.non_events)} com {words.non_event}"]
    if came.excluded:
        parts.append(f"{number(came.excluded)} fora da conta{_named(product)}")
    return f"O que houve com {plural(came.rows, words.row, words.rows)}: {listed(parts)}."


def _excluded(product: Product) -> list[str]:
    return [f"“{value.label}”" for value in product.target.values if value.outcome is Outcome.EXCLUDED]


def _named(product: Product) -> str:
    found = _excluded(product)
    return f" ({listed(found, 'ou')})" if found else ""


def of_those_who_keep(expected: Expected, found: Cancelling, level: Level, product: Product) -> str:
    """Of whom the risk is, what was counted in for the others, with the n behind it, and what the interval holds."""
    words, ends = product.words, listed(_excluded(product), "ou")
    if not ends:
        return _interval(expected, level, product)
    whose = f"O risco é de quem não termina como {ends}."
    fem = feminine(words.event)
    if not found.excluded:
        counted = (
            f"Em {plural(found.rows, words.row, words.rows)} que já passaram não há nenhum assim: "
            f"{'as' if fem else 'os'} {words.events} {'esperadas' if fem else 'esperados'} supõem que ninguém cancela."
        )
    else:
        counted = (
            f"{'As' if fem else 'Os'} {words.events} {'esperadas' if fem else 'esperados'} já descontam "
            f"{percent(expected.cancelled)} que devem "
            f"terminar assim, pela antecedência (n {number(found.rows)}){_undiscounted(expected)}."
        )
    return f"{whose} {counted} {_interval(expected, level, product)}"


def _undiscounted(expected: Expected) -> str:
    """How many they would be if nobody cancelled, where that is another number as it is written."""
    whole = count(expected.risk)
    return "" if whole == count(expected.events.value) else f"; sem esse desconto seriam {whole}"


def _interval(expected: Expected, level: Level, product: Product) -> str:
    weeks = (
        f"medida em {plural(level.periods, 'semana', 'semanas')}"
        if level.periods
        else f"que se supõe de {percent(level.drift, 0)}, por falta de semanas em que medi-la"
    )
    low, high = expected.events.low, expected.events.high
    if low is None or high is None:
        return ""
    return (
        f"Intervalo de 95%: {number(round(low))} a {number(round(high))} {product.words.events}, contando o acaso e "
        f"a variação do nível do modelo, {weeks}."
    )


def accounted(found: ListCounts, product: Product, *, looks_back: bool) -> str:
    """`Das 16.711 linhas do arquivo: 12.702 para contatar;
    25 já passaram e ainda não têm resultado: …` — all of them.
    """
    said = [
        (
            found.listed,
            f"{number(found.listed)} nesta lista" if looks_back else f"{number(found.listed)} para contatar",
        ),
        (
            found.passed,
            f"{number(found.passed)} já {_agree(found.passed, 'passou', 'passaram')} e ainda não "
            f"{_agree(found.passed, 'tem', 'têm')} "
            "resultado (envie o arquivo atualizado)",
        ),
        (
            found.known,
            f"{number(found.known)} de antes deste dia" if looks_back else f"{number(found.known)} com resultado",
        ),
        (found.excluded, f"{number(found.excluded)} fora da conta{_named(product)}"),
        (
            found.booked_later,
            f"{number(found.booked_later)} só {_agree(found.booked_later, 'marcada', 'marcadas')} depois deste dia",
        ),
        (found.still_open, f"{number(found.still_open)} ainda sem resultado"),
        (found.undated, f"{number(found.undated)} sem data"),
        (found.unscored, f"{number(found.unscored)} sem risco, porque o modelo não pode calculá-lo"),
        (
            found.left_out,
            f"{number(found.left_out)} {_agree(found.left_out, 'deixada', 'deixadas')} de fora na conferência",
        ),
    ]
    parts = [text for n, text in said if n]
    return f"{plural(found.rows, 'linha', 'linhas')} no arquivo: {'; '.join(parts)}." if parts else ""


def _agree(n: int, one: str, many: str) -> str:
    return one if n == 1 else many


def nothing_ahead(found: ListCounts, product: Product) -> tuple[str, str]:
    """Why the list is empty: a heading, and the sentence under it."""
    words = product.words
    fem = feminine(words.row)
    return (
        f"Nenhum{'a' if fem else ''} {words.row} por vir neste arquivo",
        f"{accounted(found, product, looks_back=False)} Envie um arquivo com {words.rows} que ainda vão acontecer.",
    )


LOOKS_BACK = (
    "Esta lista olha para trás: o arquivo já diz o que houve. O risco é só o que se sabia no dia escolhido, e a "
    "lista tem o que já estava "
    "marcado nele."
)
IDENTITIES = (
    "Com isto, o id do paciente e o telefone, como vieram na planilha, aparecem na lista e nos arquivos "
    "baixados, só nesta sessão. "
    "Cada vez fica registrada na trilha de auditoria."
)
