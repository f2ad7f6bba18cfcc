"""The words by which files of contact outcomes name their columns and values, folded."""

from __future__ import annotations

COLUMNS = {
    "key": ("evento", "chave do evento", "event", "event key", "id evento"),
    "outcome": (
        "resultado",
        "resultado do contato",
        "resultado da ligacao",
        "desfecho do contato",
        "retorno",
        "outcome",
        "contato",
    ),
    "channel": ("canal", "canal do contato", "meio", "channel"),
    "at": (
        "quando",
        "data do contato",
        "contato em",
        "data da ligacao",
        "ligado em",
        "contatado em",
        "hora do contato",
        "at",
    ),
    "barrier": ("barreira", "motivo do paciente", "dificuldade", "barrier"),
    "offered": ("oferta", "oferecido", "o que foi oferecido", "offered"),
    "who": ("quem", "quem ligou", "atendente", "operador", "ligado por", "who"),
    "note": ("nota", "anotacao", "observacao do contato", "obs contato", "note"),
    "patient": ("paciente", "id paciente", "id unico do paciente", "id do paciente"),
    "day": ("data", "data do agendamento", "dia", "data da consulta"),
}
OUTCOMES = {
    "confirmed": ("confirmou", "confirmado", "confirmada", "confirma", "vai comparecer", "vira", "sim", "confirmed"),
    "cancelled": (
        "desmarcou",
        "desmarcado",
        "cancelou",
        "cancelado",
        "cancelada",
        "nao vira",
        "nao vai",
        "cancelled",
        "canceled",
    ),
    "rescheduled": ("remarcou", "remarcado", "remarcada", "reagendou", "reagendado", "rescheduled"),
    "no_answer": ("nao atendeu", "nao atende", "sem resposta", "nao respondeu", "caixa postal", "ocupado", "no answer"),
    "wrong_number": ("numero errado", "numero inexistente", "telefone errado", "nao existe", "engano", "wrong number"),
    "message_left": ("recado", "deixou recado", "recado deixado", "mensagem", "mensagem enviada", "message left"),
    "refused": ("recusa", "recusou", "nao quer contato", "nao quis falar", "refused"),
}
CHANNELS = {
    "call": ("ligacao", "telefone", "ligou", "call"),
    "whatsapp": ("whatsapp", "whats app", "whats", "zap"),
    "sms": ("sms", "torpedo"),
    "email": ("e mail", "email", "mail"),
    "in_person": ("presencial", "pessoalmente", "balcao", "in person"),
}
BARRIERS = {
    "transport": ("transporte", "distancia", "conducao", "transport"),
    "work": ("trabalho", "emprego", "work"),
    "cost": ("custo", "preco", "dinheiro", "cost"),
    "forgot": ("esqueceu", "esquecimento", "nao lembrava", "forgot"),
    "solved": ("ja resolvido", "resolvido", "melhorou", "solved"),
    "fear": ("medo", "receio", "fear"),
    "preparation": ("preparo", "preparacao", "nao fez o preparo", "preparation"),
    "other": ("outro", "outra", "outros", "other"),
}
OFFERED = {
    "other_time": ("outro horario", "outra data", "other time"),
    "remote": ("teleconsulta", "atendimento a distancia", "remote"),
    "transport": ("transporte", "transport"),
    "preparation": ("preparo explicado", "explicacao do preparo", "preparo", "preparation"),
    "other": ("outro", "outra coisa", "other"),
}
