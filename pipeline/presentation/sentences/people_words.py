"""Sentences about persons: who was added, as what, and until when an invitation holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pipeline.presentation.escaping import visible
from pipeline.presentation.locale import names
from pipeline.presentation.locale.numbers import date, plural
from pipeline.records import Invitation, Role, User

TITLE = "Pessoas"
ALONE = "Só você usa a Presença aqui"
ALONE_WHY = (
    "Enquanto ninguém é acrescentado, ela abre só nesta máquina e não pede senha. Para outras pessoas entrarem, "
    "acrescente primeiro você mesmo, como admin: daí em diante todos entram com senha, você também."
)
HIDE_RISK = "O risco fica escondido de quem tem estes papéis; a ordem da lista continua."
OF_UNITS = (
    "Quem tem unidades vê e faz só o que é delas, em Hoje, Agenda e Vagas; o que fala da rede inteira não abre. "
    "Os nomes valem como no arquivo, com ou sem acentos e maiúsculas."
)
FIRST = "Você será admin: cuida das pessoas e pode tudo. Logo depois, entre com o nome de acesso e a senha."
LONG_ENOUGH = "12 caracteres ou mais; três ou quatro palavras sem relação servem bem."
LINK_ONCE = "O convite aparece só agora e serve uma vez. Entregue-o à pessoa por um meio em que confia."


def role_name(role: Role) -> str:
    """A role as a choice shows it."""
    return names.ROLES[str(role)][0]


def about(role: Role) -> str:
    """What a role may, in a few words."""
    return names.ROLES[str(role)][1]


def state(user: User) -> str:
    """Whether somebody can come in."""
    if not user.active:
        return "sem acesso"
    return "entra com senha" if user.has_password else "convite por usar"


def line(user: User) -> str:
    """One person, on a line of their own."""
    units = ", ".join(map(visible, user.units)) or "todas as unidades"
    return "\t".join((user.login, visible(user.name), str(user.role), state(user), units))


def added(user: User) -> str:
    """That somebody can come in."""
    return f"{visible(user.name)} entra como {user.login} ({role_name(user.role).lower()})."


def added_without_password(user: User) -> str:
    """That somebody is there, and the password is not."""
    return (
        f"{visible(user.name)} foi acrescentada sem senha. Dê uma com: python -m pipeline people password {user.login}"
    )


def changed(user: User) -> str:
    """What somebody is now."""
    return f"{visible(user.name)} agora é {role_name(user.role).lower()}: {about(user.role)}."


def removed(user: User) -> str:
    """That somebody is out."""
    return f"{visible(user.name)} não entra mais."


def password_set(user: User) -> str:
    """That a password took the place of another."""
    return f"Senha de {visible(user.name)} trocada; as entradas anteriores acabaram."


def invited(invitation: Invitation) -> str:
    """For whom a link is, and until when it holds."""
    return f"Convite de {visible(invitation.user.name)}, até {date(invitation.until.date())}. {LINK_ONCE}"


def link(invitation: Invitation, url: str) -> str:
    """The address of an invitation."""
    return f"{url.rstrip('/')}/convite/{invitation.token}"


def colour(user: User) -> Literal["green", "orange", "gray"]:
    """The colour of `state`."""
    if not user.active:
        return "gray"
    return "green" if user.has_password else "orange"


def finding(people: Sequence[User]) -> tuple[str, str]:
    """How many come in, and how many have an invitation."""
    active = [user for user in people if user.active]
    waiting = sum(not user.has_password for user in active)
    lead = f"{plural(len(active) - waiting, 'pessoa entra', 'pessoas entram')} com senha."
    return lead, f"{plural(waiting, 'convite', 'convites')} por usar." if waiting else ""
