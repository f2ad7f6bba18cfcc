"""The kinds and roles that a declaration may name; each kind is implemented once, in the step that uses it."""

from __future__ import annotations

from enum import StrEnum


class FieldKind(StrEnum):
    """How the cells of a column are read (pipeline.ingestion.parsing.column)."""

    IDENTIFIER = "identifier"  # text, never a number: leading zeros matter
    DATE = "date"  # d/m/y, with a time kept where the field says so
    CLOSED = "closed"  # a closed set of values with synonyms
    OPEN = "open"  # names, an open set
    UF = "uf"  # the 27 federative units
    CEP = "cep"  # postal code: 8 digits
    RATING = "rating"  # 1 to 5 stars
    FREE_TEXT = "free_text"  # what a patient wrote


class Role(StrEnum):
    """What a field is for; pages, rules and features ask for roles, never for a product's name."""

    PATIENT = "patient"
    BIRTH = "birth"
    SEX = "sex"
    CONTACT = "contact"  # when the booking was made
    CANCELLED = "cancelled"  # when a booking was given up
    REACHED = "reached"  # when the clinic sought the patient about the booking, whether or not somebody answered
    SCHEDULED = "scheduled"  # a date that may lie in the future: gives the product an agenda
    OCCURRED = "occurred"  # a date that lies in the past
    TARGET = "target"
    CHANNEL = "channel"
    TYPE = "type"
    CATEGORY = "category"
    PROCEDURE = "procedure"
    UNIT = "unit"
    SECTOR = "sector"  # a part of a unit
    PROFESSIONAL = "professional"  # who attended
    SPECIALTY = "specialty"
    UF = "uf"
    PLAN = "plan"
    MODE = "mode"
    LEVEL = "level"
    POSTCODE = "postcode"
    COMMENT = "comment"
    WEEKDAYS = "weekdays"  # days of the week that somebody who waits can come on
    SHIFTS = "shifts"  # times of day that they can come at


class Outcome(StrEnum):
    """What a value of the target says about the event that the model predicts."""

    EVENT = "event"
    NON_EVENT = "non_event"
    PENDING = "pending"  # no outcome yet
    EXCLUDED = "excluded"  # neither: reported, left out of training
    UNKNOWN = "unknown"  # empty in the past: counted, not trained on


LEAST_LABELLED, LEAST_OF_A_CLASS = 500, 50  # rows with an outcome, and of each outcome, below which nothing is learnt

DETRACTOR_MAX, PROMOTER_MIN = (
    2,
    4,
)  # stars: 1 or 2 is a detractor, the event of a product with stars as target; 4 or 5 a promoter


class Severity(StrEnum):
    """How bad a failed rule is for its row."""

    BLOCKER = "blocker"  # impeditivo: the row can't be used
    WARNING = "warning"  # atenção
    NOTE = "note"  # aviso


UF_PART, REGION_PART, AGE_PART = "uf", "region", "age_band"


def part(key: str, name: str) -> str:
    """The column of typed rows with a part of a field: the UF of a postal code, the age band of a birth date."""
    return f"{key}_{name}"


class RuleKind(StrEnum):
    """What a rule looks at (pipeline.ingestion.checking.run implements each once)."""

    UNREADABLE = "unreadable"  # filled, but can't be read as the field's kind (fields: one)
    MISSING = "missing"  # the required cell is empty
    EMPTY = "empty"  # the optional cell is empty
    ORDER = "order"  # fields[0] lies after fields[1]
    FUTURE = "future"  # fields[0] is later than today
    OUTCOME_IN_FUTURE = "outcome_in_future"  # an outcome for a date that has not come: fields = target, date
    OUTCOME_MISSING = "outcome_missing"  # date in the past, target empty
    OUTCOME_EXCLUDED = "outcome_excluded"  # neither event nor non-event
    AGE_RANGE = "age_range"  # age outside 0..120: fields = birth, reference date
    CONFLICT = "conflict"  # one value of fields[0] with two values of fields[1]
    REPEATED = "repeated"  # rows alike in all `fields`
    DESTROYED_ID = "destroyed_id"  # 1,23457E+10
    CPF_CHECK = "cpf_check"  # column looks like CPFs, digits fail
    OUTSIDE_DOMAIN = "outside_domain"  # closed set: value not known
    REWRITTEN = "rewritten"  # value understood but written otherwise ("F" read as Feminino)
    VARIANTS = "variants"  # open set: same name in several spellings
    ASKED_FOR = "asked_for"  # empty though another field says that it is expected
    ONE_CLASS = "one_class"  # over the file: too few of one outcome
    SHORT_PERIOD = "short_period"  # over the file: less than N days
    RATE_JUMP = "rate_jump"  # over the file: a month's rate far from the others
    SCRUBBED = "scrubbed"  # personal data taken out of a comment
    NPS_SCALE = "nps_scale"  # a 0-10 column where stars are expected
    TOTALS_ROW = "totals_row"  # a row of totals at the end
    SET_ASIDE = "set_aside"  # somebody asked to leave these rows out
    SUPERSEDED = "superseded"  # of several files joined, a later one tells the same event again
    RESOURCE = "resource"  # what the reading of a resource says of it; its code is that of an `Aside`


class FeatureKind(StrEnum):
    """How model columns are made from typed rows (pipeline.modeling.features.build implements each once)."""

    LEAD_TIME = "lead_time"  # days from contact to schedule: fields = contact, scheduled
    AGE = "age"  # years
    CODE = "code"  # a closed set, one indicator a value
    CALENDAR = "calendar"  # weekday, day of month, …
    HOUR = "hour"  # hour of day
    HOLIDAY = "holiday"  # holiday by UF, eve, days to the nearest
    HISTORY = "history"  # what the patient did before, as known at the moment
    OTHER_BOOKINGS = "other_bookings"  # the patient's other bookings, as known at the moment
    LOAD = "load"  # bookings of unit and day, as known one lead ahead
    RATE = "rate"  # smoothed event rate of the values of a field, and their count
    VALUES = "values"  # one indicator a frequent value of an open field, and one of all others
    POSTCODE = "postcode"
    TEXT = "text"  # the words of a comment
    SENSE = "sense"  # what a comment says as a whole, beside its words; a model may do without
