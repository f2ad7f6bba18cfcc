"""Bundles: what is saved comes back; what is damaged, crafted, foreign or outdated gets a sentence, never a crash."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import random
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pytest

from pipeline import sandbox
from pipeline.errors import IncompatibleBundle, UnsafeBundle
from pipeline.modeling.bundle import bundle, lightgbm_text, load_worker, safe_zip
from pipeline.modeling.explanation import predict
from pipeline.modeling.model import SelfTest, TrainedModel, declaration_hash
from pipeline.products.no_show import PRODUCT
from pipeline.records import Evaluation, Interval, MetricSet, ModelCard, Tier, said
from tests.conftest import ROOT
from tests.pipeline.modeling.small_models import COLUMNS, boosters_of, table_of
from tests.refusals import refused

FACTOR_OF = {"lead_days": "lead_time", "unit_rate": "unit", "noise": "load", "lead_log": "lead_time"}


def _card() -> ModelCard:
    one = Interval(0.7, 0.68, 0.72)
    metrics = MetricSet("model", one, one, one, one, one)
    test = Evaluation((dt.date(2026, 5, 1), dt.date(2026, 5, 31)), 100, 20, metrics, (), (), (), ())
    return ModelCard(
        PRODUCT.key,
        "2026-11-23T12:00:00",
        "fast",
        1,
        "exemplo.csv",
        "0" * 64,
        3000,
        600,
        dt.date(2026, 1, 1),
        dt.date(2026, 5, 31),
        (),
        test,
        None,
        (Tier("low", 0.0, 1.0, 10, one),),
        (),
        (said("Nota."),),
    )


def _model(count: int = 2) -> TrainedModel:
    boosters = boosters_of(count)
    table = table_of(8, seed=11)
    rows = tuple(tuple(None if np.isnan(v) else float(v) for v in row) for row in table.to_numpy(dtype=np.float64))
    risks = tuple(float(r) for r in predict(boosters, table, 0.9, -0.1))
    return TrainedModel(
        PRODUCT.key,
        boosters,
        0.9,
        -0.1,
        COLUMNS,
        FACTOR_OF,
        _aggregates(),
        _card(),
        SelfTest(rows, risks),
        declaration_hash(PRODUCT),
    )


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    return _model()


@pytest.fixture(scope="module")
def saved(model, tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("bundles") / "modelo.zip"
    bundle.save(model, path)
    return path.read_bytes()


def repacked(content: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The bundle with entries replaced (None: taken out) and checksums that are right again."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        entries = {name: source.read(name) for name in source.namelist()}
    manifest = json.loads(entries.pop("manifest.json")) | json.loads(changes.pop("manifest", b"{}") or b"{}")
    for name, new in changes.items():
        entries.pop(name, None)
        if new is not None:
            entries[name] = new
    manifest["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in entries.items()}
    manifest["sum"] = hashlib.sha256(safe_zip.sealed(manifest)).hexdigest()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, data in {**entries, "manifest.json": json.dumps(manifest).encode()}.items():
            target.writestr(name, data)
    return out.getvalue()


def test_what_is_saved_comes_back(model, saved):
    found = bundle.load(saved, PRODUCT)
    table = table_of(200, seed=12)
    np.testing.assert_array_equal(
        predict(found.boosters, table, found.slope, found.intercept),
        predict(model.boosters, table, model.slope, model.intercept),
    )
    assert replace(found, boosters=()) == replace(model, boosters=())


def test_bytes_that_were_checked_are_not_tried_again_and_others_are_refused(model, saved, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(sandbox, "call", None)  # no child is asked
    (tmp_path / "m.zip").write_bytes(saved)
    digest = hashlib.sha256(saved).hexdigest()
    found = bundle.load_known(tmp_path / "m.zip", PRODUCT, digest)
    assert replace(found, boosters=()) == replace(model, boosters=())
    asked = (table_of(50, seed=12), model.slope, model.intercept)
    np.testing.assert_array_equal(predict(found.boosters, *asked), predict(model.boosters, *asked))
    (tmp_path / "m.zip").write_bytes(repacked(saved, {}))
    with pytest.raises(UnsafeBundle):
        bundle.load_known(tmp_path / "m.zip", PRODUCT, digest)


def test_equal_models_give_equal_bytes_and_leave_no_temporary_file(model, saved, tmp_path: Path):
    bundle.save(model, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == saved
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_peek_names_the_product(saved, tmp_path: Path):
    (tmp_path / "m.zip").write_bytes(saved)
    assert bundle.peek(saved) == bundle.peek(tmp_path / "m.zip") == PRODUCT.key


def test_nothing_in_a_bundle_is_a_pickle(saved):
    with zipfile.ZipFile(io.BytesIO(saved)) as opened:
        assert all(name.endswith((".json", ".txt")) for name in opened.namelist())


def test_another_product_version_or_declaration_is_named(saved):
    with refused(IncompatibleBundle, match="outro produto"):
        bundle.load(saved, replace(PRODUCT, key="outro"))
    with refused(IncompatibleBundle, match="versão 99"):
        bundle.load(repacked(saved, {"manifest": b'{"version": 99}'}), PRODUCT)
    with refused(IncompatibleBundle, match="fatores"):
        bundle.load(saved, replace(PRODUCT, features=PRODUCT.features[1:]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "não é um modelo"),
        (b"PK\x03\x04 isto nao e um zip", "não é um modelo"),
        (b"\x89PNG" + bytes(2000), "não é um modelo"),
        (bytes(safe_zip.MAX_FILE + 1), "limite de 64 MB"),
    ],
)
def test_what_is_no_bundle_gets_a_sentence(content, said):
    with refused(UnsafeBundle, match=said):
        bundle.load(content, PRODUCT)


def test_a_damaged_bundle_is_refused_wherever_it_is_damaged(saved):
    rng = random.Random(3)
    for _ in range(60):
        mutant = bytearray(saved)
        mutant[rng.randrange(len(mutant))] ^= 1 << rng.randrange(8)
        try:
            manifest, entries = safe_zip.read(bytes(mutant), lambda name: True)
        except UnsafeBundle:
            continue
        assert (manifest, entries) == safe_zip.read(saved, lambda name: True)  # a bit that means nothing
    for cut in (10, len(saved) // 2, len(saved) - 5):
        with pytest.raises(UnsafeBundle):
            bundle.load(saved[:cut], PRODUCT)


def test_strange_missing_repeated_or_huge_entries_are_refused(saved):
    for changes in (
        {"evil.pkl": b"x"},
        {"../fora.txt": b"x"},
        {"booster_0.txt": None},
        {"card.json": None},
        {"booster_7.txt": b"x"},
    ):
        with pytest.raises(UnsafeBundle):
            bundle.load(repacked(saved, dict(changes)), PRODUCT)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("booster_0.txt", bytes(safe_zip.MAX_UNPACKED + 1))
    with refused(UnsafeBundle, match="limite de 256 MB"):
        bundle.load(out.getvalue(), PRODUCT)
    twice = io.BytesIO()
    with pytest.warns(UserWarning), zipfile.ZipFile(twice, "w") as doubled:
        doubled.writestr("card.json", b"{}")
        doubled.writestr("card.json", b"{}")
    with refused(UnsafeBundle, match="repetidas"):
        bundle.load(twice.getvalue(), PRODUCT)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("card.json", b"[]"),
        ("card.json", b"{"),
        ("card.json", b'{"product": 5}'),
        ("golden.json", b'{"rows": [[NaN]], "risks": [0.1]}'),
        ("golden.json", b'{"rows": [[1e999]], "risks": [0.1]}'),
        ("golden.json", b'{"rows": [], "risks": []}'),
        ("golden.json", b'{"rows": [], "rows": [], "risks": []}'),
        ("model.json", b"[" * 100_000),
        ("model.json", b'{"slope": "a"}'),
        ("model.json", b"\xff\xfe"),
        ("aggregates.json", b"7"),
    ],
)
def test_json_that_does_not_fit_is_refused(saved, name, content):
    with pytest.raises(UnsafeBundle):
        bundle.load(repacked(saved, {name: content}), PRODUCT)


def test_a_truncated_model_text_with_right_checksums_is_refused(saved):
    text = zipfile.ZipFile(io.BytesIO(saved)).read("booster_0.txt")
    for cut in (0, 5, 300, len(text) // 2, len(text) - 200):
        with refused(UnsafeBundle, match="conferência"):
            bundle.load(repacked(saved, {"booster_0.txt": text[:cut]}), PRODUCT)


def test_a_model_that_predicts_otherwise_is_refused(saved):
    text = zipfile.ZipFile(io.BytesIO(saved)).read("booster_0.txt").decode()
    leaf = text.index("leaf_value=") + len("leaf_value=")
    changed = text[:leaf] + "0.5 " + text[leaf:].split(" ", 1)[1]
    with refused(UnsafeBundle, match="alterado"):
        bundle.load(repacked(saved, {"booster_0.txt": changed.encode()}), PRODUCT)


def test_a_child_that_dies_or_hangs_is_a_sentence(model, saved, monkeypatch):
    # past the structural check on purpose: LightGBM itself gets a text that ends its process
    text = lightgbm_text.canonical(model.boosters[0].model_to_string())
    monkeypatch.setattr(lightgbm_text, "canonical", lambda *_: text[: len(text) // 2])
    with refused(UnsafeBundle, match="carga de teste"):
        bundle.load(saved, PRODUCT)
    monkeypatch.setattr(lightgbm_text, "canonical", lambda *_: text)
    monkeypatch.setattr(sandbox.Sandbox, "patience", 0.001)
    with refused(UnsafeBundle, match="carga de teste"):
        bundle.load(saved, PRODUCT)


def test_canonical_text_predicts_and_explains_the_same():
    table = table_of(300, seed=8)
    for booster in boosters_of(2):
        text = lightgbm_text.canonical(booster.model_to_string())
        again = lgb.Booster(model_str=text)
        np.testing.assert_array_equal(again.predict(table), booster.predict(table))
        np.testing.assert_array_equal(
            again.predict(table, pred_contrib=True), booster.predict(table, pred_contrib=True)
        )
        assert lightgbm_text.canonical(text) == text


def test_a_tree_without_splits_is_a_model_too():
    table = table_of(200)
    booster = lgb.train(
        {"objective": "binary", "verbose": -1, "min_data_in_leaf": 150}, lgb.Dataset(table, np.arange(200) % 4 == 0), 2
    )
    again = lgb.Booster(model_str=lightgbm_text.canonical(booster.model_to_string()))
    np.testing.assert_allclose(again.predict(table), booster.predict(table))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("num_class=1", "num_class=2"),
        ("num_tree_per_iteration=1", "num_tree_per_iteration=100000"),
        ("num_cat=0", "num_cat=1"),
        ("num_leaves=15", "num_leaves=2000000000"),
        ("num_leaves=15", "num_leaves=-1"),
        ("split_feature=", "split_feature=9"),
        ("left_child=", "left_child=-9"),
        ("left_child=1", "left_child=0"),
        ("decision_type=", "decision_type=1 "),
        ("leaf_count=", "leaf_count=0 "),
        ("is_linear=0", "is_linear=1"),
        ("shrinkage=0.1", "shrinkage=nan"),
        ("leaf_value=", "leaf_value=1e308 "),
        ("max_feature_idx=3", "max_feature_idx=300"),
        ("objective=binary sigmoid:1", "objective=lambdarank"),
        ("feature_names=lead_days", "feature_names=lead_days lead_days"),
        ("Tree=1\n", "Tree=1\nTree=1\n"),
    ],
)
def test_dangerous_lines_are_refused(model, old, new):
    text = model.boosters[0].model_to_string()
    assert old in text
    with pytest.raises(UnsafeBundle):
        lightgbm_text.canonical(text.replace(old, new, 1))


def mutants(text: str, count: int, seed: int) -> list[str]:
    """Texts with digits swapped, tokens dropped, doubled or blown up, lines lost and pieces cut out."""
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        lines = text.split("\n")
        place = rng.randrange(len(lines))
        tokens = lines[place].split(" ")
        token = rng.randrange(len(tokens))
        kind = rng.randrange(7)
        if kind == 0:
            del lines[place]
        elif kind == 1:
            lines.insert(place, lines[place])
        elif kind == 2:
            tokens[token] = rng.choice(["nan", "inf", "-1", "999999999", "1e400", "", "-2147483648", "0", "3"])
        elif kind == 3:
            del tokens[token]
        elif kind == 4:
            tokens.insert(token, tokens[token])
        elif kind == 5:
            cut = rng.randrange(len(text))
            lines = (text[:cut] + text[cut + rng.randrange(1, 500) :]).split("\n")
            place = -1
        else:
            lines[place] = lines[place].replace(rng.choice("0123456789"), rng.choice("0123456789"), 1)
            tokens = lines[place].split(" ")
        if kind in (2, 3, 4):
            lines[place] = " ".join(tokens)
        found.append("\n".join(lines))
    return found


def _survives(saved: bytes, texts: list[str]) -> int:
    """How many mutants load; each that does passes its self-test as before. Anything but UnsafeBundle fails."""
    loaded = 0
    for text in texts:
        try:
            bundle.load(repacked(saved, {"booster_0.txt": text.encode()}), PRODUCT)
        except UnsafeBundle as refusal:
            assert str(refusal)
            continue
        loaded += 1
    return loaded


def test_mutated_texts_never_harm_this_process(model, saved):
    """Most mutants end at our own check; those that pass it go through the child, as in real life."""
    text = model.boosters[0].model_to_string()
    passed = []
    for mutant in mutants(text, 300, seed=5):
        try:
            lightgbm_text.canonical(mutant, COLUMNS)
        except UnsafeBundle:
            continue
        passed.append(mutant)
    assert len(passed) < 200
    _survives(saved, passed[:2])


@pytest.mark.parametrize(("first", "last"), [(0, 12), pytest.param(12, 100, marks=pytest.mark.slow)])
def test_a_hundred_mutated_bundles(model, saved, first, last):
    texts = mutants(model.boosters[0].model_to_string(), last, seed=1)[first:]
    assert _survives(saved, texts) < 0.75 * len(texts)


def test_the_child_does_without_what_lightgbm_does_without(model):
    """Its import is light, and what it answers is what LightGBM with all its company answers here."""
    text = lightgbm_text.canonical(model.boosters[0].model_to_string())
    request = {
        "texts": [text],
        "columns": COLUMNS,
        "rows": [list(row) for row in model.self_test.rows],
        "questions": [1],
    }
    assert bundle._ask_child(request) == json.loads(json.dumps(load_worker.answer(request)))
    loaded = (
        "import sys; from pipeline.modeling.bundle import load_worker; load_worker.make_ready(); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"sklearn.base", "pandas.core", "pyarrow.lib", "shap"} & set(done.stdout.split())


def _aggregates():
    from pipeline.modeling.features.build import Aggregates

    return Aggregates(365, {}, {})


KEY = b"k" * 32


def test_a_bundle_is_signed_by_one_workspace_and_as_it_is(model, tmp_path):
    path = tmp_path / "model.zip"
    bundle.save(model, path, key=KEY)
    assert bundle.is_signed(path, KEY) and not bundle.is_signed(path, b"j" * 32) and not bundle.is_signed(path, None)
    changed = repacked(path.read_bytes(), {"card.json": zipfile.ZipFile(path).read("card.json") + b" "})
    assert bundle.load(changed, PRODUCT) and not bundle.is_signed(changed, KEY)


def test_a_bundle_of_before_has_no_signature_and_opens(saved):
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(saved)).read("manifest.json"))
    old = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved)) as source, zipfile.ZipFile(old, "w") as target:
        for name in source.namelist():
            plain = {k: v for k, v in manifest.items() if k != "sum"}
            target.writestr(name, json.dumps(plain) if name == "manifest.json" else source.read(name))
    assert bundle.load(old.getvalue(), PRODUCT) and not bundle.is_signed(old.getvalue(), KEY)


def edited(saved, name, change):
    plain = json.loads(zipfile.ZipFile(io.BytesIO(saved)).read(name))
    change(plain)
    return repacked(saved, {name: json.dumps(plain).encode()})


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("card.json", lambda c: c.update(trained_until="2999-01-01")),
        ("card.json", lambda c: c["tiers"][0].update(key="=1+1")),
        ("card.json", lambda c: c.update(rows_trained=-1)),
        ("card.json", lambda c: c.update(rows_trained=2**63)),
        ("card.json", lambda c: c["test"]["model"]["auc"].update(value=1e308)),
        ("card.json", lambda c: c["test"]["model"]["auc"].update(value=1e-320)),
        ("card.json", lambda c: c["test"]["model"]["auc"].update(value=-0.5)),
        ("aggregates.json", lambda a: a["rates"].update(x=_rates(events=-1))),
        ("aggregates.json", lambda a: a["rates"].update(x=_rates(events=11))),
        ("aggregates.json", lambda a: a["rates"].update(x=_rates(all_outcomes=0))),
        ("aggregates.json", lambda a: a["daily"].update(x={"a": -2.0})),
    ],
)
def test_numbers_that_no_training_gives_are_refused(saved, name, change):
    altered = edited(saved, name, lambda plain: change(plain.get("content", plain) if "kept" in plain else plain))
    with refused(UnsafeBundle):
        bundle.load(altered, PRODUCT, dt.date(2026, 11, 29))


def _rates(events=1.0, all_outcomes=10.0):
    return {"events": {"a": events}, "outcomes": {"a": 10.0}, "all_events": 5.0, "all_outcomes": all_outcomes}
