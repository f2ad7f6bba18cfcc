"""Who is left uncalled by chance, so that the effect of calling can be known; and who gets which of several ways."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

QUARTERS = 4
_EPSILON = 1e-9  # of floats


@dataclass(frozen=True)
class Drawn:
    """Of each listed appointment: its arm (int, the place of its share) and the quarter of risk that its patient was
    drawn in (int, 1 the lowest to 4).
    """

    arm: np.ndarray
    quarter: np.ndarray


def control(
    patients: Sequence[str],
    risk: np.ndarray,
    share: float,
    seed: int,
    *,
    salt: str = "",
    known: Mapping[str, bool] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """bool per appointment, whether it is in the control group; and its quarter of risk. `known`: patients drawn before
    for this list, with whether they are control. See `draw`.
    """
    kept = {patient: 0 if is_control else 1 for patient, is_control in (known or {}).items()}
    drawn = draw(patients, risk, (share, 1 - share), seed, salt=salt, known=kept)
    return drawn.arm == 0, drawn.quarter


def draw(
    patients: Sequence[str],
    risk: np.ndarray,
    shares: Sequence[float],
    seed: int,
    *,
    salt: str = "",
    known: Mapping[str, int] | None = None,
) -> Drawn:
    """An arm for each patient by chance, in each quarter of risk in these shares (they sum to 1) up to one patient.

    A patient is wholly in one arm, whatever the order of the rows: the draw is a keyed hash (BLAKE2b) of `seed`, `salt`
    (another: another draw, as of another season, lest the same people are never called) and the patient's name. An
    appointment without a patient is given its own key by the caller. `known`: patients whose arm stands, as of a list
    that is made again with more in it; the others fill up to the shares. ValueError for shares that don't sum to 1.
    """
    if min(shares, default=0) < 0 or abs(sum(shares) - 1) > 1e-9:
        raise ValueError("shares of arms sum to 1")
    names, place = np.unique(np.asarray(patients, dtype=object).astype(str), return_inverse=True)
    highest = np.full(len(names), -np.inf)
    np.maximum.at(highest, place, np.nan_to_num(np.asarray(risk, dtype=np.float64), nan=-1.0))
    chance = np.array([_chance(seed, salt, name) for name in names], dtype=np.float64)
    quarter = _quarters(highest, chance)
    fixed = np.array([(known or {}).get(name, -1) for name in names], dtype=np.int64)
    arm = _arms(quarter, chance, fixed, np.asarray(shares, dtype=np.float64), _chance(seed, salt, "\0rounding"))
    return Drawn(arm[place], quarter[place] + 1)


def fitting(
    patients: Sequence[str], risk: np.ndarray, share: float, seed: int, most: int, *, known: Mapping[str, bool]
) -> int:
    """How many of these patients (each once), from the first, can be drawn from by `control` with at most `most` of
    them to be contacted, however chance rounds: that they fit is known before the draw, so that it stays unbiased.
    """
    highest = np.nan_to_num(np.asarray(risk, dtype=np.float64), nan=-1.0)
    chance = np.array([_chance(seed, "", name) for name in patients], dtype=np.float64)
    fixed = np.array([{True: 0, False: 1}.get(known.get(name), -1) for name in patients], dtype=np.int64)  # type: ignore[arg-type]
    size = len(patients)
    while size > 0:
        own = slice(size)
        over = _most_contacted(_quarters(highest[own], chance[own]), fixed[own], share) - most
        if over <= 0:
            break
        size -= over
    return max(size, 0)


def _most_contacted(quarter: np.ndarray, fixed: np.ndarray, share: float) -> int:
    """How many are contacted where chance rounds to the most: the counts change at a few starts only."""
    shares, sizes = np.array([share, 1 - share]), np.bincount(quarter, minlength=QUARTERS)
    ends = np.cumsum(sizes)
    turns = np.unique(np.concatenate([[0.0, 1.0], (-share * ends) % 1.0, (-share * (ends - sizes)) % 1.0]))
    apart = np.bincount(quarter[fixed == 0], minlength=QUARTERS)
    free = np.bincount(quarter[fixed < 0], minlength=QUARTERS)
    least = len(quarter)
    for start in (turns[1:] + turns[:-1]) / 2:
        wanted = [_wanted(n, end - n, shares, start)[0] for n, end in zip(sizes.tolist(), ends.tolist(), strict=True)]
        least = min(least, int((apart + np.clip(np.array(wanted) - apart, 0, free)).sum()))
    return len(quarter) - least


def _quarters(risk: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """int per patient, 0 the lowest quarter to 3; of equal risks, as chance has it."""
    rank = np.empty(len(risk), dtype=np.int64)
    rank[np.lexsort((chance, risk))] = np.arange(len(risk))
    return rank * QUARTERS // max(len(risk), 1)


def _chance(seed: int, salt: str, name: str) -> float:
    """A number in [0, 1) that belongs to a name."""
    key = hashlib.sha256(f"{seed}/{salt}".encode("utf-8", "surrogatepass")).digest()
    told = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
    return int.from_bytes(told, "big") / 2**64


def _arms(quarter: np.ndarray, chance: np.ndarray, fixed: np.ndarray, shares: np.ndarray, start: float) -> np.ndarray:
    """Counts are rounded systematically from quarter to quarter from a chance start: each patient's odds are the share
    itself also where a quarter has three people, and of two arms the whole list keeps its share up to one.
    """
    found, before = fixed.copy(), 0
    for q in range(QUARTERS):
        own = np.flatnonzero(quarter == q)
        wanted = _wanted(len(own), before, shares, start)
        taken = np.bincount(fixed[own][fixed[own] >= 0], minlength=len(shares))
        free = own[fixed[own] < 0]
        free = free[np.argsort(chance[free], kind="stable")]
        left = np.repeat(np.arange(len(shares)), np.maximum(wanted - taken, 0))[: len(free)]
        found[free] = np.concatenate([left, np.full(len(free) - len(left), len(shares) - 1)])
        before += len(own)
    return found


def _wanted(size: int, before: int, shares: np.ndarray, start: float) -> np.ndarray:
    """int per arm: how many of a quarter of this size, with so many patients in the quarters `before` it."""
    turn = (start + shares[0] * before) % 1.0
    exact = np.cumsum(shares) * size
    ends = np.minimum(np.floor(exact + turn + _EPSILON), np.ceil(exact - _EPSILON)).astype(np.int64)
    ends[-1] = size
    return np.diff(ends, prepend=0)
