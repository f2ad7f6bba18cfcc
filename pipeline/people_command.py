"""`python -m pipeline people …`: who may come in, for whoever sits at the machine itself.

Whoever can open the workspace's folder can do this; it is how the first person is added.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from pipeline import services
from pipeline.command_parts import say
from pipeline.commands import Group
from pipeline.errors import PresencaError
from pipeline.presentation.sentences import people_words
from pipeline.records import Invitation, Role, User

if TYPE_CHECKING:
    from pipeline.services import Session

_ROLES = tuple(str(role) for role in Role)
_LOGIN = click.argument("login", metavar="LOGIN")
_URL = click.option(
    "--url", default="http://127.0.0.1:8501", metavar="URL", help="Endereço em que as pessoas abrem a Presença."
)
_UNITS = click.option("--unit", "units", multiple=True, metavar="UNIT", help="Unidade da pessoa; pode repetir.")


@click.group(cls=Group, no_args_is_help=False)
def people() -> None:
    """Cuida de quem entra: acrescentar, convidar, mudar o papel, retirar."""


@people.command("add")
@_LOGIN
@click.option("--name", required=True, metavar="NAME", help="Nome da pessoa.")
@click.option("--role", type=click.Choice(_ROLES), required=True, metavar="|".join(_ROLES), help="Papel da pessoa.")
@_UNITS
@click.option("--password", is_flag=True, help="Pergunta a senha (ou a lê da entrada padrão) em vez de dar um convite.")
@click.option("--provider", is_flag=True, help="Sem convite nem senha: a pessoa entra pelo provedor de identidade.")
@_URL
def add(login: str, name: str, role: str, units: tuple[str, ...], **ways: Any) -> None:
    """Acrescenta uma pessoa e mostra o convite dela, ou pergunta a senha, ou deixa isso ao provedor de identidade."""
    from pipeline.services.people import entering, persons

    if ways["provider"] and ways["password"]:
        raise click.UsageError("Use --password ou --provider, não as duas.")
    session, url = _session(), ways["url"]
    if ways["provider"]:
        say(people_words.added(persons.add(session, login, name, Role(role), units)))
        return
    if not ways["password"]:
        _tell(persons.add_invited(session, login, name, Role(role), units), url)
        return
    typed = _password()
    user = persons.add(session, login, name, Role(role), units)
    try:
        entering.set_password(session, user.id, typed)
    except PresencaError:
        say(people_words.added_without_password(user))
        raise
    say(people_words.added(user))


@people.command("list")
def list_people() -> None:
    """Mostra as pessoas, uma por linha."""
    from pipeline.services.people import persons

    for user in persons.listed(_session()):
        click.echo(people_words.line(user, _provider()))


@people.command("role")
@_LOGIN
@click.argument("role", type=click.Choice(_ROLES), metavar="|".join(_ROLES))
@_UNITS
def change_role(login: str, role: str, units: tuple[str, ...]) -> None:
    """Muda o papel de uma pessoa (e as unidades, se ditas)."""
    from pipeline.services.people import persons

    session = _session()
    user = _known(session, login)
    say(people_words.changed(persons.change(session, user.id, Role(role), units or user.units)))


@people.command("remove")
@_LOGIN
def remove(login: str) -> None:
    """Retira o acesso de uma pessoa, na hora e em todos os navegadores."""
    from pipeline.services.people import persons

    session = _session()
    say(people_words.removed(persons.remove(session, _known(session, login).id)))


@people.command("restore")
@_LOGIN
@_URL
def restore(login: str, url: str) -> None:
    """Devolve o acesso a quem foi retirado e mostra um convite novo."""
    from pipeline.services.people import persons

    session = _session()
    user = persons.restore(session, _known(session, login).id)
    if not persons.may_use_passwords(user.role):
        say(people_words.added(user))
        return
    _tell(persons.invite(session, user.id), url)


@people.command("invite")
@_LOGIN
@_URL
def invite(login: str, url: str) -> None:
    """Mostra um convite novo: serve também a quem esqueceu a senha."""
    from pipeline.services.people import persons

    session = _session()
    _tell(persons.invite(session, _known(session, login).id), url)


@people.command("password")
@_LOGIN
def password(login: str) -> None:
    """Pergunta uma senha nova (ou a lê da entrada padrão) e encerra as entradas da pessoa."""
    from pipeline.services.people import entering

    session = _session()
    user = _known(session, login)
    entering.set_password(session, user.id, _password())
    say(people_words.password_set(user))


def _session() -> Session:
    return services.open_session(services.Actor.COMMAND_LINE)


def _provider() -> str:
    from pipeline.services.people import by_provider

    offer = by_provider.offered()
    return offer.name if offer is not None else ""


def _known(session: Session, login: str) -> User:
    from pipeline.services.people import persons

    name = persons.login_name(login)
    found = next((user for user in persons.listed(session) if user.login == name), None)
    if found is None:
        raise PresencaError("people.unknown_login", login=login)
    return found


def _password() -> str:
    """Typed twice unseen at a terminal, else the first line of what comes in; never an argument, which others see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return click.prompt("Senha", hide_input=True, confirmation_prompt="A mesma, de novo")


def _tell(invitation: Invitation, url: str) -> None:
    """The link goes to stdout, the words to stderr: `… > convite.txt` keeps the link alone."""
    say(people_words.invited(invitation))
    click.echo(people_words.link(invitation, url))
