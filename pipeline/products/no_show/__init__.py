"""Product: the probability that an appointment (consultation or imaging) will not happen."""

from collections.abc import Iterator
from typing import Any

from pipeline.contract import Dimension, Product, Sample, Words
from pipeline.products.no_show.features import FEATURES
from pipeline.products.no_show.fhir import APPOINTMENT
from pipeline.products.no_show.fhir_sample import resources
from pipeline.products.no_show.fields import FIELDS
from pipeline.products.no_show.rules import RULES
from pipeline.products.no_show.scripts import CONTACTS
from pipeline.products.no_show.waiting import WAITING
from pipeline.products.usual import of_resources, with_usual


def _generate(rows: int, seed: int, **options: Any) -> Iterator[Any]:
    """The made-up network; found when samples are asked for, as it needs numpy and Arrow."""
    from pipeline.products.no_show.sample import generate

    yield from generate(rows, seed, **options)


DIMENSIONS = (
    Dimension("unit", "Em quais unidades se falta mais", noun="unidade", noun_plural="unidades"),
    Dimension("uf", "Onde no Brasil", chart="map", noun="UF", noun_plural="UFs"),
    Dimension("health_plan", "Em quais convênios se falta mais", noun="convênio", noun_plural="convênios"),
    Dimension("procedure", "Em quais procedimentos se falta mais", noun="procedimento",
              noun_plural="procedimentos"),
)
PRODUCT = Product(
    key="no_show",
    title="Faltas (No Show)",
    description=(
        "Probabilidade de um agendamento de consulta ou imagem não acontecer. Uma linha é um agendamento: "
        "cada paciente pode ter um ou mais, na mesma data e unidade ou não."
    ),
    words=Words(
        row="agendamento",
        rows="agendamentos",
        event="falta",
        events="faltas",
        non_event="presença",
        rate="Taxa de falta",
        risk_title="Risco de falta",
        model_title="Modelo de faltas",
        finding="Um em cada {one_in} agendamentos não acontece: {rate}.",
        finding_rate="De cada 100 agendamentos, {per_100} não acontecem: {rate}.",
        agenda_title="Agenda de contatos",
        agenda_finding="Ligar para os {calls} primeiros alcança {reached} das {expected} faltas esperadas.",
        when_title="Quando se falta mais",
        looks_like="agendamentos",
    ),
    fields=FIELDS,
    rules=with_usual(FIELDS, (*of_resources(APPOINTMENT), *RULES), DIMENSIONS),
    features=FEATURES,
    dimensions=DIMENSIONS,
    contacts=CONTACTS,
    waiting=WAITING,
    resource=APPOINTMENT,
    sample=Sample(
        generate=_generate,
        files=(
            ("past", "no_show_passado.csv"),
            ("future", "no_show_futuro.csv"),
            ("errors", "no_show_com_erros.csv"),
            ("fhir", "no_show_fhir.ndjson"),
        ),
        resources=resources,
    ),
)
