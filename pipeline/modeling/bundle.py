"""A model as one file: a zip of LightGBM text and JSON that is safe to open, whoever made it.

Nothing in it can run code. On the way in: limits, names and checksums (archive), then version and product, then
the JSON as records, then each model text by our own rules (modeltext), then a first load in a child process
(loadcheck) that must give the golden rows the risks they had when the model was saved. Only then is the text
given to LightGBM in this process.
"""

from __future__ import annotations

import importlib.metadata
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np

from pipeline.contract import Product
from pipeline.errors import IncompatibleBundle, UnsafeBundle
from pipeline.modeling import archive, modeltext
from pipeline.modeling.features import Aggregates
from pipeline.modeling.model import Golden, TrainedModel, declaration_hash
from pipeline.records import ModelCard, from_plain, to_plain

FORMAT = "presenca-modelo"
VERSION = 1
MAX_BOOSTERS = 64
GOLDEN_TOLERANCE = 1e-6
LOAD_SECONDS = 120.0

_BOOSTER = re.compile(r"booster_([0-9]{1,2})\.txt")
_RECORDS = ("model.json", "card.json", "aggregates.json", "golden.json")
_LIBRARIES = ("lightgbm", "numpy", "pandas")
_UNFIT = (TypeError, KeyError, ValueError, AttributeError, OverflowError, IndexError, RecursionError)


def save(model: TrainedModel, path: Path) -> None:
    """Writes the bundle, whole or not at all; equal models give equal bytes."""
    entries = {f"booster_{i}.txt": modeltext.canonical(booster.model_to_string(num_iteration=-1)).encode()
               for i, booster in enumerate(model.boosters)}
    plain = {
        "model.json": {"slope": model.slope, "intercept": model.intercept, "columns": list(model.columns),
                       "factor_of": dict(model.factor_of), "boosters": len(model.boosters)},
        "card.json": to_plain(model.card),
        "aggregates.json": model.aggregates.to_plain(),
        "golden.json": to_plain(model.golden),
    }
    entries |= {name: archive.dump_json(content) for name, content in plain.items()}
    libraries = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    archive.write(Path(path), entries, {
        "format": FORMAT, "version": VERSION, "product": model.product_key, "declaration": model.declaration,
        "libraries": libraries,
    })


def peek(source: Path | bytes) -> str:
    """Product key of the bundle, after the checks of the zip. Raises UnsafeBundle, IncompatibleBundle."""
    manifest, _ = _opened(source)
    return str(manifest["product"])


def load(source: Path | bytes, product: Product) -> TrainedModel:
    """The model in the bundle, for `product`.

    Raises UnsafeBundle (damaged, crafted, too large) or IncompatibleBundle (another version, another product).
    """
    manifest, entries = _opened(source)
    if manifest["product"] != product.key:
        raise IncompatibleBundle(
            f"Este modelo é de outro produto ({_short(manifest['product'])}) e não serve para {product.title}.",
            "Escolha o produto do modelo, ou um modelo deste produto.",
        )
    if manifest.get("declaration") != declaration_hash(product):
        raise IncompatibleBundle(
            "Este modelo é de outra versão do Presença: os fatores que ele usa mudaram.",
            "Treine o modelo outra vez.",
        )
    try:
        parts = _parts(entries, product)
    except _UNFIT as error:
        raise UnsafeBundle("O arquivo do modelo está danificado: o conteúdo não tem a forma esperada.", archive.HINT) from error
    texts = _checked_texts(entries, parts["columns"])
    _first_load(texts, parts)
    boosters = tuple(lgb.Booster(model_str=text) for text in texts)
    return TrainedModel(product_key=product.key, boosters=boosters, declaration=manifest["declaration"], **parts)


def _opened(source: Path | bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    manifest, entries = archive.read(source, lambda name: name in _RECORDS or bool(_BOOSTER.fullmatch(name)))
    if manifest.get("format") != FORMAT or not isinstance(manifest.get("product"), str):
        raise UnsafeBundle("O arquivo não é um modelo do Presença.", archive.HINT)
    if manifest.get("version") != VERSION:
        raise IncompatibleBundle(
            f"Este modelo é da versão {_short(manifest.get('version'))} do formato; esta instalação lê a versão {VERSION}.",
            "Atualize o Presença ou treine o modelo outra vez.",
        )
    return manifest, entries


def _parts(entries: Mapping[str, bytes], product: Product) -> dict[str, Any]:
    """Everything but the boosters, as records."""
    plain = {name: archive.load_json(entries[name], name) for name in _RECORDS}
    body = plain["model.json"]
    columns = tuple(str(name) for name in body["columns"])
    factor_of = {str(k): str(v) for k, v in body["factor_of"].items()}
    known = {spec.key for spec in product.features}
    golden = from_plain(Golden, plain["golden.json"])
    slope, intercept = float(body["slope"]), float(body["intercept"])
    sound = (
        set(factor_of) == set(columns) and len(set(columns)) == len(columns) and set(factor_of.values()) <= known
        and math.isfinite(slope) and math.isfinite(intercept) and abs(slope) < 1e3 and abs(intercept) < 1e3
        and golden.rows and len(golden.rows) == len(golden.risks) <= 1_000
        and all(len(row) == len(columns) for row in golden.rows)
        and body["boosters"] == sum(name.startswith("booster_") for name in entries)
    )
    if not sound:
        raise ValueError("parts contradict each other")
    return {"slope": slope, "intercept": intercept, "columns": columns, "factor_of": factor_of, "golden": golden,
            "card": from_plain(ModelCard, plain["card.json"]), "aggregates": Aggregates.from_plain(plain["aggregates.json"])}


def _checked_texts(entries: Mapping[str, bytes], columns: tuple[str, ...]) -> list[str]:
    count = len(entries) - len(_RECORDS)
    names = [f"booster_{i}.txt" for i in range(count)]
    if not 1 <= count <= MAX_BOOSTERS or not set(names) <= set(entries):
        raise UnsafeBundle("O arquivo do modelo está incompleto: faltam árvores.", archive.HINT)
    try:
        return [modeltext.canonical(entries[name].decode("utf-8"), columns) for name in names]
    except UnicodeDecodeError as error:
        raise UnsafeBundle("O texto do modelo não passou na conferência: há caracteres ilegíveis.", archive.HINT) from error


def _first_load(texts: list[str], parts: Mapping[str, Any]) -> None:
    """Loads in a child process; the golden rows must get the risks that they had."""
    golden: Golden = parts["golden"]
    request = {"texts": texts, "columns": list(parts["columns"]), "rows": [list(row) for row in golden.rows]}
    answer = _ask_child(request)
    margins = np.array(answer["margins"])
    risks = 1 / (1 + np.exp(-np.clip(parts["intercept"] + parts["slope"] * margins, -500, 500)))
    agree = np.abs(risks - np.array(golden.risks)) <= GOLDEN_TOLERANCE  # False for NaN
    if not agree.all() or not answer["gap"] <= 1e-6:
        raise UnsafeBundle("O modelo não repete os riscos de conferência que acompanham o arquivo: ele foi alterado.", archive.HINT)


def _ask_child(request: dict[str, Any]) -> dict[str, Any]:
    root = str(Path(__file__).resolve().parents[2])
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PRESENCA_")}  # no key for the child
    environment |= {"PYTHONPATH": root, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.modeling.loadcheck"], input=json.dumps(request).encode(),
            capture_output=True, timeout=LOAD_SECONDS, env=environment, check=True,
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise UnsafeBundle("O modelo não pôde ser aberto com segurança: a carga de teste falhou.", archive.HINT) from error


def _short(value: object) -> str:
    return re.sub(r"[^\w .-]", "", str(value))[:40] or "?"
