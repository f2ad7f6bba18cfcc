"""The memory of models on its page: the list, a note, two side by side, in use and back, deletion asked twice."""

from __future__ import annotations

import pytest

from dashboard import state
from pipeline.products.no_show import PRODUCT
from pipeline.records import ModelInfo
from pipeline.services import Workspace
from pipeline.services.data import series
from pipeline.services.models import memory, models
from tests.dashboard.pages import HOME, MODEL, opened, said, sound


@pytest.fixture
def two(trained: Workspace) -> tuple[ModelInfo, ModelInfo]:
    """The model in use, and the same bundle once more as a new one."""
    (old,) = models.models(trained, PRODUCT.key)
    return old, models.import_model(trained, PRODUCT.key, models.export_model(trained, old.id), old.series)


def _used(space: Workspace) -> str:
    return series.listed(space, PRODUCT.key)[0].model_id


@pytest.mark.slow  # services/pages/test_two_models.py
def test_a_new_model_says_honestly_whether_it_is_better(trained: Workspace, two: tuple[ModelInfo, ModelInfo]) -> None:
    text = said(sound(opened(MODEL), PRODUCT))
    assert "Há um modelo novo" in text and "Ainda não dá para dizer se o modelo novo é melhor" in text
    assert "em dados diferentes" in text
    assert "Ainda não dá para dizer se o modelo novo" in said(sound(opened("views/risk.py"), PRODUCT))  # kept, not anew


def test_the_list_tells_each_and_puts_one_to_use_and_back(trained: Workspace, two: tuple[ModelInfo, ModelInfo]) -> None:
    old, new = two
    app = sound(opened(MODEL), PRODUCT)
    text = said(app)
    assert "Modelos desta série" in text and text.count("No seu teste") == 2 and "roll_back" not in _buttons(app)
    assert "e que depois o ensinaram" in text and "Quais fatores agem juntos" in text
    app = sound(app.button(f"use_{new.id}").click().run(), PRODUCT)
    assert _used(trained) == new.id and app.session_state[state.MODEL] == new.id
    assert "As linhas que ensinaram este modelo não estão aqui" in said(app)
    app = sound(app.button("roll_back").click().run(), PRODUCT)
    assert _used(trained) == old.id and app.session_state[state.MODEL] == old.id
    assert ", por quem estava na página, de volta." in said(app) and "Que modelo foi usado quando" in said(app)
    assert "roll_back" not in _buttons(app) and opened(HOME).session_state[state.MODEL] == old.id


@pytest.mark.slow  # services/pages/test_two_models.py
def test_two_side_by_side(trained: Workspace, two: tuple[ModelInfo, ModelInfo]) -> None:
    app = opened(MODEL)
    assert {"compare_first", "compare_second"} <= {box.key for box in app.selectbox}
    assert "Ainda não dá para dizer qual é melhor" in said(app)  # worked out by the notice above, and kept
    app = sound(app.selectbox("compare_second").select(two[0].id).run(), PRODUCT)
    assert "Escolha dois modelos diferentes" in said(app)


@pytest.mark.slow
def test_a_note_is_written_on_the_page(trained: Workspace, two: tuple[ModelInfo, ModelInfo]) -> None:
    app = opened(MODEL)
    app.text_area(f"model_note_{two[0].id}").input("Antes do mutirão; fone (11) 98765-4321 <b>*x*</b>").run()
    app = sound(app.button(f"model_note_{two[0].id}_keep").click().run(), PRODUCT)
    assert "Antes do mutirão" in said(app) and "98765" not in said(app)
    shown = next(m.value for m in app.markdown if "mutirão" in m.value)
    assert "<b>" not in shown and "\\*x" in shown


@pytest.mark.slow
def test_the_one_in_use_is_deleted_only_with_a_word(trained: Workspace, two: tuple[ModelInfo, ModelInfo]) -> None:
    old, new = two
    app = opened(MODEL)
    assert app.button(f"delete_model_now_{old.id}").disabled and not app.button(f"delete_model_now_{new.id}").disabled
    app.checkbox(f"delete_model_sure_{old.id}").check().run()
    sound(app.button(f"delete_model_now_{old.id}").click().run(), PRODUCT)
    assert [info.id for info in models.models(trained, PRODUCT.key)] == [new.id] and _used(trained) == new.id
    found = memory.remembered(trained, new.series)
    assert found.in_use is not None and found.before is None


def _buttons(app: object) -> set[str]:
    return {button.key for button in app.button}  # type: ignore[attr-defined]
