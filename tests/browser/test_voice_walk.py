"""A morning with the patients' voice: comments without dates or ratings → what may not wait → a theme → its sentences →
one answered → the count falls → the list, as a file.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.english import english_words
from tests.browser.walking import click, download, looked_at, open_page, upload, wait_until_idle

GRAVE = ("Deram o remédio errado para minha mãe.", "Vou processar esta clínica.", "Meu pai morreu na fila de espera.")
BAD = ("Esperei três horas, um absurdo", "Recepção péssima, atendente grossa", "Banheiro imundo e sala lotada")
GOOD = ("Médico excelente, explicou tudo", "Equipe atenciosa, recomendo", "Rápido e limpo, tudo no horário")
LINES = [*GRAVE, *(f"{text}, {turn}ª vez" for turn in range(2, 8) for text in (*BAD, *GOOD))]


def test_whom_to_answer_first_and_that_it_was_done(fresh: tuple[Page, str, str], tmp_path: Path) -> None:
    page, url, screen = fresh
    source = tmp_path / "comentarios.csv"
    source.write_text("Texto\n" + "\n".join(f'"{line}"' for line in LINES) + "\n", "utf-8")
    open_page(page, f"{url}/dados?produto=satisfaction")
    upload(page, source)
    click(page, re.compile("Conferir"))
    click(page, "Ler os comentários")
    lead = page.get_by_text(re.compile(r"atendimentos esperam resposta, 3 não podem esperar"))
    expect(lead).to_be_visible()
    expect(page.get_by_text("Leitor de partida.")).to_be_visible()
    before = int(re.search(r"(\d+) atendimentos", lead.inner_text())[1])  # type: ignore[index]
    lane = page.locator(".st-key-section_alerts")
    expect(lane.get_by_role("heading", name="Não pode esperar: 3")).to_be_visible()
    assert (
        lane.locator("[class*='st-key-alerts_']").first.inner_text().count("morreu na fila") >= 1
    )  # the gravest first
    looked_at(page, f"voz_gravidade_{screen}")

    page.get_by_role("radio", name="Temas").or_(page.get_by_role("button", name="Temas", exact=True)).first.click()
    wait_until_idle(page)
    expect(page.get_by_role("heading", name=re.compile("O que mais recebe queixa"))).to_be_visible()
    expect(page.get_by_text("Esperei três horas").first).to_be_visible()
    looked_at(page, f"voz_um_tema_{screen}")

    page.get_by_text("Responder e anotar").first.click()
    wait_until_idle(page)
    expect(page.get_by_text(re.compile("Complete o que está entre chaves")).first).to_be_visible()
    page.get_by_label("Anotação").first.fill("Liguei para a família; meu ramal é 98765-4321.")
    lane.get_by_role("button", name="Respondido").or_(lane.get_by_role("button", name="Assumir")).first.click()
    wait_until_idle(page)
    answered = lane.get_by_role("button", name="Respondido")
    if answered.count():  # taken on first, then answered
        answered.first.click()
        wait_until_idle(page)
    expect(lane.get_by_role("heading", name="Não pode esperar: 2")).to_be_visible()
    expect(page.get_by_text(re.compile(f"{before - 1} atendimentos esperam resposta, 2 não podem"))).to_be_visible()
    assert english_words(page) == []

    path = download(page, "O que não pode esperar, em CSV", tmp_path)
    rows = {row["Texto"]: row for row in csv.DictReader(path.open(encoding="utf-8-sig"), delimiter=";")}
    assert set(rows) == set(GRAVE)
    assert rows[GRAVE[2]]["estado"] == "respondido" and rows[GRAVE[2]]["gravidade"] == "obito"
    assert rows[GRAVE[0]]["estado"] == "novo" and "98765" not in path.read_text("utf-8-sig")
