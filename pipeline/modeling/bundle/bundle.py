"""A model as one file: a zip of LightGBM text and JSON that is safe to open, whoever made it.

Nothing in it can run code. On the way in: limits, names and checksums (`safe_zip`), then version and product, then
the JSON as records, then each model text by our own rules (`lightgbm_text`), then a first load in a child process
(`load_worker`) that must give the rows of the self-test the risks they had when the model was saved. Only then is
the text given to LightGBM in this process.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import importlib.metadata
import math
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np

from pipeline import sandbox
from pipeline.contract import Product
from pipeline.errors import IncompatibleBundle, UnsafeBundle
from pipeline.modeling.bundle import lightgbm_text, load_worker, plausible, safe_zip, whole_way
from pipeline.modeling.bundle.whole_way import WholeWay
from pipeline.modeling.explanation import answers
from pipeline.modeling.features.build import Aggregates
from pipeline.modeling.features.version import FEATURES_VERSION
from pipeline.modeling.model import Answer, SelfTest, TrainedModel, declaration_hash
from pipeline.modeling.text.text_model import Reader
from pipeline.privacy import signature
from pipeline.records import ModelCard, from_kept, from_plain, note, to_kept, to_plain

FORMAT = "presenca-modelo"
VERSION = 1
MAX_BOOSTERS = 64
TOLERANCE = 1e-6

_BOOSTER = re.compile(r"booster_([0-9]{1,2})\.txt")
_SELF_TEST = "golden.json"  # as bundles have named it from the first
_RECORDS = ("model.json", "card.json", "aggregates.json", _SELF_TEST)
_WHOLE = "whole_way"
_MOST_WHOLE = 200
_WORDS = "words.json"  # where the model reads comments
_QUESTIONS = 4  # at most: the risk and the chain after it
_LIBRARIES = ("lightgbm", "numpy", "pandas")
_ALTERED = "bundle.altered"  # the rows of the self-test do not get the risks that they had
_UNFIT = (TypeError, KeyError, ValueError, AttributeError, OverflowError, IndexError, RecursionError)


def save(model: TrainedModel, path: Path, *, product: Product | None = None, key: bytes | None = None) -> None:
    """Writes the bundle, whole or not at all; equal models give equal bytes.

    `product`: with it, rows that go the whole way are added to the self-test. `key`: of the workspace that signs.
    """
    every = [*model.boosters, *(booster for answer in model.chain for booster in answer.boosters)]
    entries = {
        f"booster_{i}.txt": lightgbm_text.canonical(booster.model_to_string(num_iteration=-1)).encode()
        for i, booster in enumerate(every)
    }
    plain = {
        "model.json": {
            "slope": model.slope,
            "intercept": model.intercept,
            "columns": list(model.columns),
            "factor_of": dict(model.factor_of),
            "boosters": len(model.boosters),
            "chain": [{"boosters": len(a.boosters), "slope": a.slope, "intercept": a.intercept} for a in model.chain],
        },
        "card.json": to_kept(model.card),
        "aggregates.json": model.aggregates.to_plain(),
        _SELF_TEST: to_plain(model.self_test),
    }
    whole = None if product is None else whole_way.tried(model, product)
    if whole is not None:
        plain[_SELF_TEST][_WHOLE] = to_plain(whole)
    if model.reader is not None:
        plain[_WORDS] = model.reader.to_plain()
    entries |= {name: safe_zip.dump_json(content) for name, content in plain.items()}
    libraries = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    safe_zip.write(
        Path(path),
        entries,
        {
            "format": FORMAT,
            "version": VERSION,
            "product": model.product_key,
            "declaration": model.declaration,
            "features": FEATURES_VERSION,
            "libraries": libraries,
        },
        None if key is None else partial(signature, key=key),
    )


def is_signed(source: Path | bytes, key: bytes | None) -> bool:
    """Whether the workspace of this key signed the bundle as it is; UnsafeBundle where it can't be opened."""
    manifest, _ = _opened(source)
    given = manifest.get("signature")
    if key is None or not isinstance(given, str) or not given.isascii():
        return False
    return hmac.compare_digest(given, signature(safe_zip.sealed(manifest), key))


def peek(source: Path | bytes) -> str:
    """Product key of the bundle, after the checks of the zip. Raises UnsafeBundle, IncompatibleBundle."""
    manifest, _ = _opened(source)
    return str(manifest["product"])


def load(source: Path | bytes, product: Product, today: dt.date | None = None) -> TrainedModel:
    """The model in the bundle, for `product`. `today`: a model that learnt from later days is none of ours.

    Raises UnsafeBundle (damaged, crafted, too large) or IncompatibleBundle (another version, another product).
    """
    manifest, parts, texts = _read(source, product, today)
    whole = parts.pop("whole")
    margins = _first_load(texts, parts["counts"], parts)
    model = _assembled(manifest, parts, texts)
    _check_self_test(model, margins)
    if whole is not None:
        _check_whole_way(whole, model, product, manifest.get("features"))
    return model


def load_known(source: Path, product: Product, sha256: str, today: dt.date | None = None) -> TrainedModel:
    """The model in a bundle whose very bytes, by their hash, `load` took before in another process of ours: nobody
    tries them in a child, nor asks them the self-test, once more. UnsafeBundle for any other bytes.
    """
    found = safe_zip.file_bytes(source)
    if not hmac.compare_digest(hashlib.sha256(found).hexdigest(), sha256):
        raise UnsafeBundle(_ALTERED)
    manifest, parts, texts = _read(found, product, today)
    del parts["whole"]
    return _assembled(manifest, parts, texts)


def _read(
    source: Path | bytes, product: Product, today: dt.date | None
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """The manifest, everything but the boosters as records, and the boosters' texts; all but what they answer checked.

    Raises UnsafeBundle, IncompatibleBundle.
    """
    manifest, entries = _opened(source)
    if manifest["product"] != product.key:
        raise IncompatibleBundle("bundle.other_product", found=_short(manifest["product"]), wanted=product.title)
    if manifest.get("declaration") != declaration_hash(product):
        raise IncompatibleBundle("bundle.other_declaration")
    try:
        parts = _parts(entries, product)
        plausible.check_aggregates(parts["aggregates"])
        plausible.check_card(parts["card"], today)
    except _UNFIT as error:
        raise UnsafeBundle("bundle.unexpected_form") from error
    return manifest, parts, _checked_texts(entries, parts["columns"])


def _assembled(manifest: Mapping[str, Any], parts: dict[str, Any], texts: Sequence[str]) -> TrainedModel:
    """Gives the texts to LightGBM in this process, and puts the model together."""
    counts, scales = parts.pop("counts"), parts.pop("chain")
    boosters = [lgb.Booster(model_str=text) for text in texts]
    ends = np.cumsum([0, *counts])
    own = [tuple(boosters[a:b]) for a, b in zip(ends[:-1], ends[1:], strict=True)]
    return TrainedModel(
        product_key=manifest["product"],
        boosters=own[0],
        declaration=manifest["declaration"],
        **parts,
        chain=tuple(Answer(b, slope, intercept) for b, (slope, intercept) in zip(own[1:], scales, strict=True)),
    )


def _opened(source: Path | bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    manifest, entries = safe_zip.read(
        source, lambda name: name in (*_RECORDS, _WORDS) or bool(_BOOSTER.fullmatch(name))
    )
    if manifest.get("format") != FORMAT or not isinstance(manifest.get("product"), str):
        raise UnsafeBundle("bundle.not_a_model")
    if manifest.get("version") != VERSION:
        raise IncompatibleBundle("bundle.other_version", found=_short(manifest.get("version")), read=VERSION)
    return manifest, entries


def _parts(entries: Mapping[str, bytes], product: Product) -> dict[str, Any]:
    """Everything but the boosters, as records."""
    plain = {name: safe_zip.load_json(entries[name], name) for name in entries if name.endswith(".json")}
    plausible.check_numbers(plain)
    body = plain["model.json"]
    columns = tuple(str(name) for name in body["columns"])
    factor_of = {str(k): str(v) for k, v in body["factor_of"].items()}
    known = {spec.key for spec in product.features}
    self_test = from_plain(SelfTest, plain[_SELF_TEST])
    whole = from_plain(WholeWay, plain[_SELF_TEST][_WHOLE]) if _WHOLE in plain[_SELF_TEST] else None
    scales = [(float(a["slope"]), float(a["intercept"])) for a in (body, *body.get("chain", ()))]
    counts = [_count(a["boosters"]) for a in (body, *body.get("chain", ()))]
    reader = Reader.from_plain(plain[_WORDS]) if _WORDS in plain else None
    sound = (
        set(factor_of) == set(columns)
        and len(set(columns)) == len(columns)
        and set(factor_of.values()) <= known
        and all(math.isfinite(number) and abs(number) < 1e3 for scale in scales for number in scale)
        and self_test.rows
        and (whole is None or len(whole.rows) <= _MOST_WHOLE and all(len(r) == len(whole.headers) for r in whole.rows))
        and len(self_test.rows) * len(scales) == len(self_test.risks) <= 1_000
        and all(len(row) == len(columns) for row in self_test.rows)
        and counts[0]
        and sum(counts) == sum(name.startswith("booster_") for name in entries)
        and len(counts) <= _QUESTIONS
        and (reader is None) == (not self_test.comments)
        and len(self_test.comments) in (0, len(self_test.rows))
        and (reader is None or len(reader.answers) == len(scales))
    )
    if not sound:
        raise ValueError("parts contradict each other")
    return {
        "slope": scales[0][0],
        "intercept": scales[0][1],
        "columns": columns,
        "factor_of": factor_of,
        "self_test": self_test,
        "whole": whole,
        "card": from_kept(ModelCard, plain["card.json"]),
        "aggregates": Aggregates.from_plain(plain["aggregates.json"]),
        "reader": reader,
        "chain": scales[1:],
        "counts": counts,
    }


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_BOOSTERS:
        raise ValueError("not a number of boosters")
    return value


def _checked_texts(entries: Mapping[str, bytes], columns: tuple[str, ...]) -> list[str]:
    count = sum(name.startswith("booster_") for name in entries)
    names = [f"booster_{i}.txt" for i in range(count)]
    if not 1 <= count <= MAX_BOOSTERS or not set(names) <= set(entries):
        raise UnsafeBundle("bundle.no_trees")
    try:
        return [lightgbm_text.canonical(entries[name].decode("utf-8"), columns) for name in names]
    except UnicodeDecodeError as error:
        raise UnsafeBundle("bundle.text_refused", why=note("model_text.unreadable_characters")) from error


def _first_load(texts: list[str], counts: list[int], parts: Mapping[str, Any]) -> np.ndarray:
    """Margins (rows × questions) of the rows of the self-test, from a first load in a child process."""
    self_test: SelfTest = parts["self_test"]
    request = {
        "texts": texts,
        "columns": list(parts["columns"]),
        "rows": [list(row) for row in self_test.rows],
        "questions": counts,
    }
    answer = _ask_child(request)
    if not answer["gap"] <= 1e-6:
        raise UnsafeBundle(_ALTERED)
    return np.array(answer["margins"], dtype=np.float64)


def _check_self_test(model: TrainedModel, margins: np.ndarray) -> None:
    """The rows of the self-test must get the answers that they had when the model was saved."""
    agree = (
        np.abs(answers(model, margins, model.self_test.comments).ravel() - np.array(model.self_test.risks)) <= TOLERANCE
    )
    if not agree.all():  # NaN agrees with nothing
        raise UnsafeBundle(_ALTERED)


def _check_whole_way(kept: WholeWay, model: TrainedModel, product: Product, features: object) -> None:
    """Rows from their cells to their risks; `features`: the version of the code that made the model's columns.

    What this version reads otherwise makes other risks: such a model is refused too, as one of another version.
    """
    try:
        now = whole_way.answered(kept, model, product)
    except _UNFIT as error:
        raise UnsafeBundle("bundle.unexpected_form") from error
    if not whole_way.agree(kept, now):
        if features != FEATURES_VERSION:
            raise IncompatibleBundle("bundle.other_features")
        raise UnsafeBundle(_ALTERED)


def _ask_child(request: dict[str, Any]) -> dict[str, Any]:
    try:
        return sandbox.call(f"{load_worker.__name__}:{load_worker.answer.__name__}", request, sandbox.LOADING)
    except sandbox.Ended as error:
        raise UnsafeBundle("bundle.first_load_failed") from error


def _short(value: object) -> str:
    return re.sub(r"[^\w .-]", "", str(value))[:40] or "?"
