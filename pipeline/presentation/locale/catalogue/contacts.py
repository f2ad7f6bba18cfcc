"""Sentences of contacts: channels, outcomes, barriers, where a patient stands, and what can't be done."""

from __future__ import annotations

_CHANNELS = {
    "channel.call": "ligação",
    "channel.whatsapp": "WhatsApp",
    "channel.sms": "SMS",
    "channel.email": "e-mail",
    "channel.in_person": "presencial",
}
_OUTCOMES = {
    "contact_outcome.confirmed": "confirmou",
    "contact_outcome.cancelled": "desmarcou",
    "contact_outcome.rescheduled": "remarcou",
    "contact_outcome.no_answer": "não atendeu",
    "contact_outcome.wrong_number": "número errado",
    "contact_outcome.message_left": "recado",
    "contact_outcome.refused": "recusa",
}
_BARRIERS = {
    "barrier.transport": "transporte",
    "barrier.work": "trabalho",
    "barrier.cost": "custo",
    "barrier.forgot": "esqueceu",
    "barrier.solved": "já resolvido",
    "barrier.fear": "medo",
    "barrier.preparation": "preparo",
    "barrier.other": "outro",
}
_OFFERED = {
    "offered.other_time": "outro horário",
    "offered.remote": "teleconsulta",
    "offered.transport": "transporte",
    "offered.preparation": "preparo explicado",
    "offered.other": "outra coisa",
}
_STATES = {
    "queue_state.waiting": "a ligar",
    "queue_state.calling": "sendo ligado agora",
    "queue_state.later": "volta mais tarde",
    "queue_state.done": "resolvido",
    "queue_state.unreached": "sem contato",
    "queue_state.muted": "contatado há pouco",
    "queue_state.never": "não ligar",
    "queue_state.below": "abaixo do piso",
    "queue_state.over": "já passou ou não vale mais",
    "queue_state.control": "grupo de controle",
}
_LEFT_OUT = {
    "left_out_of_list.over": "já passou",
    "left_out_of_list.same_day": "é do próprio dia, ou foi marcado no dia",
    "left_out_of_list.too_far": "está além dos dias escolhidos",
    "left_out_of_list.other_unit": "é de outra unidade",
    "left_out_of_list.never": "está em “não ligar”",
    "left_out_of_list.settled": "já se sabe do agendamento, por um contato anterior",
    "left_out_of_list.unscored": "não tem risco",
    "left_out_of_list.muted": "o paciente foi contatado há pouco",
    "left_out_of_list.below": "está abaixo do piso de risco",
    "left_out_of_list.beyond_capacity": "não cabe no que se pode ligar",
}
_UNMATCHED = {
    "unmatched.unknown_outcome": "o resultado não é nenhum dos conhecidos",
    "unmatched.unknown_event": "o evento não está nos dados desta clínica",
    "unmatched.unknown_patient_or_day": "não há agendamento deste paciente neste dia",
    "unmatched.no_event": "falta o evento, ou o paciente com a data",
    "unmatched.in_the_future": "a data do contato ainda não chegou",
}

MESSAGES = {
    **_CHANNELS,
    **_OUTCOMES,
    **_BARRIERS,
    **_OFFERED,
    **_STATES,
    **_LEFT_OUT,
    **_UNMATCHED,
    "contacts.no_appointment": "Não há agendamento de que dizer o resultado.",
    "contacts.no_appointment.hint": "Abra a página de novo.",
    "contacts.other_patient": "Este agendamento é de outro paciente: nada foi registrado.",
    "contacts.other_patient.hint": "Abra a página de novo e confira quem está na fila.",
    "contacts.unknown_event": "Este agendamento não está nos dados da série: sobre ele, nada foi registrado.",
    "contacts.unknown_event.hint": "Envie antes o registro dele, e depois o contato de novo.",
    "contacts.no_such_call": "Esta ligação não está registrada.",
    "contacts.too_late": "Passou mais de um minuto: a ligação já não pode ser desfeita.",
    "contacts.too_late.hint": "Registre outra com o que houve.",
    "contacts.override_without_reason": "Um risco mudado à mão pede o motivo, e fica entre 0 e 100%.",
    "contacts.settings_out_of_range": "Um destes números não faz sentido.",
    "contacts.settings_out_of_range.hint": "Confira as pessoas, as ligações por dia e os dias.",
    "contacts.nobody": "Não há ninguém a ligar com estas escolhas.",
    "contacts.nobody.hint": "Aumente os dias à frente, diminua o piso ou escolha outra unidade.",
    "contacts.days_learnt": (
        "O modelo já aprendeu com os dias deste arquivo que têm resultado, até {{ until | date }}, e depois deles não "
        "há a quem ligar nos dias escolhidos."
    ),
    "contacts.days_learnt.hint": (
        "Envie a agenda dos dias por vir, ou use um modelo treinado só com os dias de antes deste arquivo."
    ),
    "contacts.no_series": "Este arquivo ainda não está em nenhuma série.",
    "contacts.no_series.hint": "Escolha em Dados a que clínica ele pertence.",
    "contacts.no_outcome_column": "O arquivo não tem a coluna com o resultado do contato.",
    "contacts.no_outcome_column.hint": "Dê a ela o nome “resultado” e envie de novo.",
    "contacts.no_event_column": "O arquivo não tem a coluna que diz de que agendamento é cada linha.",
    "contacts.no_event_column.hint": "Inclua a coluna “evento” da lista, ou “paciente” com “data”.",
    "contacts.odd_script": "Este texto não pode ser usado.",
    "contacts.odd_script.hint": (
        '{% if blanks %}Não há o que pôr em {{ blanks | join(", ") }}.{% else %}São até {{ most }} letras.{% endif %}'
    ),
    "script.your_name": "(seu nome)",
    "contacts.nothing_compared": "Não há duas formas de contato a comparar.",
    "contacts.nothing_compared.hint": (
        "Escolha dois canais diferentes, ou escreva o segundo texto, com 10% a 90% dos pacientes em cada forma."
    ),
    "contacts.no_phone": "O arquivo não tem telefones, ou a planilha original já foi apagada.",
    "contacts.no_phone.hint": "Envie a agenda com a coluna do telefone.",
    "contacts.no_agenda": "{{ product | quoted }} não tem agenda: não há a quem ligar antes.",
    "contacts.too_many_lines": "O arquivo tem linhas demais: até {{ most }} por vez.",
}
