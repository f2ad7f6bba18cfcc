"""Sentences about the keys of other systems, and about what they sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from pipeline.presentation.escaping import visible
from pipeline.presentation.locale.numbers import date, listed, plural
from pipeline.records.integration import ApiKey, KeyScope

TITLE = "Integração"
NONE = "Nenhum sistema tem chave"
NONE_WHY = (
    "Com uma chave, o sistema da clínica envia os agendamentos e recebe os riscos sozinho, sem planilha. Cada sistema "
    "tem a sua: assim uma pode ser encerrada sem parar as outras."
)
REVOKE = "O sistema que a usa para na hora de ser atendido. Não há como desfazer; faz-se outra."
ONCE = "A chave aparece só agora. Guarde-a no sistema que vai usá-la, por um meio em que confia."
SCOPES: dict[KeyScope, tuple[str, str]] = {
    KeyScope.SEND: ("Enviar", "manda registros e pede treinos"),
    KeyScope.SCORE: ("Calcular risco", "recebe o risco do que manda; nenhum registro fica guardado"),
    KeyScope.READ: ("Ler", "lê conjuntos, modelos, grupos, listas e comentários"),
    KeyScope.CONTACTS: ("Contatos", "lê quem contatar e devolve o que se conseguiu"),
}
_ZONE = dt.timezone(dt.timedelta(hours=-3))


def scope_name(scope: KeyScope) -> str:
    """A scope as a choice shows it: its name, and what it gives."""
    name, about = SCOPES[scope]
    return f"{name}: {about}"


def scopes(key: ApiKey) -> str:
    """What a key may do, in a few words."""
    return listed([SCOPES[scope][0].lower() for scope in key.scopes])


def state(key: ApiKey, now: float) -> str:
    """Whether a key opens anything."""
    if key.revoked is not None:
        return "revogada"
    return f"vale até {_day(key.until)}" if key.holds(now) else f"venceu em {_day(key.until)}"


def colour(key: ApiKey, now: float) -> Literal["green", "gray"]:
    """The colour of `state`."""
    return "green" if key.holds(now) else "gray"


def used(key: ApiKey) -> str:
    """When a key was used last."""
    return "nunca usada" if key.used is None else f"usada em {_day(key.used)}"


def made(key: ApiKey) -> str:
    """Whose a new key is, and until when it holds."""
    return f"Chave de {visible(key.name)}, até {_day(key.until)}. {ONCE}"


def revoked(key: ApiKey) -> str:
    """That a key is over."""
    return f"A chave de {visible(key.name)} não vale mais."


def line(key: ApiKey) -> str:
    """One key, on a line of its own."""
    over = "revogada" if key.revoked is not None else f"até {_day(key.until)}"
    return "\t".join((key.id, key.shown, visible(key.name), ",".join(map(str, key.scopes)), over, used(key)))


def finding(keys: Sequence[ApiKey], now: float) -> tuple[str, str]:
    """How many systems come in."""
    held = sum(key.holds(now) for key in keys)
    over = len(keys) - held
    return (
        f"{plural(held, 'chave vale', 'chaves valem')}.",
        f"{plural(over, 'encerrada', 'encerradas')}." if over else "",
    )


def served(address: str, port: int) -> str:
    """Where the API answers."""
    return f"A API responde em http://{address}:{port}/api/v1 (documentação em /api/docs; para encerrar: Ctrl+C)"


def where(url: str) -> str:
    """Where systems call, and where it is written how."""
    return f"Os sistemas chamam {url}/api/v1, com o cabeçalho Authorization: Bearer. Como, está em {url}/api/docs"


def arrivals_read(count: int) -> str:
    """What was read of what waited."""
    return f"{plural(count, 'envio lido', 'envios lidos')}."


def _day(moment: float) -> str:
    return date(dt.datetime.fromtimestamp(moment, _ZONE).date())
