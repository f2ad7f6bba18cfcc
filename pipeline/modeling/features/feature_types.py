"""The kinds of feature, each one class: which model columns it makes, what it looks at, and what a model keeps of it.

Every class says what others used to ask of it by name: whether it needs to know the patient, the contact or nothing
but the day, whether it keeps rates or loads. A new kind is a member of `FeatureKind`, a class here, and its line in
`TYPES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import override

from pipeline.contract import UF_PART, FeatureKind, FeatureSpec, Role, part
from pipeline.modeling.features.aggregates import Aggregates
from pipeline.modeling.features.day_counts import DayCounts
from pipeline.modeling.features.frequent_values import Values, indicator_columns
from pipeline.modeling.features.holidays import HOLIDAY_COLUMNS, holiday_columns
from pipeline.modeling.features.overall import Overall
from pipeline.modeling.features.patient_history import history_columns, other_booking_columns
from pipeline.modeling.features.prediction_time import NO_DAY
from pipeline.modeling.features.target_encoding import Columns, load_columns, rate_columns, table_columns
from pipeline.modeling.features.timeline import Timeline


@dataclass(frozen=True)
class Basis:
    """What columns are made with: how many days history looks back, which values have columns of their own (by factor
    key), and in scoring what the model keeps. In training that is None: rates come from what was known at each row's
    moment. `overall`: what was known of anybody then; `rates`, `loads`: counts of all rows (see
    `surroundings.Surroundings`).
    """

    window: int
    values: Values
    overall: Overall
    rates: Mapping[str, DayCounts]
    loads: Mapping[str, DayCounts]
    kept: Aggregates | None = None


class FeatureType:
    """One kind of feature. `columns` are named within their factor; what can't be known is NaN, never 0."""

    kind: ClassVar[FeatureKind]
    of_patient: ClassVar[bool] = False  # needs to know who it is
    of_contact: ClassVar[bool] = False  # needs the day on which it was booked
    of_moment: ClassVar[bool] = False  # knows more when the list is made later
    of_the_day: ClassVar[bool] = False  # says nothing but the day, and so the date where a file is short
    of_a_value: ClassVar[bool] = False  # says which value of its field a row has
    rated: ClassVar[bool] = False  # a model keeps the rates of its field's values
    loads: ClassVar[bool] = False  # a model keeps how many bookings its field's values have a day
    indicated: ClassVar[bool] = False  # a model keeps which of its field's values have columns
    seasonal: ClassVar[tuple[str, ...]] = ()  # columns whose values come back after a month or more
    told: ClassVar[tuple[str, ...]] = ()  # columns that are shown and compared, never learnt from
    plain: ClassVar[str] = ""  # the one column that says most, for a simple model

    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        """Numbers (n) per column."""
        raise NotImplementedError

    def rated_column(self, spec: FeatureSpec) -> str:
        """The column of typed rows whose values have rates or loads."""
        return spec.fields[0]


class LeadTime(FeatureType):
    """Days from contact to schedule, and from the moment to it: a list that was made earlier knows less."""

    kind, of_contact, plain = FeatureKind.LEAD_TIME, True, "days"

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        contact, event = line.contact_day[: line.n], line.event_day[: line.n]
        known = (contact > NO_DAY) & (event > NO_DAY)
        return {
            name: np.where(known, event - since, np.nan) for name, since in (("days", contact), ("ahead", line.moment))
        }


class Age(FeatureType):
    """Years of age."""

    kind, plain = FeatureKind.AGE, "years"

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        return {"years": line.rows["age"].to_numpy(dtype=np.float64)}


class Code(FeatureType):
    """A closed set: one 0/1 column a declared value; NaN where the cell is empty."""

    kind, of_a_value, plain = FeatureKind.CODE, True, "is_0"

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        column = line.rows[spec.fields[0]].astype("category")
        codes = column.cat.codes.to_numpy()
        place = {value: i for i, value in enumerate(column.cat.categories)}
        values = line.product.field(spec.fields[0]).values
        own = [place.get(value.label, len(place)) for value in values]  # a code that no row has
        return {f"is_{i}": np.where(codes < 0, np.float32(np.nan), codes == code) for i, code in enumerate(own)}


class Calendar(FeatureType):
    """Weekday and day of the month."""

    kind, of_the_day, plain = FeatureKind.CALENDAR, True, "weekday"
    seasonal = ("month_day",)

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        dates = line.rows[spec.fields[0]].dt
        return {
            "weekday": dates.day_of_week.to_numpy(dtype=np.float64, na_value=np.nan),
            "month_day": dates.day.to_numpy(dtype=np.float64, na_value=np.nan),
        }


class Hour(FeatureType):
    """Hour of the day of each of its fields, and the minute alone: extra slots lie off the grid of the others."""

    kind = FeatureKind.HOUR

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        names = [line.product.field(key).hour_column for key in spec.fields]
        hours = {
            name: line.rows[name].to_numpy(dtype=np.float64) if name in line.rows else np.full(line.n, np.nan)
            for name in names
        }
        return hours | {f"{name}_minute": np.rint(values % 1 * 60) for name, values in hours.items()}


class Holiday(FeatureType):
    """Holidays by UF, their eves, and how far the nearest is."""

    kind, of_the_day = FeatureKind.HOLIDAY, True
    seasonal = HOLIDAY_COLUMNS

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        uf = line.product.by_role(Role.UF)
        return holiday_columns(line.event_day[: line.n], line.rows[uf.key] if uf is not None else None)


class History(FeatureType):
    """What the patient did before, as known at the moment."""

    kind, of_patient, of_moment, plain = FeatureKind.HISTORY, True, True, "rate"

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        return history_columns(line, basis.window, basis.overall)


class OtherBookings(FeatureType):
    """What else the patient has booked, as known at the moment."""

    kind, of_patient, of_contact, of_moment = FeatureKind.OTHER_BOOKINGS, True, True, True

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        return other_booking_columns(line)


class Load(FeatureType):
    """Bookings of a value and day, as known one lead ahead."""

    kind, of_contact, of_moment, loads = FeatureKind.LOAD, True, True, True

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        daily = basis.kept.daily.get(spec.key) if basis.kept else None
        return load_columns(line, spec.fields[0], basis.window, basis.loads[spec.fields[0]], daily)


class Rate(FeatureType):
    """The smoothed rate of a value, from outcomes that were known."""

    kind, of_a_value, rated, plain = FeatureKind.RATE, True, True, "rate"

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        field, table = self.rated_column(spec), basis.kept.rates.get(spec.key) if basis.kept else None
        if table is not None:
            return table_columns(line, field, table)
        return rate_columns(line, field, basis.window, basis.rates[field], basis.overall)


class FrequentValues(Rate):
    """Which of its field's frequent values a row has; the rate is told beside it, and trees do not see it."""

    kind, indicated, told = FeatureKind.VALUES, True, ("rate", "seen")

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        own = indicator_columns(line, self.rated_column(spec), basis.values.get(spec.key, ()))
        return super().columns(spec, line, basis) | own


class Postcode(Rate):
    """The rate of a postal code's UF, of which there are few."""

    kind, of_a_value, plain = FeatureKind.POSTCODE, False, ""

    @override
    def rated_column(self, spec: FeatureSpec) -> str:
        return part(spec.fields[0], UF_PART)


class Text(FeatureType):
    """A comment, read by a reader of its own."""

    kind = FeatureKind.TEXT

    @override
    def columns(self, spec: FeatureSpec, line: Timeline, basis: Basis) -> Columns:
        return {}


class Sense(Text):
    """What a comment says as a whole, read beside its words."""

    kind = FeatureKind.SENSE


TYPES: Mapping[FeatureKind, FeatureType] = {
    made.kind: made
    for made in (
        LeadTime(),
        Age(),
        Code(),
        Calendar(),
        Hour(),
        Holiday(),
        History(),
        OtherBookings(),
        Load(),
        Rate(),
        FrequentValues(),
        Postcode(),
        Text(),
        Sense(),
    )
}


def type_of(spec: FeatureSpec) -> FeatureType:
    """The class of a feature's kind."""
    return TYPES[spec.kind]
