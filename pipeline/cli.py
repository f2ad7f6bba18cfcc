"""Commands of `python -m pipeline`, in Portuguese; exit codes are honest.

0: done; 1: the data can't be used, or the work was refused; 2: the file can't be read; 64: wrong usage.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pipeline import atomic, services
from pipeline.command_parts import (
    PATH,
    DayType,
    ProgressLine,
    checked_output,
    doubt,
    file_argument,
    mapping_option,
    nps_option,
    product_argument,
    product_of,
    recipe_of,
    report,
    say,
    spread_options,
)
from pipeline.commands import Group, usage_error
from pipeline.effect_command import effect
from pipeline.errors import MissingFields, PresencaError, UnreadableFile
from pipeline.integration_commands import COMMANDS as INTEGRATION
from pipeline.maintenance_commands import COMMANDS as MAINTENANCE
from pipeline.model_commands import COMMANDS
from pipeline.people_command import people
from pipeline.presentation import console
from pipeline.presentation.locale import messages, names
from pipeline.presentation.locale.program import PROGRAM
from pipeline.presentation.sentences import recovery_words, theme_words
from pipeline.privacy_commands import COMMANDS as PRIVACY_COMMANDS
from pipeline.records.sources import Source
from pipeline.webhook_commands import COMMANDS as WEBHOOKS

USAGE, UNREADABLE, UNUSABLE, UNEXPECTED, INTERRUPTED = 64, 2, 1, 70, 130
EFFORTS = tuple(names.EFFORTS)
MOST_ROWS = 5_000_000


themes_option = click.option(
    "--themes",
    "theme_set",
    type=PATH,
    metavar="SET.json",
    help="Temas da clínica, exportados no aplicativo; sem eles, os do produto.",
)


@click.group(
    cls=Group, invoke_without_command=False, no_args_is_help=False, context_settings={"max_content_width": 100}
)
def app() -> None:
    """Presença na linha de comando: confere, treina e calcula risco, sem precisar da tela."""


@app.command("products")
def list_products() -> None:
    """Mostra os produtos."""
    for product in services.products():
        click.echo(f"{product.key}\t{product.title}\t{product.description}")


@app.command()
@product_argument
@click.argument("out", metavar="OUT.xlsx", type=PATH)
def template(product: str, out: Path) -> None:
    """Escreve a planilha modelo de um produto."""
    atomic.write(checked_output(out, (".xlsx",)), services.template(product_of(product)))
    say(f"Planilha modelo escrita em {out}.")


@app.command()
@product_argument
@click.argument("out", metavar="OUT", type=PATH)
@click.option("--rows", type=click.IntRange(1, MOST_ROWS), default=1000, metavar="N", help="Número de linhas.")
@click.option("--seed", type=click.IntRange(0), default=7, metavar="S", help="Semente: a mesma dá o mesmo arquivo.")
@click.option("--errors", is_flag=True, help="Com erros típicos de planilhas.")
@click.option("--future", is_flag=True, help="Linhas que ainda vão acontecer.")
def sample(product: str, out: Path, rows: int, seed: int, errors: bool, future: bool) -> None:
    """Escreve dados de exemplo, sintéticos: em CSV ou, terminando em .ndjson ou .json, em FHIR."""
    checked_output(out, (".csv", ".ndjson", ".json"))
    written = services.write_sample(product_of(product), out, rows, seed, errors=errors, future=future)
    say(f"{console.count_rows(written)} em {out}.")


@app.command()
@product_argument
@file_argument
@nps_option
@mapping_option
@click.option("--accept", is_flag=True, help="Aceita o que é proposto para valores não reconhecidos.")
@click.option("--fixed", type=PATH, metavar="FILE.xlsx", help="Planilha de correção preenchida.")
@click.option("--report", type=PATH, metavar="OUT", help="Relatório .html, .xlsx ou .json.")
@click.option(
    "--annotated", type=PATH, metavar="OUT.xlsx", help="Planilha de correção: as linhas com problema, marcadas."
)
@click.option("--clean", type=PATH, metavar="OUT", help="Dados limpos em .csv, .xlsx ou .parquet.")
@click.option("--left-out", type=PATH, metavar="OUT", help="Linhas deixadas de fora, com o motivo.")
@click.option("--save-mapping", type=PATH, metavar="OUT.json", help="Receita para repetir no próximo arquivo.")
def validate(
    product: str,
    file: Source,
    nps: bool,
    mapping: Path | None,
    accept: bool,
    fixed: Path | None,
    **outputs: Path | None,
) -> None:
    """Confere um arquivo: o que foi lido, o que está errado, o que fazer e para que serve."""
    product_of(product)
    for name, path in outputs.items():
        if path is not None:
            checked_output(path, services.OUTPUTS[name])
    found = services.validate(
        product, file, recipe=recipe_of(product, mapping, nps), accept=accept, fixed=fixed, progress=ProgressLine()
    )
    told = [services.write_output(name, found, path) for name, path in outputs.items() if path is not None]
    report((*console.report_lines(found.dataset.report, services.product(product)), *map(messages.say, found.notes)))
    for line in filter(None, told):
        say(line)
    if not found.dataset.report.usable_for:
        raise click.exceptions.Exit(UNUSABLE)


@app.command()
@product_argument
@click.argument("files", metavar="FILE…", type=PATH, nargs=-1, required=True)
@click.option("--out", type=PATH, required=True, metavar="OUT", help="Saída .csv, .xlsx ou .parquet.")
@mapping_option
def join(product: str, files: tuple[Path, ...], out: Path, mapping: Path | None) -> None:
    """Junta vários arquivos, do mais antigo ao mais novo, sem contar duas vezes o que se repete."""
    product_of(product)
    checked_output(out, services.TABLE_ENDINGS)
    joined = services.join(product, files, recipe_of(product, mapping, False), ProgressLine())
    services.write_table(joined.table, out)
    for line in console.join_lines(joined.report, services.product(product)):
        say(line)


@app.command()
@product_argument
@click.argument("before", metavar="BEFORE", type=PATH)
@click.argument("after", metavar="AFTER", type=PATH)
@mapping_option
def compare(product: str, before: Path, after: Path, mapping: Path | None) -> None:
    """Compara um arquivo com o anterior: o que é novo, o que mudou, o que se repete."""
    product_of(product)
    found = services.compare(product, before, after, recipe_of(product, mapping, False), ProgressLine())
    report(console.comparison_lines(found, services.product(product)))


@app.command()
@product_argument
@file_argument
@click.option("--model", type=PATH, required=True, metavar="OUT.zip", help="Modelo a escrever.")
@click.option("--metrics", type=PATH, metavar="OUT.json", help="Medidas do teste, com intervalos.")
@click.option(
    "--effort",
    type=click.Choice(EFFORTS),
    default="standard",
    metavar="|".join(EFFORTS),
    help="Quanto esforço pôr no treino.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=7, metavar="S", help="Semente: a mesma dá o mesmo modelo."
)
@nps_option
@mapping_option
@spread_options
def train(
    product: str,
    file: Source,
    model: Path,
    metrics: Path | None,
    effort: str,
    seed: int,
    nps: bool,
    mapping: Path | None,
    how: services.Spread,
) -> None:
    """Treina um modelo e diz o quanto ele acerta em dados que não viu."""
    product_of(product)
    checked_output(model, (".zip",))
    if metrics is not None:
        checked_output(metrics, (".json",))
    line = ProgressLine()
    recipe = recipe_of(product, mapping, nps)
    dataset = services.load(product, file, recipe=recipe, progress=line)
    trained, _ = services.train(dataset, effort=effort, seed=seed, recipe=recipe, how=how, progress=line)
    services.save_model(trained, model)
    if metrics is not None:
        atomic.write(metrics, services.metrics_json(trained.card).encode())
    for sentence in console.model_lines(trained.card, services.product(product)):
        say(sentence)


@app.command()
@file_argument
@click.option("--model", type=PATH, metavar="M.zip", help="Modelo treinado; sem ele, o leitor de partida de --product.")
@click.option("--product", metavar="PRODUCT", help="Produto, onde não há modelo.")
@click.option(
    "--out",
    type=PATH,
    required=True,
    metavar="OUT",
    help="Saída .csv, .xlsx ou .parquet; ou FHIR: .ndjson (um RiskAssessment por linha) ou .json (um Bundle).",
)
@click.option("--history", type=PATH, metavar="FILE", help="Arquivo com o passado dos pacientes.")
@click.option("--date", "as_of", type=DayType(), metavar="DD/MM/AAAA", help="Dia em que a lista é feita.")
@themes_option
@nps_option
@mapping_option
@spread_options
def score(
    file: Source,
    model: Path | None,
    product: str | None,
    out: Path,
    nps: bool,
    mapping: Path | None,
    how: services.Spread,
    **options: Any,
) -> None:
    """Calcula o risco de cada linha de um arquivo, com motivos."""
    checked_output(out, services.SCORE_ENDINGS)
    if model is None and product is None:
        raise click.UsageError("diga --model M.zip, ou --product com o produto cujo leitor de partida serve")
    source = model or services.starter_of(product_of(product or ""))
    own = services.product_of_model(source)
    doubt(source)
    if product is not None and own != product_of(product):
        raise click.BadParameter(f"o modelo é de {own}", param_hint="--product")
    services.check_scored_output(out, own)
    recipe = recipe_of(own, mapping, nps)
    request = services.ScoreRequest(file, source, recipe=recipe, **options)
    scored = services.score_into(request, out, how, ProgressLine())
    went_on = [scored.went_on] if scored.went_on else []
    for line in (*went_on, *console.score_lines(scored.summary, scored.product), *scored.notes):
        say(line)
    if scored.summary.scored == 0:
        raise click.exceptions.Exit(UNUSABLE)


@app.command()
@file_argument
@click.option("--out", type=PATH, required=True, metavar="OUT", help="Saída .csv, .xlsx ou .parquet.")
@click.option("--staff", is_flag=True, help="Mantém quem trabalha na clínica como “profissional N”.")
def scrub(file: Source, out: Path, staff: bool) -> None:
    """Tira dos comentários de um arquivo o que identifica pessoas."""
    checked_output(out, services.TABLE_ENDINGS)
    found = services.scrub_file(file, staff=staff, progress=ProgressLine())
    services.write_table(found.table, out)
    for line in console.scrub_lines(found.headers, found.taken):
        say(line)


@app.command()
@file_argument
@click.option("--product", metavar="PRODUCT", help="De que produto é o arquivo; sem ele, é reconhecido pelas colunas.")
@themes_option
@click.option("--json", "out", type=PATH, metavar="OUT.json", help="Os temas em JSON.")
def themes(file: Source, product: str | None, theme_set: Path | None, out: Path | None) -> None:
    """Diz de que falam os comentários de um arquivo: temas com elogio e queixa, quantos, com que intervalo."""
    if out is not None:
        checked_output(out, (".json",))
    key = product_of(product) if product else None
    found = services.themes_of_file(file, key, theme_set=theme_set, progress=ProgressLine())
    if out is not None:
        services.write_themes(found, out)
    for line in theme_words.lines(found.overview):
        click.echo(line)


for command in (*COMMANDS, *MAINTENANCE, *PRIVACY_COMMANDS, *INTEGRATION, *WEBHOOKS, effect, people):
    app.add_command(command)


@app.command()
def recover() -> None:
    """Refaz os registros do espaço de trabalho a partir das pastas,
    quando presenca.sqlite se perdeu ou é mais antigo que elas.
    """
    from pipeline.services.data import recovery

    found = recovery.rebuild()
    for sentence in (recovery_words.recovered(found), *recovery_words.refused(found)):
        say(sentence)
    if found.refused:
        raise click.exceptions.Exit(UNUSABLE)


@app.command("make-starter", hidden=True)
@product_argument
@click.argument("out", metavar="OUT.zip", type=PATH)
def make_starter(product: str, out: Path) -> None:
    """Faz o leitor de partida de um produto, só de comentários inventados."""
    card = services.make_starter(product_of(product), checked_output(out, (".zip",)), ProgressLine())
    say(console.model_lines(card, services.product(product))[1])


@app.command("run-job", hidden=True)
@click.argument("job_id")
def run_job(job_id: str) -> None:
    """Executa um treino pedido pela tela."""
    services.run_job(job_id)


def run(arguments: list[str] | None = None) -> int:
    """Runs a command and gives its exit code; what was expected to go wrong ends in one sentence on stderr."""
    if not (sys.argv[1:] if arguments is None else arguments):
        say(app.get_help(click.Context(app, info_name=PROGRAM)))
        return USAGE
    try:
        return app.main(args=arguments, prog_name=PROGRAM, standalone_mode=False) or 0
    except click.UsageError as error:
        say(usage_error(error))
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        say("Interrompido.")
        return INTERRUPTED
    except UnreadableFile as error:
        say(messages.refusal(error))
        return UNREADABLE
    except MissingFields as error:  # there is no page here on which to choose a column
        one = len(error.missing) == 1
        say(
            messages.message(error)
            + (
                " Inclua-a no arquivo ou dê à coluna o nome do campo."
                if one
                else " Inclua-as no arquivo ou dê às colunas os nomes dos campos."
            )
        )
        return UNUSABLE
    except PresencaError as error:
        say(messages.refusal(error))
        return UNUSABLE
    except OSError as error:
        say(console.os_error(error))
        return UNREADABLE
    except MemoryError:
        say(console.OUT_OF_MEMORY)
        return UNEXPECTED
    except Exception as error:  # noqa: BLE001 - the last door: a traceback would show cells of the file
        say(console.unexpected(error))
        return UNEXPECTED


def main() -> None:
    """`python -m pipeline`."""
    sys.exit(run())
