"""Sentences about persons: who was added, as what, and until when an invitation holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pipeline.presentation.escaping import visible
from pipeline.presentation.locale import names
from pipeline.presentation.locale.numbers import date, plural
from pipeline.presentation.locale.program import PROGRAM
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
BY_PROVIDER = (
    "O nome de acesso deve ser o e-mail (ou o nome) que a pessoa usa ali. Sem senha da Presença, só por ali ela entra."
)
LINK_ONCE = "O convite aparece só agora e serve uma vez. Entregue-o à pessoa por um meio em que confia."


def role_name(role: Role) -> str:
    """A role as a choice shows it."""
    return names.ROLES[str(role)][0]


def about(role: Role) -> str:
    """What a role may, in a few words."""
    return names.ROLES[str(role)][1]


def state(user: User, provider: str = "") -> str:
    """Whether somebody can come in. `provider`: the name of the organisation's own way in, "" where there is none."""
    if not user.active:
        return "sem acesso"
    if user.has_password:
        return "entra com senha"
    return f"entra por {visible(provider)}" if provider else "convite por usar"


def line(user: User, provider: str = "") -> str:
    """One person, on a line of their own."""
    units = ", ".join(map(visible, user.units)) or "todas as unidades"
    return "\t".join((user.login, visible(user.name), str(user.role), state(user, provider), units))


def added(user: User) -> str:
    """That somebody can come in."""
    return f"{visible(user.name)} entra como {user.login} ({role_name(user.role).lower()})."


def added_without_password(user: User) -> str:
    """That somebody is there, and the password is not."""
    return f"{visible(user.name)} foi acrescentada sem senha. Dê uma com: {PROGRAM} people password {user.login}"


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


def colour(user: User, provider: str = "") -> Literal["green", "orange", "gray"]:
    """The colour of `state`."""
    if not user.active:
        return "gray"
    return "green" if user.has_password or provider else "orange"


def finding(people: Sequence[User], provider: str = "") -> tuple[str, str]:
    """How many come in, and how many have an invitation, or need none."""
    active = [user for user in people if user.active]
    if provider:
        lead = f"{plural(len(active), 'pessoa entra', 'pessoas entram')}, por {visible(provider)} ou com senha."
        return lead, "Por ali entra quem foi acrescentado aqui, com o e-mail ou o nome que usa lá."
    waiting = sum(not user.has_password for user in active)
    lead = f"{plural(len(active) - waiting, 'pessoa entra', 'pessoas entram')} com senha."
    return lead, f"{plural(waiting, 'convite', 'convites')} por usar." if waiting else ""
