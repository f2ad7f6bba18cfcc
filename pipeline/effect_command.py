"""The command that tells whether contacts worked."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline import services
from pipeline.command_parts import PATH, ProgressLine, checked_output, file_argument
from pipeline.commands import Command
from pipeline.records.sources import Source


@click.command(cls=Command)
@file_argument
@click.option("--contacts", type=PATH, required=True, metavar="FILE", help="Contatos: evento, grupo, canal, resultado.")
@click.option("--json", "out", type=PATH, metavar="OUT.json", help="O mesmo em JSON.")
def effect(file: Source, contacts: Path, out: Path | None) -> None:
    """Diz se os contatos funcionaram: grupo de contato contra grupo de controle, como foram sorteados."""
    if out is not None:
        checked_output(out, (".json",))
    found = services.effect_of_file(file, contacts, progress=ProgressLine())
    if out is not None:
        services.write_effect(found, out)
    for line in found.lines:
        click.echo(line)
