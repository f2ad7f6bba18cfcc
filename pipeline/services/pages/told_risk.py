"""The risk of a list's lines as it stands now: a confirmation lowers it, a cancellation ends it, a hand may set it.

From its own moment on and never before: the list as it was made keeps its risks, and so does whatever looks back.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.action.contacts import standing
from pipeline.contract import Product
from pipeline.insight.calls.call_list import TOLD
from pipeline.insight.scoring.tiers import tiers_in, tiers_of
from pipeline.records import Tier
from pipeline.services.data import bookings, event_keys
from pipeline.services.pages import confirmed
from pipeline.services.session import Permission, Session, needs


@needs(Permission.SEE_RISK)
def as_told(
    session: Session, dataset_id: str, frame: pd.DataFrame, product: Product, tiers: tuple[Tier, ...]
) -> pd.DataFrame:
    """The lines of a list with the risk that contacts and hands left them, highest first; what they changed stands in
    TOLD, in fractions of risk.
    """
    series = session.workspace.dataset(dataset_id).series
    contacts, hands = session.workspace.contacts(series), session.workspace.risk_overrides(series)
    if not (contacts or hands) or not len(frame):
        return frame
    keys = bookings.keys_of_lines(session, dataset_id, frame)
    about_keys = {*(one.key for one in contacts), *(one.key for one in hands)}
    noted = np.array([int(key, 16) for key in about_keys], np.uint64)
    about = np.flatnonzero(np.isin(keys, noted))
    before = frame["risk"].to_numpy(dtype=np.float64)
    names, ratio = [event_keys.written(key) for key in keys[about].tolist()], confirmed.ratio(session, series).value
    after = before.copy()
    after[about] = standing.risks(names, before[about], contacts, hands, session.now(), ratio)
    if np.array_equal(before, after, equal_nan=True):
        return frame
    tier = pd.Series(tiers_of(after, tiers_in(product, tiers)), index=frame.index, dtype="str")
    told = frame.copy().assign(risk=after, tier=tier, **{TOLD: after - before})  # copied: a list has many columns
    return told.sort_values("risk", ascending=False, kind="stable", na_position="last")
