"""Sentences with which a clinic gives account of personal data: purposes, legal bases, terms, measures, risks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.contract import Field, FieldKind
from pipeline.presentation.locale.numbers import NONE, date, number, plural
from pipeline.records.privacy import Access, Account, Due, KeptPlace, Retained, RetentionKind

Line = tuple[str, str]

CONTROLLER: Sequence[Line] = (
    ("Controlador:", "[razão social, CNPJ e endereço da clínica]"),
    ("Encarregado:", "[nome e contato de quem responde pelos dados]"),
    ("Operador:", "[quem hospeda ou mantém o Presença, se não for a própria clínica]"),
)
PURPOSES: Sequence[Line] = (
    (
        "Cuidar de quem vem:",
        "prever faltas e atendimentos ruins, ligar antes, oferecer vagas, responder a comentários. Base: tutela da "
        "saúde, em procedimento realizado por profissionais e serviços de saúde (art. 11, II, f). "
        "[a clínica confirma com o seu jurídico]",
    ),
    (
        "Prestar contas do que se fez:",
        "histórico de contatos, respostas e a trilha de auditoria. Base: obrigação legal ou regulatória e exercício "
        "de direitos (art. 7º, II e VI; art. 11, II, a e d).",
    ),
    (
        "Aprender com o passado:",
        "modelos treinados com linhas sob pseudônimo; um modelo guarda contas, nunca linhas. Base: a mesma da "
        "finalidade a que serve.",
    ),
)
FIELDS_NOTE = "O que o produto pede à clínica, campo por campo; o resto do arquivo fica só na planilha cifrada."
ACCESS_NOTE = "O que a trilha de auditoria registra: identidades mostradas, células originais vistas, arquivos levados."
SHARING = (
    "O Presença não envia dados a ninguém: roda na máquina da clínica, sem chamadas a outros servidores.",
    "[a clínica descreve a quem entrega listas ou relatórios: central de contato, operadora, hospedagem]",
)
MEASURES: Sequence[Line] = (
    ("Pseudônimos:", "o código do paciente vira HMAC-SHA-256 com a chave da clínica, que não fica na mesma pasta."),
    ("Planilhas cifradas:", "AES-256-GCM, uma por conjunto de dados, apagadas no prazo."),
    ("Comentários:", "nomes, telefones, documentos, endereços e e-mails são tirados antes de guardar."),
    ("Trilha de auditoria:", "só cresce, com selos encadeados; mudá-la por fora aparece na conferência."),
    ("Grupos pequenos:", "com menos de 8 casos não aparecem no que vai para a diretoria, nem o que os revelaria."),
    ("Cópias e chave:", "[onde a clínica guarda as cópias de segurança e a chave, e quem as alcança]"),
)
NECESSITY: Sequence[Line] = (
    ("Só o preciso:", "os campos pedidos são os que o modelo usa; os outros não entram nas linhas nem no modelo."),
    ("Decisão humana:", "o risco ordena ligações e nunca nega atendimento; uma pessoa pode revê-lo (art. 20)."),
    ("Alternativas:", "[o que a clínica faria sem o Presença, e por que isto é proporcional]"),
)
RISK_HEADERS = ("Risco", "Probabilidade", "Gravidade", "O que o diminui")
RISKS: Sequence[tuple[str, str, str, str]] = (
    ("Alguém de fora lê a pasta de dados", "[avaliar]", "[avaliar]", "Pseudônimos, planilhas cifradas, chave à parte"),
    (
        "Alguém de dentro vê mais do que deve",
        "[avaliar]",
        "[avaliar]",
        "Papéis, trilha de auditoria, identidades sob pedido",
    ),
    ("Um grupo pequeno revela uma pessoa", "[avaliar]", "[avaliar]", "Grupos com menos de 8 não são mostrados"),
    (
        "O risco trata pior um grupo de pessoas",
        "[avaliar]",
        "[avaliar]",
        "Medida por grupo, limite nos encaixes, revisão humana",
    ),
    ("Dados ficam além do preciso", "[avaliar]", "[avaliar]", "Prazos que correm sozinhos, apagamento de um paciente"),
)
WHY_IMPACT = (
    "Há dados de saúde (sensíveis) de muitas pessoas e um cálculo automático sobre elas: é o caso em que a ANPD pode "
    "pedir este relatório (arts. 5º, XVII, e 38).",
    "[a clínica diz quem consultou para escrevê-lo: jurídico, equipe, representantes de pacientes]",
)
CONCLUSION = ("[a clínica conclui: os riscos que restam são aceitáveis? o que mais será feito, por quem, até quando?]",)
INCIDENT: Sequence[Line] = (
    ("Quando:", "[data e hora em que aconteceu e em que se soube]"),
    ("O quê:", "[acesso indevido, perda, cópia, mudança]"),
    ("Como se soube:", "[quem avisou]"),
)
INCIDENT_AFTER: Sequence[Line] = (
    ("Contenção:", "[o que já se fez]"),
    ("Comunicação:", "[à ANPD e aos titulares: quando e como]"),
    ("Para não se repetir:", "[o que muda]"),
)
PLACE_HEADERS = ("Conjunto de dados", "Desde", "Linhas", "Pacientes", "Planilha original até", "Apagadas a pedido")
ACCESS_HEADERS = ("Quem", "O que fez", "Vezes", "Primeira", "Última")
_ACTORS = {
    "person": "pessoa na tela",
    "command_line": "linha de comando",
    "training": "treino",
    "system": "outro sistema",
    "folder": "pasta vigiada",
    "house": "manutenção automática",
    "maintenance": "manutenção automática",
    "": "(não registrado)",
}
_ACTIONS = {
    "identities_shown": "viu identidades",
    "raw_cells_shown": "viu células originais",
    "file_taken": "baixou um arquivo",
    "patient_copy_made": "fez a cópia de um paciente",
    "patient_looked_for": "procurou um paciente",
}
_KINDS = {
    RetentionKind.SHEET: ("planilha original apagada no prazo", "planilhas originais apagadas no prazo"),
    RetentionKind.WAITING: (
        "planilha da fila de espera apagada no prazo",
        "planilhas de filas de espera apagadas no prazo",
    ),
    RetentionKind.SHELVED: ("original posto de lado apagado no prazo", "originais postos de lado apagados no prazo"),
    RetentionKind.ARRIVALS: ("registro de envio apagado no prazo", "registros de envios apagados no prazo"),
    RetentionKind.DELIVERIES: ("registro de aviso apagado no prazo", "registros de avisos apagados no prazo"),
    RetentionKind.ERASURE: ("apagamento de paciente terminado", "apagamentos de pacientes terminados"),
    RetentionKind.LEFTOVERS: (
        "resto de um processo interrompido apagado",
        "restos de processos interrompidos apagados",
    ),
}


def held(found: Account) -> str:
    """`3 conjuntos de dados em 1 série, 2 modelos, 40 contatos.`"""
    parts = (
        f"{plural(len(found.places), 'conjunto de dados', 'conjuntos de dados')} em "
        f"{plural(found.series, 'série', 'séries')}",
        plural(found.models, "modelo", "modelos"),
        plural(found.contacts, "contato", "contatos"),
        plural(found.follow_ups, "comentário acompanhado", "comentários acompanhados"),
        plural(found.offers, "oferta de vaga", "ofertas de vaga"),
    )
    return f"{', '.join(parts)}."


def retention(found: Account) -> Sequence[Line]:
    """How long each thing stays, as it is in the code."""
    return (
        (
            "Planilha original e fila de espera:",
            f"{found.raw_days} dias depois da última data do arquivo, no máximo {found.raw_most} dias depois do envio; "
            "apagam-se sozinhas.",
        ),
        (
            "Linhas sob pseudônimo, riscos, contatos, comentários:",
            "até que a clínica apague o conjunto de dados ou o titular peça. [a clínica define o prazo: prontuários, "
            "por exemplo, têm guarda de 20 anos na Lei 13.787/2018]",
        ),
        ("Modelos:", "até que a clínica os apague; guardam contas sobre todas as linhas juntas, nunca linhas."),
        ("Trilha de auditoria:", "não se apaga: não diz quem são os pacientes."),
    )


def rights(found: Account) -> Sequence[Line]:
    """How patients' rights are served, with what was asked so far."""
    asked, still_open = found.reviews
    return (
        ("Acesso e cópia (art. 18):", "página Privacidade, Achar um paciente, Exportar."),
        ("Apagamento (art. 18):", f"na mesma página; até hoje, {plural(found.erasures, 'pedido', 'pedidos')}."),
        (
            "Revisão de um risco (art. 20):",
            f"na Agenda; até hoje, {plural(asked, 'pedido', 'pedidos')}, {number(still_open)} em aberto.",
        ),
    )


def protection(item: Field) -> str:
    """How the values of a field are kept."""
    if item.personal and item.kind is FieldKind.IDENTIFIER:
        return "pseudônimo"
    if item.kind is FieldKind.FREE_TEXT:
        return "texto sem o que identifica"
    return "nome de quem trabalha ali" if item.staff else "como veio, sob o pseudônimo da linha"


def place(one: KeptPlace) -> tuple[str, ...]:
    """A data set as a line of a table."""
    until = "já apagada" if one.sheet_until is None else date(one.sheet_until)
    patients = NONE if one.patients is None else number(one.patients)
    return one.name, _day(one.since), number(one.rows), patients, until, number(one.erased)


def kept(one: KeptPlace) -> str:
    """`desde 20/03/2026 · 42 linhas · 41 pacientes · planilha original até 20/04/2026`."""
    people = () if one.patients is None else (plural(one.patients, "paciente", "pacientes"),)
    sheet = "já apagada" if one.sheet_until is None else f"até {date(one.sheet_until)}"
    parts = (f"desde {_day(one.since)}", plural(one.rows, "linha", "linhas"), *people, f"planilha original {sheet}")
    return " · ".join(parts)


def seen(one: Access) -> str:
    """`pessoa na tela viu identidades: 3 vezes, de 20/03/2026 a 22/03/2026`."""
    who, what, _, first, last = access(one)
    return f"{who} {what}: {plural(one.times, 'vez', 'vezes')}, de {first} a {last}"


def access(one: Access) -> tuple[str, ...]:
    """An actor and what they did, as a line of a table."""
    who, what = _ACTORS.get(one.actor, one.actor), _ACTIONS.get(one.action, one.action)
    return who, what, number(one.times), _day(one.first), _day(one.last)


def went(at: dt.datetime, one: Retained, name: str = "") -> str:
    """`23/11/2026: 1 planilha original apagada no prazo (marco.csv)`."""
    where = f" ({name})" if name else ""
    return f"{date(at.date())}: {plural(one.count, *_KINDS[one.kind])}{where}"


def due(one: Due) -> str:
    """`marco.csv: planilha original até 23/12/2026`."""
    what = "fila de espera" if one.kind is RetentionKind.WAITING else "planilha original"
    return f"{one.name}: {what} até {date(one.last)}"


def _day(moment: str) -> str:
    return date(dt.datetime.fromisoformat(moment).date())
