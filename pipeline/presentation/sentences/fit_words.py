"""Whether a model knows the data, in words: said first on every page that shows its risks."""

from __future__ import annotations

from pipeline.contract import Product
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale.numbers import interval, listed, number, percent
from pipeline.presentation.sentences.findings import Finding
from pipeline.records import Fit, KnownShare

_NAME = 40


def fit(found: Fit, product: Product, *, model_of: str = "", data_of: str = "") -> Finding | None:
    """Why the model's risks must not be trusted here; None where it knows the data.
    `model_of`, `data_of`: names of the series.
    """
    if found.knows:
        return None
    reasons = [
        *_series(found, model_of, data_of),
        *_places(found, product),
        *_level(found),
        *_words(found),
        *_lacking(found, product),
    ]
    return Finding("O modelo não conhece estes dados: os riscos dele não valem para decidir.", " ".join(reasons))


def lacking(found: Fit, product: Product) -> str:
    """Fields that a model which otherwise knows the data learnt from and has to do without; "" where there is none."""
    return " ".join(_lacking(found, product))


def _series(found: Fit, model_of: str, data_of: str) -> list[str]:
    if found.sample_mismatch:
        return ["Ele aprendeu com dados de exemplo, e estes são de uma clínica, ou o contrário."]
    if found.same_series is False:
        return [
            f"Ele aprendeu com a série “{shorten(model_of, _NAME)}”, e estes são de “{shorten(data_of, _NAME)}”."
            if model_of and data_of
            else "Ele aprendeu com arquivos de outra clínica."
        ]
    return []


def _places(found: Fit, product: Product) -> list[str]:
    places = found.places
    if places is None or not places.rows or found.places_known:
        return []
    return [f"{_unmet(places, product)}{_named(places)}."]


def _unmet(places: KnownShare, product: Product) -> str:
    label, unmet = product.field(places.field).label, places.rows - places.known
    return (
        f"Em {number(unmet)} de {number(places.rows)} {product.words.rows} ({percent(1 - places.share, 0)}), o campo "
        f"{_lower(label)} traz um valor que ele nunca viu"
    )


def _named(places: KnownShare) -> str:
    return f", como {listed([f'“{shorten(name, _NAME)}”' for name in places.strangers])}" if places.strangers else ""


def _level(found: Fit) -> list[str]:
    told = found.level_off or found.same_series is False  # how far a stranger is off is said even where it is little
    if not told or found.predicted is None or found.observed is None:
        return []
    return [
        f"Prevê {percent(found.predicted)} onde vieram {percent(found.observed.value)} (IC "
        f"{interval(found.observed)}, n {number(found.outcomes)})."
    ]


def _words(found: Fit) -> list[str]:
    if found.words_known is None:
        return []
    return [f"De cada 100 palavras dos comentários, ele conhece {number(100 * found.words_known)}."]


def _lacking(found: Fit, product: Product) -> list[str]:
    if not found.lacking:
        return []
    names = [product.field(key).label for key in found.lacking]
    return [f"Os dados não trazem {listed(names, 'nem')}, com que o modelo aprendeu: ele faz com menos."]


def foreign_history(fields: tuple[str, ...], product: Product) -> str:
    """What is said of a history that knows none of the rows' values of `fields`."""
    names = listed([f"nenhum valor de {_lower(product.field(key).label)}" for key in fields])
    return (
        f"O histórico parece ser de outra clínica: não tem {names} do arquivo. Ele não foi usado, nem mudou o dia da "
        "lista."
    )


def _lower(label: str) -> str:
    return label if label.isupper() else label[0].lower() + label[1:]
