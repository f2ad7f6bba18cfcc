"""The patients' voice end to end in a workspace:
what was read, who is to be answered, what is said of what was seen.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from pipeline import services
from pipeline.errors import PresencaError
from pipeline.insight.comments.unseen import UNSEEN
from pipeline.insight.scoring.row_explanation import PROTECTED
from pipeline.presentation.locale import messages, names
from pipeline.products.satisfaction import PRODUCT
from pipeline.products.satisfaction.sample import HEADERS
from pipeline.services import Workspace
from pipeline.services.data import datasets
from pipeline.services.models import models, starter
from pipeline.services.pages import comments, risk, today
from pipeline.services.pages.comments import CommentFilters, HeardComments

ALL = CommentFilters()


def _frame(space: Workspace, heard: HeardComments) -> pd.DataFrame:
    kept = space.scored(heard.dataset_id, heard.model_id, heard.as_of)
    assert kept is not None
    return kept[0]


def test_rows_that_taught_the_model_are_answered_by_models_that_had_not_seen_them(
    space: Workspace, heard: HeardComments
) -> None:
    frame = _frame(space, heard).set_index("row")
    past = risk.past_risks(space, heard.dataset_id, heard.model_id)
    assert past is not None and past.stars is not None and past.marks is not None
    own = frame.loc[past.row]
    np.testing.assert_allclose(own["risk"], past.risk)
    np.testing.assert_allclose(own[[f"star_{n}" for n in range(1, 6)]], past.stars)
    np.testing.assert_allclose(own["star_1"] + own["star_2"], own["risk"], atol=1e-12)
    rest = frame.loc[frame["rating"].notna() & ~frame.index.isin(past.row)]
    assert len(rest) and rest["risk"].isna().all() and (rest["observation"] == UNSEEN).all()
    unrated = frame[frame["rating"].isna()]
    assert unrated["risk"].notna().all()


def test_everybody_who_is_to_be_answered_is_a_detractor(space: Workspace, heard: HeardComments) -> None:
    found = comments.summary(space, heard, ALL)
    shown = comments.listed(space, heard, ALL, "answer", size=10_000)
    assert shown.total == len(shown.items) == found.to_answer > 100
    assert sum(item.stars is None for item in shown.items) == found.by_text > 0
    assert all((item.stars or 0) <= 2 and item.group == "detractor" for item in shown.items)
    days = [item.day for item in shown.items]
    assert days == sorted(days, reverse=True)
    frame = _frame(space, heard)
    assert found.detractors.value == pytest.approx((frame["rating"].dropna() <= 2).mean())
    assert found.stars.value == pytest.approx(frame["rating"].mean(), abs=1e-6)
    rated = frame["rating"].dropna()
    assert found.balance.value == pytest.approx((rated >= 4).mean() - (rated <= 2).mean(), abs=1e-6)


def test_marks_are_words_of_the_comment_and_reasons_name_some(space: Workspace, heard: HeardComments) -> None:
    items = [i for i in comments.listed(space, heard, ALL, "answer", size=300).items if i.marks]
    assert len(items) > 50
    for item in items:
        assert all(0 <= m.start < m.end <= len(item.comment) for m in item.marks)
        quoted = [
            reason.split("”")[0].strip("“")
            for reason in map(messages.say, (r.said for r in item.reasons))
            if reason.startswith("“")
        ]
        assert all(word in item.comment for word in quoted)


def test_every_risk_is_explained_exactly(space: Workspace, heard: HeardComments) -> None:
    items = comments.listed(space, heard, ALL, "all", size=400).items
    assert all((i.risk is None) or i.stars is None for i in items), "a rated comment shows its stars, no risk"
    lacking = [i for i in items if i.observation is not None and i.observation.code == "score.not_unseen"]
    for item in [i for i in items if i not in lacking][::40]:
        found = comments.explain(space, heard, item.row)
        assert found.reference + sum(c.points for c in found.contributions) == pytest.approx(
            found.risk, abs=1e-6
        ) and found.risk == (found.risk if item.risk is None else item.risk)
        named = [
            messages.say(c.said).lower() for c in found.contributions if c.factor != PROTECTED
        ]  # those are one bar, without their values
        assert not any("idade" in text or "gênero" in text for text in named)
    unseen = lacking[0] if lacking else None
    if unseen is not None:
        with pytest.raises(PresencaError):
            comments.explain(space, heard, unseen.row)


def test_contradictions_are_those_that_were_planted_more_often_than_not(space: Workspace, heard: HeardComments) -> None:
    shown = comments.listed(space, heard, ALL, "contradictions", size=100)
    assert 1 <= shown.total <= 60
    assert all(item.divergence and "texto de" in messages.say(item.divergence) and item.comment for item in shown.items)
    frame = _frame(space, heard).set_index("row")
    sure = frame.loc[[item.row for item in shown.items], "confidence"]
    assert (sure >= 0.8).all() and sure.is_monotonic_decreasing


def test_filters_narrow_and_words_are_found_whatever_their_case(space: Workspace, heard: HeardComments) -> None:
    everyone = comments.listed(space, heard, ALL, "all").total
    some = comments.listed(space, heard, CommentFilters(words="RECEPÇÃO"), "all", size=500)
    assert 0 < some.total < everyone and all("recep" in item.comment.lower() for item in some.items)
    column, values = comments.options(space, heard)[0]
    narrowed = comments.summary(space, heard, CommentFilters(values=((column, values[0]),)))
    assert 0 < narrowed.events < comments.summary(space, heard, ALL).events
    week = comments.summary(space, heard, CommentFilters(last_days=7))
    assert week.first_date is not None and (week.last_date - week.first_date).days < 7
    assert comments.summary(space, heard, CommentFilters(words="zzzzqq")).events == 0


def test_events_without_a_rating_are_read(space: Workspace) -> None:
    unrated = next(d for d in datasets.datasets(space, PRODUCT.key) if "sem_nota" in d.name)
    heard = comments.hear(space, unrated.id, models.models(space, PRODUCT.key)[0].id)
    found = comments.summary(space, heard, ALL)
    assert found.rated == 0 and found.stars is None and found.comments == found.events == 80
    assert found.by_text == found.to_answer > 3


def test_themes_count_what_the_filters_leave(space: Workspace, heard: HeardComments) -> None:
    found = comments.themes(space, heard, ALL)
    assert found.comments == comments.summary(space, heard, ALL).comments and len(found.themes) >= 10
    assert any(row.stance == "celebrate" for row in found.themes)
    assert any("totem" in item.text for item in found.expressions)


def test_one_comment_is_read_live_and_nothing_of_it_is_kept(space: Workspace, heard: HeardComments) -> None:
    bad = comments.read(space, heard.model_id, "Péssimo, esperei 3 horas e fui maltratada. Liguem (11) 98765-4321")
    good = comments.read(
        space,
        heard.model_id,
        "Excelente atendimento, médico muito atencioso!",
        {"care_mode": "Presencial", "cep_uf": "SP"},
    )
    assert bad.explanation.risk > 0.6 > 0.2 > good.explanation.risk
    assert (bad.group, good.group) == ("detractor", "promoter") and bad.expected < 2.5 < 4 < good.expected
    assert sum(bad.probabilities) == pytest.approx(1) and bad.probabilities[0] + bad.probabilities[1] == pytest.approx(
        bad.explanation.risk
    )
    points = sum(c.points for c in bad.explanation.contributions)
    assert bad.explanation.reference + points == pytest.approx(bad.explanation.risk, abs=1e-9)
    assert bad.scrubbed and "98765" not in bad.comment and not good.scrubbed
    with pytest.raises(PresencaError):
        comments.read(space, heard.model_id, "   ")


@pytest.mark.parametrize("text", ["😀😀", "<b>oi</b>", "=1+1", "\0\0", "\u202eabc", "x" * 50_000, "123"])
def test_any_comment_is_read(space: Workspace, heard: HeardComments, text: str) -> None:
    found = comments.read(space, heard.model_id, text)
    assert 0 < found.explanation.risk < 1 and all(0 <= m.start < m.end <= len(found.comment) for m in found.marks)


def test_downloads_have_the_clinics_own_columns_and_the_models(space: Workspace, heard: HeardComments) -> None:
    lines = comments.csv(space, heard, ALL, "answer").decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Gênero;") and "classe;risco" in lines[0] and "divergencia" in lines[0]
    sheet = openpyxl.load_workbook(
        io.BytesIO(comments.xlsx(space, heard, ALL, "contradictions")), read_only=True
    ).worksheets[0]
    assert sum(1 for _ in sheet.iter_rows()) == 1 + comments.listed(space, heard, ALL, "contradictions").total
    assert "Tema" in comments.themes_csv(comments.themes(space, heard, ALL)).decode("utf-8-sig").splitlines()[0]


def test_downloads_are_scrubbed_and_the_sealed_file_stays_as_it_came(space: Workspace, heard: HeardComments) -> None:
    raw = space.raw(heard.dataset_id)
    assert raw is not None
    named = [text for text in raw.column("Texto").to_pylist() if text and "Dra. Helena" in text]
    told = comments.csv(space, heard, ALL, "all").decode("utf-8-sig")
    assert named and "Dra. Helena" not in told and told.count("Dra. [nome]") >= len(named)
    assert told.splitlines()[0].startswith("Gênero;")


def test_what_rests_holds_no_postal_code(space: Workspace, heard: HeardComments) -> None:
    raw = space.raw(heard.dataset_id)
    assert raw is not None
    ceps = {cep.replace("-", "") for cep in raw.column("CEP").to_pylist() if cep}
    rows = space.rows(heard.dataset_id)
    assert not ceps & set(rows["cep"].astype(str)) and rows["cep_uf"].notna().mean() > 0.9
    for path in Path(space.home).rglob("*.parquet"):
        assert not any(cep.encode() in path.read_bytes() for cep in list(ceps)[:40]), path.name


def test_a_row_scored_by_the_command_line_has_every_column(
    space: Workspace, heard: HeardComments, tmp_path: Path
) -> None:
    source, bundle = tmp_path / "e.csv", tmp_path / "m.zip"
    services.write_sample(PRODUCT.key, source, 60, 11, future=True)
    bundle.write_bytes(models.export_model(space, heard.model_id))
    scored = services.score_file(source, bundle)
    own = scored.table.column_names[len(HEADERS) :]
    assert own == [
        *(f"prob_{n}" for n in range(1, 6)),
        "estrelas_previstas",
        "classe_prevista",
        "risco",
        "faixa",
        "motivo_1",
        "motivo_2",
        "motivo_3",
        "divergencia",
        "incerteza",
        "gravidade",
        "temas",
        "observacao",
    ]
    frame = scored.table.to_pandas()
    np.testing.assert_allclose(frame["prob_1"] + frame["prob_2"], frame["risco"], atol=1e-12)
    np.testing.assert_allclose(frame[[f"prob_{n}" for n in range(1, 6)]].sum(axis=1), 1)
    assert frame["motivo_1"].notna().mean() > 0.8
    assert set(frame["classe_prevista"]) <= {"detrator", "neutro", "promotor", "não sei"}
    assert ((frame["classe_prevista"] == "não sei") == frame["incerteza"].notna()).all()


def test_the_command_line_says_of_each_comment_what_the_pages_say(
    space: Workspace, heard: HeardComments, tmp_path: Path
) -> None:
    lines = ["Xyzzy plugh frobnicate quux.", "Demorou.", "Gostei muito, atendimento ótimo.", "Meu pai morreu na fila."]
    source, bundle = tmp_path / "f.csv", tmp_path / "m.zip"
    source.write_text("\n".join(["Comentario;Nota", *(f"{line};" for line in lines)]), "utf-8")
    bundle.write_bytes(models.export_model(space, heard.model_id))
    frame = services.score_file(source, bundle).table.to_pandas()
    readings = [comments.read(space, heard.model_id, line) for line in lines]
    said = [names.nps_group(one.group or "unsure") for one in readings]
    assert frame["classe_prevista"].tolist() == said and said[0] == "não sei" and said[3] != "promotor"
    whys = [messages.say(one.unsure) if one.unsure else None for one in readings]
    assert [why if isinstance(why, str) else None for why in frame["incerteza"]] == whys


def test_what_may_not_wait_stands_above_all_lists_whatever_the_stars(workspace_home: Path) -> None:
    said = (
        "5;Ótimo, mas deram o remédio errado para minha mãe",
        "1;Péssimo, demorou",
        ";Meu pai morreu na fila de espera",
        "4;Vou processar este hospital",
        "5;Não houve erro nenhum, minha mãe não caiu nem pegou infecção",
        "5;Tudo perfeito",
    )
    session = services.open_session()
    info = datasets.keep(session, PRODUCT.key, ("Classificação;Texto\n" + "\n".join(said)).encode(), "a.csv")
    reader = starter.info(session, PRODUCT.key)
    assert reader is not None
    found = comments.hear(session, info.id, reader.id)
    lane = comments.listed(session, found, ALL, comments.ALARMING)
    assert [item.row for item in lane.items] == [4, 2, 5] and lane.total == 3
    assert comments.summary(session, found, ALL).alarming == 3
    assert [item.comment[a.start : a.end] for item in lane.items for a in item.alerts] == [
        "Meu pai morreu na fila de espera",
        "Ótimo, mas deram o remédio errado para minha mãe",
        "Vou processar este hospital",
    ]


def test_today_tells_by_unit_what_may_not_wait_and_what_is_overdue(
    space: Workspace, past: str, heard: HeardComments
) -> None:
    series = space.dataset(past).series
    found = today.today(space, series, dataset_id=past, model_id=heard.model_id).comments
    assert found is not None and found.read
    for units, whole in ((found.units, found.grave), (found.late_units, found.overdue)):
        assert sum(n for _, n in units) <= whole and [n for _, n in units] == sorted(
            (n for _, n in units), reverse=True
        )
        assert bool(units) == bool(whole)
