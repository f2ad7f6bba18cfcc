"""What contacting did, in words: whether it worked, in events and in money, for whom, and when it can be told."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.contract import Product, feminine
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale import messages, names
from pipeline.presentation.locale.numbers import (
    agree,
    decimal,
    decimal_interval,
    interval,
    listed,
    number,
    percent,
    plural,
    points,
    signed,
)
from pipeline.presentation.sentences.findings import Finding
from pipeline.records import Interval
from pipeline.records.effects import (
    ArmRate,
    ArmsCompared,
    Effect,
    EffectCell,
    EffectReport,
    OrderJudged,
    PayingCalls,
    Power,
    Trial,
)

_NAME = 40
_RISK = ("", "risco mais baixo", "risco médio-baixo", "risco médio-alto", "risco mais alto")  # quarters 1 to 4
QUARTER_COLUMN, QUARTER_TITLE = "quarter", "Por quarto de risco"
_CHANNELS = {"call": "ligação", "message": "mensagem", "letter": "carta", "wording": "texto da mensagem"}
_SOURCES = {"trials": "só de estudos", "both": "de estudos e daqui", "own": "medido aqui"}
_WHOM = {
    "riskiest_35": "ligações aos 35% de maior risco",
    "in_person": "ligações, consultas na clínica",
    "telehealth": "ligações, consultas por vídeo",
    "predicted": "a quem um modelo previu que faltaria",
    "second_message": "duas mensagens em vez de uma",
    "second_message_high": "duas mensagens em vez de uma, risco alto",
    "wording": "o melhor texto em vez do comum",
    "letters": "cartas",
}
NOT_A_STORY = "Só estudos com sorteio contam; “antes e depois” sem controle, não."
KEPT_APART = "Desmarcação tardia não é falta: é contada à parte."


def channel(key: str) -> str:
    """A way of contacting, by its key."""
    return _CHANNELS.get(key, key)


def verdict(found: EffectReport, product: Product) -> Finding:
    """Whether contacting worked, with both rates; or why that can't be told."""
    whole = found.whole
    if whole.difference is None:
        said = [messages.told(item) for item in found.notes] or ["Ainda não há resultados nos dois grupos."]
        return Finding("Ainda não dá para dizer se o contato funcionou.", " ".join(said))
    lead = {
        "less": f"O contato funcionou: menos {product.words.events}.",
        "more": f"Com o contato houve mais {product.words.events}.",
        "": "Não se vê efeito do contato: a diferença cabe no acaso.",
    }[whole.told]
    return Finding(lead, f"{arms(whole, product)} {size(whole, product)}")


def arms(found: Effect, product: Product) -> str:
    """`12,0% de falta com contato (IC 10,1–14,2%, n 1.204) e 15,1% no controle (IC …, n 130).`"""
    event = product.words.event
    return f"{_arm(found.contact, event)} com contato e {_arm(found.control, event)} no grupo de controle."


def _arm(item: ArmRate, event: str) -> str:
    if item.rate is None:
        return f"nada a julgar (n {number(item.judged)})"
    return f"{percent(item.rate.value)} de {event} (IC {interval(item.rate)}, n {number(item.judged)})"


def size(found: Effect, product: Product) -> str:
    """Difference, risk ratio, and events avoided, each with its interval."""
    if found.difference is None or found.avoided is None:
        return ""
    parts = [f"Diferença de {_points(found.difference)} pontos"]
    if found.ratio is not None:
        until = decimal_interval(found.ratio, 2) or "sem limite de cima"
        parts.append(f"risco relativo {decimal(found.ratio.value, 2)} (IC {until})")
    parts.append(_avoided(found.avoided, product))
    return f"{'; '.join(parts)}."


def _points(item: Interval) -> str:
    return f"{points(item.value, 1)} (IC {points(item.low, 1)} a {points(item.high, 1)})"


def _tells_nothing(item: Interval) -> bool:
    """Whether it may as well be a loss as a gain: then no single figure is told, which would be read as one."""
    return item.low is not None and item.high is not None and item.low <= 0 <= item.high


def _avoided(item: Interval, product: Product) -> str:
    if _tells_nothing(item):
        return f"{avoided(product)}: de {signed(item.low, 0)} a {signed(item.high, 0)}"
    return f"{_whole(item)} {avoided(product)}"


def _whole(item: Interval) -> str:
    return f"{decimal(item.value, 0)} (IC {decimal(item.low, 0)} a {decimal(item.high, 0)})"


def reais(item: Interval) -> str:
    """`R$ 1.204 (IC R$ 300 a R$ 2.700)`; `de R$ −300 a R$ +2.700 (IC 95%)` for what may be a loss."""
    if _tells_nothing(item):
        return f"de R$\u00a0{signed(item.low, 0)} a R$\u00a0{signed(item.high, 0)} (IC 95%)"
    return f"R$\u00a0{decimal(item.value, 0)} (IC R$\u00a0{decimal(item.low, 0)} a R$\u00a0{decimal(item.high, 0)})"


def money(found: Effect, *, example: bool = False) -> str:
    """What was won back in slots, before the cost of the contacts; "" where slots have no value."""
    if found.recovered is None:
        return ""
    source = " Com valores de exemplo: edite-os para que sejam os da clínica." if example else ""
    return f"Recuperado em vagas: {reais(found.recovered)}, sem descontar o custo do contato.{source}"


def a_month(item: Interval, *, measured: bool) -> str:
    """What contacts win back a month, by own measurement or by trials."""
    return f"Recuperado por mês, já sem o custo: {reais(item)}, {'medido aqui' if measured else 'pelos estudos'}."


def left_aside(found: EffectReport) -> list[str]:
    """What was not judged: late cancellations, those without an outcome, lists without a control group."""
    contact, control = found.whole.contact, found.whole.control
    said = []
    if contact.late + control.late:
        rates = "" if found.late.difference is None else f" Diferença de {_points(found.late.difference)} pontos."
        said.append(
            f"{KEPT_APART} {number(contact.late)} com contato, {number(control.late)} no grupo de controle.{rates}"
        )
    unjudged = contact.unjudged + control.unjudged
    if unjudged:
        said.append(f"{plural(unjudged, 'agendamento', 'agendamentos')} sem resultado que se julgue, fora da conta.")
    if found.uncompared:
        one = plural(found.uncompared, "agendamento", "agendamentos")
        said.append(f"{one} de listas sem grupo de controle, fora da comparação.")
    return said


def when(found: Power | None) -> str:
    """How long until an effect as of the trials can be told; "" where nobody asked."""
    if found is None:
        return ""
    if found.why_not is not None:
        return messages.told(found.why_not)
    expected = f"um efeito como o dos estudos (risco relativo {decimal(found.ratio, 2)})"
    needed = plural(found.needed or 0, "agendamento", "agendamentos")
    if not found.left:
        return f"Já há agendamentos bastantes para ver {expected}: eram precisos {needed}."
    return (
        f"Para ver {expected} {agree(found.left, 'falta', 'faltam')} cerca de "
        f"{plural(found.left, 'semana', 'semanas')}: {needed} nos dois grupos, "
        f"{percent(found.share, 0)} no controle, {number(round(found.per_week))} por semana."
    )


def share_costs(avoided: float, worth: float, share: float, product: Product) -> str:
    """What a control group gives up by the trials, or what none gives up for good."""
    if share <= 0:
        return "Sem grupo de controle nada se perde agora, e nunca se saberá se o contato funciona aqui."
    value = f", R$\u00a0{decimal(worth, 0)}" if worth > 0 else ""
    end = "a" if feminine(product.words.event) else "o"
    # below two the singular stands: "1,8 falta"
    lost = agree(
        int(avoided) or 1, f"{product.words.event} não evitad{end}", f"{product.words.events} não evitad{end}s"
    )
    told = f"Um grupo de controle de {percent(share, 0)} custa, pelos estudos, cerca de {decimal(avoided, 1)} {lost}"
    return f"{told}{value}."


def title(column: str, product: Product) -> str:
    """What a split by a column is called: `Por unidade`."""
    return QUARTER_TITLE if column == QUARTER_COLUMN else f"Por {product.field(column).label.lower()}"


def group_lines(heading: str, found: Sequence[Effect]) -> list[str]:
    """A line a group, the largest first; what stands out beyond chance says so."""
    lines = [f"{heading}:"] if found else []
    for one in found:
        assert one.difference is not None
        mark = {"less": ": menos, além do acaso", "more": ": mais, além do acaso", "": ""}[one.told]
        sizes = f"n {number(one.contact.judged)} e {number(one.control.judged)}"
        lines.append(f"  {_group(heading, one.group)}: {_points(one.difference)} pontos, {sizes}{mark}")
    return lines


def group_name(column: str, name: str, product: Product) -> str:
    """A group as a table names it; quarters of risk by words."""
    return _group(title(column, product), name)


def _group(heading: str, name: str) -> str:
    if heading == QUARTER_TITLE and name.isdigit():
        return _RISK[int(name)] if int(name) < len(_RISK) else name
    return shorten(name, _NAME) or "sem nome"


def trial(item: Trial) -> str:
    """`ligações aos 35% de maior risco: risco relativo 0,74 (IC 0,55 a 0,99), Aij 2023`."""
    size_told = f", n {number(item.n)}" if item.n else ""
    width = "; largura nossa, o estudo não a dá" if item.declared else ""
    year = f" {item.year}" if item.year else ""
    return (
        f"{channel(item.channel)}, {_WHOM[item.whom]}: risco relativo {decimal(item.ratio.value, 2)} "
        f"(IC {decimal_interval(item.ratio, 2)}{width}), {item.name}{year}{size_told}"
    )


def cell(item: EffectCell) -> str:
    """The effect in a quarter of risk or a category, with where the belief stems from."""
    where = _RISK[item.quarter] if item.quarter else shorten(item.category, _NAME)
    sizes = f"n {number(item.contacted)} e {number(item.control)}"
    return (
        f"{channel(item.channel)}, {where}: {signed(100 * (item.ratio.value - 1), 0)}% "
        f"(IC {signed(100 * ((item.ratio.low or 0) - 1), 0)} a {signed(100 * ((item.ratio.high or 0) - 1), 0)}%), "
        f"{_SOURCES[item.source]}, {sizes}"
    )


def order(found: OrderJudged, product: Product) -> list[str]:
    """Whether calling those first in the list helps more than calling anybody, in words; what that rests on; or why it
    can't be told.
    """
    if found.qini is None or found.gap is None:
        return [messages.told(found.why_not)] if found.why_not is not None else []
    low, high = found.qini.value.low or 0.0, found.qini.value.high or 0.0
    lead = (
        "Sim: ligar primeiro para quem está no alto da lista evita mais do que ligar em qualquer ordem."
        if low > 0
        else "Não: ligar primeiro para quem está no alto da lista evita menos do que ligar em qualquer ordem."
        if high < 0
        else "Ainda não se sabe: a diferença entre a ordem da lista e qualquer outra cabe no acaso."
    )
    return [
        lead,
        f"A ordem pelo que cada ligação ganha evita {_per_1000(found.qini.value)} {product.words.events} a mais em "
        "1.000 agendamentos do que a mesma quantidade de ligações em qualquer ordem, na média de todos os tamanhos de "
        "lista (medida de Qini: a área entre a curva e a reta).",
        f"{_beside(found.gap)} a ordem só pelo risco (diferença {_per_1000(found.gap)}).",
        f"Com n {number(found.contacted)} de contato e {number(found.control)} de controle; o efeito foi aprendido com "
        "metade dos pacientes e a ordem, conferida na outra metade.",
    ]


def _beside(gap: Interval) -> str:
    low, high = gap.low or 0.0, gap.high or 0.0
    return "É melhor que" if low > 0 else "É pior que" if high < 0 else "Não é, além do acaso, melhor nem pior que"


def avoided(product: Product) -> str:
    """`faltas evitadas`."""
    return f"{product.words.events} {'evitadas' if feminine(product.words.event) else 'evitados'}"


def _per_1000(item: Interval) -> str:
    low, high = (decimal(None if end is None else 1000 * end, 1) for end in (item.low, item.high))
    return f"{decimal(1000 * item.value, 1)} (IC {low} a {high})"


def calls(found: PayingCalls, plan: int) -> list[str]:
    """From which call of the day on the next one costs more than it gains, beside the calls of the plan; then what that
    rests on. The effect's interval makes that of the calls.
    """
    listed_ = f"{plural(found.pays.listed, 'paciente que se pode', 'pacientes que se podem')} ligar hoje"
    cost = f"R$\u00a0{decimal(found.cost, 2)}"
    source = "dos estudos e do que se mediu aqui" if found.own else "dos estudos"
    between = _calls_between(found.a_day, source)
    if not found.pays.paying:
        return [f"Nenhuma ligação devolve o que custa ({cost}), de {listed_}.", *between]
    if found.pays.next_gain is None:
        return [f"Todas as ligações possíveis devolvem mais do que custam ({cost} cada), a {listed_}.", *between]
    beyond = plan - found.pays.paying
    more = (
        f"Do plano de {plural(plan, 'ligação', 'ligações')}, "
        f"{plural(beyond, 'custa mais do que devolve', 'custam mais do que devolvem')}."
        if beyond > 0
        else f"O plano de {plural(plan, 'ligação', 'ligações')} por dia compensa inteiro."
    )
    return [
        f"A partir da {number(found.pays.paying + 1)}ª ligação do dia, a próxima custa mais do que devolve: "
        f"R$\u00a0{decimal(found.pays.next_gain, 2)} contra {cost} (n {number(found.pays.listed)} pacientes a ligar "
        f"hoje, do maior ganho ao menor). {more}",
        *between,
    ]


def _calls_between(item: Interval, source: str) -> list[str]:
    """How far the calls that pay may be off, as the effect may be."""
    low, high = (number(None if end is None else round(end)) for end in (item.low, item.high))
    if low == high:
        return []
    return [f"Pelo intervalo de 95% do efeito ({source}), compensam de {low} a {high} ligações."]


def matched(found: int, unmatched: int, unknown: int, conflicting: int) -> list[str]:
    """How many lines of a file of contacts were found, and which were not used."""
    said = [f"{plural(found, 'agendamento', 'agendamentos')} com grupo."]
    if unmatched:
        no_row = "não está no arquivo" if unmatched == 1 else "não estão no arquivo"
        said.append(f"{plural(unmatched, 'linha', 'linhas')} de contato {no_row}.")
    if unknown:
        said.append(f"{plural(unknown, 'linha', 'linhas')} sem grupo que se entenda (contato ou controle).")
    if conflicting:
        said.append(f"{plural(conflicting, 'agendamento', 'agendamentos')} nos dois grupos, fora da conta.")
    return said


def lines(found: EffectReport, product: Product) -> list[str]:
    """All of a report as lines, the verdict first."""
    whole = verdict(found, product)
    return [
        *filter(None, (whole.lead, whole.rest, money(found.whole))),
        *left_aside(found),
        *(line for name, groups in found.groups for line in group_lines(title(name, product), groups)),
        *(line for one in found.arms for line in compared(one, product)),
        *([] if found.order is None else order(found.order, product)),
        *filter(None, (when(found.power),)),
    ]


def way(kind: str, name: str) -> str:
    """One of two ways that are compared, by its name: `WhatsApp`, `o texto de sempre`, `“Oi! Aqui é da…”`."""
    if kind == "channel":
        return names.channel(name)
    return f"“{shorten(name, _NAME)}”" if name else "o texto de sempre"


def compared(found: ArmsCompared, product: Product) -> list[str]:
    """What each of the other ways does beside the first one, as drawn by chance, with both rates and their gap."""
    first = way(found.kind, found.names[0])
    said = []
    for one in found.effects:
        other = way(found.kind, one.group)
        if one.difference is None:
            said.append(f"{_capital(other)} contra {first}: ainda não há resultados nas duas formas.")
            continue
        verdict_ = {
            "less": f"menos {product.words.events}, além do acaso",
            "more": f"mais {product.words.events}, além do acaso",
            "": "não se vê diferença além do acaso",
        }[one.told]
        rates = " contra ".join(_arm(arm, product.words.event) for arm in (one.contact, one.control))
        gap = f"diferença de {_points(one.difference)} pontos"
        said.append(f"{_capital(other)} contra {first}: {verdict_}. {rates}; {gap}.")
    return said


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def reached(by_outcome: Sequence[tuple[str, int]], contacted: int) -> str:
    """How many of the contacted arm have an outcome of a contact: for reading, the comparison doesn't look at it."""
    told = [f"{shorten(name, _NAME)} {number(rows)}" for name, rows in by_outcome]
    if not told:
        return ""
    return f"Do grupo de contato ({number(contacted)}): {listed(told)}. A comparação conta todos, atendam ou não."
