"""The page for an address that does not exist."""

from __future__ import annotations

from dashboard import navigation
from dashboard.components.page import empty, page


def show() -> None:
    """Draws the page of an address that has none."""
    with page(navigation.MISSING):
        empty(
            "Este endereço não existe",
            "Ou é de uma página que o produto escolhido não tem. Confira o endereço, ou comece pela página Início.",
            link=navigation.HOME,
            link_label="Ir para Início",
            key="missing",
        )


show()
