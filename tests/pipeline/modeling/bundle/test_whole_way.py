"""Rows that go the whole way find what a model keeps of values changed, and pass where nothing is."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest

from pipeline.errors import IncompatibleBundle, UnsafeBundle
from pipeline.modeling.bundle import bundle, whole_way
from pipeline.modeling.features.aggregates import Aggregates
from pipeline.modeling.features.version import FEATURES_VERSION
from tests.pipeline.insight.judged import trained_early
from tests.pipeline.insight.trained import PRODUCT
from tests.pipeline.insight.typed import typed_rows
from tests.pipeline.modeling.bundle.test_bundle import repacked
from tests.refusals import refused


@pytest.fixture(scope="module")
def model():
    return trained_early(typed_rows(900), 5)


def test_an_unchanged_model_agrees(model):
    kept = whole_way.tried(model, PRODUCT)
    assert kept is not None and kept.risks and len(kept.means) >= len(model.columns)
    assert whole_way.agree(kept, whole_way.answered(kept, model, PRODUCT))
    assert not whole_way.agree(kept, None)


@pytest.mark.parametrize("what", ["rates", "daily"])
def test_what_is_kept_of_values_may_not_change(model, what):
    kept = whole_way.tried(model, PRODUCT)
    changed: Aggregates = replace(model.aggregates, **{what: {}})
    now = whole_way.answered(kept, replace(model, aggregates=changed), PRODUCT)
    assert not whole_way.agree(kept, now)


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (FEATURES_VERSION, UnsafeBundle, "ele foi alterado"),
        (FEATURES_VERSION - 1, IncompatibleBundle, "feito por outra versão da Presença.*Treine de novo"),
        (None, IncompatibleBundle, "feito por outra versão da Presença"),
    ],
)
def test_a_model_of_other_columns_is_of_another_version_and_not_altered(model, tmp_path, said, kind, words):
    """`said`: the version of the columns that the bundle bears; none in bundles of before."""
    bundle.save(model, tmp_path / "m.zip", product=PRODUCT)
    content = (tmp_path / "m.zip").read_bytes()
    bundle.load(repacked(content, {"manifest": json.dumps({"features": said}).encode()}), PRODUCT)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tests = json.loads(archive.read("golden.json"))
    tests["whole_way"]["means"] = [None if one is None else one + 1 for one in tests["whole_way"]["means"]]
    changes = {"golden.json": json.dumps(tests).encode(), "manifest": json.dumps({"features": said}).encode()}
    with refused(kind, match=words):
        bundle.load(repacked(content, changes), PRODUCT)
