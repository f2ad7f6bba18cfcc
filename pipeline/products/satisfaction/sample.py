"""Synthetic care events of an invented network, rated and commented, as the spreadsheet that a clinic would send.

`generate` depends on its arguments alone: no clock, no global random state. See `sample_world.CAUSES` and `THEMES` for
why its clients rate as they do, `sample_errors` for the faults of `errors=True`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from pipeline.products.satisfaction import sample_world as world
from pipeline.products.satisfaction.sample_comments import comment
from pipeline.products.satisfaction.sample_errors import plant
from pipeline.products.satisfaction.sample_world import CAUSES

__all__ = ["CAUSES", "HEADERS", "generate", "planted_errors"]

HEADERS = {
    "gender": "Gênero",
    "birth_date": "Data de Nascimento",
    "care_mode": "Tipo de atendimento",
    "care_level": "Nível de atendimento",
    "event_date": "Data do evento",
    "cep": "CEP",
    "rating": "Classificação",
    "comment": "Texto",
    "unit": "Unidade",
    "sector": "Setor",
}
_CHUNK = 20_000
Row = list[str]


def generate(rows: int, seed: int, *, errors: bool = False, future: bool = False) -> Iterator[pa.Table]:
    """Yields exactly `rows` care events in Arrow tables of text columns, headed as in HEADERS.

    `future`: events of the last month that have a comment and no rating yet. `errors`: with typical faults (see
    `planted_errors`). ValueError where rows < 1.
    """
    if rows < 1:
        raise ValueError("rows must be positive")
    if errors:
        yield _table(plant(_rows(rows, seed, future), seed)[0])
        return
    events = _events(rows, seed, future)
    for start in range(0, rows, _CHUNK):
        yield _table(_written(events, start, min(start + _CHUNK, rows), seed, future))


def planted_errors(rows: int, seed: int, *, future: bool = False) -> dict[str, int]:
    """How many rows of `generate(rows, seed, errors=True, future=future)` were given each fault, by the code of its rule."""
    return plant(_rows(rows, seed, future), seed)[1]


def _rows(rows: int, seed: int, future: bool) -> list[Row]:
    return _written(_events(rows, seed, future), 0, rows, seed, future)


def _table(rows: list[Row]) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    return pa.table({header: pa.array(column, pa.string()) for header, column in zip(HEADERS.values(), columns, strict=True)})


def _numbers(seed: int, stream: str) -> np.random.Generator:
    return np.random.default_rng(int.from_bytes(hashlib.sha256(f"satisfaction/{stream}/{seed}".encode()).digest()[:16], "big"))


def _pick(draw: np.random.Generator, weights: list[float], size: int) -> np.ndarray:
    return draw.choice(len(weights), size, p=np.array(weights) / sum(weights))


def _events(rows: int, seed: int, future: bool) -> dict[str, np.ndarray]:
    """The circumstances of all events as codes, in the order of their days."""
    draw = _numbers(seed, "recent" if future else "past")
    days = np.sort(draw.integers(0, world.RECENT if future else world.DAYS, rows))
    last = world.REFERENCE.toordinal()
    level = _pick(draw, [w for _, w in world.LEVELS], rows)
    remote_share = np.array([world.REMOTE.get(name, 0.0) for name, _ in world.LEVELS])
    age = np.clip(draw.normal(46, 19, rows), 1, 96)
    place = _pick(draw, [p[3] for p in world.PLACES], rows)
    low, high = (np.array([p[i] for p in world.PLACES]) for i in (1, 2))
    day = last - ((world.RECENT if future else world.DAYS) - 1) + days
    return {
        "day": day,
        "level": level,
        "remote": draw.random(rows) < remote_share[level],
        "gender": _pick(draw, [w for _, w in world.GENDERS], rows),
        "age": age,
        "birth": (day - age * 365.25 - draw.integers(0, 300, rows)).astype(int),
        "place": place,
        "cep": (low[place] + draw.random(rows) * (high[place] - low[place])).astype(int) * 1000 + draw.integers(0, 999, rows),
        "noise": draw.normal(0, world.SPREAD, rows),
        "episode": draw.random(rows) < world.EPISODE_SHARE,
        "silent": draw.random(rows),
        "mistaken": draw.random(rows) < world.MISTAKEN,
    }


def _written(events: dict[str, np.ndarray], start: int, end: int, seed: int, future: bool) -> list[Row]:
    """Rows `start` to `end` as text; each draws from dice of its own, so that chunks don't matter."""
    plain = {name: values[start:end].tolist() for name, values in events.items()}
    return [_row(f"{seed}/{future}/{start + i}", {name: values[i] for name, values in plain.items()}, future)
            for i in range(end - start)]


def _row(seed: str, event: dict[str, float], future: bool) -> Row:
    dice = random.Random(seed)
    level, remote = world.LEVELS[int(event["level"])][0], bool(event["remote"])
    day = dt.date.fromordinal(int(event["day"]))
    uf = world.PLACES[int(event["place"])][0]
    episode = bool(event["episode"]) and not remote and day >= world.EPISODE_FROM
    themes = _themes(dice, level, "Remoto" if remote else "Presencial")
    latent = world.BASE + event["noise"] + _circumstances(level, remote, uf, event["age"]) + episode * world.EPISODE_EFFECT
    latent += sum(world.THEMES[name][2 if good else 3] for name, good in themes)
    stars = 1 + sum(latent >= cut for cut in world.CUTS)
    feminine = world.GENDERS[int(event["gender"])][0] == "Feminino"
    silent = event["silent"]
    told = _worth_telling(dice, stars, themes, episode)
    said = "" if not future and silent < world.NO_COMMENT else comment(dice, stars, told, feminine, episode)
    unrated = future or (said != "" and silent > 1 - world.NO_RATING)
    given = 6 - stars if event["mistaken"] and said and stars != 3 else stars
    return [
        world.GENDERS[int(event["gender"])][0], f"{dt.date.fromordinal(int(event['birth'])):%d/%m/%Y}", "Remoto" if remote else "Presencial", level,
        f"{day:%d/%m/%Y}", f"{int(event['cep']) // 1000:05d}-{int(event['cep']) % 1000:03d}",
        "" if unrated else f"{given} {'estrela' if given == 1 else 'estrelas'}", said, *_place(seed, level, themes),
    ]


def _place(seed: str, level: str, themes: list[tuple[str, bool]]) -> tuple[str, str]:
    """Unit and sector, from dice of their own: who went through what a unit does badly was rather there."""
    dice = random.Random(f"place/{seed}")
    weights = [weight * (world.WORSE if (world.WORSE_AT.get(name), False) in themes else 1.0) for name, weight in world.UNITS]
    unit = dice.choices([name for name, _ in world.UNITS], weights)[0]
    return unit, dice.choice(world.SECTORS[level])


def _themes(dice: random.Random, level: str, mode: str) -> list[tuple[str, bool]]:
    """What the client experienced worth a word (name, good or bad), at most four; a bad mood colours all of it a little."""
    mood = dice.gauss(0, 0.22)
    found = []
    for name, (often, bad, _, _) in world.THEMES.items():
        if dice.random() < often * world.MORE.get((level, name), 1.0) * world.MORE.get((mode, name), 1.0):
            found.append((name, dice.random() >= bad * 0.62 + mood))
    dice.shuffle(found)
    return found[: dice.choice((1, 2, 2, 3, 3, 4))]


def _worth_telling(dice: random.Random, stars: int, themes: list[tuple[str, bool]], episode: bool) -> list[tuple[str, bool]]:
    """What of it the client writes: the unhappy mostly what went wrong, the happy mostly what went well."""
    good, bad = [t for t in themes if t[1]], [t for t in themes if not t[1]]
    if stars <= world.UNHAPPY:
        bad = bad or ([] if episode else [(name, False) for name, _ in good[:1]])
        return bad + (good[:1] if dice.random() < 0.25 else [])
    if stars >= world.HAPPY:
        good = good or [(name, True) for name, _ in bad[:1]]
        return good + (bad[:1] if dice.random() < (0.3 if stars == world.HAPPY else 0.06) else [])
    return themes


def _circumstances(level: str, remote: bool, uf: str, age: float) -> float:
    held = {"care_mode": "Remoto" if remote else "Presencial", "care_level": level, "cep_uf": uf,
            "birth_date_age_band": "18 a 29" if 18 <= age < 30 else ""}
    return sum(cause.effect for cause in CAUSES if held[cause.field] == cause.value)
