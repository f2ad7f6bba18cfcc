"""The command `presenca` of the installed app: without arguments it opens it, else it is the command line.

Unlike `run.py` it sets nothing up: the libraries are those of the environment that it was installed into.
"""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

from launch import server
from launch.interpreter import Refusal, say

HELP = """Presença: quem vai faltar, por quê, e o que fazer hoje.

uso: presenca [comando] [argumentos]

  (nada), run   abre o aplicativo no navegador; o que vier depois de run vai para o servidor
                (ex.: presenca run --server.port 8600)
  --version     a versão instalada
  --help        esta ajuda; a de um comando: presenca COMANDO --help

Os demais comandos trabalham sem a tela:
"""


def open_app(extra: list[str]) -> int:
    """Opens the app by the running interpreter; ends with it."""
    return server.opened(extra, lambda: None, lambda: Path(sys.executable))


def version() -> str:
    """The version as it was installed; pyproject.toml alone says it."""
    return importlib.metadata.version("presenca")


def command_line(arguments: list[str]) -> int:
    """The commands of `python -m pipeline`; loaded only where one is asked for."""
    from pipeline import cli

    return cli.run(arguments)


def chosen(arguments: list[str]) -> int:
    """Does what the arguments ask for, and gives the exit code; a refusal is a sentence and 1."""
    if not arguments or arguments[0] == "run":
        try:
            return open_app(arguments[1:])
        except Refusal as refusal:
            say(str(refusal))
            return 1
    if arguments[0] in ("-h", "--help", "help", "ajuda"):
        say(HELP)
        return command_line(["--help"])
    if arguments[0] == "--version":
        say("Presença " + version())
        return 0
    return command_line(arguments)


def main() -> None:
    """`presenca`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(chosen(sys.argv[1:]))
