"""HTML exports: complete, Portuguese, without a request or a script of somebody else's."""

from __future__ import annotations

import dataclasses
import re

import pytest

from pipeline.presentation.html import model_card_html, risk_html, validation_html
from tests.pipeline.presentation import examples as ex
from tests.pipeline.presentation.golden import same_as_golden


def without_plotly(page: str) -> str:
    return re.sub(r"<script.*?</script>", "<script/>", page, flags=re.DOTALL)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {
        "validation": validation_html(ex.REPORT, ex.PRODUCT),
        "model": model_card_html(ex.CARD, ex.PRODUCT),
        "risk": risk_html(ex.VIEW, ex.PRODUCT, why=[ex.WHY], filters=["Filial: todas"]),
    }


def test_pages_are_closed_to_the_network(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        assert '<html lang="pt-BR">' in page and "default-src 'none'" in page, name
        body = without_plotly(page)
        assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?(https?:)?//""", body), name
        assert "<img" not in body and "@import" not in body, name


def test_text_from_files_is_never_markup(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        assert "<script>alert" not in page, name
        assert "&lt;script&gt;alert(1)" in page, name


def test_scripts_only_where_there_is_a_figure(pages: dict[str, str]) -> None:
    assert "<script" not in pages["validation"] and "script-src" not in pages["validation"]
    for name in ("model", "risk"):
        assert pages[name].count("plotly.js v") == 1, name
        assert pages[name].count('role="img" aria-label=') >= 3, name


def test_validation_page_is_the_golden_one(pages: dict[str, str]) -> None:
    unstyled = re.sub(r"<style>.*?</style>", "<style/>", pages["validation"], flags=re.DOTALL)
    same_as_golden("validation.html", unstyled)


def test_the_lack_is_said_before_the_problems(pages: dict[str, str]) -> None:
    page = pages["validation"]
    assert page.index("Sem ela não há mapa.") < page.index("O que foi encontrado")
    assert "637 linhas ficam de fora" in page and "84.076" in page


def test_model_and_risk_pages_say_their_finding(pages: dict[str, str]) -> None:
    assert "Ligar para os 10% de reservas com maior risco alcança 25 de cada 100 abandonos" in pages["model"]
    assert "O risco previsto se confirma?" in pages["model"] and "Acerta a ordem" in pages["model"]
    assert "Uma em cada cinco reservas é abandonada: 19,8%." in pages["risk"]
    assert "Filial Ponta Negra" in pages["risk"] and "IC 95%" in pages["risk"]


def test_an_absent_field_says_so_in_place() -> None:
    view = dataclasses.replace(ex.VIEW, groups=(("branch", ex.GROUPS),), absent=("uf",), heat=(), periods=())
    page = risk_html(view, ex.PRODUCT)
    assert "O arquivo não traz UF: por isso não há esse quadro." in page and "não há evolução" in page


def test_the_card_is_what_a_board_was_shown(pages: dict[str, str]) -> None:
    """Purpose, skill, groups, limits, law: in plain words, with nothing of a file let loose."""
    words = re.sub(r"(<figure[^>]*>).*?</figure>", r"\1</figure>", without_plotly(pages["model"]), flags=re.DOTALL)
    same_as_golden("model_card.html", words)  # Plotly names each drawing anew
    for part in (
        "Para que serve",
        "Onde acerta e onde erra",
        "Para quem difere",
        "Numa unidade que o modelo nunca viu",
        "LGPD, art. 20",
        "RDC 657/2022",
    ):
        assert part in pages["model"], part
