"""The workspace: one folder where everything of a clinic rests between two visits."""

from __future__ import annotations

from pipeline.workspace.repositories.call_lists import CallLists
from pipeline.workspace.repositories.logins import Logins
from pipeline.workspace.repositories.models import Models
from pipeline.workspace.repositories.offers import Offers
from pipeline.workspace.repositories.recipes import Recipes
from pipeline.workspace.repositories.recovery import Recovery
from pipeline.workspace.repositories.risks import Risks
from pipeline.workspace.repositories.senses import Senses
from pipeline.workspace.repositories.series import Series
from pipeline.workspace.repositories.series_settings import SettingsOfSeries


class Workspace(CallLists, Logins, Senses, Models, Offers, Recipes, Recovery, Risks, Series, SettingsOfSeries):
    """Series, data sets, models, recipes, risks, follow-ups, contacts, lists, offers, persons and settings of one
    clinic; `jobs` and `audit` take it as their first argument.

    Safe to share between threads and to open in several processes at once. Whatever a method has returned
    from is on the disk.
    """
