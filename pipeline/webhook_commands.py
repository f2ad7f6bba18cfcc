"""The commands of webhooks: who is told of what happens here, what was sent, and sending it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.command_parts import say
from pipeline.commands import Command, Group
from pipeline.presentation.sentences import webhook_words as words
from pipeline.records.webhooks import CHOSEN, WebhookEvent

if TYPE_CHECKING:
    from pipeline.services import Session

_EVENTS = tuple(map(str, CHOSEN))


@click.group(cls=Group, no_args_is_help=False)
def webhooks() -> None:
    """Cuida dos endereços que são avisados do que acontece: acrescentar, pausar, apagar, enviar, ver o registro."""


@webhooks.command("add", cls=Command)
@click.argument("address", metavar="ADDRESS")
@click.option(
    "--event",
    "events",
    type=click.Choice(_EVENTS),
    multiple=True,
    metavar="|".join(_EVENTS),
    help="De que é avisado; pode repetir. Sem ela, de tudo.",
)
@click.option("--key", "key_id", default="", metavar="KEY", help="Id da chave (escopo read) que deixa nomear eventos.")
@click.option("--private", is_flag=True, help="O endereço pode estar na rede interna, e usar http nela.")
def add(address: str, events: tuple[str, ...], key_id: str, private: bool) -> None:
    """Acrescenta um endereço e mostra o seu segredo, só desta vez."""
    from pipeline.services.webhooks import managing

    chosen = [WebhookEvent(event) for event in events] or CHOSEN
    made = managing.add(_session(), managing.Asked(address, chosen, key_id, private))
    say(words.made(made.webhook))
    click.echo(made.secret)  # alone on stdout, as a key is


@webhooks.command("list", cls=Command)
def list_webhooks() -> None:
    """Mostra os endereços, um por linha."""
    from pipeline.services.webhooks import managing

    for webhook in managing.listed(_session()):
        click.echo(words.line(webhook))


@webhooks.command("pause", cls=Command)
@click.argument("webhook", metavar="WEBHOOK")
def pause(webhook: str) -> None:
    """Para de avisar um endereço, até resume."""
    from pipeline.services.webhooks import managing

    say(words.paused(managing.pause(_session(), webhook)))


@webhooks.command("resume", cls=Command)
@click.argument("webhook", metavar="WEBHOOK")
def resume(webhook: str) -> None:
    """Volta a avisar um endereço em pausa ou parado."""
    from pipeline.services.webhooks import managing

    say(words.resumed(managing.resume(_session(), webhook)))


@webhooks.command("delete", cls=Command)
@click.argument("webhook", metavar="WEBHOOK")
def delete(webhook: str) -> None:
    """Apaga um endereço, o seu segredo e o seu registro."""
    from pipeline.services.webhooks import managing

    say(words.deleted(managing.delete(_session(), webhook)))


@webhooks.command("test", cls=Command)
@click.argument("webhook", metavar="WEBHOOK")
def test(webhook: str) -> None:
    """Põe na fila um aviso de teste."""
    from pipeline.services.webhooks import managing

    managing.test(_session(), webhook)
    say(words.TESTED)


@webhooks.command("deliver", cls=Command)
@click.option("--once", is_flag=True, required=True, help="Vê os conselhos, envia o que está na vez e termina.")
def deliver(once: bool) -> None:
    """Vê se o conselho sobre algum modelo mudou e envia os avisos que estão na vez, sem servidor."""
    from pipeline.services import leasing
    from pipeline.services.pages import advising
    from pipeline.services.webhooks import delivering

    workspace = _session().workspace
    advising.look(workspace)
    say(words.delivered(*delivering.deliver(workspace, patience=leasing.SECONDS + 1)))


@webhooks.command("log", cls=Command)
@click.argument("webhook", metavar="WEBHOOK", default="")
def log(webhook: str) -> None:
    """Mostra os últimos envios, um por linha."""
    from pipeline.services.webhooks import managing

    for delivery in managing.log(_session(), webhook):
        click.echo(words.log_line(delivery))


@webhooks.command("redeliver", cls=Command)
@click.argument("delivery", metavar="DELIVERY")
def redeliver(delivery: str) -> None:
    """Envia de novo um aviso, com o mesmo webhook-id."""
    from pipeline.services.webhooks import managing

    managing.redeliver(_session(), delivery)
    say(words.AGAIN)


def _session() -> Session:
    from pipeline import services

    return services.open_session(services.Actor.COMMAND_LINE)


COMMANDS = (webhooks,)
