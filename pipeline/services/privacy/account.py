"""Giving account of personal data: what is kept, of how many, since when, until when, and who saw it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.contract import Role
from pipeline.insight.groups.suppression import LEAST
from pipeline.presentation.html import account as pages
from pipeline.records import DatasetInfo
from pipeline.records.privacy import Access, Account, KeptPlace
from pipeline.services import catalog
from pipeline.services.session import Permission, Session, needs
from pipeline.services.settings import SMALL_CELLS
from pipeline.workspace.audit import entries
from pipeline.workspace.storage import vault

# what puts identities, or rows of patients, before somebody's eyes or into a file
SEEN = ("identities_shown", "raw_cells_shown", "file_taken", "patient_copy_made", "patient_looked_for")


@needs(Permission.READ_DATA)
def of(session: Session, only: Sequence[str] = ()) -> Account:
    """The account of a workspace, or of some data sets (ids) alone."""
    space = session.workspace
    infos = [info for info in space.datasets() if not only or info.id in only]
    series = {info.series for info in infos}
    reviews = [one for place in series for one in space.reviews(place)]
    return Account(
        places=tuple(_place(session, info) for info in infos),
        series=len(series),
        models=len(space.models()),
        contacts=sum(len(space.contacts(place)) for place in series),
        follow_ups=sum(len(space.follow_ups(place)) for place in series),
        offers=sum(len(space.offers(place)) for place in series),
        raw_days=vault.DAYS_KEPT,
        raw_most=vault.LONGEST_DAYS,
        least_cell=LEAST,
        access=_access(session, {info.id for info in infos}, whole=not only),
        reviews=(len(reviews), sum(one.decision is None for one in reviews)),
        erasures=len(space.erasures()),
    )


def _place(session: Session, info: DatasetInfo) -> KeptPlace:
    field = catalog.product(info.product).by_role(Role.PATIENT)
    patients = None if field is None else session.workspace.distinct(info.id, field.key)
    erased = sum(count for _, count in session.workspace.erased_rows(info.id))
    return KeptPlace(info.id, info.product, info.name, info.created, info.rows, patients, info.vault_until, erased)


def _access(session: Session, datasets: Collection[str], *, whole: bool) -> tuple[Access, ...]:
    """By actor and action, the most frequent first; of single data sets, what names them."""
    found: dict[tuple[str, str], list[str]] = {}
    for entry in entries(session.workspace, None):
        of = entry.facts.get("dataset")
        if entry.action in SEEN and (whole or of is None or of in datasets):
            found.setdefault((str(entry.facts.get("actor", "")), entry.action), []).append(entry.at)
    told = [Access(actor, action, len(at), min(at), max(at)) for (actor, action), at in found.items()]
    return tuple(sorted(told, key=lambda one: -one.times))


@needs(Permission.READ_DATA)
def register_html(session: Session) -> bytes:
    """The register of processing (art. 37), made of what the code declares and the workspace holds."""
    return pages.register_html(of(session), catalog.products(), session.now()).encode()


@needs(Permission.READ_DATA)
def impact_html(session: Session) -> bytes:
    """The draft of an impact report (art. 38), with places for the clinic to fill in."""
    return pages.impact_html(of(session), catalog.products(), session.now()).encode()


@needs(Permission.READ_DATA)
def incident_html(session: Session, datasets: Sequence[str]) -> bytes:
    """What an incident that touches these data sets reaches: of whom, since when, who had seen them."""
    session.audit("incident_scope_made", datasets=tuple(datasets))
    return pages.incident_html(of(session, datasets), catalog.products(), session.now()).encode()


@needs(Permission.READ_DATA)
def small_cells(session: Session) -> bool:
    """Whether pages hide small groups, too."""
    return bool(session.workspace.setting(SMALL_CELLS, False))


@needs(Permission.MAINTAIN)
def set_small_cells(session: Session, hidden: bool) -> None:
    """Changes that for everybody."""
    session.workspace.set_setting(SMALL_CELLS, hidden)
    session.audit("small_cells_changed", hidden=hidden)
