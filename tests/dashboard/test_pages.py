"""What each page says in each of its states: empty, with data, with a model, under filters that leave nothing."""

from __future__ import annotations

import datetime as dt
import io
import os
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from pipeline.presentation.locale.numbers import number, percent
from pipeline.presentation.sentences import agenda_words, model_words
from pipeline.products.no_show import PRODUCT
from pipeline.records import Progress, cell_name
from pipeline.services import Workspace
from pipeline.services.data import datasets, fixing, table
from pipeline.services.data.placing import Into
from pipeline.services.models import models
from pipeline.services.pages import agenda, risk
from pipeline.services.pages.agenda import ListFilters
from pipeline.services.pages.risk import Filters
from pipeline.workspace.audit import entries
from pipeline.workspace.jobs import job_worker, processes
from tests.conftest import ROOT
from tests.dashboard.pages import AGENDA, DATA, HOME, MODEL, RISK, broken, columns, opened, said, sound

WHOLE = Filters(None, None, {})


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (HOME, "Envie a planilha da clínica ou use os dados de exemplo."),
        (DATA, "Ainda não há dados."),
        (MODEL, "Ainda não há dados"),
        (RISK, "Ainda não há dados"),
        (AGENDA, "Ainda não há modelo"),
    ],
)
def test_empty_page_says_what_is_missing(empty_home: Path, page: str, sentence: str) -> None:
    assert sentence in said(sound(opened(page), PRODUCT))


def test_samples_lead_to_a_report(empty_home: Path) -> None:
    app = opened().button("use_samples").click().run()
    text = said(sound(app, PRODUCT))
    assert "Relatório dos dados" in text and "serve para treino" in text


def test_home_is_sound_with_a_model(trained: Workspace) -> None:
    """The other pages are, where they are asked what they say."""
    sound(opened(HOME), PRODUCT)


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (HOME, "Falta treinar um modelo para calcular o risco."),
        (MODEL, "Treinar um modelo"),
        (RISK, "As taxas observadas estão abaixo."),
        (AGENDA, "Ainda não há modelo"),
    ],
)
def test_page_without_a_model_says_so(untrained: Workspace, page: str, sentence: str) -> None:
    assert sentence in said(sound(opened(page), PRODUCT))


def _past(workspace: Workspace) -> str:
    return next(d.id for d in datasets.datasets(workspace, PRODUCT.key) if d.purpose != "future")


def test_report_shows_the_record(trained: Workspace) -> None:
    record = datasets.report(trained, _past(trained))
    text = said(sound(opened(DATA), PRODUCT))
    assert number(record.rows_read) in text and number(record.rows_usable) in text
    assert record.event_rate is not None and percent(record.event_rate.value) in text


def test_page_of_data_ends_with_the_next_step(untrained: Workspace) -> None:
    app = opened(DATA)
    buttons = [b.label for b in app.button]
    assert buttons[-1] == "Treinar um modelo"
    assert "Treinar" in said(sound(app.button("next_step_go").click().run(), PRODUCT))


def test_what_was_typed_outlives_parts_and_pages_until_it_is_saved_or_thrown_away(untrained: Workspace) -> None:
    info = next(d for d in datasets.datasets(untrained, PRODUCT.key) if d.purpose != "future")
    first = table.view(untrained, info.id).rows[0].number
    app = opened(DATA)
    app.session_state["typed_cells"] = {
        info.id: {(first, "scheduled_date"): "99/99/9999", (first, "health_plan"): "Plano Novo"}
    }
    waiting = "2\u00a0correções digitadas, ainda não salvas."
    for part in (state.FIX, state.COMPARE, state.REPORT):
        app.segmented_control("data_section").set_value(part).run()
        assert waiting.replace("\u00a0", " ") in said(sound(app, PRODUCT)), part
    app.switch_page(RISK).run()
    app.switch_page(DATA).run()
    app.button("save_typed").click().run()
    text = said(sound(app, PRODUCT))
    assert (
        "1 célula corrigida; 1 célula mudada continua com problema (Data do agendamento ilegível)." in text
        and "ainda não" not in text
    )
    app.session_state["typed_cells"] = {info.id: {(first, "health_plan"): "Outro"}}
    app.run().button("drop_typed").click().run()
    assert "1 correção descartada" in said(app) and len(fixing.told(untrained, info.id)) == 2


def test_a_value_that_stands_in_no_cell_changes_none_and_says_so(untrained: Workspace) -> None:
    app = opened(DATA)
    app.segmented_control("data_section").set_value(state.FIX).run()
    next(s for s in app.selectbox if s.label == "Campo").set_value("health_plan")
    next(t for t in app.text_input if t.label == "Onde está escrito").set_value("Não existe")
    app = next(b for b in app.button if b.label == "Trocar em todas as linhas").click().run()
    assert "nenhuma célula tem o valor “Não existe”" in said(sound(app, PRODUCT))


def test_deletion_takes_the_data_off_the_list(trained: Workspace) -> None:
    app = opened(DATA)
    gone = _past(trained)
    app.button(f"delete_{gone}").click().run()
    sound(app, PRODUCT)
    assert gone not in [d.id for d in datasets.datasets(trained, PRODUCT.key)]
    assert f"delete_{gone}" not in {b.key for b in app.button}


def test_running_training_is_shown(untrained: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "start", lambda *_, **__: os.getpid())
    job = models.start_training(untrained, _past(untrained), effort="fast")
    job_worker.report_progress(untrained, job.id, Progress(share=0.5, stage="Dobra 2 de 4"))
    app = sound(opened(MODEL), PRODUCT)
    assert "começado em outra janela" in said(app)
    assert "cancel_training" in {b.key for b in app.button} and "train" not in {b.key for b in app.button}


def test_model_page_agrees_with_the_card(trained: Workspace) -> None:
    (info,) = models.models(trained, PRODUCT.key)
    card = models.card(trained, info.id)
    app = sound(opened(MODEL), PRODUCT)
    test = card.test_ahead or card.test
    assert percent(test.model.recall_at_10pct.value, 0) in [m.value for m in app.metric]
    assert "Brier" not in [m.label for m in app.metric] and {"Medida", "Regressão logística"} <= set(columns(app))
    assert "O risco previsto se confirma?" in said(app) and model_words.top_group(test, PRODUCT) in said(app).replace(
        "\u2060", ""
    )
    assert [b.label for b in app.button if b.key == "next_step_go"] == ["Ver risco"]


def test_model_that_does_not_know_the_open_file_says_so_and_offers_to_learn(trained: Workspace) -> None:
    raw = (ROOT / "data_samples" / "no_show_passado.csv").read_bytes()
    own = datasets.keep(trained, PRODUCT.key, raw, "da_clinica.csv")
    app = opened(MODEL)
    app.session_state["dados"] = own.id
    text = said(sound(app.run(), PRODUCT))
    assert "Ainda não há modelo para este arquivo" in text  # a sample's model is not taken for it
    assert "Aprenderam com outros dados" in text and f"use_{models.models(trained, PRODUCT.key)[0].id}" in {
        b.key for b in app.button
    }
    (info,) = models.models(trained, PRODUCT.key)
    app.session_state["modelo"] = info.id
    assert "Este modelo não conhece o arquivo aberto" in said(sound(app.run(), PRODUCT))
    assert "train" in {b.key for b in app.button}


@pytest.mark.slow  # modeling/bundle refuses, test_unsigned_model loads
def test_load_of_a_file_that_is_no_model_is_refused(trained: Workspace) -> None:
    app = opened(MODEL)
    app.file_uploader("model_upload").upload("m.zip", b"nada").run()
    app.button("load_model").click().run()
    sound(app, PRODUCT)
    assert [e.value for e in app.error], "no sentence says why"


def test_risk_page_agrees_with_the_overview(trained: Workspace) -> None:
    (info,) = models.models(trained, PRODUCT.key)
    view = risk.overview(trained, _past(trained), info.id, WHOLE)
    shown = [m.value for m in sound(opened(RISK), PRODUCT).metric]
    assert view.rate is not None and view.predicted is not None
    assert {percent(view.rate.value), number(view.outcomes), percent(view.predicted)} <= set(shown)


def test_a_click_filters_shows_the_rows_and_goes_away_again(trained: Workspace) -> None:
    info = trained.dataset(_past(trained))
    options = risk.options(trained, info.id)
    unit = options.of("unit")[0]
    app = opened(RISK)
    assert (
        len([b for b in app.button if b.proto.type == "primary"]) == 1
        and app.button("next_step_go").label == "Abrir agenda"
    )
    assert "Clique num ponto para ver as linhas." in said(app)
    app.session_state["filters_asked"] = {"filter_unit": [unit]}  # what the callback of a click on a dot writes
    app.session_state["risk_rows"] = (info.id, "groups", "unit", unit)
    text = said(sound(app.run(), PRODUCT))
    rows = trained.rows(info.id)
    assert f"Linhas de {unit}" in text and f"Só {unit}, pelo filtro." in text
    assert number(int((rows["unit"] == unit).sum())) in text and unit in app.query_params["unidade"]
    app.button("free_unit").click().run()
    assert (
        "pelo filtro" not in said(sound(app, PRODUCT))
        and "unidade" not in app.query_params
        and "Linhas de" not in said(app)
    )
    app.session_state["risk_rows"] = (info.id, "times", risk.CELL, cell_name("mon", "8–15"))
    assert "Linhas de seg · 8–15 dias" in said(sound(app.run(), PRODUCT))


def test_filters_of_risk_live_in_the_address_and_clear_to_all(trained: Workspace) -> None:
    uf = risk.options(trained, _past(trained)).of("uf")[0]
    app = opened(RISK)
    del app.session_state["address_settled"]  # as if the page were reached by an address
    app.query_params["uf"], app.query_params["convenio"], app.query_params["periodo"] = uf, "Plano que não há", "30"
    sound(app.run(), PRODUCT)
    assert "O endereço pedia “Plano que não há”, que este arquivo não tem" in said(app)
    assert (app.selectbox("filter_uf").value, app.selectbox("filter_period").value) == (uf, "30")
    assert "antes, de" in said(app)  # the KPI against the period before
    app.button("clear_filters").click().run()
    assert (
        app.selectbox("filter_uf").value,
        app.selectbox("filter_health_plan").value,
        app.selectbox("filter_period").value,
    ) == ("", "", "all")
    assert not {"uf", "periodo"} & set(app.query_params)


@pytest.mark.slow  # those of the agenda do, below
def test_filters_of_risk_that_leave_nothing_say_so(trained: Workspace) -> None:
    rows = trained.rows(_past(trained))
    pairs = set(zip(rows["unit"].astype(str), rows["uf"].astype(str), strict=True))
    unit, uf = next(
        (u, f) for u in rows["unit"].dropna().unique() for f in rows["uf"].dropna().unique() if (u, f) not in pairs
    )
    app = opened(RISK)
    app.selectbox("filter_uf").set_value(uf).run()
    app.multiselect("filter_unit").set_value([unit]).run()
    text = said(sound(app, PRODUCT))
    assert "Nenhum resultado com estes filtros" in text and "Não há agendamentos com estes filtros." in text


def test_agenda_agrees_with_the_list(trained: Workspace) -> None:
    chosen = agenda.candidates(trained, PRODUCT.key)[0]
    (info,) = models.models(trained, PRODUCT.key)
    scored = agenda.score(trained, chosen.id, info.id)
    assert scored.opening is not None and scored.opening > scored.as_of and scored.opening.weekday() < 5
    shown = agenda.page(trained, scored, ListFilters(day=scored.opening))
    app = sound(opened(AGENDA), PRODUCT)
    figures = [m.value for m in app.metric]
    assert {
        number(shown.rows),
        agenda_words.count(shown.expected.events.value),
        agenda_words.count(shown.reached),
    } <= set(figures)
    text = said(app)
    expected = agenda_words.count(shown.expected.events.value)
    reach = f"alcança {agenda_words.count(shown.reached)} das {expected} faltas esperadas"
    assert reach in text or f"Número esperado de faltas: {expected}" in text  # on a day for one call alone
    assert " ".join(agenda_words.accounted(scored.counts, PRODUCT, looks_back=False).split()) in text
    assert {"Risco", "Quando", "Principal motivo", "Faixa", "Paciente"} <= set(columns(app))
    assert len([b for b in app.get("download_button") if b.proto.type == "primary"]) == 1 and not [
        b for b in app.button if b.proto.type == "primary"
    ]
    whole = agenda.page(trained, scored, ListFilters())
    app.button("every_day").click().run()
    assert number(whole.rows) in [m.value for m in app.metric]


@pytest.mark.slow  # services/pages/test_long_lists.py has such a list
def test_agenda_of_what_is_over_shows_how_it_would_have_been(trained: Workspace) -> None:
    """A file whose rows all lie after the training and have outcomes:
    its days are offered as such, and no control is out of bounds.
    """
    (info,) = models.models(trained, PRODUCT.key)
    made = io.BytesIO()
    rows = pd.read_csv(ROOT / "data_samples" / "no_show_passado.csv", sep=";", dtype=str, keep_default_na=False).iloc[
        :400
    ]
    for name in ("Data do agendamento", "Data de contato"):
        rows[name] = rows[name].map(lambda text: f"{text[:6]}{int(text[6:10]) + 1}{text[10:]}" if text else "")
    rows["Celular"], rows["Telefone confirmado"] = "(27) 99999-0000", "sim"
    rows.to_csv(made, sep=";", index=False)
    today = dt.date(2028, 1, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_TODAY", today.isoformat())
        own = datasets.keep(trained, PRODUCT.key, made.getvalue(), "depois.csv", into=Into(is_sample=True))
        scored = agenda.score(trained, own.id, info.id)
        app = opened(AGENDA)
        app.session_state["dados"], app.session_state["modelo"] = own.id, info.id
        for other in trained.datasets(PRODUCT.key):
            if other.purpose != "past":
                trained.delete_dataset(other.id)
        text = said(sound(app.run(), PRODUCT))
        assert (
            scored.looks_back and scored.counts.listed and "Como teria sido:" in text and "O que houve" in columns(app)
        )
        kept = trained.rows(own.id)
        booked = (kept["scheduled_date"] >= pd.Timestamp(scored.as_of)) & ~(
            kept["contact_date"] >= pd.Timestamp(scored.as_of)
        )
        assert scored.counts.listed == (booked & kept["state"].isin(["event", "non_event", "excluded"])).sum()
        shown = agenda.page(trained, scored, ListFilters())
        assert shown.came is not None and shown.came.events == (booked & (kept["state"] == "event")).sum()
        _identities_only_on_demand(app, trained, own.id)
        for day in (scored.first, scored.last):  # as a list of any day can be opened, and tried
            app.session_state[f"as_of_{own.id}_{info.id}"] = day
            sound(app.run(), PRODUCT)


def _identities_only_on_demand(app: AppTest, workspace: Workspace, dataset_id: str) -> None:
    def shown() -> list[dict[str, object]]:
        return [entry.facts for entry in entries(workspace) if entry.action == "identities_shown"]

    own = {"ID único do paciente", "Celular"}
    assert not own & set(columns(app)) and not shown()
    app.toggle(f"agenda_identities_{dataset_id}").set_value(True).run()
    sound(app, PRODUCT)
    assert own <= set(columns(app)) and "Telefone confirmado" not in columns(app)
    assert (
        "99999" not in str(app.query_params) and len(shown()) == 1 and set(shown()[0]) == {"actor", "dataset", "rows"}
    )
    app.run()
    assert len(shown()) == 1  # the same page drawn again shows nothing new
    app.toggle(f"agenda_identities_{dataset_id}").set_value(False).run()
    assert not own & set(columns(app))


@pytest.mark.slow  # services/test_workspace_ways.py
def test_agenda_takes_no_list_of_the_clinic_for_a_model_of_samples(trained: Workspace) -> None:
    raw = (ROOT / "data_samples" / "no_show_futuro.csv").read_bytes()
    own = datasets.keep(trained, PRODUCT.key, raw, "da_clinica.csv")
    (info,) = models.models(trained, PRODUCT.key)
    app = opened(AGENDA)
    app.session_state["dados"], app.session_state["modelo"] = _past(trained), info.id
    text = said(sound(app.run(), PRODUCT))
    assert "no_show_futuro.csv" in text and "não valem" not in text
    app.session_state["dados"], app.session_state["modelo"] = own.id, info.id
    assert "os riscos dele não valem para decidir" in said(sound(app.run(), PRODUCT))


def test_filters_of_agenda_that_leave_nothing_say_so(trained: Workspace) -> None:
    chosen = agenda.candidates(trained, PRODUCT.key)[0]
    (info,) = models.models(trained, PRODUCT.key)
    scored = agenda.score(trained, chosen.id, info.id)
    day, unit = next(
        (d, u)
        for d in scored.days
        for u in scored.units
        if not agenda.page(trained, scored, ListFilters(day=d, units=(u,))).rows
    )
    app = opened(AGENDA)
    next(box for box in app.selectbox if box.label == "Dia").set_value(day)
    app.selectbox("agenda_unit").set_value(unit).run()
    assert "Nenhum agendamento com estes filtros" in said(sound(app, PRODUCT))


def test_fault_of_ours_is_a_sentence_and_quotes_nothing(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "CPF 529.982.247-25"

    def fails(*_: object, **__: object) -> None:
        raise ValueError(secret)

    monkeypatch.setattr(risk, "overview", fails)
    app = opened(RISK)
    assert not app.exception and broken(app) and "ValueError" in broken(app)[0]
    assert "529" not in said(app) + caplog.text and "ValueError" in caplog.text


def test_workspace_that_cannot_be_opened_is_a_sentence(empty_home: Path) -> None:
    empty_home.parent.mkdir(exist_ok=True)
    empty_home.write_text("a file where the folder should be")
    app = opened()
    assert not app.exception and len(app.error) == 1
