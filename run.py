"""Set-up and start of Presença on Linux, macOS and Windows, with the standard library only.

`python3 run.py` sets up and opens the app; `python3 run.py --help` names the rest. The libraries go into
`.venv`, from a locked file with hashes; a stamp in it makes the second start instant. What a person reads
is Portuguese. This file and the package `launch` must stay readable to older Pythons (3.8), so that they
get a sentence and no syntax error.
"""

from __future__ import annotations

import platform
import sys

from launch import checking, offline, server, supply
from launch.environment import APP_LOCK, SENSE_LOCK, ensure
from launch.interpreter import Refusal, refuse_arguments, say

HELP = """Presença: quem vai faltar, por quê, e o que fazer hoje.

uso: python3 run.py [comando] [argumentos]

  (nada), run   prepara o ambiente e abre o aplicativo no navegador
  setup         só prepara o ambiente (pasta .venv)
  sentido       instala também o leitor do sentido dos comentários (opcional, 91 MB, Linux de 64 bits)
  test          prepara e roda os testes; os argumentos vão para o pytest (ex.: run.py test -k datas)
  check         estilo, formato, tipos e arquitetura (ruff, mypy, import-linter)
  bench         mede tempo e memória, como razões sobre uma referência
  sbom PASTA    de que o aplicativo é feito: lista de licenças e SBOM (CycloneDX 1.6)
  audit         falhas conhecidas das bibliotecas, segundo osv.dev; sem rede, diz que não conferiu
  bundle PASTA  o pacote que se instala sem internet, para Linux ou Windows (docs/instalar.md)
  --help        esta ajuda

Python 3.11 a 3.13, em Linux, macOS ou Windows. A primeira vez baixa cerca de 400 MB."""


def setup(extra: list[str]) -> int:
    """Sets up what the app needs."""
    refuse_arguments("setup", extra)
    ensure(APP_LOCK)
    say("Tudo pronto. Para abrir: python3 run.py")
    return 0


def sense(extra: list[str]) -> int:
    """Sets up the app with what reads the sense of comments, where there is a build of it."""
    refuse_arguments("sentido", extra)
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise Refusal(
            "O leitor de sentido só existe para Linux de 64 bits (x86-64). Sem ele, os comentários são lidos "
            "pelas palavras."
        )
    ensure(SENSE_LOCK)
    say("Leitor de sentido instalado. Abra o aplicativo de novo (python3 run.py) e treine um modelo novo.")
    return 0


COMMANDS = {
    "run": server.run,
    "setup": setup,
    "sentido": sense,
    "test": checking.test,
    "check": checking.check,
    "bench": checking.bench,
    "sbom": supply.sbom,
    "audit": supply.audit,
    "bundle": offline.bundle,
}


def main(arguments: list[str]) -> int:
    """Chooses the command; every refusal is a sentence and an exit code that is not zero."""
    if arguments and arguments[0] in ("-h", "--help", "help", "ajuda"):
        say(HELP)
        return 0
    name, extra = (arguments[0], arguments[1:]) if arguments else ("run", [])
    if name not in COMMANDS:
        say("Comando desconhecido: %s\n\n%s" % (name, HELP))
        return 64
    try:
        return COMMANDS[name](extra)
    except Refusal as refusal:
        say(str(refusal))
        return 1
    except KeyboardInterrupt:
        say("\nInterrompido; da próxima vez continua com segurança.")
        return 130


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
