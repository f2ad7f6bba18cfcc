"""The declaration that every step reads: what a product is, written as data.

A product names *kinds* of field, rule and feature; each kind is implemented once, in the step that uses
it. The records check themselves when they are declared, so that a wrong declaration fails at import, in
front of whoever wrote it, and never in front of a clinic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as _field
from enum import StrEnum
from string import Formatter
from typing import Any

_KEY = re.compile(r"^[a-z][a-z0-9_]*$")
_TERM = re.compile(r"^[a-z]+( [a-z]+)*\*?$")


class ContractError(Exception):
    """A declaration contradicts itself; raised at import, meant for the developer who wrote it."""


class FieldKind(StrEnum):
    """How the cells of a column are read (pipeline.ingestion.parsing)."""

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
    SCHEDULED = "scheduled"  # a date that may lie in the future: gives the product an agenda
    OCCURRED = "occurred"  # a date that lies in the past
    TARGET = "target"
    CHANNEL = "channel"
    TYPE = "type"
    CATEGORY = "category"
    PROCEDURE = "procedure"
    UNIT = "unit"
    UF = "uf"
    PLAN = "plan"
    MODE = "mode"
    LEVEL = "level"
    POSTCODE = "postcode"
    COMMENT = "comment"


class Outcome(StrEnum):
    """What a value of the target says about the event that the model predicts."""

    EVENT = "event"
    NON_EVENT = "non_event"
    PENDING = "pending"  # no outcome yet
    EXCLUDED = "excluded"  # neither: reported, left out of training
    UNKNOWN = "unknown"  # empty in the past: counted, not trained on


DETRACTOR_MAX, PROMOTER_MIN = 2, 4  # stars: 1 or 2 is a detractor, the event of a product with stars as target; 4 or 5 a promoter


class Severity(StrEnum):
    BLOCKER = "blocker"  # impeditivo: the row can't be used
    WARNING = "warning"  # atenção
    NOTE = "note"  # aviso


@dataclass(frozen=True)
class Value:
    """One value of a closed set: how it is shown, how else clinics write it, what it means for the target."""

    label: str
    synonyms: tuple[str, ...] = ()
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Field:
    """One column that a clinic is asked for.

    `source` is the contract's own sentence; `synonyms` are other headers; `examples` are values as a clinic
    writes them; `if_missing` says in Portuguese what its absence costs.
    """

    key: str
    label: str
    kind: FieldKind
    role: Role
    source: str
    examples: tuple[str, ...]
    if_missing: str
    synonyms: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    required: bool = False
    keeps_time: bool = False
    accepts_age: bool = False
    future_allowed: bool = False
    asked_when: tuple[str, str] | None = None  # (field, value): asked for only then
    personal: bool = False  # identifies a person: pseudonym at rest, never on a chart

    def __post_init__(self) -> None:
        _require(bool(_KEY.match(self.key)), f"field key {self.key!r} is not snake_case")
        _require(bool(self.label and self.source and self.examples and self.if_missing),
                 f"field {self.key} lacks a label, source, example or if_missing")
        _require(bool(self.values) == (self.kind is FieldKind.CLOSED),
                 f"field {self.key}: a closed set, and only that, lists its values")
        _require(not self.keeps_time or self.kind is FieldKind.DATE, f"field {self.key}: only dates keep a time")

    @property
    def hour_column(self) -> str:
        """Name of the column of typed rows with the hour of day (float, NaN where there is none)."""
        return f"{self.key}_hour"


UF_PART, REGION_PART, AGE_PART = "uf", "region", "age_band"


def part(key: str, name: str) -> str:
    """The column of typed rows with a part of a field: the UF of a postal code, the age band of a birth date."""
    return f"{key}_{name}"


class RuleKind(StrEnum):
    """What a rule looks at (pipeline.ingestion.checking implements each once)."""

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


@dataclass(frozen=True)
class Rule:
    """One fault that a file can have: a code, a sentence and the way to fix it.

    `message` may use {rows}, {total}, {share}, {examples}, {values}, {field}, {other}; it is a sentence
    without the leading field label, which the report adds. "[tem|têm]" gives the first form for one row and the
    second for more.
    """

    code: str
    kind: RuleKind
    severity: Severity
    fields: tuple[str, ...]
    title: str
    message: str
    remedy: str
    blanks: bool = False  # the cell is emptied, the row stays

    PLACEHOLDERS = frozenset({"rows", "total", "share", "examples", "values", "field", "other"})

    def __post_init__(self) -> None:
        _require(bool(_KEY.match(self.code)), f"rule code {self.code!r} is not snake_case")
        _require(self.message.endswith(".") and self.remedy.endswith("."), f"rule {self.code}: sentences end in a period")
        used = {name for _, name, _, _ in Formatter().parse(self.message) if name}
        _require(used <= self.PLACEHOLDERS, f"rule {self.code}: unknown placeholders {used - self.PLACEHOLDERS}")

    @property
    def loses_row(self) -> bool:
        return self.severity is Severity.BLOCKER


class FeatureKind(StrEnum):
    """How model columns are made from typed rows (pipeline.modeling.features implements each once)."""

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
    POSTCODE = "postcode"
    TEXT = "text"


@dataclass(frozen=True)
class FeatureSpec:
    """One factor: it gives one or more model columns and is one line of an explanation.

    `protected` factors may be used by the model but are never given as a reason to a caller.
    `raises`/`lowers` are short Portuguese names for charts ("Antecedência maior").
    """

    key: str
    kind: FeatureKind
    fields: tuple[str, ...]
    label: str
    protected: bool = False

    def __post_init__(self) -> None:
        _require(bool(_KEY.match(self.key)), f"feature key {self.key!r} is not snake_case")
        _require(bool(self.label), f"feature {self.key} lacks a label")


@dataclass(frozen=True)
class Dimension:
    """A way to split rows on the risk page, by a field or a part of one. `chart` is "dots" or "map" (UF)."""

    field: str
    title: str  # heading: "Em quais unidades se falta mais"
    chart: str = "dots"
    noun: str = ""  # "unidade"
    noun_plural: str = ""
    part: str = ""

    @property
    def column(self) -> str:
        """The column of typed rows that holds the values."""
        return part(self.field, self.part) if self.part else self.field


@dataclass(frozen=True)
class Aspect:
    """A theme of comments, with the words that show it: folded (lower case, no accents), "esper*" for all that begin so."""

    key: str
    label: str
    terms: tuple[str, ...]

    def __post_init__(self) -> None:
        _require(bool(_KEY.match(self.key) and self.label and self.terms), f"aspect {self.key!r} lacks a key, label or terms")
        odd = [term for term in self.terms if not _TERM.match(term)]
        _require(not odd, f"aspect {self.key}: terms must be folded words: {odd}")


@dataclass(frozen=True)
class Words:
    """The nouns of a product, for titles and sentences on screen. All lower case unless a title."""

    row: str  # "agendamento"
    rows: str  # "agendamentos"
    event: str  # "falta"
    events: str  # "faltas"
    non_event: str  # "presença"
    rate: str  # "Taxa de falta"
    risk_title: str  # "Risco de falta"
    model_title: str  # "Modelo de faltas"
    finding: str  # "Um em cada {one_in} agendamentos não acontece: {rate}." {one_in} is a Portuguese number word
    finding_rate: str  # used when 1 in N is not near an integer: "De cada 100 agendamentos, {per_100} não acontecem."
    agenda_title: str = ""  # "Agenda de contatos"
    model_finding: str = ""  # "De cada 100 pares …": {reached}, {poles}; without it, what calling the riskiest tenth reaches
    agenda_finding: str = ""  # "Ligar para os {calls} primeiros alcança {reached} das {expected} faltas esperadas."
    when_title: str = ""  # "Quando se falta mais"
    looks_like: str = ""  # "agendamentos": completes "Este arquivo parece ser de …"


def feminine(noun: str) -> bool:
    """By its ending: enough for the nouns of products (falta, consulta, avaliação, UF; agendamento, atendimento)."""
    return noun.split(" ")[0].lower().endswith(("a", "as", "ão", "ões", "ade", "ades", "uf", "ufs"))


@dataclass(frozen=True)
class Sample:
    """Synthetic data of a product.

    `generate(rows, seed, *, errors, future)` yields Arrow tables of text columns; `files` maps a
    role (past, future, errors) to a file name in data_samples/.
    """

    generate: Callable[..., Iterator[Any]]
    files: tuple[tuple[str, str], ...]

    def file(self, role: str) -> str | None:
        return dict(self.files).get(role)


@dataclass(frozen=True)
class Product:
    """A product: the one record that template, mapping, checks, features, pages and samples derive from."""

    key: str
    title: str
    description: str
    words: Words
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    features: tuple[FeatureSpec, ...]
    dimensions: tuple[Dimension, ...]
    sample: Sample
    aspects: tuple[Aspect, ...] = ()
    one_of: tuple[str, ...] = ()  # fields of which a file must have at least one
    lead_days: int = 1
    icon: str = ":material/event_available:"
    _index: dict[str, Field] = _field(init=False, repr=False, compare=False, hash=False, default_factory=dict)

    def __post_init__(self) -> None:
        _unique([f.key for f in self.fields], f"{self.key}: fields")
        _unique([f.role for f in self.fields], f"{self.key}: roles")
        _unique([r.code for r in self.rules], f"{self.key}: rules")
        _unique([s.key for s in self.features], f"{self.key}: features")
        self._index.update({f.key: f for f in self.fields})
        for where, names in self._references():
            for name in names:
                _require(name in self._index, f"{self.key}: {where} names the unknown field {name!r}")
        _require(self.has(Role.TARGET), f"{self.key}: no target")
        _require(self.has(Role.SCHEDULED) or self.has(Role.OCCURRED), f"{self.key}: no date of the event")

    def _references(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for rule in self.rules:
            yield f"rule {rule.code}", rule.fields
        for spec in self.features:
            yield f"feature {spec.key}", spec.fields
        for dimension in self.dimensions:
            yield f"dimension {dimension.title}", (dimension.field,)
        yield "one_of", self.one_of
        for item in self.fields:
            if item.asked_when:
                yield f"field {item.key}", (item.asked_when[0],)

    def field(self, key: str) -> Field:
        """The field with this key. KeyError if the product has none."""
        return self._index[key]

    def column_label(self, column: str) -> str:
        """What a column of typed rows is called: a field, or the part of one that is a dimension. KeyError for another."""
        if column in self._index:
            return self._index[column].label
        found = next((d for d in self.dimensions if d.column == column), None)
        if found is None:
            raise KeyError(column)
        return found.noun if found.noun.isupper() else found.noun[:1].upper() + found.noun[1:]

    def has(self, role: Role) -> bool:
        return any(f.role is role for f in self.fields)

    def by_role(self, role: Role) -> Field | None:
        """The field that plays `role`, or None."""
        return next((f for f in self.fields if f.role is role), None)

    @property
    def target(self) -> Field:
        found = self.by_role(Role.TARGET)
        assert found is not None
        return found

    @property
    def time(self) -> Field:
        """The date on which the event happens (scheduled or occurred)."""
        found = self.by_role(Role.SCHEDULED) or self.by_role(Role.OCCURRED)
        assert found is not None
        return found

    @property
    def has_agenda(self) -> bool:
        return self.has(Role.SCHEDULED)

    @property
    def comment(self) -> Field | None:
        """What patients wrote: gives the product a page of their voice."""
        return self.by_role(Role.COMMENT)

    @property
    def has_stars(self) -> bool:
        """Whether the target is a rating, of which 1 or 2 stars are the event."""
        return self.target.kind is FieldKind.RATING

    def feature(self, key: str) -> FeatureSpec:
        return next(s for s in self.features if s.key == key)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ContractError(message)


def _unique(names: list[Any], where: str) -> None:
    twice = sorted({str(n) for n in names if names.count(n) > 1})
    _require(not twice, f"{where} declared twice: {', '.join(twice)}")
