"""Sentences about webhooks: who is told what, whether it arrives, and why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from pipeline.presentation.escaping import shorten, visible
from pipeline.presentation.locale.numbers import listed, number, plural
from pipeline.records.integration import ApiKey
from pipeline.records.webhooks import Delivery, DeliveryState, Webhook, WebhookEvent, WebhookState

Colour = Literal["green", "gray", "orange", "red"]

TITLE = "Avisos a outros sistemas"
LINE = (
    "Um webhook é um endereço do sistema da clínica que a Presença chama quando algo acontece. O que se envia leva a "
    "assinatura do padrão Standard Webhooks, e nada que identifique um paciente."
)
NONE = "Nenhum sistema é avisado"
NONE_WHY = (
    "Com um webhook, o outro sistema sabe na hora que uma lista está pronta ou que chegou um comentário que não pode "
    "esperar, sem perguntar de tempos em tempos."
)
ONCE = "O segredo aparece só agora. Com ele o sistema confere que o aviso veio daqui; guarde-o nele."
DELETE = "O endereço deixa de ser avisado, e o registro dos envios se apaga. Não há como desfazer."
WHEN = "Avisar quando:"
NO_KEY = "Nenhuma: só números e ids da Presença"
KEY_HELP = "Com uma chave do escopo Ler, os avisos de comentários trazem também as chaves dos eventos: pseudônimos."
LOG_NONE = "Nada foi enviado ainda."
EVENTS: dict[WebhookEvent, tuple[str, str]] = {
    WebhookEvent.JOB_ENDED: ("Trabalho terminado", "um treino, uma leitura, ou um envio lido ou recusado"),
    WebhookEvent.LIST_READY: ("Lista pronta", "uma lista de contatos foi feita"),
    WebhookEvent.COMMENTS_SEVERE: ("Comentário grave", "chegou um comentário que não pode esperar"),
    WebhookEvent.MODEL_DRIFT: ("Modelo a rever", "o conselho sobre um modelo mudou"),
    WebhookEvent.TEST: ("Teste", "pedido por uma pessoa"),
}
_STATES: dict[WebhookState, tuple[str, Colour]] = {
    WebhookState.ACTIVE: ("ativo", "green"),
    WebhookState.PAUSED: ("em pausa", "gray"),
    WebhookState.FAILING: ("parado: não respondeu por três dias", "red"),
    WebhookState.GONE: ("parado: o endereço disse que não existe mais", "red"),
}
_PROBLEMS = {
    "timeout": "não respondeu em 10 segundos",
    "connect": "não foi possível conectar",
    "certificate": "o certificado não vale para este nome",
    "broken": "a conexão caiu no meio",
    "redirect": "mandou para outro endereço, e isso não se segue",
    "gone": "disse que não existe mais",
    "status": "não aceitou",
    "private": "o nome leva a um endereço da rede interna",
    "never": "o nome leva a serviços internos da rede ou da nuvem",
    "https": "sem https, e fora da rede interna",
    "not_found": "o nome não foi encontrado",
    "malformed": "o endereço não pode ser usado",
    "userinfo": "o endereço traz usuário ou senha",
    "port": "o endereço usa uma porta que não se chama",
}
_ZONE = dt.timezone(dt.timedelta(hours=-3))


def event_name(event: WebhookEvent) -> str:
    """An event as a choice shows it: its name, and when it happens."""
    name, about = EVENTS[event]
    return f"{name}: {about}"


def events(webhook: Webhook) -> str:
    """What a webhook is told of, in a few words."""
    return listed([EVENTS[event][0].lower() for event in webhook.events]).capitalize()


def allowed(webhook: Webhook, key: ApiKey | None, now: float) -> str:
    """What is out of the ordinary about a webhook: where it lies, and by which key bodies name events; "" for nothing.
    `key`: its own, None for none.
    """
    told = ["na rede interna"] if webhook.private else []
    if key is not None:
        own = shorten(key.name, 40)
        told.append(f"com as chaves dos eventos ({own})" if key.holds(now) else f"a chave {own} não vale mais")
    return "; ".join(told)


def address(webhook: Webhook) -> str:
    """Where it is told; what follows a question mark may be a password, and is not shown."""
    before, mark, _ = webhook.url.partition("?")
    return visible(before + ("?…" if mark else ""))


def _short(webhook: Webhook) -> str:
    return shorten(address(webhook), 60)


def state(webhook: Webhook) -> str:
    """Whether it is told anything."""
    return _STATES[webhook.state][0]


def colour(webhook: Webhook) -> Colour:
    """The colour of `state`."""
    return _STATES[webhook.state][1]


def last(delivery: Delivery | None) -> str:
    """What became of the last telling."""
    return "nada enviado ainda" if delivery is None else f"{EVENTS[delivery.event][0].lower()}: {outcome(delivery)}"


def outcome(delivery: Delivery) -> str:
    """Where a telling stands."""
    if delivery.state is DeliveryState.DELIVERED:
        return f"entregue em {_moment(delivery.tried)}"
    if delivery.state is DeliveryState.FAILED:
        return f"não entregue: {_why(delivery)}"
    return "na fila" if delivery.is_fresh else f"{_why(delivery)}; de novo em {_moment(delivery.due)}"


def _why(delivery: Delivery) -> str:
    told = _PROBLEMS.get(delivery.problem, "não foi entregue")
    return f"{told} (resposta {delivery.status})" if delivery.status else told


def logged(delivery: Delivery) -> str:
    """One telling, as a line of the log."""
    tries = f" · {plural(delivery.tries, 'tentativa', 'tentativas')}" if delivery.tries else ""
    return f"{_moment(delivery.created)} · {EVENTS[delivery.event][0]} · {outcome(delivery)}{tries}"


def answered(delivery: Delivery) -> str:
    """The first of what the other system answered; "" for nothing."""
    return f"Resposta: {visible(delivery.answer)}" if delivery.answer else ""


def made(webhook: Webhook) -> str:
    """Whom a new webhook tells."""
    return f"A Presença avisa {_short(webhook)} a partir de agora. {ONCE}"


def paused(webhook: Webhook) -> str:
    """That nothing is sent for now."""
    return f"Os avisos a {_short(webhook)} estão em pausa; o que acontecer até a volta não é enviado."


def resumed(webhook: Webhook) -> str:
    """That it is told again."""
    return f"Os avisos a {_short(webhook)} voltaram."


def deleted(webhook: Webhook) -> str:
    """That it is over."""
    return f"{_short(webhook)} não é mais avisado."


TESTED = "O teste está na fila; em alguns segundos o registro diz se chegou."
AGAIN = "O aviso vai ser enviado de novo, com o mesmo webhook-id."


def stopped(webhooks: Sequence[Webhook]) -> str:
    """That some are not told any more, by no decision of a person; "" where none are."""
    count = sum(one.state in (WebhookState.FAILING, WebhookState.GONE) for one in webhooks)
    if not count:
        return ""
    about = plural(count, "webhook parou", "webhooks pararam")
    return (
        f"{about} de ser avisado: confira o outro sistema e retome, ou apague."
        if count == 1
        else (f"{about} de ser avisados: confira os outros sistemas e retome, ou apague.")
    )


def delivered(taken: int, refused: int) -> str:
    """What came of a round."""
    told = plural(taken, "aviso entregue", "avisos entregues")
    return f"{told}; {plural(refused, 'não foi aceito', 'não foram aceitos')}." if refused else f"{told}."


def line(webhook: Webhook) -> str:
    """One webhook, on a line of its own."""
    own = "private" if webhook.private else ""
    named = ",".join(map(str, webhook.events))
    return "\t".join((webhook.id, str(webhook.state), address(webhook), named, webhook.key_id, own)).rstrip("\t")


def log_line(delivery: Delivery) -> str:
    """One telling, on a line of its own."""
    told = (delivery.id, delivery.webhook_id, str(delivery.event), str(delivery.state), number(delivery.tries))
    return "\t".join((*told, str(delivery.status or ""), outcome(delivery)))


def _moment(moment: float | None) -> str:
    return "" if moment is None else dt.datetime.fromtimestamp(moment, _ZONE).strftime("%d/%m/%Y %H:%M:%S")
