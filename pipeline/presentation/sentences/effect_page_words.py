"""Sentences of the page that tells whether contacts worked, beside those of the report itself."""

from __future__ import annotations

from pipeline.contract import Product, Role
from pipeline.presentation.locale import names
from pipeline.presentation.locale.numbers import decimal, number, percent, period, plural
from pipeline.presentation.sentences import effect_words
from pipeline.presentation.sentences.findings import Finding
from pipeline.records.effects import MEASURED_FROM, ListsMeasured

TITLE, QUESTION = "Efeito", "Funcionou?"
NO_LIST = "Ainda não há fila de ligações"
NO_LIST_WHY = (
    "O efeito se mede comparando quem a fila mandou ligar com quem, por sorteio, ficou sem ligação. "
    "Faça a primeira fila em Agenda, na parte Ligar."
)
NO_OUTCOMES = "Ainda sem resultado"
EXAMPLE = "Valores de exemplo: troque pelos da clínica e salve."
OTHER_SLOT = "Qualquer outra vaga"
BEFORE_AFTER = (
    "Por que não comparar com antes da lista: quem é chamado por ter risco alto volta sozinho para perto da média, a "
    "época do ano muda as faltas, e outras coisas mudam na clínica ao mesmo tempo. Só o sorteio separa o contato disso."
)


def waiting(found: ListsMeasured) -> Finding:
    """What a page says of lists of which nothing is known yet."""
    lists = plural(found.lists, "lista feita", "listas feitas")
    return Finding(
        f"{NO_OUTCOMES}: {lists}, {plural(found.listed, 'agendamento', 'agendamentos')}.",
        f"Os dias vão de {period(found.first, found.last)}. Quando o dia passar, envie em Dados o arquivo com os "
        "resultados: o efeito aparece aqui.",
    )


def awaiting(found: ListsMeasured) -> str:
    """How many appointments of the lists have no outcome yet, by group; "" where all have."""
    contact, control = found.awaiting
    if not contact + control:
        return ""
    return (
        f"Ainda sem resultado: {number(contact)} com contato e {number(control)} no grupo de controle "
        f"(o dia não passou, ou nenhum arquivo conta)."
    )


def crossed(found: ListsMeasured) -> str:
    """That some of the control group were contacted all the same, and where they count; "" where none were."""
    if not found.crossed:
        return ""
    one = plural(found.crossed, "agendamento do grupo de controle teve", "agendamentos do grupo de controle tiveram")
    return f"{one} contato mesmo assim: contam no controle, como sorteados, e o efeito parece menor do que é."


def outcomes(found: ListsMeasured) -> str:
    """What came of the contacts; the comparison counts everybody."""
    told = [(names.contact_outcome(code), rows) for code, rows in found.outcomes]
    listed = found.listed if found.report is None else found.report.whole.contact.appointments
    if not told:
        return "Nenhum contato foi registrado: o que se compara é o sorteio, ligado ou não."
    return effect_words.reached(told, listed)


def money(found: ListsMeasured) -> list[str]:
    """What was won back, a month after its cost, and what the contacts cost."""
    said = [] if found.report is None else [effect_words.money(found.report.whole, example=found.example)]
    if found.month is not None:
        said.append(effect_words.a_month(found.month, measured=found.measured))
        if not found.measured:
            said.append(f"Com {MEASURED_FROM} resultados em cada grupo, passa a valer o que foi medido aqui.")
    if found.spent:
        said.append(f"Custo dos contatos registrados: R$\u00a0{decimal(found.spent, 2)}.")
    return [one for one in said if one]


def shares(found: ListsMeasured, product: Product) -> list[str]:
    """What each share of a control group costs, on the newest list, and which one it has."""
    own = f"A lista mais nova tem {percent(found.share, 0)} no grupo de controle."
    return [own, *(effect_words.share_costs(one.avoided, one.worth, one.share, product) for one in found.costs)]


def lines(found: ListsMeasured, product: Product) -> list[str]:
    """All that the page says, as lines."""
    report = [] if found.report is None else effect_words.lines(found.report, product)
    return [*report, *filter(None, (awaiting(found), crossed(found))), outcomes(found), *money(found)]


def source(found: ListsMeasured) -> str:
    """`3 listas, 240 agendamentos, 02/11/2026 a 20/11/2026`."""
    lists = plural(found.lists, "lista", "listas")
    return f"{lists} · {plural(found.listed, 'agendamento', 'agendamentos')} · {period(found.first, found.last)}"


def unknowable(product: Product) -> str:
    """Why the effect of answers on the next rating of the same person can't be known; "" where it could."""
    if not product.has_comments or product.by_role(Role.PATIENT) is not None:
        return ""
    return (
        "Se responder melhora a próxima nota da mesma pessoa não dá para saber: as avaliações não dizem de quem são. "
        "Comparar respondidos com não respondidos enganaria: responde-se primeiro a quem mais reclamou."
    )
