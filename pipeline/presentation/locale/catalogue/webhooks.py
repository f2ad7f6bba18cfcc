"""Sentences of why another system can't be told of anything."""

from __future__ import annotations

MESSAGES = {
    "webhooks.gone": "Este webhook não existe.",
    "webhooks.delivery_gone": "Este envio não existe, ou já faz mais de 30 dias.",
    "webhooks.no_event": "Escolha ao menos um acontecimento.",
    "webhooks.too_many": (
        "{{ most | agree('Cabe', 'Cabem') }} {{ most | plural('webhook', 'webhooks') }}. Apague um que não se usa mais."
    ),
    "webhooks.key": "Esta chave não serve: ela precisa valer, ter o escopo Ler e não ser só de algumas unidades.",
    "webhooks.not_active": "Este webhook está parado.",
    "webhooks.not_active.hint": "Retome-o antes de enviar.",
    "webhooks.malformed": "Isto não é um endereço que se possa chamar.",
    "webhooks.malformed.hint": "Escreva-o inteiro, como https://sistema.exemplo.com.br/presenca",
    "webhooks.userinfo": "O endereço não pode trazer usuário nem senha.",
    "webhooks.userinfo.hint": "A assinatura já diz de quem o aviso vem.",
    "webhooks.port": "Esta porta não é de um site.",
    "webhooks.port.hint": "Use 443, ou uma de 1024 em diante.",
    "webhooks.https": "Fora da rede interna, o endereço precisa ser https.",
    "webhooks.not_found": "O nome deste endereço não foi encontrado.",
    "webhooks.not_found.hint": "Confira como está escrito, e se esta máquina alcança a internet.",
    "webhooks.private": "Este endereço leva à própria máquina ou à rede interna, e não pode ser chamado.",
    "webhooks.private.hint": (
        "Se o sistema está na rede da clínica, quem cuida do servidor o acrescenta pela linha de comando: "
        "python -m pipeline webhooks add ENDERECO --private"
    ),
    "webhooks.never": "Este endereço leva a serviços internos da rede ou da nuvem, que não se chamam nunca.",
    "webhooks.private_here": "Um endereço da rede interna só é acrescentado pela linha de comando.",
}
