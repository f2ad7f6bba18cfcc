"""Headers → fields: by synonyms and likeness first, with the cells as evidence for or against.

A leftover column is never forced on a field: below `SURE_ENOUGH` it stays a leftover, and the user can choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from pipeline.contract import Field, FieldKind, Product, Role
from pipeline.ingestion.mapping.cell_profile import AGAINST, FOR, Cells, sample
from pipeline.ingestion.mapping.header_similarity import header_likeness
from pipeline.ingestion.parsing.categories import sense_of
from pipeline.ingestion.parsing.column import encode
from pipeline.ingestion.parsing.dates import parse_dates
from pipeline.ingestion.parsing.field_types import type_of
from pipeline.ingestion.parsing.quoting import quotable
from pipeline.ingestion.reading.fhir.vocabulary import OWN
from pipeline.ingestion.reading.reader import RawTable
from pipeline.ingestion.reading.vocabulary import ORIGIN, ORIGIN_ROW, SUPERSEDED
from pipeline.records import ColumnMatch, Note, note
from pipeline.scrubbing.labels import names_somebody

SURE_ENOUGH = 0.6
_SURE_OF_EXTRA = 0.8  # nobody misses a field that is never asked for: a wrong one would only mislead
_BY_CONTENT = 0.65
_CONTENT_FOR = 0.95
_SAME_HEADER = 0.98
_SENSE = 0.93  # yes and no under a header that gives them a sense; a column of statuses goes before it
_SUPPORT = 0.12  # what cells of the right kind add to a header that is merely like
_DOUBT = 0.5  # what is left of a header's likeness where the cells contradict it
_LEFTOVER = note("mapping.no_field_alike")
CHOSEN = note("mapping.chosen")
_PREVIEWED = 3
_NO_FIELDS = {ORIGIN, ORIGIN_ROW, SUPERSEDED, *OWN}
_NEVER_LATER, _EARLIER = 0.9, 0.3  # shares of the rows


@dataclass(frozen=True)
class _Candidate:
    column: int
    field: Field
    score: float
    reason: Note


def propose(raw: RawTable, product: Product) -> tuple[ColumnMatch, ...]:
    """One match per column of the file, in file order; each field is given to at most one column.

    Fields that are never asked for take what the others leave, so that they change nothing for those.
    """
    headers = raw.table.column_names
    cells = [sample(raw.table.column(i)) for i in range(len(headers))]
    candidates = [c for i, header in enumerate(headers) for c in _candidates(i, header, cells[i], product.asked)]
    chosen: dict[int, _Candidate] = {}
    _choose(candidates, SURE_ENOUGH, chosen)
    _untangle_dates(raw.table, product, candidates, chosen)
    extras = [c for i, header in enumerate(headers) for c in _candidates(i, header, cells[i], product.extras)]
    _choose(extras, _SURE_OF_EXTRA, chosen)
    return tuple(_match(i, header, cells[i], chosen.get(i), candidates) for i, header in enumerate(headers))


def _choose(candidates: list[_Candidate], least: float, chosen: dict[int, _Candidate]) -> None:
    """Adds the best candidates to those that are chosen, each field and each column once."""
    taken = {candidate.field.key for candidate in chosen.values()}
    for candidate in sorted(candidates, key=lambda c: -c.score):
        free = candidate.column not in chosen and candidate.field.key not in taken
        if free and candidate.score >= least:
            chosen[candidate.column] = candidate
            taken.add(candidate.field.key)


def _candidates(column: int, header: str, cells: Cells, fields: tuple[Field, ...]) -> list[_Candidate]:
    found: list[_Candidate] = []
    if header in _NO_FIELDS:
        return found
    for item in fields:
        if cells.yes_no >= FOR and sense_of(header, item):
            found.append(_Candidate(column, item, _SENSE, note("mapping.sense_of_header")))
            continue
        likeness = header_likeness(header, item)
        share = cells.share(item) if likeness.score or (type_of(item).by_content and cells.few) else None
        score, reason = likeness.score, note(likeness.reason or "mapping.header_alike")
        if share is not None and score:
            if share < AGAINST:
                # the very header stays its field's, unless another column claims it: all its cells may be wrong
                floor = SURE_ENOUGH if score >= _SAME_HEADER else 0.0
                score, reason = max(score * _DOUBT, floor), note("mapping.cells_against", header=reason)
            elif share >= FOR:
                score = max(score, min(0.9, score + _SUPPORT))
                reason = reason if score >= 0.9 else note("mapping.cells_agree", header=reason)
        speaks = type_of(item).by_content and cells.few and share is not None and share >= _CONTENT_FOR
        if item.kind is FieldKind.UF and not cells.codes:
            speaks = False  # "São Paulo" and "Rio de Janeiro" are towns, too
        if speaks and score < _BY_CONTENT:
            score, reason = _BY_CONTENT, note("mapping.by_content")
        if score:
            found.append(_Candidate(column, item, round(score, 4), reason))
    return found


def _untangle_dates(
    table: pa.Table, product: Product, candidates: list[_Candidate], chosen: dict[int, _Candidate]
) -> None:
    """Two headers that both say "agendamento": the one whose days come first is when the booking was made.

    Some systems call the day on which the patient rang "data do agendamento" and the other "data da consulta".
    """
    contact, event = product.by_role(Role.CONTACT), product.by_role(Role.SCHEDULED)
    if contact is None or event is None or any(c.field is contact for c in chosen.values()):
        return
    rivals = [
        c
        for c in candidates
        if c.field is event and c.score >= SURE_ENOUGH and (c.column not in chosen or chosen[c.column].field is event)
    ]
    if len(rivals) != 2:
        return
    first, second = rivals
    days = [_days(table.column(c.column)) for c in rivals]
    if np.mean(days[0] > days[1]) > np.mean(days[0] < days[1]):
        first, second, days = second, first, days[::-1]
    if np.mean(days[0] <= days[1]) < _NEVER_LATER or np.mean(days[0] < days[1]) < _EARLIER:
        return  # two dates of the same event (agreed and done) are alike in most rows
    score = min(first.score, _BY_CONTENT + _SUPPORT)
    chosen[first.column] = _Candidate(first.column, contact, score, note("mapping.by_content_earlier"))
    chosen[second.column] = second


def _days(column: pa.ChunkedArray) -> np.ndarray:
    codes, texts = encode(column.slice(0, 20_000))
    days = parse_dates(texts, last_year=2050).days
    return np.append(days, np.datetime64("NaT"))[codes]


def _match(
    column: int, header: str, cells: Cells, choice: _Candidate | None, candidates: list[_Candidate]
) -> ColumnMatch:
    if choice is None:
        near = max((c for c in candidates if c.column == column), key=lambda c: c.score, default=None)
        if near is None or near.score < SURE_ENOUGH / 2:
            return ColumnMatch(header, None, 0.0, _LEFTOVER)
        return ColumnMatch(
            header, None, round(min(near.score, SURE_ENOUGH - 0.01), 2), note("mapping.unsure", field=near.field.label)
        )
    return ColumnMatch(header, choice.field.key, round(choice.score, 2), choice.reason, _preview(choice.field, cells))


def _preview(item: Field, cells: Cells) -> tuple[str, ...]:
    if item.personal or item.staff or item.kind is FieldKind.FREE_TEXT:
        return ()
    order = np.argsort(-cells.counts, kind="stable")[:_PREVIEWED]
    shown = [cells.words[i] for i in order if item.kind is FieldKind.OPEN or not names_somebody(cells.words[i])]
    return tuple(map(quotable, shown))


def apply_choice(
    matches: tuple[ColumnMatch, ...], choice: Mapping[str, str | None], product: Product
) -> tuple[ColumnMatch, ...]:
    """The matches with the user's choice, field → header (None: leave the field out), in place of the proposal.

    A header that the file does not have leaves its field without a column. KeyError for an unknown field.
    """
    result = {m.header: m for m in matches}
    for key, header in choice.items():
        product.field(key)
        for match in list(result.values()):
            if match.field == key:
                result[match.header] = replace(match, field=None, confidence=0.0, reason=CHOSEN, preview=())
        if header in result:
            preview = next((m.preview for m in matches if m.header == header and m.field == key), ())
            result[header] = replace(result[header], field=key, confidence=1.0, reason=CHOSEN, preview=preview)
    return tuple(result[m.header] for m in matches)
