"""The commands of the integration: keys for other systems, the API served alone, what was sent read at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import services
from pipeline.command_parts import PATH, product_of, say
from pipeline.commands import Command, Group
from pipeline.errors import PresencaError
from pipeline.presentation.sentences import folder_words, key_words
from pipeline.records.folder import FolderState
from pipeline.records.integration import KeyScope

if TYPE_CHECKING:
    from pipeline.services import Session

_NOT_ALL = 1  # exit code: something in the folder was refused, or waits
_SCOPES = tuple(str(scope) for scope in KeyScope)


@click.group(cls=Group, no_args_is_help=False)
def keys() -> None:
    """Cuida das chaves com que outros sistemas chamam a API: fazer, listar, revogar."""


@keys.command("add", cls=Command)
@click.argument("name", metavar="NAME")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(_SCOPES),
    multiple=True,
    required=True,
    metavar="|".join(_SCOPES),
    help="O que a chave pode; pode repetir.",
)
@click.option("--days", type=click.IntRange(1, 730), default=365, metavar="N", help="Por quantos dias vale.")
def add(name: str, scopes: tuple[str, ...], days: int) -> None:
    """Faz a chave de um sistema e a mostra, só desta vez."""
    from pipeline.services.people import keys as use_cases

    made = use_cases.make(_session(), name, tuple(map(KeyScope, scopes)), days)
    say(key_words.made(made.key))
    click.echo(made.text)  # alone on stdout: `… > chave.txt` keeps the key and nothing else


@keys.command("list", cls=Command)
def list_keys() -> None:
    """Mostra as chaves, uma por linha."""
    from pipeline.services.people import keys as use_cases

    for key in use_cases.listed(_session()):
        click.echo(key_words.line(key))


@keys.command("revoke", cls=Command)
@click.argument("key", metavar="KEY")
def revoke(key: str) -> None:
    """Encerra uma chave na hora; KEY é o id ou o começo dela, como a lista mostra."""
    from pipeline.services.people import keys as use_cases

    session = _session()
    found = [one for one in use_cases.listed(session) if key in (one.id, one.shown)]
    if len(found) != 1:
        raise PresencaError("keys.gone")
    say(key_words.revoked(use_cases.revoke(session, found[0].id)))


@click.command(cls=Command)
@click.option("--address", default="127.0.0.1", metavar="ADDRESS", help="Endereço em que a API escuta.")
@click.option("--port", type=click.IntRange(1, 65535), default=8502, metavar="PORT", help="Porta em que a API escuta.")
@click.option("--known-as", "names", multiple=True, metavar="HOST", help="Nome por que é chamada; pode repetir.")
def serve(address: str, port: int, names: tuple[str, ...]) -> None:
    """Serve só a API, sem a tela, até ser encerrado (Ctrl+C)."""
    from pipeline.api import serving

    say(key_words.served(address, port))
    serving.serve(address, port, names)


@click.command(cls=Command)
@click.option("--once", is_flag=True, required=True, help="Lê o que espera e termina.")
def arrivals(once: bool) -> None:
    """Lê o que outros sistemas enviaram e ainda espera, sem servidor."""
    from pipeline.services.arrivals import working

    say(key_words.arrivals_read(working.read_waiting(_session().workspace)))


def _session() -> Session:
    return services.open_session(services.Actor.COMMAND_LINE)


@click.command(cls=Command)
@click.argument("folder", metavar="FOLDER", type=PATH)
@click.option(
    "--product", metavar="PRODUCT", default="", help="De que produto são os arquivos; sem ela, pelas colunas."
)
@click.option("--once", is_flag=True, help="Lê o que já está na pasta e termina.")
@click.option("--seconds", type=click.IntRange(1, 3600), metavar="N", help="Por quantos segundos parado está inteiro.")
def watch(folder: Path, product: str, once: bool, seconds: int | None) -> None:
    """Vigia uma pasta: o que chega inteiro é lido, vira lista e sai dela. O resto vale como em Integração."""
    from pipeline.services.data import folder_log
    from pipeline.services.folder import working

    session = services.open_session(services.Actor.FOLDER)
    told = replace(
        folder_log.settings(session), is_on=True, path=str(folder.absolute()), product=product and product_of(product)
    )
    wanted = folder_log.checked(session.workspace.home, replace(told, seconds=seconds or told.seconds))
    rounds = working.Round(session, wanted)
    if not once:
        say(folder_words.watching(wanted))
    refused = False
    for found in rounds.settled() if once else rounds.forever():
        for one in found:
            say(folder_words.line(one))
            refused = refused or one.state is not FolderState.TAKEN
    if refused:
        raise click.exceptions.Exit(_NOT_ALL)


COMMANDS = (keys, serve, arrivals, watch)
