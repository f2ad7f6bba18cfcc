"""Whether a resource is sound: the library that knows FHIR says so (fhir.resources; R4B, whose Appointment is R4's).

It is loaded where a file of FHIR is read, which is in the child, and nowhere else.
"""

from __future__ import annotations

import importlib
import re
from typing import Any

from pipeline.ingestion.reading.fhir.index import Node, many
from pipeline.ingestion.reading.fhir.json_text import MOST_CONTAINED

_PLACE = re.compile(r"^[A-Za-z]{1,40}$")
_TOO_MANY = ("contained",)
_FAULTS = 3


class Judge:
    """Knows one type of resource. ImportError for one that FHIR hasn't."""

    def __init__(self, kind: str) -> None:
        module = importlib.import_module(f"fhir.resources.R4B.{kind.lower()}")
        self._model: Any = getattr(module, kind)

    def faults(self, resource: Node) -> tuple[str, ...]:
        """The elements that are wrong, as "participant.status"; empty where it is sound. Never what stands in them."""
        if len(many(resource, "contained")) > MOST_CONTAINED:
            return _TOO_MANY
        from pydantic import ValidationError

        try:
            self._model.model_validate(resource)
        except ValidationError as error:
            places = [_place(fault["loc"]) for fault in error.errors(include_input=False, include_url=False)]
            return tuple(dict.fromkeys(places))[:_FAULTS]
        except (ValueError, TypeError, AssertionError, RecursionError, AttributeError, KeyError):
            return ("?",)
        return ()


def _place(location: tuple[int | str, ...]) -> str:
    """Names of elements alone: a key that nobody knows may be anything."""
    named = [str(step) for step in location if not isinstance(step, int)]
    return ".".join(name if _PLACE.match(name) else "?" for name in named) or "?"
