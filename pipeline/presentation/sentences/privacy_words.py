"""Sentences of what is kept of people: where it comes from, what for, how long, what was erased, what was asked."""

from __future__ import annotations

import datetime as dt

from pipeline.presentation.locale.numbers import date, listed, number, percent, plural
from pipeline.records.privacy import Erasure, KeptPart, LearntModel, PatientFound, RiskReview, Source

SOURCES = {
    Source.ROWS: (
        "Linhas dos arquivos",
        "O que a clínica enviou sobre agendamentos ou atendimentos, com o seu código de paciente trocado por um "
        "pseudônimo.",
    ),
    Source.SHEET: (
        "Planilha como veio",
        "As mesmas linhas, célula por célula, como a clínica as enviou. Ficam cifradas e são apagadas no prazo.",
    ),
    Source.SHELVED: (
        "Arquivos postos de lado",
        "Linhas de arquivos que estão na pasta e que nenhum registro conhece; saem também no apagamento.",
    ),
    Source.RISKS: (
        "Riscos calculados",
        "O que o modelo estimou para cada agendamento ou atendimento, e quando. É uma conta, não um fato.",
    ),
    Source.CONTACTS: ("Contatos", "Ligações e mensagens registradas pela equipe, com o que se combinou."),
    Source.LISTS: (
        "Listas de contato",
        "As listas em que o agendamento entrou, e se foi para o grupo de contato ou para o de controle (sorteado).",
    ),
    Source.OVERRIDES: ("Riscos mudados por uma pessoa", "Quando alguém da equipe pôs outro risco no lugar do modelo."),
    Source.REVIEWS: (
        "Pedidos de revisão",
        "Quando se pediu que uma pessoa olhasse um risco (LGPD, art. 20), e o que ela decidiu.",
    ),
    Source.NEVER: ("Não ligar", "O pedido de não receber ligações."),
    Source.WAITING: ("Fila de espera", "O lugar na fila de espera, como a clínica a enviou."),
    Source.OFFERS: ("Ofertas de vaga", "Vagas esvaziadas que foram oferecidas, e a resposta."),
    Source.FOLLOW_UPS: ("Acompanhamento de comentários", "O que a equipe fez a respeito de um comentário."),
}
COLUMNS = {
    "row": "Linha da planilha",
    "as_of": "Calculado como se fosse em",
    "model": "Modelo",
    "risk": "Risco",
    "tier": "Faixa de risco",
    "reasons": "Motivos",
    "at": "Quando",
    "channel": "Canal",
    "outcome": "Resultado",
    "barrier": "Barreira",
    "offered": "Oferta",
    "who": "Quem registrou",
    "note": "Anotação",
    "day": "Dia",
    "unit": "Unidade",
    "arm": "Grupo",
    "reason": "Motivo",
    "kind": "O que não se liga",
    "since": "Espera desde",
    "procedure": "Procedimento",
    "state": "Situação",
    "what": "O que se fez",
    "before": "Antes",
    "after": "Depois",
    "asked_at": "Pedido em",
    "asked_by": "Registrado por",
    "why": "Pedido",
    "decided_at": "Decidido em",
    "decided_by": "Decidido por",
    "decision": "Decisão",
    "risk_after": "Risco depois",
}
DECISIONS = {"kept": "risco mantido", "changed": "risco mudado"}


def source(kind: Source) -> str:
    """`Linhas dos arquivos`."""
    return SOURCES[kind][0]


def column(key: str) -> str:
    """`Calculado como se fosse em`; a header of a file as it is."""
    return COLUMNS.get(key, key)


def found(it: PatientFound) -> str:
    """`Encontrado em 2 conjuntos de dados: 5 linhas.`"""
    if not it.parts:
        return "Nada guardado sobre este paciente."
    rows = sum(part.count for part in it.parts if part.source in (Source.ROWS, Source.SHEET))
    places = plural(len(it.target.datasets), "conjunto de dados", "conjuntos de dados")
    return f"Encontrado em {places}: {plural(rows, 'registro', 'registros')} de linhas e planilhas."


def part(one: KeptPart) -> str:
    """`Linhas dos arquivos, marco.csv: 3`."""
    where = f", {one.place}" if one.place else ""
    return f"{source(one.source)}{where}: {number(one.count)}"


def learnt(models: tuple[LearntModel, ...]) -> str:
    """Which models learnt from the patient's rows; "" where none did. They hold rates and trees, never rows."""
    if not models:
        return ""
    named = listed([f"{one.id} (de {date(dt.datetime.fromisoformat(one.created).date())})" for one in models])
    one = len(models) == 1
    return (
        f"{'O modelo' if one else 'Os modelos'} {named} {'aprendeu' if one else 'aprenderam'} também com estas linhas. "
        "Um modelo guarda contas sobre todas as linhas juntas, nunca as linhas; para que nem nas contas fiquem, "
        "treine de novo depois de apagar."
    )


def unread(names: tuple[str, ...]) -> str:
    """Which folders put aside can't be opened, and so were not looked into; "" where there are none."""
    if not names:
        return ""
    told = plural(len(names), "pasta posta de lado", "pastas postas de lado")
    cannot = "não abre e não foi olhada" if len(names) == 1 else "não abrem e não foram olhadas"
    away = "Se este paciente pode estar nela" if len(names) == 1 else "Se este paciente pode estar nelas"
    return f"{told} {cannot}: {listed(list(names))}. {away}, apague em Início o que está de lado."


def erased(one: Erasure) -> str:
    """`23/11/2026: 5 linhas apagadas, de 2 conjuntos de dados; 3 modelos tinham aprendido com elas.`"""
    when, rows = date(dt.datetime.fromisoformat(one.at).date()), sum(count for _, count in one.facts.rows)
    if not one.done:
        return (
            f"{when}: apagamento de {plural(rows, 'linha', 'linhas')} ainda por terminar; continua na próxima abertura."
        )
    told = f"{when}: {plural(rows, 'linha apagada', 'linhas apagadas')} a pedido do titular"
    others = sum(count for _, count in one.facts.taken)
    told += f", com {plural(others, 'registro', 'registros')} do que se fez" if others else ""
    models = one.facts.models
    return f"{told}; modelos que tinham aprendido: {listed(list(models)) if models else 'nenhum'}."


def rows_erased(told: tuple[tuple[str, int], ...]) -> str:
    """`1 linha apagada a pedido do titular em 23/11/2026.`; "" where there were none."""
    parts = [
        f"{plural(rows, 'linha apagada', 'linhas apagadas')} a pedido do titular em "
        f"{date(dt.datetime.fromisoformat(at).date())}"
        for at, rows in told
    ]
    return f"{listed(parts)}." if parts else ""


def review(one: RiskReview) -> str:
    """Who asked and decided, when, and what changed."""
    asked = f"Pedido em {date(one.asked_at.date())}, registrado por {one.asked_by or 'alguém'}: {one.why}"
    if one.decision is None or one.decided_at is None:
        return f"{asked} Ainda sem decisão."
    what = DECISIONS[str(one.decision)]
    if one.risk_after is not None:
        what += f", de {percent(one.risk)} para {percent(one.risk_after)}"
    return f"{asked} Decidido em {date(one.decided_at.date())} por {one.decided_by or 'alguém'}: {what}. {one.reason}"
