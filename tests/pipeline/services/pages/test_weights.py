"""Which factors act together on what a model learnt from: made once, made anew with other risks, words act alone."""

from __future__ import annotations

import pytest

from pipeline.insight.scoring import together
from pipeline.products.satisfaction import PRODUCT
from pipeline.services import Workspace
from pipeline.services.models import models
from pipeline.services.pages import risk, weights


def test_pairs_are_kept_as_long_as_the_risks_are(space: Workspace, past: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST", 80)
    (model,) = models.models(space, PRODUCT.key)
    assert weights.learnt_from(space, model) == past
    found = weights.together(space, past, model.id, risk.Filters())
    assert found is not None and found.rows == 80
    assert all("comment" not in (pair.first, pair.second) for pair in found.pairs)
    monkeypatch.setattr(together, "MOST", 60)
    assert weights.together(space, past, model.id, risk.Filters()) == found
    space.save_past_risks(model.id, past, *space.past_risks(model.id, past))
    assert weights.together(space, past, model.id, risk.Filters()).rows == 60


def test_a_model_of_elsewhere_has_no_rows_here(space: Workspace) -> None:
    (model,) = models.models(space, PRODUCT.key)
    loaded = models.import_model(space, PRODUCT.key, models.export_model(space, model.id), model.series)
    assert weights.learnt_from(space, loaded) is None
    space.delete_model(loaded.id)
