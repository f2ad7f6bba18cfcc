"""Who is given patients' identities in a file: one rule for all downloads of rows, by what the file is for.

In a workspace without users whoever sits at it has what they ask for. In one with users every file is masked unless
somebody whose role may (`pipeline.access.roles.IDENTIFIED`) asked for the identities, and each of those is on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import pyarrow as pa

from pipeline.access import roles
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion.masked_table import MaskedTable, masked_table
from pipeline.records import ColumnMatch, FileUse
from pipeline.services.session import Permission, Session, needs

__all__ = ["Offered", "is_identified", "offered", "masked"]


class Offered(StrEnum):
    """What a page offers beside a download: a choice, or what the file will be."""

    CHOICE = "choice"  # masked, unless asked for otherwise
    MASKED = "masked"
    WHOLE = "whole"


@needs(Permission.OPEN)
def offered(session: Session, use: FileUse) -> Offered:
    """Whether whoever asks may have identities in files of this use, and whether they have to ask for them."""
    if session.user is None and session.key is None:
        return Offered.CHOICE if use is FileUse.CALLS else Offered.WHOLE
    return Offered.CHOICE if _may_have(session, use) else Offered.MASKED


@needs(Permission.OPEN)
def is_identified(session: Session, use: FileUse, wanted: bool | None = None) -> bool:
    """Whether a file is made with identities; `wanted`: what was chosen, None where nobody was asked.
    PresencaError where they are asked for by somebody who may not have them.
    """
    offer = offered(session, use)
    if offer is Offered.MASKED and wanted:
        raise PresencaError(session.refusal(Permission.READ_IDENTITIES))
    return offer is Offered.WHOLE if wanted is None else wanted


def _may_have(session: Session, use: FileUse) -> bool:
    """A session that lends its rights to its own work lends these to nobody."""
    if session.user is None or not session.may(Permission.READ_IDENTITIES):
        return False
    return use in roles.IDENTIFIED.get(session.user.role, frozenset())


def masked(table: pa.Table, matches: Sequence[ColumnMatch], declared: Product, key: bytes) -> MaskedTable:
    """Cells of a file as a masked one holds them. `matches`: what each column was taken for; `key`: the workspace's."""
    return masked_table(table, [None if m.field is None else declared.field(m.field) for m in matches], key)
