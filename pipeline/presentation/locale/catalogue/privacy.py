"""Sentences of personal data: who is looked for, what is erased, reviews, the audit log."""

from __future__ import annotations

MESSAGES = {
    "doing.erase_patient": "apagar os dados do paciente",
    "privacy.rows_erased": (
        "{{ rows | plural('linha apagada', 'linhas apagadas') }} a pedido do titular em {{ day | date }}: os números "
        "deste relatório são de antes."
    ),
    "patient.too_short": (
        "Com menos de {{ shortest | plural('caractere', 'caracteres') }} não se sabe de quem se trata."
    ),
    "patient.too_short.hint": "Digite o código do paciente como está no arquivo, ou o CPF inteiro.",
    "patient.nothing_to_erase": "Nada guardado sobre este paciente: não há o que apagar.",
    "patient.not_confirmed": "O apagamento não foi confirmado.",
    "patient.not_confirmed.hint": "Digite APAGAR, em maiúsculas, para confirmar.",
    "review.decided": "Este pedido de revisão já foi decidido, ou não existe mais.",
    "review.decided.hint": "Abra a página de novo para ver o que se decidiu.",
    "review.without_reason": "Um pedido de revisão, e a decisão sobre ele, dizem por quê.",
    "review.without_reason.hint": "Escreva o motivo em uma frase.",
}
