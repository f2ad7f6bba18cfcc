"""The first page and the page of the effect: every state, from nothing at all to a measured effect."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from dataclasses import replace

import pytest

from pipeline.action.contacts import standing
from pipeline.contract import Outcome
from pipeline.presentation.sentences import calling_words
from pipeline.products.no_show import PRODUCT
from pipeline.records.contacts import (
    Caller,
    CallList,
    CallTold,
    Channel,
    Compared,
    ComparedKind,
    Contact,
    ContactOutcome,
    ListEntry,
    QueueSettings,
)
from pipeline.services import Workspace
from pipeline.services.data import coded, datasets, event_columns, event_keys
from pipeline.services.models import models
from pipeline.services.pages import (
    agenda,
    call_queue,
    confirmed,
    contacts,
    effects,
    list_job,
    list_making,
    slot_values,
)
from pipeline.services.session import Session
from pipeline.workspace.jobs import job_worker, processes
from tests.dashboard.pages import AGENDA, EFFECT, HOME, SLOTS, TODAY, opened, said, sound


@pytest.fixture
def series(trained: Workspace) -> str:
    return trained.series(PRODUCT.key)[0].id


def test_without_a_model_the_way_begins_at_home(untrained: Workspace) -> None:
    assert sound(opened(HOME), PRODUCT).title[0].value == "Início"
    assert "Ainda não há o que fazer hoje" in said(sound(opened(TODAY), PRODUCT))
    assert "Ainda não há fila de ligações" in said(sound(opened(EFFECT), PRODUCT))


def test_with_a_model_today_comes_first_and_each_figure_leads_to_its_page(trained: Workspace, series: str) -> None:
    app = sound(opened(TODAY), PRODUCT)
    text = said(app)
    assert app.title[0].value == "Hoje" and "Primeiro, faça a fila de ligações." in text and "por vir" in text
    assert "todos novos" in text  # the samples came just now
    assert "já está em Agenda" not in text
    app = sound(app.button("today_go_calls").click().run(), PRODUCT)
    assert "Para quem ligar hoje, um de cada vez." in said(app)

    shown = said(app).replace("\u00a0", " ")  # where the plan is chosen, what a further call is worth
    assert ("A partir da" in shown or "Todas as ligações" in shown) and "do efeito (dos estudos)" in shown
    assert "Com valores de exemplo: troque pelos da clínica" in shown and app.get("plotly_chart")
    assert "A lista de quem ligar já está em Agenda, com o que se sabia em" in said(sound(opened(TODAY), PRODUCT))
    next(button for button in app.button if button.label == "Fazer a fila").click().run()
    one = call_queue.next_to_call(trained, series, Caller("mine", "Ana"))
    assert one is not None
    told = CallTold(one.patient, ((one.keys[0], ContactOutcome.NO_ANSWER),), "abcdef0123")
    assert contacts.record(trained, series, told, Caller("mine", "Ana")) == 1
    text = said(sound(opened(TODAY), PRODUCT))
    assert "39 ligações que faltam" in text.replace("\u00a0", " ") and "1 de 40 feitas" in text
    assert "1 contato registrado." in text.replace("\u00a0", " ") and "volta" in text
    assert sound(opened(AGENDA), PRODUCT).title[0].value == "Agenda de contatos"


def test_a_list_of_many_rows_comes_first_then_its_queue(
    trained: Workspace, series: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_making, "MOST_AT_ONCE", 50)
    data, model = trained.datasets(PRODUCT.key)[0].id, models.models(trained, PRODUCT.key)[0].id
    app = sound(opened(TODAY), PRODUCT)
    assert "Primeiro, faça a lista de quem ligar. Depois, a fila de ligações sai dela." in said(app)
    app = sound(app.button("today_go_calls").click().run(), PRODUCT)
    assert "A lista deste arquivo ainda não foi feita" in said(app) and app.button("list_make").label == "Fazer a lista"

    monkeypatch.setattr(processes, "start", lambda *_a, **_k: 2**22 + 1)
    job = list_job.start(trained, data, model)
    app = sound(opened(TODAY), PRODUCT)
    assert "A lista de quem ligar está sendo feita. Depois, a fila de ligações sai dela." in said(app)
    assert app.button("today_go_calls").label == "Ver em Agenda"

    list_making.by_shards(trained, data, model, None, lambda _: None, lambda: False, 2)
    job_worker.finish(trained, job.id)
    app = sound(opened(TODAY), PRODUCT)
    assert "Primeiro, faça a fila de ligações. A lista de quem ligar já está em Agenda" in said(app)
    app = sound(app.button("today_go_calls").click().run(), PRODUCT)
    next(button for button in app.button if button.label == "Fazer a fila").click().run()
    assert "ligações que faltam hoje. A fila já está na ordem." in said(sound(opened(TODAY), PRODUCT))


def _listed(
    space: Workspace, series: str, share: float, *, days: int = 30, compared: Compared | None = None
) -> list[ListEntry]:
    """A list of the past file's last days as if it had been made before them, every fifth patient left alone."""
    info = next(d for d in datasets.datasets(space, PRODUCT.key) if d.purpose == "past")
    rows, held = space.rows(info.id), event_keys.of(space, info.id)
    last = rows["scheduled_date"].max()
    own = rows.index[(rows["scheduled_date"] > last - dt.timedelta(days=days)) & rows["patient_id"].notna()]
    entries = [
        ListEntry(
            event_keys.written(int(held.keys[at])),
            str(rows["patient_id"].iat[at]),
            "control" if share and zlib.crc32(str(rows["patient_id"].iat[at]).encode()) % 5 == 0 else "contact",
            0.1 + 0.002 * (at % 200),
            rows["scheduled_date"].iat[at].date(),
            str(rows["unit"].iat[at]),
            str(rows["health_plan"].iat[at]),
            1 + at % 4,
        )
        for at in own.tolist()
    ]
    if compared is not None:
        halves = (1 + zlib.crc32(one.patient[::-1].encode()) % 2 for one in entries)
        entries = [
            replace(one, way=way if one.arm == "contact" else 0) for one, way in zip(entries, halves, strict=True)
        ]
    model = models.models(space, PRODUCT.key)[0].id
    first = min(one.day for one in entries)
    made = CallList(
        "0" * 12,
        series,
        info.id,
        model,
        first,
        dt.datetime.now(dt.UTC),
        QueueSettings(control_share=share, compared=compared),
        (),
    )
    space.add_call_list(made, entries)
    return entries


def test_a_measured_list_shows_its_verdict_both_arms_and_downloads(trained: Workspace, series: str) -> None:
    entries = _listed(trained, series, 0.2)
    crossed = next(one for one in entries if one.arm == "control")
    reached = next(one for one in entries if one.arm == "contact")
    for one, name in ((crossed, "crossed000"), (reached, "reached000")):
        told = CallTold(one.patient, ((one.key, ContactOutcome.CONFIRMED),), name, Channel.CALL)
        contacts.record(trained, series, told, Caller("mine"))
    app = sound(opened(EFFECT), PRODUCT)
    text = said(app).replace("\u00a0", " ")
    assert "Contato contra grupo de controle" in text and "com contato e" in text and "no grupo de controle" in text
    assert "1 agendamento do grupo de controle teve contato mesmo assim" in text
    assert "Recuperado por mês" in text and "Com valores de exemplo" in text and "confirmou 1" in text
    assert "Custo dos contatos registrados: R$ 4,00." in text and "Aij 2023" in text
    assert len(app.get("plotly_chart")) == 2 and len(app.dataframe) >= 2
    assert "A ordem da lista ajuda?" in text and "medida de Qini: a área entre a curva e a reta" in text

    plain = json.loads(effects.json(trained, series))
    rows = trained.rows(next(d.id for d in datasets.datasets(trained, PRODUCT.key) if d.purpose == "past"))
    last = rows["scheduled_date"].max()
    states = rows.loc[rows["scheduled_date"] > last - dt.timedelta(days=30), "state"].astype(str)
    assert plain["order"]["qini"]["appointments"] == plain["order"]["contacted"] + plain["order"]["control"]
    judged = plain["contact"]["judged"] + plain["control"]["judged"]
    assert judged == int(states.isin([str(Outcome.EVENT), str(Outcome.NON_EVENT)]).sum())
    assert plain["contact"]["events"] + plain["control"]["events"] == int((states == str(Outcome.EVENT)).sum())
    lines = effects.csv(trained, series).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("coluna;grupo;pacientes_contato") and len(lines) >= 2


def test_two_channels_drawn_against_each_other_have_their_own_verdict(trained: Workspace, series: str) -> None:
    by = Compared(ComparedKind.CHANNEL, str(Channel.CALL), str(Channel.WHATSAPP))
    entries = _listed(trained, series, 0.2, compared=by)
    text = said(sound(opened(EFFECT), PRODUCT)).replace("\u00a0", " ")
    assert "Duas formas de contato" in text and "WhatsApp contra ligação:" in text
    assert "não se vê diferença além do acaso" in text  # nobody was called: the ways are alike
    (arms,) = json.loads(effects.json(trained, series))["arms"]
    (other,) = arms["others"]
    contacted = [one for one in entries if one.way]
    assert (arms["kind"], arms["first"], other["arm"]) == ("channel", "call", "whatsapp")
    assert other["contact"]["patients"] == len({one.patient for one in contacted if one.way == 2})
    assert other["control"]["patients"] == len({one.patient for one in contacted if one.way == 1})
    assert "forma_de_contato;whatsapp" in effects.csv(trained, series).decode("utf-8-sig")


def test_what_a_confirmation_is_worth_is_measured_here_once_it_can_be(trained: Workspace, series: str) -> None:
    session = Session(trained)
    assert confirmed.ratio(session, series) == standing.TRIALS_RATIO
    entries = _listed(trained, series, 0.0)
    told = [
        Contact(
            one.key,
            one.patient,
            dt.datetime.combine(one.day - dt.timedelta(days=1), dt.time(12), dt.UTC),
            Channel.CALL,
            ContactOutcome.CONFIRMED,
            f"confirmed{at:04d}",
        )
        for at, one in enumerate(entries)
    ]
    trained.add_contacts(series, told)
    found = confirmed.ratio(session, series)
    outcomes = {one.key: came for one, came in effects.judged(session, series)}
    own = [one for one in _kept_entries(trained, series) if one.key in outcomes]
    assert found.n == len(own) >= standing.CONFIRMED_FROM
    assert found.value == pytest.approx(min(1.0, sum(outcomes.values()) / sum(one.risk for one in own)))
    assert "medido aqui em" in calling_words.confirmed(found) and "Oikonomidi" in calling_words.confirmed(
        standing.TRIALS_RATIO
    )


def _kept_entries(space: Workspace, series: str) -> tuple[ListEntry, ...]:
    return space.call_list_entries(space.call_lists(series)[0].id)


def test_values_are_examples_until_they_are_saved(trained: Workspace, series: str) -> None:
    _listed(trained, series, 0.2)
    app = opened(EFFECT)
    assert "Valores e custos (exemplo)" in said(app)
    app.number_input("worth_Consulta").set_value(321.0)
    next(button for button in app.button if button.label == "Salvar valores").click()
    text = said(sound(app.run(), PRODUCT))
    worth = slot_values.of(trained, series)
    assert not worth.example and worth.values[0].value == 321.0 and "(exemplo)" not in text
    assert "Com valores de exemplo" not in text


def test_without_a_control_group_before_and_after_is_said_to_mislead(trained: Workspace, series: str) -> None:
    _listed(trained, series, 0.0)
    text = said(sound(opened(EFFECT), PRODUCT))
    assert "Ainda não dá para dizer se o contato funcionou." in text and "Por que não comparar com antes" in text
    assert "nunca se saberá" in text and "Sem grupo de controle não se sabe se ligar primeiro" in text


def test_a_list_of_days_to_come_has_no_result_yet(trained: Workspace, series: str) -> None:
    info = next(iter(agenda.candidates(trained, PRODUCT.key, series)))
    model = models.models(trained, PRODUCT.key)[0].id
    call_queue.make_list(trained, agenda.score(trained, info.id, model))
    found = effects.measured(trained, series)
    assert found is not None and found.report is None and sum(found.awaiting) == found.listed
    app = sound(opened(EFFECT), PRODUCT)
    assert "Ainda sem resultado" in said(app)
    assert sound(app.button("effect_to_data").click().run(), PRODUCT).title[0].value == "Relatório dos dados"


def test_whoever_stays_in_a_group_stays_with_the_chance_by_which_it_was_drawn(trained: Workspace, series: str) -> None:
    entries = _listed(trained, series, 0.2, days=5)
    first = trained.call_lists(series)[0]
    later = replace(first, id="1" * 12, settings=QueueSettings(control_share=0.5), made_at=dt.datetime.now(dt.UTC))
    trained.add_call_list(later, [replace(one, key=f"{int(one.key, 16) ^ 1:016x}") for one in entries])
    found = effects.measured(trained, series)
    assert found is not None and found.listed == 2 * len(entries) and found.lists == 2
    assert found.report is not None and found.report.uncompared == 0 and sum(found.awaiting) == len(entries)


def test_pages_of_large_files_make_what_is_missing_and_say_the_same(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = said(sound(opened(TODAY), PRODUCT))
    monkeypatch.setattr(coded, "LARGE", 1)
    every = [info.id for info in datasets.datasets(trained, PRODUCT.key)]
    assert not any(event_columns.is_ready(trained, one) for one in every)
    assert said(sound(opened(TODAY), PRODUCT)) == before
    model = models.models(trained, PRODUCT.key)[0].id
    assert all(event_columns.is_ready(trained, one, model) for one in every)
    for page in (SLOTS, AGENDA):
        sound(opened(page), PRODUCT)
