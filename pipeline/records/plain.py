"""Records as dicts, lists, strings and numbers, and back; what is read is checked against the record's own types."""

from __future__ import annotations

from typing import Any

import msgspec


def to_plain(record: Any) -> Any:
    """A record as dicts, lists, strings and numbers; dates as ISO text. Inverse of `from_plain`."""
    return _lists(msgspec.to_builtins(record, str_keys=True, enc_hook=_number))


def from_plain(kind: Any, plain: Any) -> Any:
    """Builds a record of type `kind` from what `to_plain` gave; ValueError if it doesn't fit.

    Keys that the record doesn't know are passed over, those that it has a default for may be missing: what another
    version wrote is read as far as it goes.
    """
    try:
        return msgspec.convert(plain, kind)
    except (msgspec.ValidationError, TypeError) as error:
        raise ValueError(str(error)) from None


def _number(value: Any) -> Any:
    """numpy's numbers as Python's. TypeError for anything else."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} can't be kept")


def _lists(plain: Any) -> Any:
    """Tuples as the lists that JSON would make of them, so that what is kept and what is read back are alike."""
    if isinstance(plain, dict):
        return {key: _lists(value) for key, value in plain.items()}
    return [_lists(item) for item in plain] if isinstance(plain, list | tuple) else plain
