"""What the commands of the command line share: arguments, options, lines for the person, progress."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from typing_extensions import override

from pipeline import sandbox, services
from pipeline.errors import PresencaError
from pipeline.presentation import console
from pipeline.presentation.locale import messages
from pipeline.records import Progress, Recipe
from pipeline.records.sources import Source


class DayType(click.ParamType):
    """A date written the Brazilian way."""

    name = "DD/MM/AAAA"

    @override
    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.datetime.strptime(str(value), "%d/%m/%Y").date()
        except ValueError:
            self.fail(f"“{str(value)[:20]}” não é uma data; escreva como 23/11/2026", param, ctx)


PATH = click.Path(path_type=Path)
product_argument = click.argument("product", metavar="PRODUCT")


def _about_to_read(_: click.Context, __: click.Parameter, paths: tuple[Path, ...]) -> Source:
    """The child that will read the file loads its libraries while we load ours."""
    sandbox.prepare()
    return paths if len(paths) > 1 else paths[0]


file_argument = click.argument("file", metavar="FILE…", type=PATH, nargs=-1, required=True, callback=_about_to_read)


def product_of(key: str) -> str:
    """`key`, once it is known to be a product's; a wrong one is wrong usage."""
    known = [product.key for product in services.products()]
    if key not in known:
        raise click.BadParameter(
            f"“{key[:40]}” não é um produto; os produtos são {', '.join(known)}", param_hint="PRODUCT"
        )
    return key


def checked_output(path: Path, endings: tuple[str, ...]) -> Path:
    """`path`, once its ending is one that can be written and its folder is there; else wrong usage."""
    try:
        services.check_output(path, endings)
    except PresencaError as error:
        raise click.BadParameter(messages.message(error), param_hint="saída") from None
    return path


def say(text: str) -> None:
    """A line for the person, on stderr: stdout stays free for results."""
    click.echo(text, err=True)


def doubt(*models: Path) -> None:
    """Says, before they are used, of models that this workspace did not sign."""
    for sentence in services.doubts(*models):
        say(sentence)


def report(lines: Iterable[str]) -> None:
    """What a command found, on stderr as all words, and on stdout as well, in UTF-8, where it goes to a file or another
    program: `validate … > relatorio.txt` keeps it, and a screen does not show it twice."""
    told = list(lines)
    for line in told:
        say(line)
    if _apart():
        sys.stdout.flush()
        sys.stdout.buffer.write("".join(f"{line}\n" for line in told).encode("utf-8", "replace"))
        sys.stdout.buffer.flush()


def _apart() -> bool:
    """Whether stdout goes to a file or a program, and not to the same as stderr."""
    if sys.stdout.isatty():
        return False
    try:
        return not os.path.sameopenfile(sys.stdout.fileno(), sys.stderr.fileno())
    except OSError:  # a stream that is no file
        return True


_TELLING = 5.0  # seconds from which the pace of the work says how long it will take


class ProgressLine:
    """Says where the work stands, once it takes longer than a second and then at most once a second; and how long it
    will take yet, once that can be told.
    """

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._first: tuple[float, float] | None = None  # when a stage with a share was begun, and its share

    def __call__(self, progress: Progress) -> None:
        """Says it where the last time, or the start, is at least a second ago; else stays silent."""
        now = time.monotonic()
        left = self._left(progress.share, now)
        if now - self._last >= 1:
            self._last = now
            say(console.progress(progress, left))

    def _left(self, share: float, now: float) -> float | None:
        """Seconds that the rest takes at the pace so far; None while that is a guess."""
        if self._first is None or share < self._first[1]:
            self._first = (now, share) if share > 0 else None
            return None
        since, done = now - self._first[0], share - self._first[1]
        return since / done * (1 - share) if since >= _TELLING and done > 0 else None


nps_option = click.option("--nps", is_flag=True, help="Converte notas de 0 a 10 em estrelas.")
mapping_option = click.option(
    "--mapping", type=PATH, metavar="FILE", help="Receita: que coluna é que campo, e os ajustes a repetir."
)


def spread_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of how the work on many rows is spread, handed to a command as one: `how` (services.Spread)."""

    @functools.wraps(command)
    def spread(*, workers: int | None, scheduler: str | None, work: Path | None, **options: Any) -> Any:
        with _stopping(work):
            return command(how=services.Spread(workers, scheduler, work), **options)

    for option in reversed(_SPREAD):
        spread = option(spread)
    return spread


_SPREAD = (
    click.option(
        "--workers",
        type=click.IntRange(1, 256),
        metavar="N",
        help="Em quantos processos desta máquina o trabalho é dividido.",
    ),
    click.option(
        "--scheduler",
        metavar="tcp://HOST:8786",
        help="Agendador Dask que reparte o trabalho (docs/escala.md); ou PRESENCA_SCHEDULER.",
    ),
    click.option(
        "--work",
        type=PATH,
        metavar="PASTA",
        help="Onde fica o que já terminou: interrompido, o trabalho continua dali; some quando acaba.",
    ),
)


@contextlib.contextmanager
def _stopping(work: Path | None) -> Iterator[None]:
    """Being asked to end is an interruption, which clears up after itself; what is kept is told."""

    def interrupted(_: int, __: object) -> None:
        raise KeyboardInterrupt

    here = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, interrupted) if here else None
    try:
        yield
    except KeyboardInterrupt:
        if work is not None and work.is_dir():
            say(f"O que terminou ficou em {work}: rode o mesmo comando de novo para continuar.")
        raise
    finally:
        if here:
            signal.signal(signal.SIGTERM, before)


def recipe_of(product: str, mapping: Path | None, nps: bool) -> Recipe:
    """The recipe in a file, with what the options add."""
    return services.recipe_from(product, mapping.read_bytes() if mapping else None, nps=nps)
