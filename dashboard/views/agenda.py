"""Agenda de contatos: who to contact first, why, and what would change it."""

from __future__ import annotations

import streamlit as st

from dashboard import address, navigation, state, text
from dashboard.components import call_bar, calling, calls, list_job, not_here, notices, preparing, upload
from dashboard.components.call_bar import Choice
from dashboard.components.downloads import button
from dashboard.components.page import empty, finding, heading, kpis, page, refusal
from pipeline.contract import Product, feminine
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import date, number, percent, plural
from pipeline.presentation.sentences import agenda_words, skill_words
from pipeline.records import DatasetInfo
from pipeline.services.pages import agenda, call_files
from pipeline.services.pages.agenda import Agenda, AgendaPage
from pipeline.services.pages.carrying import Standing


def show() -> None:
    """Draws the page: whom to contact, and what that will reach."""
    current = state.current()
    words = current.product.words
    if current.model is None:
        with page(words.agenda_title):
            empty(
                text.NO_MODEL,
                text.NO_MODEL_WHY,
                link=navigation.MODEL,
                link_label="Treinar um modelo",
                key="agenda_no_model",
            )
        return
    found = agenda.candidates(
        state.session(), current.product.key, current.series.id if current.series else "", current.model.trained_until
    )
    if not found:
        with page(
            words.agenda_title,
            f"Envie os {words.rows} que ainda vão acontecer.",
            "O risco de cada um sai em segundos, com os motivos.",
        ):
            upload.show(current.product, opened=True)
        return
    preparing.show(current)
    try:
        _list(current, found)
    except PresencaError as error:
        with page(words.agenda_title):
            refusal(error)
            upload.show(current.product, opened=False)


def _list(current: state.Current, found: tuple[DatasetInfo, ...]) -> None:
    assert current.model is not None
    chosen = _dataset(found, current)
    address.restore(call_bar.list_choices(chosen, current))
    with st.spinner("Calculando o risco…"):
        found_here = not_here.of(current, chosen.id, else_series=True)
        if found_here is not None and found_here.withheld:
            _withheld(found_here, current, chosen)
            return
        as_of = st.session_state.get(call_bar.as_of_key(chosen, current))
        scored = agenda.made(state.session(), chosen.id, current.model.id, as_of)
    if scored is None:
        _not_made(current, found, chosen)
        return
    with page(current.product.words.agenda_title) as head:
        notices.show(current, chosen, holds=not_here.holds(found_here))
        not_here.caution(found_here, current)
        kept = [calling.choice(), *call_bar.list_choices(chosen, current), *call_bar.choices(current, scored)]
        address.restore(kept)
        if calling.part(current) == calling.CALL and chosen.series:
            address.keep(kept)
            calling.show(current, scored, chosen.series, head)
            return
        choice = call_bar.show(current, found, chosen, scored)
        address.keep(kept)
        if not scored.counts.listed:
            with head:
                finding("", "", _source(chosen, scored))
            empty(*agenda_words.nothing_ahead(scored.counts, current.product), key="agenda_nothing")
            upload.show(current.product, opened=True)
            return
        shown = _page(scored, choice)
        if shown is None:
            upload.show(current.product, opened=False)
            return
        if scored.looks_back:
            st.info(agenda_words.LOOKS_BACK, icon=":material/history:")
        with head:
            finding(*_finding(current, scored, shown, choice), _source(chosen, scored))
        _shown(current, scored, shown, choice)


def _page(scored: Agenda, choice: Choice) -> AgendaPage | None:
    """The page of the list that is turned to; None where so many lines pass the filters that others must be chosen."""
    number = st.session_state.get(calls.page_key(scored, choice), 1)
    try:
        return agenda.page(
            state.session(), scored, choice.filters, number=number, size=calls.size(), by_row=choice.by_row
        )
    except PresencaError as error:
        if error.note.code != "agenda.too_many_lines":
            raise
        refusal(error)
        return None


def _not_made(current: state.Current, found: tuple[DatasetInfo, ...], chosen: DatasetInfo) -> None:
    """The page before a list of many rows is made, and while it is."""
    with page(current.product.words.agenda_title):
        list_job.show(current, found, chosen)
        upload.show(current.product, opened=False)


def _withheld(found: Standing, current: state.Current, chosen: DatasetInfo) -> None:
    """The page without its list, where the model does not carry over."""
    with page(current.product.words.agenda_title, *skill_words.no_list(current.product), chosen.name):
        not_here.show(found, current, "a lista")
        upload.show(current.product, opened=False)


def _finding(current: state.Current, scored: Agenda, shown: AgendaPage, choice: Choice) -> tuple[str, str]:
    day = choice.filters.day
    if shown.came is not None:
        return agenda_words.finding_back(shown.calls, shown.came, shown.entries, day, scored.as_of, current.product)
    return agenda_words.finding(shown.calls, shown.reached, shown.expected, shown.entries, day, current.product)


def _source(chosen: DatasetInfo, scored: Agenda) -> str:
    return f"{chosen.name} · com o que se sabia em {date(scored.as_of)}"


def _shown(current: state.Current, scored: Agenda, shown: AgendaPage, choice: Choice) -> None:
    words = current.product.words
    with st.container(gap="small"):
        _figures(current, scored, shown)
        _notes(current, scored, shown)
    if shown.rows == 0:
        empty(
            f"{'Nenhuma' if feminine(words.row) else 'Nenhum'} {words.row} com estes filtros",
            "Escolha outro dia, ou retire um filtro acima.",
            key="agenda_empty",
        )
    else:
        calls.show(current, scored, shown, choice)
    _not_scored(scored)
    upload.show(current.product, opened=False)
    if shown.rows:
        _take_along(current.product, scored, choice)


def _dataset(found: tuple[DatasetInfo, ...], current: state.Current) -> DatasetInfo:
    """The list picked here, or the file that is open where it has rows to come, or the newest of the series."""
    by_id = {d.id: d for d in found}
    picked = by_id.get(st.session_state.get(call_bar.picked_key(current), ""))
    opened = by_id.get(current.dataset.id if current.dataset else "")
    if picked is not None:
        return picked
    if opened is not None and (opened.purpose != "past" or found[0].purpose == "past"):
        return opened
    return found[0]


def _figures(current: state.Current, scored: Agenda, shown: AgendaPage) -> None:
    words = current.product.words
    held = (
        words.rows.capitalize(),
        number(shown.rows),
        plural(shown.entries, "paciente", "pacientes") if shown.entries < shown.rows else "nesta lista",
    )
    first = ("Primeiros da lista", number(shown.calls), "para contatar")
    of = "das" if feminine(words.event) else "dos"
    fem = feminine(words.event)
    if shown.came is not None:
        share = percent(shown.came.reached / shown.came.events, 0) if shown.came.events else "–"
        kpis(
            [
                held,
                (f"{words.events.capitalize()} que houve", number(shown.came.events), f"n {number(shown.came.rows)}"),
                first,
                ("Tinham", number(shown.came.reached), f"{share} {of} {words.events}"),
            ]
        )
        return
    kpis(
        [
            held,
            (
                f"{words.events.capitalize()} {'esperadas' if fem else 'esperados'}",
                agenda_words.count(shown.expected.events.value),
                f"IC {agenda_words.between(shown.expected)}",
            ),
            first,
            ("Alcançam", agenda_words.count(shown.reached), f"{of} {words.events}"),
        ]
    )


def _notes(current: state.Current, scored: Agenda, shown: AgendaPage) -> None:
    """Of whom the risk is, and where every row of the file went."""
    product = current.product
    if shown.came is not None:
        lines = [agenda_words.came_of(shown.came, product)]
    else:
        lines = [agenda_words.of_those_who_keep(shown.expected, scored.cancelling, scored.level, product)]
    lines.append(agenda_words.accounted(scored.counts, product, looks_back=scored.looks_back))
    if scored.promised is not None:
        lines.append(skill_words.expected(scored.promised, product, scored.came))
    for line in lines:
        st.markdown(f":small[:gray[{escape_markdown(line)}]]")


def _take_along(product: Product, scored: Agenda, choice: Choice) -> None:
    """The next step, and the page's one primary button: the list in hand."""
    session = state.session()
    tag = f"{scored.dataset_id}_{scored.as_of:%Y%m%d}_{state.short_hash(choice)}"
    options = {"by_row": choice.by_row, "identified": choice.identified}
    name = "como_teria_sido" if scored.looks_back else "lista_de_contato"
    with st.container(key="agenda_next", gap="small"):
        heading(
            "Próximo passo",
            "Baixe a lista com o que houve em cada linha."
            if scored.looks_back
            else "Baixe a lista e ligue. Depois envie o arquivo com os resultados, em Dados, para saber o que houve.",
        )
        with st.container(horizontal=True, key="downloads"):
            button(
                "Lista em XLSX",
                lambda: call_files.xlsx(session, scored, choice.filters, **options),
                f"{name}.xlsx",
                tag,
                about=f"{scored.as_of:%Y-%m-%d}",
                primary=True,
            )
            button(
                "Lista em CSV",
                lambda: call_files.csv(session, scored, choice.filters, **options),
                f"{name}.csv",
                tag,
                about=f"{scored.as_of:%Y-%m-%d}",
            )
            if product.resource is not None:
                button(
                    "FHIR (RiskAssessment)",
                    lambda: call_files.fhir(session, scored, choice.filters, **options),
                    f"{name}.ndjson",
                    tag,
                    about=f"{scored.as_of:%Y-%m-%d}",
                )


def _not_scored(scored: Agenda) -> None:
    if not scored.summary.not_scored:
        return
    with st.expander(f"{plural(scored.summary.rows - scored.summary.scored, 'linha', 'linhas')} sem risco"):
        heading("Por que ficaram sem risco")
        for why, rows in scored.summary.not_scored:
            st.markdown(f"- {plural(rows, 'linha', 'linhas')}: {escape_markdown(messages.say(why))}")


show()
