"""The command that makes a list to call of a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline import services
from pipeline.command_parts import (
    PATH,
    DayType,
    ProgressLine,
    checked_output,
    doubt,
    file_argument,
    mapping_option,
    recipe_of,
    say,
    spread_options,
)
from pipeline.commands import Command
from pipeline.presentation.sentences import calling_words
from pipeline.records.sources import Source

MOST_CALLS = 100_000


@click.command(cls=Command)
@file_argument
@click.option("--model", type=PATH, required=True, metavar="M.zip", help="Modelo treinado.")
@click.option(
    "--capacity", type=click.IntRange(1, MOST_CALLS), required=True, metavar="N", help="Quantas ligações cabem."
)
@click.option("--out", type=PATH, required=True, metavar="OUT.xlsx", help="Saída .xlsx, .csv ou .parquet.")
@click.option("--days", type=click.IntRange(1, 30), default=3, metavar="D", help="Dias úteis à frente.")
@click.option("--history", type=PATH, metavar="FILE", help="Arquivo com o passado dos pacientes.")
@click.option("--date", "as_of", type=DayType(), metavar="DD/MM/AAAA", help="Dia em que a lista é feita.")
@click.option("--contacts", type=PATH, metavar="FILE", help="Resultados de contatos anteriores.")
@click.option(
    "--control",
    type=click.FloatRange(0, 0.5),
    default=0.0,
    metavar="SHARE",
    help="Parte que não é contatada, sorteada, para medir o efeito.",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=7, metavar="S", help="Semente do sorteio.")
@mapping_option
@spread_options
def calls(
    file: Source,
    model: Path,
    capacity: int,
    out: Path,
    days: int,
    history: Path | None,
    as_of: dt.date | None,
    contacts: Path | None,
    control: float,
    seed: int,
    mapping: Path | None,
    how: services.Spread,
) -> None:
    """Faz a lista de contato de um arquivo: quem ligar, em que ordem, e quem fica de fora por sorteio."""
    checked_output(out, services.TABLE_ENDINGS)
    recipe = recipe_of(services.product_of_model(model), mapping, False)
    doubt(model)
    request = services.CallRequest(capacity, days, control, seed, as_of, how)
    found = services.calls_of_file(
        file, model, request, history=history, contacts=contacts, recipe=recipe, progress=ProgressLine()
    )
    services.write_table(found.table, out)
    listed = calling_words.of_file(found.as_of, found.to_call, found.control, found.left_out)
    for line in (*found.notes, *listed, *calling_words.not_used(found.not_used)):
        say(line)
    if contacts is not None:
        say(calling_words.contacts_of_file(found.contacts, found.unmatched))
