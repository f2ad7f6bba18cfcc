"""The workspace: one folder where everything of a clinic rests between two visits."""

from __future__ import annotations

from pipeline.workspace.repositories.api_keys import ApiKeys
from pipeline.workspace.repositories.arrivals import Arrivals
from pipeline.workspace.repositories.dataset_columns import DatasetColumns
from pipeline.workspace.repositories.growing import Growing
from pipeline.workspace.repositories.leases import Leases
from pipeline.workspace.repositories.logins import Logins
from pipeline.workspace.repositories.models import Models
from pipeline.workspace.repositories.patient_erasures import PatientErasures
from pipeline.workspace.repositories.recipes import Recipes
from pipeline.workspace.repositories.recovery import Recovery
from pipeline.workspace.repositories.reviews import Reviews
from pipeline.workspace.repositories.series import Series
from pipeline.workspace.repositories.series_settings import SettingsOfSeries
from pipeline.workspace.repositories.webhooks import Webhooks


class Workspace(
    PatientErasures,
    ApiKeys,
    Arrivals,
    DatasetColumns,
    Growing,
    Leases,
    Logins,
    Models,
    Recipes,
    Recovery,
    Reviews,
    Series,
    SettingsOfSeries,
    Webhooks,
):
    """Series, data sets, models, recipes, risks, follow-ups, contacts, lists, offers, arrivals, reviews, erasures,
    persons, keys, webhooks and settings of one clinic; `jobs` and `audit` take it as their first argument.

    Safe to share between threads and to open in several processes at once. Whatever a method has returned
    from is on the disk.
    """
