"""The pages before the app: the way in, an invitation, the way out, and what is said to whoever is refused.

They hold no script, no picture from elsewhere and nothing of the clinic; each works on a phone.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from pipeline.presentation.html import page
from pipeline.presentation.locale import names, program

ADD_FIRST = f'{program.PROGRAM} people add ana --name "Ana Souza" --role admin --password'
_FORGOT = "Esqueceu a senha? Peça um convite novo a quem administra as pessoas."
_LONGER = "A senha tem 12 caracteres ou mais. Três ou quatro palavras sem relação servem bem."

REFUSALS = {
    "host": (
        "Este endereço não é o da Presença",
        "Abra pelo endereço que apareceu ao iniciar, ou peça a quem a instalou que inclua este nome em "
        "--server.allowedHosts.",
    ),
    "origin": (
        "Este pedido veio de outra página",
        "Só as páginas da própria Presença podem pedir isto. Abra-a pelo endereço dela e tente de novo.",
    ),
    "open": (
        "Presença está fechada",
        "Este servidor pode ser alcançado por outras máquinas e ainda não tem usuários. Acrescente a primeira pessoa, "
        "na máquina em que ele está, e abra de novo:",
    ),
    "shut": (
        "Presença não abriu",
        "Os dados não puderam ser abertos. Veja, na máquina em que ela está, o que a janela de comandos diz.",
    ),
    "closed": ("Nada aqui", "Este endereço não é de página nenhuma."),
    "large": ("Formulário grande demais", "Volte e tente de novo."),
    "far": (
        "O provedor de identidade não respondeu",
        "Tente de novo daqui a pouco. Quem tem senha da Presença pode entrar com ela.",
    ),
    "login": ("É preciso entrar", "Entre com o seu nome de acesso e a sua senha."),
}


class _Input(NamedTuple):
    label: str
    name: str
    kind: str
    autocomplete: str
    value: str = ""
    focused: bool = False


class Provider(NamedTuple):
    """The organisation's own way in: where it begins, its name, whether passwords are for admins alone."""

    address: str
    name: str
    only: bool = False


def login_page(
    action: str, way: str = "/", *, login: str = "", refused: str = "", provider: Provider | None = None
) -> str:
    """The way in. `way`: where to go on to; `refused`: why it did not work, the same whether the name exists or not."""
    return _page(
        "Entrar",
        refused=refused,
        action=action,
        way=way,
        button="Entrar",
        inputs=(
            _Input("Nome de acesso", "nome", "text", "username", login, focused=not login),
            _Input("Senha", "senha", "password", "current-password", focused=bool(login)),
        ),
        foot=_FORGOT,
        provider=provider,
        on="" if way == "/" else f"?para={quote(way, safe='')}",
    )


def invitation_page(action: str, name: str, login: str, role: str, *, refused: str = "") -> str:
    """Where somebody who was invited chooses a password."""
    return _page(
        f"Olá, {name}" if not refused else "Escolha outra senha",
        refused=refused,
        lines=(f"Nome de acesso: {login}. Papel: {names.role(role)}.",),
        action=action,
        button="Guardar a senha e entrar",
        inputs=(
            _Input("Senha nova", "senha", "password", "new-password", focused=True),
            _Input("A mesma, de novo", "de_novo", "password", "new-password"),
        ),
        foot=_LONGER,
    )


def message_page(title: str, *lines: str, links: tuple[tuple[str, str], ...] = (), refused: str = "") -> str:
    """A sentence with the ways on from it, as (address, words)."""
    return _page(title, lines=lines, links=links, refused=refused)


def left_page(login: str, there: str, name: str) -> str:
    """That somebody is out here, and perhaps not yet at the provider, whose session would let the next one in."""
    return _page(
        "Você saiu da Presença",
        lines=(
            f"Neste navegador a sua entrada em {name} pode continuar aberta. Num computador de várias pessoas, saia também de lá.",
        ),
        links=((there, f"Sair também de {name}"), (login, "Entrar de novo")),
    )


def logout_page(action: str, home: str) -> str:
    """The way out, as a question: a link alone must not end anything."""
    return _page(
        "Sair da Presença?",
        lines=("Neste navegador será preciso entrar de novo.",),
        action=action,
        button="Sair",
        links=((home, "Continuar na Presença"),),
    )


def refusal_page(code: str, login: str) -> str:
    """What is said to whoever is refused; `login`: the address of the way in."""
    title, line = REFUSALS.get(code, REFUSALS["closed"])
    links = ((login, "Entrar"),) if code in ("login", "far") else ()
    return _page(title, lines=(line,), links=links, command=ADD_FIRST if code == "open" else "")


def _page(title: str, **said: object) -> str:
    empty = {"refused": "", "lines": (), "command": "", "action": "", "way": "/", "button": "", "inputs": ()}
    more = {"links": (), "foot": "", "provider": None, "on": "", "title": title}
    return page.render("door", **empty | more | said)
