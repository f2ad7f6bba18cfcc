"""Sentences of the first page: what to do first, what else there is, and what changed since yesterday."""

from __future__ import annotations

from pipeline.contract import Product, feminine
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale.numbers import agree, date, listed, number, plural
from pipeline.presentation.sentences import folder_words
from pipeline.presentation.sentences.findings import Finding
from pipeline.records import FileTaken, Today, TodayCalls, TodayComments, TodaySlots
from pipeline.records.folder import FolderState

TITLE = "Hoje"
NO_MODEL = "Ainda não há o que fazer hoje"
NO_MODEL_WHY = (
    "Com um arquivo e um modelo, esta página diz todo dia o que fazer primeiro. Comece em Início: enviar, treinar, ver."
)
NOTHING = "Nada a fazer agora"
SINCE = "Desde ontem"
RETRAINED = (
    "O acompanhamento aconselhou treinar de novo, e a Presença começou: o modelo novo será proposto aqui e em Modelo. "
    "Ele só entra em uso quando alguém o escolher."
)
_UNITS, _NAME = 3, 32


def preparing(name: str, rows: int) -> str:
    """Why the first page after a large file came back, or was kept by an earlier version, takes a while."""
    return f"Preparando {shorten(name, _NAME)} ({number(rows)} linhas) para as páginas. Só na primeira vez…"


def first(found: Today, product: Product) -> Finding:
    """What to do first: what may not wait, then what is overdue, slots, calls, comments, and a list to be made."""
    comments, slots, calls = found.comments, found.slots, found.calls
    if comments is not None and comments.grave:
        return Finding(f"Primeiro, {_grave(comments.grave)}.", "O resto pode vir depois.")
    if slots is not None and slots.expiring:
        out = plural(slots.expiring, "oferta que vence", "ofertas que vencem")
        return Finding(f"Primeiro, acompanhe {out} hoje.", "Quem aceita tarde perde a vaga.")
    if slots is not None and slots.awaited:
        free = plural(slots.awaited, "vaga esvaziada", "vagas esvaziadas")
        many = plural(slots.waiting, "pessoa está", "pessoas estão")
        return Finding(f"Primeiro, ofereça {free}.", f"{many} na fila de espera.")
    if calls is not None and calls.left:
        left = plural(calls.left, "ligação que falta", "ligações que faltam")
        return Finding(f"Primeiro, faça {agree(calls.left, 'a', 'as')} {left} hoje.", "A fila já está na ordem.")
    if comments is not None and comments.overdue:
        return Finding(f"Primeiro, responda {_comments(comments.overdue)} fora do prazo.")
    if comments is not None and comments.open:
        return Finding(f"Primeiro, responda {_comments(comments.open)}.")
    if comments is not None and not comments.read:
        return Finding("Primeiro, leia os comentários do arquivo.", "A leitura leva alguns segundos.")
    if wants_list(found, product):
        return _to_queue(found, product)
    return Finding(f"{NOTHING}.", nothing(product))


def cards(found: Today, product: Product) -> list[str]:
    """The cards of the page ("calls", "slots", "offers", "comments") in their order: those with something to do now as
    `first` ranks them, then the others. What there is nobody to offer to is not to be done now.
    """
    comments, slots, calls = found.comments, found.slots, found.calls
    ranks = {
        "calls": 3 if calls is not None and calls.left else 6 if wants_list(found, product) else 7,
        "slots": 2 if slots is not None and slots.awaited else 7,
        "offers": 1 if slots is not None and slots.expiring else 5 if slots is not None and slots.out else 7,
        "comments": _rank_of_comments(comments),
    }
    there = {"calls": product.contacts, "slots": slots, "offers": slots, "comments": comments}
    return sorted((key for key, one in there.items() if one is not None), key=lambda key: ranks[key])


def _rank_of_comments(found: TodayComments | None) -> int:
    if found is None:
        return 7
    return 0 if found.grave else 4 if found.overdue or found.open or not found.read else 7


def wants_list(found: Today, product: Product) -> bool:
    """Whether there is somebody to call and no queue of today that says whom."""
    if product.contacts is None or not found.ahead:
        return False
    return found.calls is None or (found.calls.made < found.day and not found.calls.left)


def _to_queue(found: Today, product: Product) -> Finding:
    """What there is between those to come and a queue: a list in Agenda, one that is being made, or none."""
    ahead, one = f"{_ahead(found, product)}.", found.call_list
    if one is not None and not one.may_plan:
        return Finding("Ainda não há fila de ligações para hoje.", f"Quem planeja as ligações a faz em Agenda. {ahead}")
    if one is not None and one.made is not None:
        known = f"A lista de quem ligar já está em Agenda, com o que se sabia em {date(one.made)}"
        return Finding("Primeiro, faça a fila de ligações.", f"{known}: a fila sai dela. {ahead}")
    if one is not None and one.being_made:
        return Finding("A lista de quem ligar está sendo feita.", f"Depois, a fila de ligações sai dela. {ahead}")
    if one is not None and one.by_job:
        return Finding("Primeiro, faça a lista de quem ligar.", f"Depois, a fila de ligações sai dela. {ahead}")
    return Finding("Primeiro, faça a fila de ligações.", ahead)


def way_to_queue(found: Today) -> str:
    """The words of the button to where a queue is made, or first its list."""
    one = found.call_list
    if one is not None and (not one.may_plan or (one.made is None and one.being_made)):
        return "Ver em Agenda"
    return "Fazer a lista" if one is not None and one.made is None and one.by_job else "Fazer a fila"


def _grave(n: int) -> str:
    return f"responda {plural(n, 'comentário que não pode', 'comentários que não podem')} esperar"


def _comments(n: int) -> str:
    return plural(n, "comentário", "comentários")


def _ahead(found: Today, product: Product) -> str:
    return f"{plural(found.ahead, product.words.row, product.words.rows)} por vir"


def nothing(product: Product) -> str:
    """What would come here, on a day with nothing to do."""
    parts = ["o arquivo que chegar"]
    if product.contacts is not None:
        parts = ["as ligações do dia", "as vagas que esvaziarem", "as ofertas em aberto", *parts]
    if product.has_comments:
        parts = ["os comentários que não podem esperar", "as respostas atrasadas", *parts]
    return f"Aqui aparecem {listed(parts)}."


def calls(found: TodayCalls | None, today: Today, product: Product) -> tuple[str, str]:
    """The figure and the line of calls."""
    if found is None:
        return "–", f"Nenhuma fila ainda; {_ahead(today, product)}." if today.ahead else "Nenhuma fila ainda."
    if not (found.called or found.waiting or found.later) and found.made < today.day:
        return number(found.left), f"Ninguém a ligar na fila de {date(found.made)}."
    said = f"{number(found.called)} de {number(found.holds)} feitas; {number(found.waiting)} a ligar na fila."
    if found.later:
        said += f" {plural(found.later, 'volta', 'voltam')} à fila mais tarde."
    return number(found.left), said


def slots(found: TodaySlots) -> tuple[str, str]:
    """The figure and the line of slots that were given up."""
    people = plural(found.waiting, "pessoa", "pessoas") if found.waiting else "ninguém"
    waiting = f"{people} na fila de espera"
    if found.emptied and found.waiting and found.awaited < found.emptied:
        waiting += f"; {'esta vaga' if found.emptied == 1 else _nobody_waits(found)} ninguém espera"
    when = f" A primeira é em {date(found.first)}." if found.first else ""
    return number(found.emptied), f"{waiting[:1].upper()}{waiting[1:]}.{when}"


def _nobody_waits(found: TodaySlots) -> str:
    left = found.emptied - found.awaited
    return f"{number(left)} destas vagas" if found.awaited else "estas vagas"


def offers(found: TodaySlots) -> tuple[str, str]:
    """The figure and the line of offers that wait for an answer."""
    soon = f"{plural(found.expiring, 'vence', 'vencem')} hoje." if found.expiring else "Nenhuma vence hoje."
    return number(found.out), soon


def comments(found: TodayComments) -> tuple[str, str]:
    """The figure and the line of comments that may not wait."""
    if not found.read:
        return "–", "Os comentários deste arquivo ainda não foram lidos."
    return (
        number(found.grave),
        f"Nos últimos {number(found.days)} dias: {_comments(found.open)} a responder, "
        f"{number(found.overdue) if found.overdue else 'nenhum'} fora do prazo.",
    )


def late_units(found: TodayComments) -> str:
    """`Fora do prazo por unidade: Centro (3), Norte (1).`; "" with fewer than two."""
    said = units(found.late_units)
    return f"Fora do prazo {said[:1].lower()}{said[1:]}" if said else ""


def units(found: tuple[tuple[str, int], ...]) -> str:
    """`Por unidade: Centro (12), Norte (8), Sul (3) e mais 2.`; "" with fewer than two."""
    if len(found) < 2:
        return ""
    shown = [f"{shorten(name, _NAME)} ({number(n)})" for name, n in found[:_UNITS]]
    rest = len(found) - _UNITS
    more = f" e mais {plural(rest, 'unidade', 'unidades')}" if rest > 0 else ""
    return f"Por unidade: {', '.join(shown)}{more}."


def file(found: FileTaken, product: Product) -> str:
    """What a file brought: `agenda.csv: 400 agendamentos, 120 deles novos; 80 resultados novos.`"""
    fem = feminine(product.words.row)
    rows, some = plural(found.rows, product.words.row, product.words.rows), "delas novas" if fem else "deles novos"
    new = f"{'todas novas' if fem else 'todos novos'}" if found.new == found.rows else f"{number(found.new)} {some}"
    results = plural(found.outcomes, "resultado novo", "resultados novos") if found.outcomes else "nenhum resultado"
    return f"{shorten(found.name, _NAME)}: {rows}, {new}; {results}."


def changes(found: Today, product: Product) -> list[str]:
    """What changed since yesterday, a line each; that nothing did, where that is so."""
    by_folder = {one.dataset_id for one in found.folder if one.state is FolderState.TAKEN}
    said = [folder_words.came(one, product, found.day) for one in found.folder]
    said += [file(one, product) for one in found.files if one.id not in by_folder]
    said += [RETRAINED] if found.retrained else []
    if found.contacts:
        made = plural(found.contacts, "contato registrado", "contatos registrados")
        said.append(f"{made[:1].upper()}{made[1:]}.")
    return said or ["Nenhum arquivo chegou e nenhum contato foi registrado."]
