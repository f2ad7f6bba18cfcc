"""The commands that judge a model: its honest test on a file, its card, and two models side by side."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline import services
from pipeline.call_command import calls
from pipeline.command_parts import (
    PATH,
    ProgressLine,
    checked_output,
    doubt,
    file_argument,
    mapping_option,
    nps_option,
    recipe_of,
    say,
)
from pipeline.commands import Command
from pipeline.records.sources import Source

model_option = click.option("--model", type=PATH, required=True, metavar="M.zip", help="Modelo treinado.")
json_option = click.option("--json", "out", type=PATH, metavar="OUT.json", help="O mesmo em JSON.")


@click.command(cls=Command)
@file_argument
@model_option
@json_option
@click.option("--history", type=PATH, metavar="FILE", help="Arquivo com o passado dos pacientes.")
@nps_option
@mapping_option
def evaluate(
    file: Source, model: Path, out: Path | None, history: Path | None, nps: bool, mapping: Path | None
) -> None:
    """Avalia um modelo nas linhas de um arquivo com que ele não aprendeu: se ele se sustenta ali."""
    if out is not None:
        checked_output(out, (".json",))
    recipe = recipe_of(services.product_of_model(model), mapping, nps)
    doubt(model)
    found = services.evaluate_file(file, model, history=history, recipe=recipe, progress=ProgressLine())
    if out is not None:
        services.write_evaluation(found, out)
    for line in found.lines:
        click.echo(line)


@click.command(cls=Command)
@model_option
@click.option("--out", type=PATH, required=True, metavar="OUT.html", help="A ficha, num só arquivo.")
def card(model: Path, out: Path) -> None:
    """Escreve a ficha de um modelo: para que serve, com que dados, quanto acerta, limites, quem pode usar."""
    doubt(model)
    services.write_card(model, checked_output(out, (".html",)))
    say(f"Ficha escrita em {out}.")


@click.command("compare-models", cls=Command)
@click.argument("first", metavar="A.zip", type=PATH)
@click.argument("second", metavar="B.zip", type=PATH)
@file_argument
@json_option
@nps_option
@mapping_option
def compare_models(first: Path, second: Path, file: Source, out: Path | None, nps: bool, mapping: Path | None) -> None:
    """Compara dois modelos nas linhas de um arquivo com que nenhum deles aprendeu."""
    if out is not None:
        checked_output(out, (".json",))
    recipe = recipe_of(services.product_of_model(first), mapping, nps)
    doubt(first, second)
    found = services.compare_models((first, second), file, recipe=recipe, progress=ProgressLine())
    if out is not None:
        services.write_comparison(found, out)
    for line in found.lines:
        click.echo(line)


COMMANDS = (evaluate, card, compare_models, calls)
