"""A lost database is a page with a way out, and what it had not known comes back from Início."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import streamlit as st

from pipeline.products.no_show import PRODUCT
from pipeline.records.contacts import Never, NeverKind
from pipeline.services import Workspace
from tests.dashboard.pages import RISK, opened, said, sound


def close(space: Workspace) -> Path:
    """Ends the server's hold on the workspace, all of it written long ago; gives its database."""
    space.close()
    st.cache_resource.clear()
    for path in space.home.rglob("*"):
        os.utime(path, (1.0, 1.0))
    return space.home / "presenca.sqlite"


def lose(database: Path) -> None:
    for name in ("", "-wal", "-shm"):
        database.with_name(database.name + name).unlink(missing_ok=True)


def test_records_of_folders_that_an_earlier_version_kept_are_made_again(trained: Workspace) -> None:
    before = (
        [(d.name, d.rows, d.sha256, d.purpose, d.is_sample) for d in trained.datasets()],
        [m.sha256 for m in trained.models()],
    )
    for path in [*trained.home.glob("datasets/*/record.json"), *trained.home.glob("models/*.json")]:
        path.unlink()
    lose(close(trained))
    app = opened()
    assert "2 conjuntos de dados e 1 modelo" in said(app) and not app.exception
    app.button(key="rebuild").click().run()
    assert "Voltaram 2 conjuntos de dados e 1 modelo." in said(sound(app, PRODUCT))
    st.cache_resource.clear()
    space = Workspace(trained.home)
    found = (
        [(d.name, d.rows, d.sha256, d.purpose, d.is_sample) for d in space.datasets()],
        [m.sha256 for m in space.models()],
    )
    assert sorted(found[0]) == sorted(before[0]) and found[1] == before[1]
    (model,) = space.models()
    assert (
        model.series
        and {d.series for d in space.datasets()} == {model.series}
        and model.dataset_id in {d.id for d in space.datasets()}
    )
    assert not list(space.home.rglob("set_aside"))
    sound(opened(RISK), PRODUCT)


def test_what_yesterdays_database_does_not_know_is_said_and_comes_back(trained: Workspace) -> None:
    database = close(trained)
    future = next(d for d in trained.datasets() if d.purpose == "future")
    trained.close()
    shutil.copy(database, database.with_name("today"))
    space = Workspace(trained.home)
    with space.database.write() as connection:
        connection.exec_driver_sql(f"DELETE FROM datasets WHERE id = '{future.id}'")
    close(space)
    app = sound(opened(), PRODUCT)
    assert "1 conjunto de dados" in said(app) and "não nos registros" in said(app) and future.name in said(app)
    app.button(key="take_back").click().run()
    assert "Voltou 1 conjunto de dados." in said(sound(app, PRODUCT)) and not [
        b for b in app.button if b.key == "take_back"
    ]
    shutil.rmtree(trained.dataset_folder(future.id))
    app = sound(opened(), PRODUCT)
    assert "não estão mais na pasta" in said(app)
    app.button(key="forget_gone").click().run()
    assert future.name not in said(sound(app, PRODUCT))


def test_a_copy_cut_short_is_said_until_somebody_has_seen_it(trained: Workspace) -> None:
    (series,) = {info.series for info in trained.datasets(PRODUCT.key)}
    trained.set_never(series, Never(NeverKind.UNIT, "Norte"), never=True)
    close(trained)
    copy = trained.home / "never_call" / series / "all.json"
    copy.write_bytes(copy.read_bytes()[:-9])
    app = sound(opened(), PRODUCT)
    assert "1 cópia do que foi feito" in said(app) and "estava pela metade e foi posta de lado" in said(app)
    app.button(key="erase_damaged_copies").click()
    assert "pela metade" not in said(sound(app.run(), PRODUCT))
    assert not list(trained.home.rglob("set_aside")) and copy.exists()


def test_what_a_start_put_in_order_is_told_until_it_is_read(trained: Workspace) -> None:
    (trained.staging / "half").write_bytes(b"x")
    close(trained)
    app = sound(opened(), PRODUCT)
    assert "arquivo temporário" in said(app) and "foi apagado" in said(app)
    app.button(key="repairs_read").click().run()
    assert "arquivo temporário" not in said(sound(app, PRODUCT))
