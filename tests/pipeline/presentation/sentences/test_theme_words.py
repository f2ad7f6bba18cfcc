"""Themes in words: codes of downloads, the table of the command line, and what a page says of one."""

from __future__ import annotations

import datetime as dt

from pipeline.presentation.sentences import findings, theme_words
from pipeline.records import (
    Interval,
    PolarityCounts,
    ThemeEntry,
    ThemeOverview,
    ThemePair,
    ThemeRow,
    ThemeSentence,
    ThemeSet,
)


def row(label: str, counts: PolarityCounts, parent: str = "", effect: Interval | None = None) -> ThemeRow:
    n = counts.comments
    return ThemeRow(
        label.lower(),
        label,
        n,
        Interval(n / 200, 0.1, 0.6),
        n,
        None,
        effect,
        "watch",
        parent,
        counts=counts,
        negative=Interval(counts.negative / n, 0.4, 0.8),
    )


WAIT = row("Espera", PolarityCounts(60, 20, 10, 10), effect=Interval(-0.9, -1.1, -0.7))
PART = row("Triagem", PolarityCounts(5, 0, 0, 5), "espera")
DOCTOR = row("Médico", PolarityCounts(2, 0, 38, 0))
FOUND = ThemeOverview(200, 200, 130, None, (WAIT, PART, DOCTOR), (), None)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_codes_are_those_of_the_download() -> None:
    assert theme_words.codes([("espera", "negative"), ("medico", "positive")]) == "espera:negativo; medico:positivo"
    assert theme_words.codes([("a", "mixed"), ("b", "neutral")]) == "a:misto; b:neutro" and theme_words.codes([]) == ""


def test_the_table_stands_in_columns_with_parts_indented() -> None:
    lines = theme_words.lines(FOUND)
    assert plain(lines[0]) == "200 comentários lidos. 130 falam de algum tema."
    assert [line.split("  ")[0] for line in lines[3:]] == ["Espera", "", "Médico"]
    assert lines[4].startswith("  Triagem") and "60% (40,0–80,0%)" in plain(lines[3])
    assert len({len(line) for line in lines[2:]}) == 1
    nothing = ThemeOverview(1, 0, 0, None, (), (), None)
    assert plain(theme_words.lines(nothing)[0]) == "1 comentário lido. Nenhum fala dos temas conhecidos."


def test_a_theme_is_said_with_its_n_interval_and_effect() -> None:
    said = plain(theme_words.standing(WAIT))
    assert said.startswith("100 comentários, 50,0% de todos: 60% negativos (IC 40,0–80,0%), 20% mistos, 10% positivos")
    assert "Efeito: −0,90 estrelas" in said and "Efeito" not in theme_words.standing(DOCTOR)
    assert theme_words.in_hierarchy(PART, FOUND) == "Espera › Triagem"
    assert theme_words.most_blamed([DOCTOR, WAIT]) is WAIT
    assert [plain(theme_words.polarity_option(WAIT, one)) for one in ("all", "mixed")] == ["Todos 100", "Mistos 20"]


def test_the_finding_names_blame_and_praise_or_else_stars() -> None:
    found = findings.polarity_finding(FOUND)
    assert plain(found.lead) == "O que mais recebe queixa: espera (60% de 100) e médico (5% de 40)."
    assert "O que mais recebe elogio: médico (95% de 40)" in plain(found.rest)
    silent = ThemeOverview(9, 9, 9, None, (row("Espera", PolarityCounts(neutral=9)),), (), None)
    assert findings.polarity_finding(silent) == findings.themes_finding(silent)


def test_pairs_sentences_and_editions_are_said() -> None:
    pair = plain(theme_words.pair(ThemePair("Espera", "Médico", 26, 7.4, Interval(3.5, 2.7, 4.4))))
    assert pair == "Espera e médico: 26 comentários, onde o acaso daria 7; 3,5 vezes (IC 2,7 a 4,4)."
    said = ThemeSentence(1_204, "x", 0, 1, "negative", 3.0, dt.date(2026, 11, 4))
    assert plain(theme_words.about(said)) == "04/11/2026 · 3 estrelas · linha 1.204"
    assert plain(theme_words.about(ThemeSentence(1, "x", 0, 1, "mixed"))) == "sem data · sem nota · linha 1"
    on, off = ThemeEntry("a", "A", ("a",)), ThemeEntry("b", "B", ("b",), on=False)
    assert plain(theme_words.edition(ThemeSet("p", (on, off)))) == (
        "Temas editados por esta clínica: 1 procurado, 1 desligados."
    )
    assert theme_words.edition(ThemeSet("p", (on,), edited=False)).startswith("Temas da Presença: 1")
