"""How a declaration checks itself when it is made."""

from __future__ import annotations

import re
from typing import Any

KEY = re.compile(r"^[a-z][a-z0-9_]*$")


class ContractError(Exception):
    """A declaration contradicts itself; raised at import, meant for the developer who wrote it."""


def require(condition: bool, message: str) -> None:
    """ContractError with `message` unless `condition` holds."""
    if not condition:
        raise ContractError(message)


def unique(names: list[Any], where: str) -> None:
    """ContractError if a name comes twice."""
    twice = sorted({str(n) for n in names if names.count(n) > 1})
    require(not twice, f"{where} declared twice: {', '.join(twice)}")
