"""What is said of bookings that were given up shortly before their day."""

from __future__ import annotations

from pipeline.contract import Product
from pipeline.presentation.locale.numbers import interval, number, percent, plural
from pipeline.records import LateCancellations

TITLE = "Desmarcações em cima da hora"


def within(days: int) -> str:
    """A choice of how late is late."""
    return f"até {plural(days, 'dia', 'dias')} antes"


def about(product: Product) -> str:
    """What they are, and that they are no event."""
    words = product.words
    return (
        f"Não são {words.events}, e não entram em nenhuma taxa de {words.event}: são vagas que ficam sem tempo de ser "
        "preenchidas."
    )


def finding(found: LateCancellations, product: Product) -> str:
    """The rate with its n, and the others that were given up."""
    words = product.words
    before = plural(found.days, "dia", "dias")
    if found.rate is None:
        return f"Com estes filtros não há {words.rows} que ainda estivessem de pé {before} antes."
    said = [
        f"De {plural(found.rows, words.row, words.rows)} que ainda estavam de pé {before} antes, {number(found.late)} "
        f"foram desmarcados depois disso: {percent(found.rate.value)} (IC {interval(found.rate)})."
    ]
    if found.earlier:
        said.append(f"Com mais antecedência foram {number(found.earlier)}.")
    if found.undated:
        said.append(f"De {number(found.undated)} o arquivo não diz quando: ficam fora da conta.")
    return " ".join(said)
