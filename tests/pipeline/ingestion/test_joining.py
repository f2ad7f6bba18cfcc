"""Months joined without doubling, and a month held against the one before."""

from __future__ import annotations

from pipeline.ingestion.intake import ingest
from pipeline.ingestion.joining import compare, join
from pipeline.ingestion.reading.vocabulary import ORIGIN, ORIGIN_ROW
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
