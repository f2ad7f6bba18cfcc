"""The page for an address that does not exist."""

from __future__ import annotations

from dashboard import navigation
from dashboard.components.page import empty, page


def show() -> None:
    """Draws the page of an address that has none."""
    if navigation.is_closed_to_them():
        with page("Sem permissão"):
            empty(
                "O seu papel não abre esta página",
                "As páginas que ele abre estão na barra lateral. Se precisar desta, peça a quem administra as pessoas.",
                key="not_allowed",
            )
        return
    with page(navigation.MISSING):
        empty(
            "Este endereço não existe",
            "Ou é de uma página que o produto escolhido não tem. Confira o endereço, ou escolha uma página ao lado.",
            link=navigation.TODAY,
            link_label="Ir para Hoje",
            key="missing",
        )


show()
