"""The workspace: one folder where everything of a clinic rests between two visits."""

from __future__ import annotations

from pipeline.workspace.repositories.erasures import Erasures
from pipeline.workspace.repositories.models import Models
from pipeline.workspace.repositories.recipes import Recipes
from pipeline.workspace.repositories.recovery import Recovery
from pipeline.workspace.repositories.reviews import Reviews
from pipeline.workspace.repositories.series import Series


class Workspace(Erasures, Models, Recipes, Recovery, Reviews, Series):
    """Series, data sets, models, recipes, risks, follow-ups, contacts, lists, offers, reviews, erasures and settings of
    one clinic; `jobs` and `audit` take it as their first argument.

    Safe to share between threads and to open in several processes at once. Whatever a method has returned
    from is on the disk.
    """
