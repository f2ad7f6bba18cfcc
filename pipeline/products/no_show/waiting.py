"""The waiting list: who waits for which procedure, where, since when, and when they can come. Nothing is predicted of it;
its status says who waits still.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.contract import Field, FieldKind, Outcome, Product, Role, Rule, RuleKind, Sample, Severity, Value, Words
from pipeline.products.no_show.fields import FIELDS
from pipeline.products.usual import with_usual

_BOOKED = {field.key: field for field in FIELDS}


def _generate(rows: int, seed: int, **_options: Any) -> Iterator[Any]:
    """A made-up list; found when it is asked for, as it needs Arrow."""
    from pipeline.products.no_show.waiting_sample import generate

    yield generate(rows, seed)


_FIELDS = (
    replace(_BOOKED["patient_id"], required=True,
            if_missing="Sem o id do paciente a vaga não pode ser oferecida a ninguém."),
    Field(
        "since", "Na fila desde", FieldKind.DATE, Role.OCCURRED,
        source="Data em que o paciente entrou na fila de espera",
        examples=("10/01/2025", "02/03/2025"),
        if_missing="Sem a data de entrada não se sabe quem espera há mais tempo.",
        synonyms=("data de entrada", "data entrada", "dt entrada", "data de entrada na fila", "entrada na fila", "data da solicitacao",
                  "data solicitacao", "dt solicitacao", "data do pedido", "dt pedido", "data de inclusao", "data inclusao", "dt inclusao",
                  "incluido em", "solicitado em", "aguardando desde", "desde", "esperando desde", "data da fila", "data do encaminhamento",
                  "waiting since", "date added", "added on", "request date", "fecha de ingreso", "fecha de solicitud"),
        required=True,
    ),
    replace(_BOOKED["procedure"], if_missing="Sem o procedimento uma vaga pode ser oferecida a quem espera por outra coisa."),
    replace(_BOOKED["unit"], if_missing="Sem a unidade uma vaga pode ser oferecida a quem espera em outro lugar."),
    Field(
        "weekdays", "Dias em que pode", FieldKind.OPEN, Role.WEEKDAYS,
        source="Dias da semana em que o paciente pode vir: segunda, quarta e sexta; qualquer dia",
        examples=("segunda e quarta", "qualquer dia"),
        if_missing="Sem os dias o paciente recebe ofertas de qualquer dia da semana.",
        synonyms=("dias", "dias da semana", "dia da semana", "dia de preferencia", "dias de preferencia", "preferencia de dia",
                  "dias disponiveis", "disponibilidade", "dia preferido", "weekdays", "preferred days"),
    ),
    Field(
        "shifts", "Turno em que pode", FieldKind.OPEN, Role.SHIFTS,
        source="Turno em que o paciente pode vir: manhã, tarde ou noite",
        examples=("manhã", "tarde ou noite"),
        if_missing="Sem o turno o paciente recebe ofertas de qualquer hora.",
        synonyms=("turno", "turnos", "periodo", "turno de preferencia", "periodo de preferencia", "preferencia de turno",
                  "preferencia de horario", "turno preferido", "shift", "preferred time"),
    ),
    Field(
        "waiting_status", "Situação na fila", FieldKind.CLOSED, Role.TARGET,
        source="Se o paciente ainda espera: Aguardando, Agendado, Atendido ou Desistiu",
        examples=("Aguardando", "Desistiu"),
        if_missing="Sem a situação todos os da lista contam como quem espera.",
        synonyms=("situacao", "status", "status da fila", "situacao da fila", "situacao da solicitacao", "status da solicitacao"),
        values=(
            Value("Aguardando", ("em espera", "na fila", "pendente", "ativo", "ativa", "aberto", "aberta", "em aberto", "solicitado",
                                 "aguardando vaga", "waiting", "pending"), Outcome.PENDING),
            Value("Agendado", ("agendada", "marcado", "marcada", "confirmado", "scheduled"), Outcome.EXCLUDED),
            Value("Atendido", ("atendida", "realizado", "realizada", "concluido", "concluida", "finalizado", "done"), Outcome.EXCLUDED),
            Value("Desistiu", ("desistencia", "cancelado", "cancelada", "retirado", "removido", "recusou", "inativo", "obito",
                               "cancelled", "canceled", "withdrawn"), Outcome.EXCLUDED),
        ),
    ),
)
_RULES = (
    Rule("patient_missing", RuleKind.MISSING, Severity.BLOCKER, ("patient_id",), "Paciente sem id",
         "{rows} de {total} linhas [está|estão] sem o id do paciente ({examples}).",
         "Preencha o id: sem ele não se sabe a quem oferecer a vaga."),
    Rule("patient_destroyed", RuleKind.DESTROYED_ID, Severity.BLOCKER, ("patient_id",), "Id estragado pela planilha",
         "{rows} de {total} linhas [tem|têm] id em notação científica ({examples}).",
         "Formate a coluna como texto antes de exportar."),
    Rule("since_missing", RuleKind.MISSING, Severity.BLOCKER, ("since",), "Sem data de entrada na fila",
         "{rows} de {total} linhas [está|estão] sem a data de entrada ({examples}).",
         "Preencha o dia em que o paciente entrou na fila."),
    Rule("since_unreadable", RuleKind.UNREADABLE, Severity.BLOCKER, ("since",), "Data de entrada ilegível",
         "{rows} de {total} linhas [tem|têm] data que não existe ou não se entende, como {values} ({examples}).",
         "Escreva as datas como 10/01/2025."),
    Rule("since_future", RuleKind.FUTURE, Severity.BLOCKER, ("since",), "Entrada na fila depois de hoje",
         "{rows} de {total} linhas [tem|têm] data de entrada que ainda não chegou ({examples}).",
         "Confira a ordem de dia e mês."),
)
WAITING = Product(
    key="no_show_waiting",
    title="Fila de espera",
    description="Quem espera por uma vaga. Uma linha é um pedido: o mesmo paciente pode esperar por mais de um procedimento.",
    words=Words(
        row="pedido", rows="pedidos", event="espera", events="esperas", non_event="atendimento", rate="Taxa de espera",
        risk_title="Fila de espera", model_title="Fila de espera", finding="", finding_rate="", looks_like="fila de espera",
    ),
    fields=_FIELDS,
    rules=with_usual(_FIELDS, _RULES, ()),
    features=(),
    dimensions=(),
    sample=Sample(generate=_generate, files=()),
)
