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
    has_home = navigation.is_open(navigation.HOME)
    way = "Início" if has_home else "Hoje"
    with page(navigation.MISSING):
        empty(
            "Este endereço não existe",
            f"Ou é de uma página que o produto escolhido não tem. Confira o endereço, ou comece pela página {way}.",
            link=navigation.HOME if has_home else navigation.TODAY,
            link_label=f"Ir para {way}",
            key="missing",
        )


show()
