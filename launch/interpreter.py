"""Which Python the environment is built on: the running one where it is supported, or else one on the path."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys

SUPPORTED = ((3, 13), (3, 12), (3, 11))


class Refusal(Exception):
    """What stops a command, as a sentence for the person at the keyboard."""


def say(sentence: str) -> None:
    """Writes one line at once, so that it keeps its place among the output of child processes."""
    print(sentence, flush=True)


def is_supported(version: tuple[int, ...]) -> bool:
    """Whether this (major, minor, …) is one that the locked libraries have wheels for."""
    return tuple(version[:2]) in SUPPORTED


def version_of(command: list[str]) -> tuple[int, int] | None:
    """(major, minor) that a command really runs; None where it is a broken shim or a stub of a store."""
    code = "import sys; print('%d %d' % sys.version_info[:2])"
    try:
        done = subprocess.run([*command, "-c", code], capture_output=True, text=True, timeout=20, check=True)
        major, minor = done.stdout.split()
        return int(major), int(minor)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def machine_refusal(system: str, machine: str, bits: int) -> str | None:
    """Why the locked libraries can't be had on this machine, or None: some makers no longer build for it."""
    if bits < 64:
        return "Este Python é de 32 bits; instale a versão de 64 bits e rode de novo."
    if (system, machine.lower()) == ("Darwin", "x86_64"):
        return (
            "As bibliotecas da Presença não são mais publicadas para Macs com processador Intel. "
            "Num Mac com Apple Silicon, use um Python para arm64 (este roda emulado)."
        )
    if (system, machine.lower()) == ("Windows", "arm64"):
        return "No Windows em ARM, instale o Python de 64 bits para x64 (x86-64) e rode de novo."
    return None


def candidates() -> list[list[str]]:
    """Commands that may be a supported interpreter, newest first."""
    commands = []
    for major, minor in SUPPORTED:
        found = shutil.which("python%d.%d" % (major, minor))
        if found:
            commands.append([found])
        if os.name == "nt" and shutil.which("py"):
            commands.append(["py", "-%d.%d" % (major, minor)])
    return commands


def choose_interpreter(running: tuple[int, ...] = sys.version_info[:2]) -> list[str]:
    """The command of the interpreter to build on: the running one, or else one found on the path."""
    refused = machine_refusal(platform.system(), platform.machine(), 64 if sys.maxsize > 2**32 else 32)
    if refused:
        raise Refusal(refused)
    if is_supported(running):
        return [getattr(sys, "_base_executable", "") or sys.executable]
    for command in candidates():
        if version_of(command) in SUPPORTED:
            return command
    raise Refusal(
        "A Presença precisa do Python 3.11, 3.12 ou 3.13; este é o %d.%d e nenhum outro foi encontrado. "
        "Instale um deles (https://www.python.org/downloads/) e rode de novo." % tuple(running[:2])
    )


def refuse_arguments(command: str, extra: list[str]) -> None:
    """Ends with the usage code where a command takes nothing more."""
    if extra:
        say("O comando %s não aceita argumentos (recebeu: %s)." % (command, " ".join(extra)))
        raise SystemExit(64)
