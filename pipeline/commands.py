"""Click's commands said in Portuguese: usage, help and errors; nothing here knows what the commands do."""

from __future__ import annotations

from typing import Any

import click
from typing_extensions import override

from pipeline.presentation.locale.program import PROGRAM

HELP = click.Option(
    ["--help"],
    is_flag=True,
    expose_value=False,
    is_eager=True,
    help="Mostra esta ajuda.",
    callback=lambda ctx, _, asked: _show_help(ctx) if asked else None,
)


def _show_help(ctx: click.Context) -> None:
    click.echo(ctx.get_help())
    ctx.exit()


class _Portuguese(click.Command):
    """Headings and the help option in Portuguese."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"add_help_option": False})
        self.params.append(HELP)

    @override
    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Uso: ")

    @override
    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        needed = [
            f"{p.opts[0]} {p.make_metavar(ctx)}" for p in self.params if isinstance(p, click.Option) and p.required
        ]
        arguments = [p.make_metavar(ctx) for p in self.params if isinstance(p, click.Argument)]
        return [*arguments, *needed, "[OPÇÕES]"]

    @override
    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Opções"):
            formatter.write_dl([_line(p, ctx) for p in self.params if isinstance(p, click.Option)])


def _line(option: click.Option, ctx: click.Context) -> tuple[str, str]:
    value = "" if option.is_flag else f" {option.make_metavar(ctx)}"
    end = " [obrigatória]" if option.required else ""
    usual = option.default if isinstance(option.default, str | int) and not option.is_flag else None
    return option.opts[0] + value, f"{option.help}{end}" + (f" [padrão: {usual}]" if usual is not None else "")


class Command(_Portuguese):
    """A command of the group."""


class Group(_Portuguese, click.Group):
    """The commands and their one-line descriptions."""

    command_class = Command

    @override
    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["COMANDO", "[ARGUMENTOS]"]

    @override
    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        shown = [(name, c.get_short_help_str(100)) for name, c in self.commands.items() if not c.hidden]
        with formatter.section("Comandos"):
            formatter.write_dl(shown)
        super().format_options(ctx, formatter)


def usage_error(error: click.UsageError) -> str:
    """What is wrong with a call, in one sentence."""
    where = error.ctx.command_path if error.ctx else PROGRAM
    return f"{_sentence(error)} Veja “{where} --help”."


def _sentence(error: click.UsageError) -> str:
    parameter = getattr(error, "param", None)
    name = (
        parameter.make_metavar(error.ctx)
        if isinstance(parameter, click.Argument) and error.ctx
        else (parameter.opts[0] if isinstance(parameter, click.Option) else getattr(error, "param_hint", None) or "")
    )
    if isinstance(error, click.NoSuchOption):
        return f"A opção “{error.option_name}” não existe."
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"O comando “{error.command_name}” não existe."
    if isinstance(error, click.BadOptionUsage):
        return f"A opção “{error.option_name}” não foi usada como se deve: pede um valor, ou nenhum."
    if isinstance(error, click.MissingParameter):
        return f"Falta informar {name}."
    if isinstance(error, click.BadParameter):
        return f"Valor inválido em {name}: {_wanted(parameter, error)}."
    return "Comando não reconhecido ou com argumentos a mais."


def _wanted(parameter: click.Parameter | None, error: click.BadParameter) -> str:
    kind = parameter.type if parameter else None
    if isinstance(kind, click.Choice):
        return f"use {', '.join(kind.choices)}"
    if isinstance(kind, click.IntRange):
        return f"use um número inteiro a partir de {kind.min}" + (f", até {kind.max}" if kind.max else "")
    if isinstance(kind, click.types.IntParamType):
        return "use um número inteiro"
    return error.message.rstrip(".")
