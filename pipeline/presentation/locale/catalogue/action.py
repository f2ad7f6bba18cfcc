"""Sentences of what is done about an event: its states, and what can't be done."""

from __future__ import annotations

_STATES = {
    "follow_up_state.new": "novo",
    "follow_up_state.answering": "em resposta",
    "follow_up_state.answered": "respondido",
    "follow_up_state.resolved": "resolvido",
    "follow_up_state.unreached": "sem contato",
}
_TONES = {"reply_tone.formal": "formal", "reply_tone.close": "próximo"}

MESSAGES = {
    **_STATES,
    **_TONES,
    "follow_up.not_next": "Este comentário não está mais no estado de onde se podia passar a este.",
    "follow_up.not_next.hint": "Veja como ele está agora e escolha de novo.",
    "follow_up.changed_elsewhere": (
        "Outra pessoa mudou este comentário enquanto ele estava aberto aqui"
        "{% if owner %}: agora é de {{ owner | quoted }}{% endif %}."
    ),
    "follow_up.changed_elsewhere.hint": "Nada se perdeu: veja como ficou e confirme de novo.",
    "follow_up.no_event": "Este comentário não está mais nos dados.",
    "follow_up.no_event.hint": "Abra a página de novo.",
    "follow_up.no_column": "Não há a coluna {{ column | quoted }} para comparar.",
}
