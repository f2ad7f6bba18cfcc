"""The use cases of knowing whether contacts worked: the lists of a series as they were drawn, and what came of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.action import money
from pipeline.action.effects import effect, order, power, priors
from pipeline.action.effects.effect import Listed
from pipeline.action.effects.uplift import Cases
from pipeline.contract import Outcome, Product, Role
from pipeline.insight.groups import late, small_cells
from pipeline.presentation import spreadsheets
from pipeline.presentation.frames import effect_tables
from pipeline.presentation.sentences import effect_page_words
from pipeline.presentation.spreadsheets import effect_json
from pipeline.records import Interval
from pipeline.records.contacts import CallList, Channel, Contact, ListEntry
from pipeline.records.effects import (
    MEASURED_FROM,
    Arm,
    ArmsCompared,
    CameTo,
    ContactCosts,
    ControlCost,
    EffectChannel,
    EffectReport,
    ListsMeasured,
    OrderJudged,
    Trial,
    Worth,
)
from pipeline.services import catalog, settings
from pipeline.services.data import bookings, event_keys
from pipeline.services.pages import contacts as told
from pipeline.services.pages import effect_arms, slot_values
from pipeline.services.pages.keeping import Kept, files_of
from pipeline.services.session import Permission, Session, needs

__all__ = ["TRIALS", "cases", "csv", "json", "judged", "measured"]

TRIALS: tuple[Trial, ...] = priors.TRIALS
_USUAL = EffectChannel.CALL  # what a list is for
_SHARES = (0.0, 0.1, 0.2)  # of a control group, whose price is told
_MESSAGES = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)


@dataclass(frozen=True)
class _Outcomes:
    """Of the listed appointments: what each came to (CameTo), whether a file tells (and the day is over), and by which
    names a slot's value may be known: its procedure, its type.
    """

    came: np.ndarray
    told: np.ndarray
    procedure: np.ndarray
    type: np.ndarray


@needs(Permission.READ_AGGREGATES)
def measured(session: Session, series_id: str) -> ListsMeasured | None:
    """What came of the call lists of a series, in the groups as they were drawn; None where no list was made."""
    lists = session.workspace.call_lists(series_id)
    drawn = _drawn(session, lists)
    if not drawn:
        return None
    declared = catalog.product(session.workspace.one_series(series_id).product)
    entries = [entry for entry, _ in drawn]
    found = _came_to(session, declared, series_id, entries)
    worth = slot_values.of(session, series_id)
    value, example = _values(entries, found, worth)
    listed = _listed(drawn, found, value)
    contacts = told.contacts(session, series_id)
    report = _report(listed, entries, found.told, declared) if found.told.any() else None
    if report is not None:
        arms = _arms(session, lists, entries, found, value)
        report = replace(report, order=_order(session, series_id), arms=arms)
        report = small_cells.effects(report) if settings.hides_small_cells(session) else report
    month, spent = _month(listed, entries, found.told, report, contacts, worth.costs)
    risk = np.array([one.risk for one in entries])
    newest = {one.key for one in session.workspace.call_list_entries(lists[0].id)}
    own = np.array([one.key in newest for one in entries])
    return ListsMeasured(
        lists=len(lists),
        listed=len(entries),
        first=min(one.day for one in entries),
        last=max(one.day for one in entries),
        awaiting=(int((listed.contacted & ~found.told).sum()), int((~listed.contacted & ~found.told).sum())),
        report=report,
        share=lists[0].settings.control_share,
        crossed=_crossed(entries, contacts),
        outcomes=_reached(entries, contacts),
        spent=spent,
        month=month,
        measured=_has_measured(report),
        costs=tuple(ControlCost(s, *power.cost_of_control(risk[own], value[own], s, _USUAL)) for s in _SHARES),
        example=example or worth.costs.example,
    )


def _listed(drawn: Sequence[tuple[ListEntry, float]], found: _Outcomes, value: np.ndarray) -> Listed:
    """The entries of lists, each with its share of control, as they are judged."""
    entries = [entry for entry, _ in drawn]
    return Listed(
        np.array([one.arm == Arm.CONTACT for one in entries]),
        found.came,
        np.array([one.patient for one in entries], dtype=object).astype(str),
        np.array([one.stratum for one in entries]),
        np.array([share for _, share in drawn]),
        value,
    )


def _arms(
    session: Session, lists: Sequence[CallList], entries: Sequence[ListEntry], found: _Outcomes, value: np.ndarray
) -> tuple[ArmsCompared, ...]:
    """What two ways of calling came to, of the entries whose outcome is told; `value`: R$ of each entry's slot."""
    came = {one.key: int(code) for one, code, there in zip(entries, found.came, found.told, strict=True) if there}
    worth = {one.key: float(own) for one, own in zip(entries, value, strict=True)}
    return effect_arms.compared(session, lists, came, worth)


def _order(session: Session, series_id: str) -> OrderJudged | None:
    """Whether the order by gain helps, worked out once for the files and lists of a series."""
    kept = Kept(session, "order_judged", series_id, OrderJudged)
    return kept.worked_out("order", files_of(session, series_id), lambda: order.judged(cases(session, series_id)))


@needs(Permission.READ_DATA)
def cases(session: Session, series_id: str) -> Cases:
    """The appointments of a series' lists as they were drawn, with what came of them: what effects by row are learnt
    from. None of them where no list was made, or no list had a control group.
    """
    drawn = [pair for pair in _drawn(session, session.workspace.call_lists(series_id)) if pair[1] > 0]
    entries = [entry for entry, _ in drawn]
    declared = catalog.product(session.workspace.one_series(series_id).product)
    found = _came_to(session, declared, series_id, entries)
    return Cases(
        np.array([one.arm == Arm.CONTACT for one in entries], dtype=bool),
        found.came,
        np.array([one.patient for one in entries], dtype=object).astype(str),
        np.array([one.risk for one in entries], dtype=np.float64),
        np.array([one.stratum for one in entries], dtype=np.int64),
        np.full(len(entries), str(_USUAL)),
        bookings.categories(found.procedure, found.type),
    )


@needs(Permission.READ_DATA)
def judged(session: Session, series_id: str) -> list[tuple[ListEntry, bool]]:
    """The appointments of a series' lists that came to the event or to none, as the first list has each."""
    entries = [entry for entry, _ in _drawn(session, session.workspace.call_lists(series_id))]
    came = _came_to(session, catalog.product(session.workspace.one_series(series_id).product), series_id, entries).came
    told_ = (CameTo.EVENT, CameTo.NON_EVENT)
    return [(one, code == CameTo.EVENT) for one, code in zip(entries, came.tolist(), strict=True) if code in told_]


def _drawn(session: Session, lists: Sequence[CallList]) -> list[tuple[ListEntry, float]]:
    """Each appointment as the first list has it, with the control share by which its patient was drawn: whoever is in
    an earlier list about an appointment still to come keeps its group, and so the share of that list.
    """
    found: dict[str, tuple[ListEntry, float]] = {}
    patients: dict[str, tuple[float, dt.date]] = {}
    for made in reversed(lists):
        for one in session.workspace.call_list_entries(made.id):
            share, until = patients.get(one.patient, (0.0, dt.date.min))
            share = share if until >= made.as_of else made.settings.control_share
            patients[one.patient] = share, max(one.day, until)
            found.setdefault(one.key, (one, share))
    return list(found.values())


def _came_to(session: Session, declared: Product, series_id: str, entries: Sequence[ListEntry]) -> _Outcomes:
    """The newest file that tells of an appointment counts; what is of today or later is not over."""
    keys = np.array([int(one.key, 16) for one in entries], np.uint64)
    came = np.full(len(keys), int(CameTo.NOT_JUDGED))
    known, open_ = np.zeros(len(keys), bool), np.ones(len(keys), bool)
    names = {role: np.full(len(keys), "", dtype=object) for role in (Role.PROCEDURE, Role.TYPE)}
    for file in event_keys.others(session, declared.key, series_id):
        at = event_keys.of(session, file.id).places(keys)
        here = open_ & (at >= 0)
        if not here.any():
            continue
        rows = _rows(session, file.id, declared).iloc[at[here]]
        for role, texts in names.items():
            own = _texts(rows, declared, role)
            texts[here] = np.where(own != "", own, texts[here])
        state = rows["state"].astype("object").to_numpy()
        says = np.isin(state.astype(str), [str(Outcome.EVENT), str(Outcome.NON_EVENT), str(Outcome.EXCLUDED)])
        came[np.flatnonzero(here)[says]] = _codes(rows, declared)[says]
        known[np.flatnonzero(here)[says]] = True
        open_ = ~known
    over = np.array([one.day < session.today() for one in entries], dtype=bool)
    return _Outcomes(
        np.where(over, came, int(CameTo.NOT_JUDGED)), known & over, names[Role.PROCEDURE], names[Role.TYPE]
    )


def _rows(session: Session, dataset_id: str, declared: Product) -> pd.DataFrame:
    asked = (Role.CANCELLED, Role.PROCEDURE, Role.TYPE)
    fields = [field.key for role in asked if (field := declared.by_role(role)) is not None]
    return session.workspace.rows(dataset_id, ["state", declared.time.key], if_there=fields)


def _codes(rows: pd.DataFrame, declared: Product) -> np.ndarray:
    """CameTo per row: what was given up shortly before is late, all else that is excluded is not judged."""
    state = rows["state"].astype("object").to_numpy().astype(str)
    found = np.full(len(rows), int(CameTo.NOT_JUDGED))
    found[state == str(Outcome.EVENT)] = CameTo.EVENT
    found[state == str(Outcome.NON_EVENT)] = CameTo.NON_EVENT
    found[late.late(rows, declared, late.USUAL)] = CameTo.LATE_CANCELLED
    return found


def _texts(rows: pd.DataFrame, declared: Product, role: Role) -> np.ndarray:
    field = declared.by_role(role)
    if field is None or field.key not in rows:
        return np.full(len(rows), "", dtype=object)
    column = rows[field.key].astype("object")
    return column.where(column.notna(), "").astype(str).to_numpy(dtype=object)


def _values(entries: Sequence[ListEntry], found: _Outcomes, worth: Worth) -> tuple[np.ndarray, bool]:
    """R$ per appointment: as the list has it, or else as slots like it are worth now; and whether any is an example."""
    own = np.array([np.nan if one.value is None else one.value for one in entries], np.float64)
    usual, example = money.of_rows(worth.values, found.procedure.tolist(), found.type.tolist())
    return np.where(np.isfinite(own), own, usual), example and bool((~np.isfinite(own)).any())


def _report(listed: Listed, entries: Sequence[ListEntry], judged: np.ndarray, declared: Product) -> EffectReport:
    units = {Role.UNIT: [one.unit for one in entries], Role.PLAN: [one.plan for one in entries]}
    groups = {
        field.key: np.array(values, dtype=object).astype(str)[judged]
        for role, values in units.items()
        if (field := declared.by_role(role)) is not None and any(values)
    }
    days = np.array([one.day for one in entries], "datetime64[D]")[judged]
    return effect.report(listed.of(judged), groups=groups, days=days, expected_ratio=_expected_ratio())


def _expected_ratio() -> float:
    return float(np.exp(priors.prior(_USUAL, priors.HIGH_RISK).log_ratio))


def _has_measured(report: EffectReport | None) -> bool:
    """Whether the clinic's own measure says more than the trials do."""
    if report is None or report.whole.recovered is None:
        return False
    return min(report.whole.contact.judged, report.whole.control.judged) >= MEASURED_FROM


def _month(
    listed: Listed,
    entries: Sequence[ListEntry],
    judged: np.ndarray,
    report: EffectReport | None,
    contacts: Sequence[Contact],
    costs: ContactCosts,
) -> tuple[Interval | None, float]:
    """R$ a month after the cost of the contacts, and that cost: of those who were contacted and have an outcome."""
    own = judged & listed.contacted
    if report is None or not own.any() or listed.value is None:
        return None, 0.0
    keys = {one.key for one, mine in zip(entries, own.tolist(), strict=True) if mine}
    spent = _spent([one for one in contacts if one.key in keys], costs)
    days = np.array([one.day for one in entries], "datetime64[D]")[own]
    span = float((days.max() - days.min()).astype(np.int64)) + 1
    if _has_measured(report):
        return money.measured_a_month(report.whole, days=span, spent=spent), spent
    beliefs = [priors.prior(_USUAL, one.risk) for one, mine in zip(entries, own.tolist(), strict=True) if mine]
    risk = np.array([one.risk for one in entries])[own]
    ratio, error = (np.array([getattr(one, name) for one in beliefs]) for name in ("log_ratio", "error"))
    return money.expected_a_month(risk, listed.value[own], ratio, error, days=span, spent=spent), spent


def _spent(contacts: Sequence[Contact], costs: ContactCosts) -> float:
    """R$: a call about several appointments is paid once; coming in person costs nothing more."""
    ways = {one.call: one.channel for one in contacts}.values()
    calls = sum(way is Channel.CALL for way in ways)
    return calls * costs.call + sum(way in _MESSAGES for way in ways) * costs.message


def _crossed(entries: Sequence[ListEntry], contacts: Sequence[Contact]) -> int:
    """How many appointments of the control group somebody was contacted about."""
    reached = {one.key for one in contacts}
    return sum(one.arm != Arm.CONTACT and one.key in reached for one in entries)


def _reached(entries: Sequence[ListEntry], contacts: Sequence[Contact]) -> tuple[tuple[str, int], ...]:
    """The last outcome of a contact (code) about the appointments of the contact group, with how many have it."""
    own = {one.key for one in entries if one.arm == Arm.CONTACT}
    last = {one.key: str(one.outcome) for one in contacts if one.key in own}
    return tuple(Counter(last.values()).most_common())


@needs(Permission.READ_AGGREGATES)
def json(session: Session, series_id: str) -> bytes:
    """The report as JSON, as the command line gives it; empty where there is none."""
    found = measured(session, series_id)
    if found is None or found.report is None:
        return b"{}"
    declared = catalog.product(session.workspace.one_series(series_id).product)
    counts = {"listed": found.listed, "awaiting": sum(found.awaiting), "crossed": found.crossed}
    report = small_cells.effects(found.report)
    lines = effect_page_words.lines(replace(found, report=report), declared)
    return effect_json.effect_json(report, declared, lines, counts).encode()


@needs(Permission.READ_AGGREGATES)
def csv(session: Session, series_id: str) -> bytes:
    """The report as CSV: a line for all and one a group."""
    found = measured(session, series_id)
    report = None if found is None or found.report is None else small_cells.effects(found.report)
    table = effect_tables.plain(report)
    return spreadsheets.csv_bytes(pa.Table.from_pandas(table, preserve_index=False))
