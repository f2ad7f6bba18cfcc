"""The page for an address that does not exist."""

from __future__ import annotations

from dashboard import navigation
from dashboard.components.page import empty, page

_OF_ALL = {
    navigation.EFFECT: (
        "O efeito compara quem foi chamado com um grupo sorteado na rede inteira, e um paciente pode ter sido chamado "
        "por outra unidade: a conta de uma unidade só não seria justa. Peça o resultado a quem vê todas."
    ),
    navigation.MODEL: (
        "O modelo aprendeu com as linhas de todas as unidades, e a ficha dele tem números de cada uma. Como ele vai "
        "nas suas linhas está na página Risco."
    ),
    navigation.DATA: (
        "Um arquivo traz linhas de todas as unidades, e enviar ou corrigir um deles mudaria também as das outras. "
        "Peça a quem vê todas."
    ),
    navigation.HOME: (
        "Ela serve para enviar arquivos e treinar modelos, que são de todas as unidades. Peça a quem vê todas."
    ),
}


def show() -> None:
    """Draws the page of an address that has none."""
    if closed := navigation.closed_by_units():
        with page("Só para quem vê todas as unidades"):
            why = _OF_ALL.get(closed, "Ela fala da rede inteira, e o seu acesso é só a algumas unidades.")
            empty("Esta página é de todas as unidades", why, key="only_units")
        return
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
