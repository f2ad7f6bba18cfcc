"""The declaration that every step reads: what a product is, written as data.

A product names *kinds* of field, rule and feature; each kind is implemented once, in the step that uses
it. The records check themselves when they are declared, so that a wrong declaration fails at import, in
front of whoever wrote it, and never in front of a clinic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as _field
from string import Formatter

from pipeline.comment_declarations import Alert, Opinions, Reply, Theme, check_hierarchy
from pipeline.contact_declarations import ContactRules, Script
from pipeline.declaring import KEY, ContractError, require, unique
from pipeline.kinds import (
    AGE_PART,
    DETRACTOR_MAX,
    LEAST_LABELLED,
    LEAST_OF_A_CLASS,
    PROMOTER_MIN,
    REGION_PART,
    UF_PART,
    FeatureKind,
    FieldKind,
    Outcome,
    Role,
    RuleKind,
    Severity,
    part,
)
from pipeline.nouns import Words, feminine
from pipeline.resource_declarations import Aside, Element, ReadAs, ResourceMapping, ResourceTable
from pipeline.sample_declarations import Sample, Starter

__all__ = [
    "AGE_PART",
    "Alert",
    "Aside",
    "Opinions",
    "Theme",
    "check_hierarchy",
    "ContactRules",
    "ContractError",
    "DETRACTOR_MAX",
    "Dimension",
    "Element",
    "FeatureKind",
    "FeatureSpec",
    "Field",
    "FieldKind",
    "LEAST_LABELLED",
    "LEAST_OF_A_CLASS",
    "Outcome",
    "PROMOTER_MIN",
    "Product",
    "REGION_PART",
    "ReadAs",
    "Reply",
    "ResourceMapping",
    "ResourceTable",
    "Role",
    "Rule",
    "RuleKind",
    "Sample",
    "Script",
    "Sense",
    "Severity",
    "Starter",
    "UF_PART",
    "Value",
    "Words",
    "feminine",
    "part",
]


@dataclass(frozen=True)
class Value:
    """One value of a closed set: how it is shown, how else clinics write it, what it means for the target."""

    label: str
    synonyms: tuple[str, ...] = ()
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Sense:
    """A header whose yes and no are values of a closed set: "Faltou: Sim" is "No Show"."""

    headers: tuple[str, ...]
    yes: str
    no: str


@dataclass(frozen=True)
class Field:
    """One column that a clinic is asked for.

    `source` is the contract's own sentence; `synonyms` are other headers; `examples` are values as a clinic
    writes them; `if_missing` says in Portuguese what its absence costs. An `extra` field is one that nobody asks for:
    where a file has it, it splits rows; where it has not, nothing is said and nothing is lost.
    """

    key: str
    label: str
    kind: FieldKind
    role: Role
    source: str
    examples: tuple[str, ...]
    if_missing: str = ""
    synonyms: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    required: bool = False
    keeps_time: bool = False
    accepts_age: bool = False
    future_allowed: bool = False
    asked_when: tuple[str, str] | None = None  # (field, value): asked for only then
    personal: bool = False  # identifies a person: pseudonym at rest, never on a chart
    extra: bool = False  # mapped if present, never asked for; columns that other fields want are not its own
    staff: bool = False  # names people who work there: shown to the clinic, never in an address, a chart or a preview
    noun: str = ""  # the short name that faults are told by, where the label is long: "Origem"
    fault: str = ""  # how the codes of its faults begin; else its role, and the key of the target
    senses: tuple[Sense, ...] = ()  # headers that make a column of yes and no this field; the first is the positive one

    def __post_init__(self) -> None:
        require(bool(KEY.match(self.key)), f"field key {self.key!r} is not snake_case")
        require(
            bool(self.label and self.source and self.examples and (self.if_missing or self.extra)),
            f"field {self.key} lacks a label, source, example or if_missing",
        )
        require(
            not (self.extra and (self.required or self.if_missing or self.asked_when)),
            f"field {self.key}: an extra field is never asked for",
        )
        require(
            bool(self.values) == (self.kind is FieldKind.CLOSED),
            f"field {self.key}: a closed set, and only that, lists its values",
        )
        known = {value.label for value in self.values}
        require(
            all({sense.yes, sense.no} <= known for sense in self.senses),
            f"field {self.key}: a sense names an unknown value",
        )
        require(not self.keeps_time or self.kind is FieldKind.DATE, f"field {self.key}: only dates keep a time")

    @property
    def fault_code(self) -> str:
        """How the codes of this field's faults begin: "channel" in channel_missing."""
        return self.fault or (self.key if self.role is Role.TARGET else self.role.value)

    @property
    def hour_column(self) -> str:
        """Name of the column of typed rows with the hour of day (float, NaN where there is none)."""
        return f"{self.key}_hour"


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
        require(bool(KEY.match(self.code)), f"rule code {self.code!r} is not snake_case")
        require(
            self.message.endswith(".") and self.remedy.endswith("."), f"rule {self.code}: sentences end in a period"
        )
        used = {name for _, name, _, _ in Formatter().parse(self.message) if name}
        require(used <= self.PLACEHOLDERS, f"rule {self.code}: unknown placeholders {used - self.PLACEHOLDERS}")

    @property
    def loses_row(self) -> bool:
        """Whether a row that fails it is left out."""
        return self.severity is Severity.BLOCKER


@dataclass(frozen=True)
class FeatureSpec:
    """One factor: it gives one or more model columns and is one line of an explanation.

    `protected` factors may be used by the model but are never given as a reason to a caller.
    """

    key: str
    kind: FeatureKind
    fields: tuple[str, ...]
    label: str
    protected: bool = False

    def __post_init__(self) -> None:
        require(bool(KEY.match(self.key)), f"feature key {self.key!r} is not snake_case")
        require(bool(self.label), f"feature {self.key} lacks a label")


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
    themes: tuple[Theme, ...] = ()
    alerts: tuple[Alert, ...] = ()
    replies: tuple[Reply, ...] = ()
    starter: Starter | None = None
    opinions: Opinions | None = None  # words that praise and blame, where comments are read for them
    contacts: ContactRules | None = None  # how patients are contacted before an appointment, where they are
    waiting: Product | None = None  # the list of those who wait for a slot, sent as a file of its own
    resource: ResourceMapping | None = None  # which resource of FHIR is a row, and where its fields stand
    one_of: tuple[str, ...] = ()  # fields of which a file must have at least one
    lead_days: int = 1
    tier_cuts: tuple[float, ...] = ()  # risks that begin medium, high and very high; without them, past risks tell
    icon: str = ":material/event_available:"
    _index: dict[str, Field] = _field(init=False, repr=False, compare=False, hash=False, default_factory=dict)

    def __post_init__(self) -> None:
        unique([f.key for f in self.fields], f"{self.key}: fields")
        unique([f.role for f in self.fields], f"{self.key}: roles")
        unique([r.code for r in self.rules], f"{self.key}: rules")
        unique([s.key for s in self.features], f"{self.key}: features")
        unique([t.key for t in self.themes], f"{self.key}: themes")
        check_hierarchy(self.themes)
        unique([a.key for a in self.alerts], f"{self.key}: alerts")
        unique([a.code for a in self.alerts], f"{self.key}: codes of alerts")
        cuts = (0.0, *self.tier_cuts, 1.0)
        require(
            len(cuts) in (2, 5) and all(a < b for a, b in zip(cuts, cuts[1:], strict=False)),
            f"{self.key}: three cuts of tiers rise between 0 and 1",
        )
        self._index.update({f.key: f for f in self.fields})
        for where, names in self._references():
            for name in names:
                require(name in self._index, f"{self.key}: {where} names the unknown field {name!r}")
        strange = {key for reply in self.replies for key in reply.themes} - {theme.key for theme in self.themes}
        require(not strange, f"{self.key}: replies to unknown themes {sorted(strange)}")
        require(self.has(Role.TARGET), f"{self.key}: no target")
        require(self.has(Role.SCHEDULED) or self.has(Role.OCCURRED), f"{self.key}: no date of the event")
        used = {name for spec in self.features for name in spec.fields}
        require(not used & {f.key for f in self.extras}, f"{self.key}: a model can't lean on what is never asked for")

    def _references(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for rule in self.rules:
            yield f"rule {rule.code}", rule.fields
        for spec in self.features:
            yield f"feature {spec.key}", spec.fields
        for dimension in self.dimensions:
            yield f"dimension {dimension.title}", (dimension.field,)
        yield "one_of", self.one_of
        if self.resource:
            yield f"resource {self.resource.resource}", tuple(e.field for e in self.resource.elements if e.field)
        for item in self.fields:
            if item.asked_when:
                yield f"field {item.key}", (item.asked_when[0],)

    @property
    def asked(self) -> tuple[Field, ...]:
        """The fields that a clinic is asked for: those of the template, and those that can be missing."""
        return tuple(f for f in self.fields if not f.extra)

    @property
    def resource_table(self) -> ResourceTable | None:
        """Its resource with the headers that its fields have; None where it declares none."""
        if self.resource is None:
            return None
        told = tuple(
            (self.field(item.field).label if item.field else item.header, item) for item in self.resource.elements
        )
        return ResourceTable(self.resource.resource, told, self.resource.status, self.resource.aside)

    @property
    def extras(self) -> tuple[Field, ...]:
        """The fields that only split rows, where a file has them; rows of a file without them lack their columns."""
        return tuple(f for f in self.fields if f.extra)

    def field(self, key: str) -> Field:
        """The field with this key. KeyError if the product has none."""
        return self._index[key]

    def names_staff(self, column: str) -> bool:
        """Whether a column of typed rows names people who work there: no chart, address or report holds its values."""
        return column in self._index and self._index[column].staff

    def column_label(self, column: str) -> str:
        """What a column of typed rows is called: a field, or the part of one that is a dimension.
        KeyError for another.
        """
        if column in self._index:
            return self._index[column].label
        found = next((d for d in self.dimensions if d.column == column), None)
        if found is None:
            raise KeyError(column)
        return found.noun if found.noun.isupper() else found.noun[:1].upper() + found.noun[1:]

    def has(self, role: Role) -> bool:
        """Whether one of the fields plays `role`."""
        return any(f.role is role for f in self.fields)

    def by_role(self, role: Role) -> Field | None:
        """The field that plays `role`, or None."""
        return next((f for f in self.fields if f.role is role), None)

    @property
    def target(self) -> Field:
        """The field that says what came of a row; every product has one."""
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
        """Whether its rows are scheduled, so that they can lie ahead with the outcome still to come."""
        return self.has(Role.SCHEDULED)

    @property
    def comment(self) -> Field | None:
        """What patients wrote."""
        return self.by_role(Role.COMMENT)

    @property
    def has_comments(self) -> bool:
        """Whether comments stand beside ratings: gives the product a page of the patients' voice."""
        return self.comment is not None and self.has_stars

    @property
    def learns_without_dates(self) -> bool:
        """Whether a model may be tested on texts and people that it did not see, where no later period can be had:
        what words say holds on any day, who will not come does not.
        """
        return self.has_comments

    @property
    def has_stars(self) -> bool:
        """Whether the target is a rating, of which 1 or 2 stars are the event."""
        return self.target.kind is FieldKind.RATING

    def feature(self, key: str) -> FeatureSpec:
        """The factor with this key. KeyError if the product has none."""
        for spec in self.features:
            if spec.key == key:
                return spec
        raise KeyError(key)
