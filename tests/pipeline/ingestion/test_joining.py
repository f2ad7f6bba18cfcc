"""Months joined without doubling, and a month held against the one before."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingestion.event_id import UNTOLD
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.joining import _contents, _Later, compare, join
from pipeline.ingestion.reading.vocabulary import OLDER, ORIGIN, ORIGIN_ROW, SAME
from pipeline.presentation.sentences import comparison_words
from pipeline.products.no_show import PRODUCT
from tests.pipeline.ingestion.tables import TODAY, ingested, sound


def months():  # type: ignore[no-untyped-def]
    """Forty appointments;
    the later file has the last twenty again, of which three are told otherwise, and ten new ones.
    """
    old, new = sound(50), sound(50)
    first = {key: cells[:40] for key, cells in old.items()}
    first["status"] = ["Realizado"] * 37 + ["Agendado"] * 3
    second = {key: cells[20:] for key, cells in new.items()}
    second["status"] = ["Realizado"] * 17 + ["No Show"] * 13
    second["unit"][25:] = ["Clínica Nova"] * 5
    return ingested(first), ingested(second)


def test_what_a_later_file_tells_again_counts_once_and_is_not_lost() -> None:
    old, new = months()
    raw = join([old, new], PRODUCT)
    joined = ingest(raw, PRODUCT, today=TODAY)
    assert joined.report.rows_read == 70 and joined.report.rows_usable == 50 and len(joined.left_out) == 20
    assert dict(joined.report.left_out) == {"superseded": 20}
    assert joined.rows["status"].astype(str).tolist() == ["Realizado"] * 37 + ["No Show"] * 13
    assert (
        joined.report.quality is not None
        and joined.report.quality.rows("lost") == 0
        and joined.report.quality.rows("aside") == 20
    )
    assert not [a for a in joined.report.actions if a.issue == "superseded"]
    assert raw.table[ORIGIN].null_count == 0 and raw.table[ORIGIN_ROW][0].as_py() == "2"
    assert not [m for m in joined.matches if m.header in (ORIGIN, ORIGIN_ROW) and m.field]


def test_joining_twice_changes_nothing() -> None:
    old, new = months()
    once = ingest(join([old, new], PRODUCT), PRODUCT, today=TODAY)
    twice = ingest(join([once, new], PRODUCT), PRODUCT, today=TODAY)
    assert sorted(twice.rows["patient_id"].astype(str)) == sorted(once.rows["patient_id"].astype(str))


def test_american_dates_and_other_headers_become_one_table() -> None:
    columns = sound(30)
    american = {**columns, "scheduled_date": [f"{c[3:5]}/{c[:2]}/{c[6:]}" for c in columns["scheduled_date"]]}
    american["Dt. Consulta"] = american.pop("scheduled_date")
    joined = ingest(join([ingested(sound(30)), ingested(american)], PRODUCT), PRODUCT, today=TODAY)
    assert joined.report.rows_usable == 30 and joined.report.rows_left_out == 30


def test_a_comparison_counts_what_is_new_changed_repeated_and_known_now() -> None:
    old, new = months()
    found = compare(old.rows, new.rows, PRODUCT, ("antes", "agora"))
    assert (found.rows, found.new, found.changed, found.repeated, found.gone, found.became_known) == (
        30,
        10,
        3,
        17,
        0,
        3,
    )
    assert [(v.field, v.values) for v in found.new_values] == [("unit", (("Clínica Nova", 5),))]


def test_a_rate_that_jumped_is_said_and_chance_is_not() -> None:
    old, new = sound(400), sound(400)
    new["status"] = ["No Show" if i % 2 else "Realizado" for i in range(400)]
    found = compare(ingested(old).rows, ingested(new).rows, PRODUCT, ("a", "b"))
    assert found.shifts and found.shifts[0].n_after >= 100
    assert not compare(ingested(old).rows, ingested(old).rows, PRODUCT, ("a", "b")).shifts


def test_without_ids_events_cannot_be_told_apart() -> None:
    old, new = sound(30), sound(30)
    del old["patient_id"]
    assert not compare(ingested(old).rows, ingested(new).rows, PRODUCT, ("a", "b")).comparable
    joined = ingest(join([ingested(old), ingested(new)], PRODUCT), PRODUCT, today=TODAY)
    assert joined.report.rows_usable == 60


def test_the_whole_is_said_first_and_what_is_joined_is_not_to_be_joined() -> None:
    old, new = months()
    found = compare(old.rows, new.rows, PRODUCT, ("a.csv", "b.csv"))
    assert found.wholes is not None and found.only_before == 20 and not comparison_words.nothing_to_join(found)
    before, after = found.wholes
    assert (before.rows, before.outcomes, after.rows, after.outcomes) == (40, 37, 30, 30)
    lines = comparison_words.whole_lines(found, PRODUCT)
    assert (
        lines[0] == "Agendamentos: de 40 para 30."
        and "n 37" in lines[2]
        and "subiu mais que o acaso explica" in lines[2]
    )
    joined = ingest(join([old, new], PRODUCT), PRODUCT, today=TODAY)
    whole = compare(old.rows, joined.rows, PRODUCT, ("a.csv", "juntos"))
    assert whole.holds_the_other and "já contém o anterior" in comparison_words.nothing_to_join(whole)
    back = compare(joined.rows, new.rows, PRODUCT, ("juntos", "b.csv"))
    assert back.held_by_the_other and "já contém este" in comparison_words.nothing_to_join(back)
    assert comparison_words.comparison(found, PRODUCT).startswith("Dos 30\u00a0agendamentos deste arquivo")
    assert comparison_words.rows_figures(found, PRODUCT)[0][0] == "Novos"


def _one_by_one(keys: list[list[int]], says: list[list[int]]) -> list[list[str]]:
    """What a loop over the rows says of each: "" where no later file tells of its event."""
    later: dict[int, int] = {}
    found = [[""] * len(own) for own in keys]
    for place in range(len(keys) - 1, -1, -1):
        for row, (key, content) in enumerate(zip(keys[place], says[place], strict=True)):
            if key != UNTOLD and key in later:
                found[place][row] = SAME if later[key] == content else OLDER
        for key, content in zip(keys[place], says[place], strict=True):
            later.setdefault(key, content)
    return found


@given(st.lists(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1)), max_size=8), min_size=1, max_size=4))
def test_what_is_told_again_is_what_a_loop_finds(files: list[list[tuple[int, int]]]) -> None:
    keys, says = ([[pair[i] for pair in file] for file in files] for i in (0, 1))
    later, found = _Later(), []
    for own, told in zip(reversed(keys), reversed(says), strict=True):
        arrays = np.array(own, "uint64"), np.array(told, "uint64")
        known, same = later.know(*arrays)
        found.append(np.where(known, np.where(same, SAME, OLDER), "").tolist())
        later.add(*arrays)
    assert found[::-1] == _one_by_one(keys, says)


def test_rows_say_the_same_whatever_else_their_files_hold() -> None:
    old, new = months()
    as_text = [rows.apply(lambda c: c.astype("str") if c.dtype == "category" else c) for rows in (old.rows, new.rows)]
    own, other = (_contents(part.rows, PRODUCT) for part in (old, new))
    texts = [frame[[field.key for field in PRODUCT.asked]].astype("str").agg("|".join, axis=1) for frame in as_text]
    assert (own[:, None] == other).tolist() == (texts[0].to_numpy()[:, None] == texts[1].to_numpy()).tolist()
