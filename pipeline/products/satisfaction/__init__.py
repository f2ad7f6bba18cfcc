"""Product: how clients classify their care, from the text that they wrote and the circumstances."""

from collections.abc import Iterator
from typing import Any

from pipeline.contract import AGE_PART, REGION_PART, UF_PART, Dimension, Product, Sample, Starter, Words
from pipeline.products.satisfaction.alerts import ALERTS
from pipeline.products.satisfaction.features import FEATURES
from pipeline.products.satisfaction.fields import FIELDS
from pipeline.products.satisfaction.opinions import OPINIONS
from pipeline.products.satisfaction.replies import REPLIES
from pipeline.products.satisfaction.rules import RULES
from pipeline.products.satisfaction.themes import THEMES
from pipeline.products.usual import with_usual


def _generate(rows: int, seed: int, **options: Any) -> Iterator[Any]:
    """The made-up network; found when samples are asked for, as it needs numpy and Arrow."""
    from pipeline.products.satisfaction.sample import generate

    yield from generate(rows, seed, **options)


def _starter_texts(seed: int) -> Any:
    """What the starter reader learns from; found when it is made, as it needs Arrow."""
    from pipeline.products.satisfaction.starter import texts

    return texts(seed)


DIMENSIONS = (
    Dimension("care_level", "Em quais níveis de atendimento há mais detratores", noun="nível", noun_plural="níveis"),
    Dimension("cep", "Onde no Brasil", chart="map", noun="UF", noun_plural="UFs", part=UF_PART),
    Dimension("cep", "Em quais regiões há mais detratores", noun="região", noun_plural="regiões", part=REGION_PART),
    Dimension("care_mode", "Presencial e remoto", noun="tipo", noun_plural="tipos"),
    Dimension("birth_date", "Por faixa de idade", noun="faixa de idade", noun_plural="faixas de idade", part=AGE_PART),
    Dimension("gender", "Por gênero", noun="gênero", noun_plural="gêneros"),
    Dimension("unit", "Em quais unidades há mais detratores", noun="unidade", noun_plural="unidades"),
    Dimension("sector", "Em quais setores há mais detratores", noun="setor", noun_plural="setores"),
    Dimension("health_plan", "Por convênio", noun="convênio", noun_plural="convênios"),
    Dimension("specialty", "Por especialidade", noun="especialidade", noun_plural="especialidades"),
)
PRODUCT = Product(
    key="satisfaction",
    title="Satisfação",
    description=(
        "Classificação de um atendimento, de 1 a 5 estrelas, a partir do comentário e das circunstâncias. Uma linha é um "
        "atendimento; o risco é a chance de que receba 1 ou 2 estrelas (detrator)."
    ),
    words=Words(
        row="atendimento",
        rows="atendimentos",
        event="detrator",
        events="detratores",
        non_event="neutro ou promotor",
        rate="Taxa de detratores",
        risk_title="Risco de detrator",
        model_title="Modelo de satisfação",
        finding="Um em cada {one_in} atendimentos recebe 1 ou 2 estrelas: {rate}.",
        finding_rate="De cada 100 atendimentos, {per_100} recebem 1 ou 2 estrelas: {rate}.",
        model_finding="De cada 100 pares de um detrator e um promotor, o modelo reconhece o detrator em {poles}.",
        when_title="Quando se classifica pior",
        looks_like="avaliações de atendimentos",
    ),
    fields=FIELDS,
    rules=with_usual(FIELDS, RULES, DIMENSIONS),
    features=FEATURES,
    dimensions=DIMENSIONS,
    sample=Sample(
        generate=_generate,
        files=(
            ("past", "satisfaction_passado.csv"),
            ("future", "satisfaction_sem_nota.csv"),
            ("errors", "satisfaction_com_erros.csv"),
        ),
    ),
    themes=THEMES,
    replies=REPLIES,
    starter=Starter("starter.zip", _starter_texts, seed=2026),
    alerts=ALERTS,
    opinions=OPINIONS,
    tier_cuts=(0.25, 0.5, 0.75),
    one_of=("rating", "comment"),
    icon=":material/reviews:",
)
