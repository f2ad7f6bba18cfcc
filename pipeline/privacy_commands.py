"""The commands of personal data: one patient found, handed a copy, erased; the audit log verified and handed out."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import atomic
from pipeline.command_parts import PATH, checked_output, say
from pipeline.commands import Command, Group
from pipeline.errors import PresencaError
from pipeline.presentation.sentences import audit_words, privacy_words
from pipeline.records.privacy import PatientFound

if TYPE_CHECKING:
    from pipeline.services.session import Session

NOTHING_FOUND, NOT_WHOLE = 1, 1
CONFIRMED = "APAGAR"


def _session() -> Session:
    from pipeline.services.data.opening import open_session
    from pipeline.services.session import Actor

    return open_session(Actor.COMMAND_LINE)


def _asked() -> str:
    """Whom: never an argument, which the shell's history and every process list would keep."""
    if sys.stdin.isatty():
        return getpass.getpass("Código do paciente ou CPF (não aparece ao digitar): ")
    return sys.stdin.readline().rstrip("\r\n")


def _found(session: Session) -> PatientFound:
    from pipeline.services.privacy import patients

    found = patients.find(session, _asked())
    say(privacy_words.found(found))
    for line in (*map(privacy_words.part, found.parts), privacy_words.learnt(found.models)):
        if line:
            say(line)
    if said := privacy_words.unread(found.unread):
        say(said)
    if not found.parts:
        raise click.exceptions.Exit(NOTHING_FOUND)
    return found


@click.group(cls=Group)
def patient() -> None:
    """Acha, exporta ou apaga tudo o que se guarda de um paciente (LGPD, art. 18)."""


@patient.command("find", cls=Command)
def find() -> None:
    """Diz o que se guarda de um paciente. O código ou CPF é lido da entrada, nunca da linha de comando."""
    _found(_session())


@patient.command("export", cls=Command)
@click.argument("out", metavar="OUT.zip", type=PATH)
def export(out: Path) -> None:
    """Escreve a cópia do paciente: uma página para ler e uma planilha."""
    from pipeline.services.privacy import patient_copy

    checked_output(out, (".zip",))
    session = _session()
    atomic.write(out, patient_copy.archive(session, _found(session)), mode=atomic.PRIVATE)
    say(f"Cópia escrita em {out}. Ela tem dados pessoais: entregue-a só ao titular e apague-a depois.")


@patient.command("erase", cls=Command)
@click.option("--yes", is_flag=True, help="Apaga sem perguntar.")
def erase(yes: bool) -> None:
    """Apaga tudo o que se guarda de um paciente. Não tem volta."""
    from pipeline.services.privacy import patients

    session = _session()
    found = _found(session)
    if not yes and click.prompt(f"Digite {CONFIRMED} para apagar", err=True) != CONFIRMED:
        raise PresencaError("patient.not_confirmed")
    say(privacy_words.erased(patients.erase(session, found)))


@click.group(cls=Group)
def audit() -> None:
    """Confere ou entrega a trilha de auditoria: quem fez o quê, e quando."""


@audit.command("verify", cls=Command)
def verify() -> None:
    """Confere a trilha inteira: 0 se nada foi mudado, tirado ou cortado; 1 se foi."""
    from pipeline.services.privacy import trail

    found = trail.check(_session())
    for line in audit_words.lines(found):
        say(line)
    if found.faults:
        raise click.exceptions.Exit(NOT_WHOLE)


@audit.command("export", cls=Command)
@click.argument("out", metavar="OUT", type=PATH)
def hand_out(out: Path) -> None:
    """Escreve a trilha inteira em .csv ou .jsonl, com o selo de cada entrada."""
    from pipeline.services.privacy import trail

    checked_output(out, (".csv", ".jsonl"))
    session = _session()
    atomic.write(out, trail.csv(session) if out.suffix.lower() == ".csv" else trail.jsonl(session))
    say(f"Trilha de auditoria escrita em {out}.")


COMMANDS = (patient, audit)
