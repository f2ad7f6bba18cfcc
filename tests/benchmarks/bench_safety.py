"""Mutated uploads, mutated models and files that unpack too far: what the app makes of files that harm.

Counts by environment, so that a short run is possible: PRESENCA_MUTANTS (2,000 of each).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pipeline import services
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion.reading.apart import read
from pipeline.modeling.bundle import bundle, safe_zip
from pipeline.presentation.locale import messages
from pipeline.sandbox_host import the_host
from pipeline.services import catalog
from pipeline.services.batch import training
from pipeline.services.data import loading
from pipeline.services.data.loading import ingest
from tests.benchmarks.bombs import bombs
from tests.benchmarks.harness import PeakWatch, Result
from tests.pipeline.ingestion.files import csv_bytes, xlsx_bytes

TITLE = "segurança: arquivos e modelos alterados (seguranca)"
MUTANTS = int(os.environ.get("PRESENCA_MUTANTS", "2000"))
HANG, MOST_MEMORY = 35.0, 2048.0  # seconds, MB
WHOLE_BOMB, QUICK_BOMB = 590_000_000, 20_000_000  # bytes, unpacked
KEY = b"k" * 32
_FALL = "queda"  # how an end begins that is no sentence of ours
_NOISE = (b"<!--", b"<![", b"\x00", b"\xff\xfe", b'"', b"<row/>", b"<?a", b"&#1;", b"=1+1", b"\r", b";" * 600)


def measure(quick: bool) -> list[Result]:
    """Crashes, hangs, peak memory, rows unaccounted for, models that answer otherwise in silence, and the bombs."""
    count = 20 if quick else MUTANTS
    drawn = random.Random(7)
    return [*_uploads(count, drawn), *_models(count, drawn), *_bombs(QUICK_BOMB if quick else WHOLE_BOMB)]


def _bombs(size: int) -> list[Result]:
    """Each bomb: how long its answer takes and what the one who reads it needs at most."""
    return [found for name, write in bombs(size).items() for found in _bomb(name, write)]


def _bomb(name: str, write: Callable[[Path], None]) -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bomba.bin"
        write(path)
        with PeakWatch(the_host().pid, 0.02) as watch:
            begun = time.monotonic()
            end = _answer(path)
            taken = time.monotonic() - begun
    return [
        Result(f"bomba, {name}: quedas", int(end.startswith(_FALL)), 0, ""),
        Result(f"bomba, {name}: tempo", taken, HANG, "s", detail=end),
        Result(f"bomba, {name}: pico de quem lê", watch.peak / 1024**2, MOST_MEMORY, "MB"),
    ]


def _answer(path: Path) -> str:
    try:
        return f"{read(path).table.num_rows} linhas"
    except PresencaError as error:
        return messages.message(error)
    except Exception as fault:  # noqa: BLE001 - what is counted
        return f"{_FALL}: {type(fault).__name__}"


def _uploads(count: int, drawn: random.Random) -> list[Result]:
    seeds, products = _seeds(), list(catalog.products())
    ends: Counter[str] = Counter()
    longest, lost = 0.0, 0
    the_host()
    with PeakWatch(the_host().pid, 0.02) as watch:
        for n in range(count):
            data, declared = mutated(drawn.choice(seeds), drawn), products[n % len(products)]
            begun = time.monotonic()
            try:
                report = ingest(declared, read(data, "arquivo.csv")).report
                lost += report.rows_read != report.rows_usable + sum(rows for _, rows in report.left_out)
                ends["lido"] += 1
            except PresencaError as error:
                ends["recusado" if messages.message(error) else "sem frase"] += 1
            except Exception as fault:  # noqa: BLE001 - what is counted
                ends[f"{_FALL}: {type(fault).__name__}"] += 1
            longest = max(longest, time.monotonic() - begun)
    return _told("arquivos", count, ends, longest, watch.peak) + [
        Result("arquivos: linhas sem conta", lost, 0, "", detail=f"{ends['lido']} lidos")
    ]


def _told(what: str, count: int, ends: Counter[str], longest: float, peak: int) -> list[Result]:
    falls = sum(n for end, n in ends.items() if end.startswith((_FALL, "sem frase")))
    shown = ", ".join(f"{n} {end}" for end, n in ends.most_common())
    return [
        Result(f"{what}: quedas em {count}", falls, 0, "", detail=shown),
        Result(f"{what}: o mais demorado", longest, HANG, "s"),
        Result(f"{what}: pico de quem lê", peak / 1024**2, MOST_MEMORY, "MB"),
    ]


def _seeds() -> list[bytes]:
    """Files of each kind, of the products' own examples."""
    rows = {p.key: [[f.label for f in p.asked], *_examples(p)] for p in catalog.products()}
    found = []
    for table in rows.values():
        page = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in table)
        found += [csv_bytes(table), csv_bytes(table, encoding="utf-16-le"), xlsx_bytes({"Folha": table})]
        found.append(f"<html><table>{page}</table></html>".encode())
    return found


def _examples(product: Product) -> list[list[str]]:
    return [[f.examples[n % len(f.examples)] for f in product.asked] for n in range(30)]


def mutated(data: bytes, drawn: random.Random) -> bytes:
    """The file with one to five faults: within its parts where it is a zip, half the time."""
    if data[:2] == b"PK" and drawn.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = drawn.choice(sorted(parts))
        parts[name] = _faulty(parts[name], drawn)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
        return out.getvalue()
    return _faulty(data, drawn)


def _faulty(data: bytes, drawn: random.Random) -> bytes:
    for _ in range(drawn.randint(1, 5)):
        place = drawn.randrange(len(data) + 1)
        end = min(len(data), place + drawn.choice((1, 4, 40, 4000)))
        new = drawn.choice(
            (
                b"",
                drawn.randbytes(drawn.randint(1, 40)),
                drawn.choice(_NOISE) * drawn.choice((1, 1, 30_000)),
                data[place:end] * 3,
            )
        )
        data = data[:place] + new + data[drawn.choice((place, end)) :]
    return data


def _models(count: int, drawn: random.Random) -> list[Result]:
    made = [(declared, _saved(declared)) for declared in catalog.products()]
    ends: Counter[str] = Counter()
    longest = 0.0
    with PeakWatch(the_host().pid, 0.02) as watch:
        for n in range(count):
            declared, content = made[n % len(made)]
            data, begun = altered(content, drawn), time.monotonic()
            ends[_opened(data, partial(bundle.load, data, declared))] += 1
            longest = max(longest, time.monotonic() - begun)
    silent = Result("modelos: alterados e aceitos como nossos", ends["nosso"], 0, "")
    return [*_told("modelos", count, ends, longest, watch.peak), silent]


def _saved(declared: Product) -> bytes:
    """A signed model of the product's sample."""
    with tempfile.TemporaryDirectory() as folder:
        table, path = Path(folder) / "exemplo.csv", Path(folder) / "modelo.zip"
        services.write_sample(declared.key, table, 2000, 7, errors=False, future=False)
        model, _ = training.train(loading.load(declared.key, table), effort="fast", seed=7)
        bundle.save(model, path, product=declared, key=KEY)
        return path.read_bytes()


def _opened(data: bytes, load: Callable[[], object]) -> str:
    try:
        load()
        return "nosso" if bundle.is_signed(data, KEY) else "aberto, e dito que não é nosso"
    except PresencaError as error:
        return "recusado" if messages.message(error) else "sem frase"
    except Exception as fault:  # noqa: BLE001 - what is counted
        return f"{_FALL}: {type(fault).__name__}"


_NUMBERS = (-1, 0, 1e-320, 2**63, 1e308, 0.5, None, "=1+1", "2999-01-01", [], 1e12)


def altered(content: bytes, drawn: random.Random) -> bytes:
    """The bundle with one value of its JSON, or some letters of a text, changed; checksums right again."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(entries.pop("manifest.json"))
    name = drawn.choice(sorted(entries))
    old = entries[name]
    while entries[name] == old:
        entries[name] = _value_changed(old, drawn) if name.endswith(".json") else _letters_changed(old, drawn)
    manifest["files"] = {entry: hashlib.sha256(data).hexdigest() for entry, data in entries.items()}
    manifest["sum"] = hashlib.sha256(safe_zip.sealed(manifest)).hexdigest()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in {**entries, "manifest.json": json.dumps(manifest).encode()}.items():
            archive.writestr(entry, data)
    return out.getvalue()


def _value_changed(data: bytes, drawn: random.Random) -> bytes:
    plain = json.loads(data)
    place = plain
    while True:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return data
        key = drawn.choice(keys)
        if isinstance(place[key], dict | list) and place[key] and drawn.random() < 0.9:
            place = place[key]
            continue
        if isinstance(place, dict) and drawn.random() < 0.2:
            del place[key]
        else:
            place[key] = drawn.choice(_NUMBERS)
        return json.dumps(plain).encode()


def _letters_changed(data: bytes, drawn: random.Random) -> bytes:
    place = drawn.randrange(len(data))
    return data[:place] + drawn.choice((b"", b"9", b"-", b"e99", b" ", b"nan")) + data[place + drawn.randint(0, 3) :]
