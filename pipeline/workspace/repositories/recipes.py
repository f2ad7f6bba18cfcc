"""Recipes that the workspace remembers, one for each set of headers of a product."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.records import KnownRecipe, Recipe, from_plain, to_plain
from pipeline.scrubbing.labels import safe_header
from pipeline.workspace.base import Base
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.schema import RECIPES
from pipeline.workspace.storage.ids import checked, new_id


class Recipes(Base):
    """The part of the workspace that remembers how files are read."""

    def remember_recipe(
        self,
        product_key: str,
        headers: Sequence[str],
        name: str,
        recipe: Recipe,
        *,
        series: str = "",
        dataset: str = "",
    ) -> None:
        """Keeps a recipe for a series' files with these headers, in place of the one before.

        Repairs of single cells are not kept. It goes when `dataset`, from which it came, goes (see `release_recipes`).
        """
        key = headers_key(headers)
        plain = json.dumps(to_plain(recipe.for_other_files()), ensure_ascii=False, sort_keys=True)
        values = {"name": name, "recipe": plain, "created": now(), "dataset_id": dataset}
        same = {"product": product_key, "series_id": series, "headers_key": key}
        shown = json.dumps([safe_header(header) for header in headers], ensure_ascii=False)
        with self.database.write() as connection:
            insert = statements.insert(connection, RECIPES).values(id=new_id(), used=0, headers=shown, **same, **values)
            connection.execute(insert.on_conflict_do_update(index_elements=list(same), set_=values))

    def recipe_for(self, product_key: str, headers: Sequence[str], series: str = "") -> KnownRecipe | None:
        """What a series remembers for files with just these headers, in any order; None where it is nothing."""
        found = self._recipes(
            RECIPES.c.product == product_key,
            RECIPES.c.headers_key == headers_key(headers),
            RECIPES.c.series_id == series,
        )
        return found[0] if found else None

    def recipes_alike(self, product_key: str, headers: Sequence[str]) -> tuple[KnownRecipe, ...]:
        """What any series remembers for files with these headers, newest first."""
        return self._recipes(RECIPES.c.product == product_key, RECIPES.c.headers_key == headers_key(headers))

    def recipes(self, product_key: str) -> tuple[KnownRecipe, ...]:
        """All recipes of a product, newest first."""
        return self._recipes(RECIPES.c.product == product_key)

    def forget_recipes(self, series: str) -> None:
        """Forgets all that is remembered of a series, also what was kept when its data went."""
        with self.database.write() as connection:
            connection.execute(RECIPES.delete().where(RECIPES.c.series_id == series))

    def place_recipe(self, recipe_id: str, series: str, dataset: str) -> None:
        """Gives a recipe of an earlier version to the series whose file it came from;
        one that is there already stays.
        """
        with self.database.write() as connection:
            placed = {"series_id": series, "dataset_id": dataset}
            statements.update_where_free(connection, RECIPES, RECIPES.c.id == checked(recipe_id), placed)

    def forget_recipe(self, recipe_id: str) -> None:
        """WorkspaceError if there is none with this id."""
        with self.database.write() as connection:
            if not connection.execute(RECIPES.delete().where(RECIPES.c.id == checked(recipe_id))).rowcount:
                raise WorkspaceError("Esta receita já tinha sido apagada.")

    def _recipes(self, *conditions: Any) -> tuple[KnownRecipe, ...]:
        query = sa.select(RECIPES).where(*conditions).order_by(RECIPES.c.created.desc(), statements.ARRIVAL.desc())
        with self.database.read() as connection:
            return tuple(
                KnownRecipe(
                    row.id,
                    row.product,
                    row.name,
                    tuple(json.loads(row.headers)),
                    row.created,
                    row.used,
                    from_plain(Recipe, json.loads(row.recipe)),
                    row.series_id,
                    row.dataset_id,
                )
                for row in connection.execute(query)
            )


def release_recipes(connection: sa.Connection, dataset_id: str) -> None:
    """Within a transaction of the caller: the recipes that came from a data set stay when it goes."""
    connection.execute(RECIPES.update().where(RECIPES.c.dataset_id == dataset_id).values(dataset_id=""))


def headers_key(headers: Sequence[str]) -> str:
    """One key for the same headers, whatever their order, case or outer blanks; a number that is somebody's is none of
    it: it could be tried out.
    """
    folded = sorted(" ".join(safe_header(header).split()).casefold() for header in headers)
    return hashlib.sha256("\x00".join(folded).encode()).hexdigest()
