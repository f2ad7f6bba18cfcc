"""Commands of `python -m pipeline`, in Portuguese; exit codes are honest.

0: done; 1: the data can't be used, or the work was refused; 2: the file can't be read; 64: wrong usage.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import click
import typer

from pipeline import services
from pipeline.errors import MissingFields, PresencaError, UnreadableFile
from pipeline.presentation import console
from pipeline.records import Progress

USAGE, UNREADABLE, UNUSABLE = 64, 2, 1

app = typer.Typer(
    name="pipeline", add_completion=False, no_args_is_help=True, rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Presença na linha de comando: valida, treina e calcula risco, sem precisar da tela.",
)


class Effort(StrEnum):
    FAST = "fast"
    STANDARD = "standard"
    THOROUGH = "thorough"


ProductKey = Annotated[str, typer.Argument(metavar="PRODUCT", help="Produto, como mostrado por “products”.")]
InputFile = Annotated[Path, typer.Argument(metavar="FILE", help="Arquivo .csv, .txt, .csv.gz ou .xlsx.")]


def say(text: str) -> None:
    """A line for the person, on stderr: stdout stays free for results."""
    typer.echo(text, err=True)


class ProgressLine:
    """Says where the work stands, once it takes longer than a second and then at most once a second."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self._last >= 1:
            self._last = time.monotonic()
            say(console.progress(progress))


@app.command("products")
def list_products() -> None:
    """Mostra os produtos."""
    for product in services.products():
        typer.echo(f"{product.key}\t{product.title}\t{product.description}")


@app.command()
def template(product: ProductKey,
             out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="Planilha modelo a escrever.")]) -> None:
    """Escreve a planilha modelo de um produto."""
    services.check_output(out, (".xlsx",))
    out.write_bytes(services.template(product))
    say(f"Planilha modelo escrita em {out}.")


@app.command()
def sample(
    product: ProductKey,
    out: Annotated[Path, typer.Argument(metavar="OUT.csv", help="Arquivo a escrever.")],
    rows: Annotated[int, typer.Option("--rows", help="Número de linhas.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Semente: a mesma dá o mesmo arquivo.")] = 7,
    errors: Annotated[bool, typer.Option("--errors", help="Com erros típicos de planilhas.")] = False,
    future: Annotated[bool, typer.Option("--future", help="Agendamentos que ainda vão acontecer.")] = False,
) -> None:
    """Escreve dados de exemplo, sintéticos."""
    services.check_output(out, (".csv",))
    written = services.write_sample(product, out, rows, seed, errors=errors, future=future)
    say(f"{console.count_rows(written)} em {out}.")


@app.command()
def validate(
    product: ProductKey,
    file: InputFile,
    report: Annotated[Path | None, typer.Option("--report", help="Relatório .html, .xlsx ou .json.")] = None,
) -> None:
    """Confere um arquivo: o que foi lido, o que está errado e para que serve."""
    if report is not None:
        services.check_output(report, (".html", ".xlsx", ".json"))
    dataset = services.load(product, file, progress=ProgressLine())
    if report is not None:
        services.write_report(dataset.report, report)
    for line in console.report_lines(dataset.report):
        say(line)
    if not dataset.report.usable_for:
        raise typer.Exit(UNUSABLE)


@app.command()
def train(
    product: ProductKey,
    file: InputFile,
    model: Annotated[Path, typer.Option("--model", help="Arquivo .zip do modelo a escrever.")],
    metrics: Annotated[Path | None, typer.Option("--metrics", help="Medidas do teste, em .json.")] = None,
    effort: Annotated[Effort, typer.Option("--effort", help="Quanto esforço pôr no treino.")] = Effort.STANDARD,
    seed: Annotated[int, typer.Option("--seed", help="Semente: a mesma dá o mesmo modelo.")] = 7,
) -> None:
    """Treina um modelo e diz o quanto ele acerta em dados que não viu."""
    services.check_output(model, (".zip",))
    if metrics is not None:
        services.check_output(metrics, (".json",))
    line = ProgressLine()
    dataset = services.load(product, file, progress=line)
    trained, _ = services.train(dataset, effort=effort.value, seed=seed, progress=line)
    services.save_model(trained, model)
    if metrics is not None:
        metrics.write_text(services.metrics_json(trained.card), encoding="utf-8")
    for sentence in console.model_lines(trained.card, services.product(product)):
        say(sentence)


@app.command()
def score(
    file: InputFile,
    model: Annotated[Path, typer.Option("--model", help="Modelo .zip.")],
    out: Annotated[Path, typer.Option("--out", help="Saída .csv, .xlsx ou .parquet.")],
    history: Annotated[Path | None, typer.Option("--history", help="Arquivo com o passado dos pacientes.")] = None,
    date: Annotated[str | None, typer.Option("--date", metavar="DD/MM/AAAA", help="Dia em que a lista é feita.")] = None,
) -> None:
    """Calcula o risco de cada linha de um arquivo, com motivos."""
    as_of = _date(date)
    services.check_output(out, (".csv", ".xlsx", ".parquet"))
    scored = services.score_file(file, model, history=history, as_of=as_of, progress=ProgressLine())
    services.write_table(scored.table, out)
    for line in console.score_lines(scored.summary, scored.product):
        say(line)
    if scored.summary.scored == 0:
        raise typer.Exit(UNUSABLE)


@app.command("run-job", hidden=True)
def run_job(job_id: str) -> None:
    """Executa um treino pedido pela tela."""
    services.run_job(job_id)


def _date(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        raise click.BadParameter(f"“{text[:20]}” não é uma data; escreva como 23/11/2026.", param_hint="--date") from None


def main() -> None:
    """Runs a command and leaves with its exit code; what was expected to go wrong ends in one sentence."""
    try:
        code = app(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message())
        code = USAGE
    except click.UsageError as error:
        say(console.usage_error(error))
        code = USAGE
    except click.exceptions.Abort:
        say("Interrompido.")
        code = 130
    except UnreadableFile as error:
        say(str(error))
        code = UNREADABLE
    except (MissingFields, PresencaError) as error:
        say(str(error))
        code = UNUSABLE
    except OSError as error:
        say(console.os_error(error))
        code = UNREADABLE
    sys.exit(code or 0)
