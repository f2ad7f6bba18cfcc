"""What a session has chosen. The keys of the session live here alone; ids only, never a frame.

A choice outlives a reload through the address (ids of data set and model, which identify no patient) and
falls back on the newest of the workspace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import address, file_names, who
from pipeline import services
from pipeline.contract import Product
from pipeline.records import Comparison, DatasetInfo, ModelInfo, PlaceOverview, PlaceWhy, SeriesInfo, ThemeOverview
from pipeline.services import settings
from pipeline.services.data import datasets
from pipeline.services.data import series as series_of
from pipeline.services.data.datasets import Preview
from pipeline.services.models import models, starter
from pipeline.services.session import Session

PRODUCT, DATASET, MODEL = "produto", "dados", "modelo"  # keys of the session and of the address alike


@dataclass(frozen=True)
class Current:
    """The product, series, data set and model that pages speak of; None where there is none yet.

    `proposed`: a model of the series that is newer than the one shown. It is offered, never slipped in.
    """

    product: Product
    dataset: DatasetInfo | None
    model: ModelInfo | None
    series: SeriesInfo | None = None
    proposed: ModelInfo | None = None


def session() -> Session:
    """Whoever sits at the page, on the clinic's workspace. PresencaError where their login is over."""
    return who.session()


def may(use_case: Callable[..., object]) -> bool:
    """Whether whoever sits at the page may do this; what they may not is not offered."""
    return session().allows(use_case)


def _chosen(key: str) -> str | None:
    held, told = st.session_state.get(key), st.query_params.get(key)
    return told or held if address.arrived() else held or told


def product() -> Product:
    """The chosen product, or the one used last, or the first."""
    known = {p.key: p for p in services.products()}
    for key in (_chosen(PRODUCT), settings.get(session(), PRODUCT)):
        if key in known:
            return known[key]
    return next(iter(known.values()))


def choose_product(key: str) -> None:
    """Changes the product and forgets what belonged to the other."""
    st.session_state[PRODUCT] = key
    settings.keep(session(), PRODUCT, key)
    for name in (DATASET, MODEL):
        st.session_state.pop(name, None)
        st.query_params.pop(name, None)


def choose_dataset(dataset_id: str) -> None:
    """Opens a data set, with whichever model goes with it."""
    st.session_state[DATASET] = dataset_id
    st.session_state.pop(MODEL, None)
    st.query_params.pop(MODEL, None)


def forget_choice_of_model() -> None:
    """The series' own model is shown next."""
    st.session_state.pop(MODEL, None)
    st.query_params.pop(MODEL, None)


def choose_model(model_id: str) -> None:
    """Shows a model in this session."""
    st.session_state[MODEL] = model_id


def use_model(model_id: str) -> None:
    """Shows a model, and puts it to use for whoever opens the series."""
    models.use(session(), model_id)
    choose_model(model_id)


def current() -> Current:
    """Resolves the choices against the workspace and writes them into the address, so that a reload keeps them."""
    declared = product()
    dataset = _dataset(declared)
    model = _model(declared, dataset)
    series = series_of.known(session(), dataset.series) if dataset else None
    found = Current(declared, dataset, model, series, models.newer(session(), model, dataset) if model else None)
    st.session_state.update(frame(found))  # type: ignore[arg-type]
    file_names.remember(dataset)
    address.keep_frame(frame(found))
    return found


def has_model() -> bool:
    """Whether the product, or its series that is shown, has a model; nothing is chosen by asking."""
    return _model(product(), _dataset(product())) is not None


def reader(found: Current) -> ModelInfo | None:
    """The model that reads comments: the one that is shown, or else the starter that ships with the product."""
    return found.model or starter.info(session(), found.product.key)


def frame(found: Current) -> dict[str, str | None]:
    """What every page's address carries: which product, data set and model it shows."""
    return {
        PRODUCT: found.product.key,
        DATASET: found.dataset.id if found.dataset else None,
        MODEL: found.model.id if found.model else None,
    }


def lost() -> str:
    """`DATASET` or `MODEL` where the address or this session names one that is not there any more; "" else."""
    declared = product()
    there = {
        DATASET: {d.id for d in datasets.datasets(session(), declared.key)},
        MODEL: {m.id for m in models.models(session(), declared.key)},
    }
    return next((key for key, ids in there.items() if (chosen := _chosen(key)) and chosen not in ids), "")


def forget_lost(*keys: str) -> None:
    """Lets go of a choice that is gone, so that the newest is shown because somebody asked for it."""
    for key in keys:
        st.session_state.pop(key, None)
        st.query_params.pop(key, None)


def nothing() -> Current:
    """The product alone: what surrounds a page that has nothing to show."""
    return Current(product(), None, None)


def _dataset(declared: Product) -> DatasetInfo | None:
    kept = datasets.datasets(session(), declared.key)
    return {d.id: d for d in kept}.get(_chosen(DATASET) or "") or _newest(kept)


def _newest(kept: tuple[DatasetInfo, ...]) -> DatasetInfo | None:
    past = [d for d in kept if d.purpose != "future"]
    return next(iter(past or kept), None)


def newest() -> DatasetInfo | None:
    """What is shown where nothing was chosen."""
    return _newest(datasets.datasets(session(), product().key))


def _model(declared: Product, dataset: DatasetInfo | None) -> ModelInfo | None:
    kept = models.models(session(), declared.key)
    chosen = {m.id: m for m in kept}.get(_chosen(MODEL) or "")
    if chosen is not None:
        return chosen
    return models.suited(session(), declared.key, dataset)


def is_phone() -> bool:
    """Whether the browser says that it is a phone: tables become cards there."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def is_dark() -> bool:
    """Whether the person sees the dark theme."""
    return st.context.theme.type == "dark"


def forget_dataset(dataset_id: str) -> None:
    """Called when a data set was deleted."""
    if st.session_state.get(DATASET) == dataset_id:
        st.session_state.pop(DATASET, None)
    st.query_params.pop(DATASET, None)


# ---------------------------------------------------------------- the upload in hand

_UPLOAD, _PREVIEWS = "upload_count", "upload_previews"


def upload_key() -> str:
    """The uploader's key; it changes when an upload is done, so that the next starts empty."""
    return f"upload_{st.session_state.get(_UPLOAD, 0)}"


def has_upload() -> bool:
    """Whether a file was sent that is not kept yet."""
    return bool(st.session_state.get(upload_key()))


def forget_upload() -> None:
    """Empties the uploader, and what was looked up of the file in it."""
    st.session_state[_UPLOAD] = st.session_state.get(_UPLOAD, 0) + 1
    st.session_state.pop(_PREVIEWS, None)


def kept_preview(key: tuple[str | None, ...]) -> Preview | None:
    """What a file looked like when it was last read in this session."""
    return st.session_state.get(_PREVIEWS, {}).get(key)


def keep_preview(key: tuple[str | None, ...], preview: Preview) -> None:
    """Keeps what a file looks like when read in this way, while it is in the uploader."""
    st.session_state[_PREVIEWS] = {**st.session_state.get(_PREVIEWS, {}), key: preview}


# ---------------------------------------------------------------- what takes long to count

_THEMES = "comments_themes"


def kept_themes(key: str) -> ThemeOverview | None:
    """The themes that were last counted in this session, if they are these: counts only, no comment."""
    held: tuple[str, ThemeOverview] | None = st.session_state.get(_THEMES)
    return held[1] if held is not None and held[0] == key else None


def keep_themes(key: str, found: ThemeOverview) -> None:
    """Keeps the themes that were last counted, under what they were counted of."""
    st.session_state[_THEMES] = (key, found)


_PLACES = "comments_places"


def kept_places(key: str) -> PlaceOverview | PlaceWhy | None:
    """What was last counted by place under this key in this session: counts and names of places, no comment."""
    held: dict[str, PlaceOverview | PlaceWhy] = st.session_state.get(_PLACES, {})
    return held.get(key)


def keep_places(key: str, found: PlaceOverview | PlaceWhy) -> None:
    """Keeps what was counted by place; of all that was kept the last two."""
    held = {**st.session_state.get(_PLACES, {}), key: found}
    st.session_state[_PLACES] = dict(list(held.items())[-2:])


# ---------------------------------------------------------------- the agenda

_SHOWN = "identities_shown"


def first_showing(key: str) -> bool:
    """Whether this session has not shown these identities yet; a rerun of the same page shows nothing new."""
    if st.session_state.get(_SHOWN) == key:
        return False
    st.session_state[_SHOWN] = key
    return True


# ---------------------------------------------------------------- the data page

_SECTION, _COMPARED, _UPLOADED_FIX, _SAID = "data_section", "compared", "fix_upload_count", "data_said"
REPORT, FIX, COMPARE = SECTIONS = ("Relatório", "Corrigir", "Comparar")


def section() -> str:
    """Which part of the data page is open."""
    return st.session_state.get(_SECTION) or REPORT


def section_key() -> str:
    """The key of the control that chooses a page's section."""
    return _SECTION


def kept_comparison(key: tuple[str, ...]) -> Comparison | None:
    """The comparison that was last made in this session, if it is this one: counts and names of values only."""
    held: tuple[tuple[str, ...], Comparison] | None = st.session_state.get(_COMPARED)
    return held[1] if held is not None and held[0] == key else None


def keep_comparison(key: tuple[str, ...], found: Comparison) -> None:
    """Keeps the comparison that was last made."""
    st.session_state[_COMPARED] = (key, found)


def fix_upload_key() -> str:
    """The key of the uploader of annotated workbooks; it changes when one was taken in."""
    return f"fix_upload_{st.session_state.get(_UPLOADED_FIX, 0)}"


def forget_fix_upload() -> None:
    """Empties the uploader of annotated workbooks."""
    st.session_state[_UPLOADED_FIX] = st.session_state.get(_UPLOADED_FIX, 0) + 1


def say_next(text: str) -> None:
    """A sentence to be said once the page is drawn again."""
    st.session_state[_SAID] = text


def said() -> str:
    """The sentence that waited for this drawing, once; "" where none did."""
    return st.session_state.pop(_SAID, "")


# ---------------------------------------------------------------- the training being watched

JOB = "treino"


def watch_job(job_id: str | None) -> None:
    """The training that this window started; the address keeps it through a reload."""
    st.session_state[JOB] = job_id or ""
    if job_id:
        st.query_params[JOB] = job_id
    else:
        st.query_params.pop(JOB, None)


def watched_job() -> str | None:
    """The training that this session follows, by its own memory or by the address."""
    held = st.session_state.get(JOB)
    return (st.query_params.get(JOB) if held is None else held) or None


def forget_model(model_id: str) -> None:
    """Called when a model was deleted."""
    if st.session_state.get(MODEL) == model_id:
        st.session_state.pop(MODEL, None)
    st.query_params.pop(MODEL, None)


def short_hash(choice: object) -> str:
    """Eight characters that tell choices apart: names of downloads carry it, never the values themselves."""
    return hashlib.sha256(repr(choice).encode()).hexdigest()[:8]


# ---------------------------------------------------------------- what was taken back

_RECOVERED = "recovered_said"


def say_recovered(text: str) -> None:
    """What came back, to be said once the page is drawn again."""
    st.session_state[_RECOVERED] = text


def recovered_said() -> str:
    """What was recovered, to be said once; "" where nothing was."""
    return st.session_state.pop(_RECOVERED, "")


# ---------------------------------------------------------------- the rows that a click opened on the risk page

_ROWS = "risk_rows"


def open_rows(dataset_id: str, place: str, field: str, value: str) -> None:
    """Shows the rows of a group, or of a cell of the heat map, below the charts of `place`."""
    st.session_state[_ROWS] = (dataset_id, place, field, value)


def close_rows() -> None:
    """Closes the rows that a click opened."""
    st.session_state.pop(_ROWS, None)


def opened_rows(dataset_id: str) -> tuple[str, str, str] | None:
    """Place, field and value of the rows that are open for this data set."""
    held: tuple[str, str, str, str] | None = st.session_state.get(_ROWS)
    return held[1:] if held is not None and held[0] == dataset_id else None


# ---------------------------------------------------------------- downloads that could not be made

_FAILED = "failed_downloads"


def download_failures(key: str) -> Callable[[str], None]:
    """Takes down why a download failed;
    it is called from another thread, where the session's state can't be asked for.
    """
    kept: dict[str, str] = st.session_state.setdefault(_FAILED, {})
    return lambda why: kept.__setitem__(key, why)


def failed_download(key: str) -> str:
    """Why a download failed when it was last asked for, said once."""
    return str(st.session_state.get(_FAILED, {}).pop(key, ""))
