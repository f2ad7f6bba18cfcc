"""Series: a model belongs to one, and is in use in no other."""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.workspace import made


def test_a_model_that_moves_to_another_series_is_no_longer_in_use_in_the_old_one(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    old, new, third = (space.add_series("toy", name) for name in ("Velha", "Nova", "Outra"))
    model, other = (made.add_model(space, None, content) for content in (b"one", b"two"))
    space.use_model(old.id, model)
    space.use_model(third.id, other)
    space.place_model(model, new.id)
    assert space.model(model).series == new.id
    assert [space.one_series(one.id).model_id for one in (old, new, third)] == ["", "", other]
    space.use_model(new.id, model)
    space.place_model(model, new.id)  # moved to where it is: still in use there
    assert space.one_series(new.id).model_id == model
