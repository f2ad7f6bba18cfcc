"""Each role finds the pages that it opens, sound and without a refusal, and nothing of the others."""

from __future__ import annotations

import pytest

from pipeline.products.no_show import PRODUCT
from pipeline.records import Role
from pipeline.services import Workspace
from tests.dashboard.pages import AGENDA, EFFECT, MODEL, RISK, SLOTS, TODAY, labels, opened, said, sound
from tests.dashboard.people import comes_in

REFUSED = "não tem permissão"
OPEN = {
    Role.READER: (TODAY, MODEL, RISK, EFFECT),
    Role.ATTENDANT: (TODAY, AGENDA, SLOTS),
    Role.ANALYST: (TODAY, "views/home.py", "views/data.py", MODEL, RISK, AGENDA, SLOTS, EFFECT),
}


@pytest.mark.parametrize(("role", "page"), [(role, page) for role, pages in OPEN.items() for page in pages])
def test_a_role_finds_its_pages_without_a_refusal(
    role: Role, page: str, trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_in(trained, role, monkeypatch)
    app = sound(opened(page), PRODUCT)
    assert REFUSED not in said(app) and "Página não encontrada" not in said(app)
    assert "Pessoa" in said(app) and "Sair" in labels(app)
