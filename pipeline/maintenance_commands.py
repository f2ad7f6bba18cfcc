"""The commands that look after a workspace as a whole: a sealed copy, taking it back, examining it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from pipeline import atomic
from pipeline.command_parts import PATH, checked_output, say
from pipeline.commands import Command
from pipeline.presentation.sentences import maintenance_words
from pipeline.records import Examination, to_plain

PHRASE_VARIABLE = "PRESENCA_BACKUP_PHRASE"
IN_ORDER, MENDABLE, LOSS = 0, 1, 2

home_option = click.option("--home", type=PATH, metavar="DIR", help="Pasta de dados; sem ela, a de PRESENCA_HOME.")


@click.command(cls=Command)
@click.argument("out", metavar="OUT", type=PATH)
@click.option("--phrase", is_flag=True, help="Fecha a cópia com uma frase, e não com a chave da pasta de dados.")
def backup(out: Path, phrase: bool) -> None:
    """Copia a pasta de dados inteira para um só arquivo cifrado, também com o aplicativo aberto."""
    from pipeline import services
    from pipeline.services.data import maintaining

    session = services.Session(services.open_workspace(), services.Actor.COMMAND_LINE)
    try:
        made = maintaining.backup(session, out, _phrase(confirm=True) if phrase else "")
    finally:
        session.workspace.close()
    for line in maintenance_words.backup(made):
        say(line)


@click.command(cls=Command)
@click.argument("copy", metavar="COPY", type=PATH)
@home_option
def restore(copy: Path, home: Path | None) -> None:
    """Traz de volta uma cópia para uma pasta vazia, depois de conferir tudo."""
    from pipeline.services.data import maintaining

    for line in maintenance_words.restored(maintaining.restore(copy, home, _phrase)):
        say(line)


@click.command(cls=Command)
@click.option("--mend", is_flag=True, help="Põe em ordem o que puder.")
@click.option("--json", "out", type=PATH, metavar="OUT.json", help="O mesmo em JSON.")
@home_option
def doctor(mend: bool, out: Path | None, home: Path | None) -> None:
    """Examina a pasta de dados: registros, arquivos, chave, permissões, restos. Sai com 0, 1 ou 2."""
    from pipeline.services.data import maintaining

    if out is not None:
        checked_output(out, (".json",))
    found = maintaining.mend(home) if mend else maintaining.examine(home)
    if out is not None:
        atomic.write(out, json.dumps(_plain(found, mend), ensure_ascii=False, indent=1).encode())
    for line in maintenance_words.examination(found, mended=mend):
        click.echo(line)
    if code := exit_code(found):
        raise click.exceptions.Exit(code)


def exit_code(found: Examination) -> int:
    """0: in order, or only to be known; 1: something can be put in order; 2: something is gone or can't be read."""
    if any(one.is_loss for one in found.findings):
        return LOSS
    return MENDABLE if any(one.mend for one in found.findings) else IN_ORDER


def _plain(found: Examination, mended: bool) -> dict[str, object]:
    """The record, and beside each finding its sentence."""
    said = [maintenance_words.finding(one, mended=mended) for one in found.findings]
    return {"code": exit_code(found), **to_plain(found), "said": said}


def _phrase(confirm: bool = False) -> str:
    """From the environment, for a copy made by night; else asked, without showing it."""
    return os.environ.get(PHRASE_VARIABLE) or str(
        click.prompt("Frase da cópia", hide_input=True, confirmation_prompt="De novo" if confirm else False, err=True)
    )


COMMANDS = (backup, restore, doctor)
