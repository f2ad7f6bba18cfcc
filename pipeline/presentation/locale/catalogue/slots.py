"""Sentences of slots: offers, the waiting list, extra bookings."""

from __future__ import annotations

MESSAGES = {
    "offer_state.open": "aberta",
    "offer_state.accepted": "aceita",
    "offer_state.declined": "recusada",
    "offer_state.expired": "vencida",
    "offer_state.withdrawn": "retirada",
    "offer.not_next": "Esta oferta não está mais no estado de onde se podia passar a este.",
    "offer.not_next.hint": "Veja como ela está agora e escolha de novo.",
    "offer.slot_taken": "Esta vaga já foi aceita por outra pessoa ou não está mais livre.",
    "offer.slot_taken.hint": "Ofereça outra vaga a este paciente.",
    "offer.patient_taken": "Este paciente já aceitou outra vaga no mesmo horário.",
    "offer.patient_taken.hint": "Retire uma das duas ofertas antes de aceitar a outra.",
    "offer.gone": "Esta oferta não existe mais.",
    "offer.gone.hint": "Abra a página de novo.",
    "offer.changed_elsewhere": "Outra pessoa mudou esta oferta enquanto ela estava aberta aqui.",
    "offer.changed_elsewhere.hint": "Nada se perdeu: veja como ficou e confirme de novo.",
    "waiting.none": "Este produto não tem fila de espera.",
    "slots.settings_out_of_range": "Um destes números não faz sentido.",
    "slots.settings_out_of_range.hint": "Confira a chance, o máximo de encaixes, a espera e os minutos por vaga.",
    "waiting.sheet_gone": "A planilha desta fila já foi apagada do cofre.",
    "waiting.sheet_gone.hint": "Envie a fila de novo para escolher as colunas.",
    "extra_why.chance": "com mais um encaixe, viriam mais pessoas do que vagas com chance maior que a permitida",
    "extra_why.cap": "é o máximo de encaixes permitido",
    "extra_why.share": "a agenda tem poucas vagas, e cabe um encaixe a cada dez",
    "extra_why.group_burden": "mais um encaixe faria um grupo esperar mais do que o limite",
    "extra_why.refill_first": "há vaga esvaziada e gente da fila a chamar: primeiro ela",
    "extra_why.nobody_booked": "não há ninguém marcado",
}
