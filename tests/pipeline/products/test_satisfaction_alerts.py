"""Alerts of comments held against labels that people gave by meaning.

Golden file: invented clinical comments of UPAs, hospitals, laboratories, dentists, imaging and telehealth. `held_out`
is a third of the first 396, written and labelled before any phrase and never tuned on, but by the same hand as the
rest: it is easier than life. `tune` is the other two thirds and five later sets, each measured before phrases were
written for it: recall 0.16 (words chosen to evade), 0.63, 0.68, 0.81 and 0.67, precision 0.65 to 0.95. `blind` is the
last such set, written after all phrases, measured once (0.69 and 0.89) and left alone: what to expect of words that
nobody thought of.

What counts: see the declaration. A near miss ("quase morreu", "poderia ter morrido") is harm; death in care, in the
queue or after it is death, a bereavement of long ago or elsewhere is none; what one came with is none; a figure of
speech is none; violence at home for which one came is flagged, as it is sensitive.

Shop reviews: labels by the SHA-256 of the exact text. 271 hold broad words (processar, procon, justiça, risco, …), 60
broader ones, 160 are of all; read whole and labelled by meaning under these rules:
- ameaca_legal: a step to the outside, done, announced or threatened in earnest or as a question (Procon, justice,
  lawyer, police, press, Reclame Aqui, "procurar meus direitos"); not the advice to look somebody up there.
- dano: somebody was hurt or nearly so, or a product is a danger to people (burst, smoke, sharp edges for a child, heat
  that frightens); not discomfort in use ("machuca a pele" of a razor), not a device that burnt out.
- no other code came up; what hints at none of these has none.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pytest

from pipeline.insight.comments import severity
from pipeline.products.satisfaction.alerts import ALERTS
from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden"
CODES = [alert.code for alert in ALERTS]
BLIND_RECALL = 0.65  # of what is told in words that nobody thought of, nearly a third is still missed
Pairs = list[tuple[str, frozenset[str]]]


@lru_cache(maxsize=1)
def clinical() -> dict[str, Pairs]:
    """Text and codes by part."""
    found: dict[str, Pairs] = {}
    with (GOLDEN / "severity_clinical.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["split"], []).append((row["text"], frozenset(filter(None, row["codes"].split(";")))))
    return found


def told(texts: Iterable[str]) -> list[frozenset[str]]:
    codes = {alert.key: alert.code for alert in ALERTS}
    return [frozenset(codes[one.key] for one in found) for found in severity.alerts(list(texts), ALERTS)]


def measured(pairs: Pairs) -> tuple[float, float]:
    """Recall and precision over all codes of all comments."""
    hits, wrong, lost = Counter[str](), Counter[str](), Counter[str]()
    for (_, labels), found in zip(pairs, told(text for text, _ in pairs), strict=True):
        hits.update(labels & found)
        wrong.update(found - labels)
        lost.update(labels - found)
    right = hits.total()
    return right / (right + lost.total()), right / (right + wrong.total())


def test_codes_are_those_that_downloads_carry_the_gravest_first() -> None:
    assert CODES == [
        "autoagressao",
        "obito",
        "dano",
        "violencia",
        "assedio",
        "erro",
        "infeccao",
        "discriminacao",
        "ameaca_legal",
    ]
    hours = [alert.answer_hours for alert in ALERTS]
    assert hours == sorted(hours) and hours[0] == 2 and hours[-1] == 24


def test_the_golden_file_has_every_code_in_every_part_and_as_many_without() -> None:
    parts = clinical()
    assert set(parts) == {"tune", "held_out", "blind"} and sum(map(len, parts.values())) >= 330
    for pairs in parts.values():
        counts = Counter(code for _, labels in pairs for code in labels)
        assert set(counts) == set(CODES)
        assert sum(not labels for _, labels in pairs) > 0.3 * len(pairs)


@pytest.mark.parametrize(("part", "recall", "precision"), [("tune", 0.95, 0.95), ("held_out", 0.9, 0.85)])
def test_clinical_comments(part: str, recall: float, precision: float) -> None:
    found = measured(clinical()[part])
    assert found[0] >= recall and found[1] >= precision, found


def test_comments_that_no_phrase_was_written_for() -> None:
    recall, precision = measured(clinical()["blind"])
    assert recall >= BLIND_RECALL and precision >= 0.85, (recall, precision)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Meu pai não morreu por pouco", ["dano"]),
        ("poderia ter morrido", ["dano"]),
        ("Se meu filho tivesse morrido, o que fariam?", ["dano"]),
        ("Quase morri de tanto esperar", []),
        ("Não morreu, graças a Deus", []),
        ("não vou processar ninguém", []),
        ("se não resolverem, vou processar", ["ameaca_legal"]),
        ("nunca fui discriminada", []),
        ("sem risco de morte", []),
        ("Ouvidoria respondeu rápido", []),
        ("Minha mãe faleceu há dois anos e fui acolhida", []),
        ("Minha mãe faleceu nesse hospital", ["obito"]),
        ("MEU PAI MOREU NA FILA CARALHO", ["obito"]),
        ("foi racizmo", ["discriminacao"]),
        ("vo prosseçar", ["ameaca_legal"]),
    ],
)
def test_denied_figurative_and_misspelt(text: str, codes: list[str]) -> None:
    assert sorted(told([text])[0]) == codes


@pytest.mark.real
def test_shop_reviews(real_dir: Path) -> None:
    with gzip.open(real_dir / "b2w_avaliacoes_10k.csv.gz") as file:
        texts = {row["Texto"] for row in csv.DictReader(io.TextIOWrapper(file, encoding="utf-8"))}
    by_hash = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    with (GOLDEN / "severity_shop_labels.csv").open(encoding="utf-8", newline="") as file:
        pairs = [
            (by_hash[row["sha256"]], frozenset(filter(None, row["codes"].split(";")))) for row in csv.DictReader(file)
        ]
    assert len(pairs) > 450
    recall, precision = measured(pairs)
    assert recall >= 0.9 and precision >= 0.85, (recall, precision)
