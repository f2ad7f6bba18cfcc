"""Mending: what wins most first, values to accept,
the file with its faulty cells, the workbook that comes back, undo.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard import drafts, state
from dashboard.components import cells, downloads, identified
from dashboard.components.applying import apply, carry_out
from dashboard.components.page import empty, heading, refusal
from pipeline.contract import FieldKind, Product
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.frames import tables
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import number, plural
from pipeline.presentation.sentences import issue_words, report_words
from pipeline.presentation.spreadsheets.annotated import NOTHING_TO_MEND
from pipeline.records import Action, DatasetInfo, Leak, Proposal, Step, StepKind, ValidationReport
from pipeline.services.data import datasets, fixing, table

ALL, FAULTY, LEAVE, EMPTY = "Todas as linhas", "Linhas com algum problema", "(deixar como está)", "(deixar vazio)"
ORDERS = {"dmy": "dia/mês/ano", "mdy": "mês/dia/ano", "ymd": "ano/mês/dia"}


# ---------------------------------------------------------------- on the report


def actions(info: DatasetInfo, record: ValidationReport) -> None:
    """The few things that win back most rows, one click each where a click is enough."""
    if not record.actions:
        return
    with st.container(gap="small", key="actions"):
        heading(
            "O que fazer primeiro", "Do que mais recupera ao que menos recupera. Tudo pode ser desfeito em “Corrigir”."
        )
        for place, action in enumerate(record.actions):
            _action(info, action, place)


def _action(info: DatasetInfo, action: Action, place: int) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(escape_markdown(say(action.label)) + ".", width="stretch")
        if info.vault_until is None:
            return
        if action.steps:
            if st.button("Fazer", key=f"do_{place}_{info.id}"):
                apply(info, action.steps, f"Feito: {say(action.label)}.")
        else:
            st.button("Ver as linhas", key=f"see_{place}_{info.id}", on_click=_open_rows, args=(info.id, action.issue))


def _open_rows(dataset_id: str, issue: str) -> None:
    st.session_state[state.section_key()] = state.FIX
    st.session_state[f"issue_{dataset_id}"] = issue


def automatic(info: DatasetInfo, record: ValidationReport, product: Product) -> None:
    """Values whose outcomes look registered by a machine: left out by a click, never unasked."""
    if not record.automatic:
        return
    with st.container(gap="small", key="automatic"):
        heading(
            "Provável registro automático", "Nada é deixado de fora sem você pedir; dá para desfazer em “Corrigir”."
        )
        for place, item in enumerate(record.automatic):
            with st.container(border=True, gap="xxsmall"):
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.badge("atenção", icon=":material/warning:", color="yellow")
                    st.markdown(f"**{escape_markdown(report_words.automatic_title(item))}**", width="content")
                st.markdown(escape_markdown(report_words.automatic(item, product)))
                if info.vault_until is not None and st.button(
                    report_words.leave_out(item, product), key=f"aside_{place}_{info.id}"
                ):
                    apply(
                        info,
                        (item.step,),
                        f"{report_words.automatic_title(item)}: {report_words.were_left_out(item.rows, product)}.",
                    )


def proposals(info: DatasetInfo, record: ValidationReport, product: Product) -> None:
    """Values that are not understood, and names in several spellings: accepted once for all rows."""
    if not record.proposals or info.vault_until is None:
        return
    with st.container(gap="small", key="proposals"):
        unknown = [p for p in record.proposals if not p.merge]
        merges = [p for p in record.proposals if p.merge]
        if unknown:
            heading(
                "Valores a confirmar",
                "O que não foi entendido, com o que parece querer dizer. Vale para todas as linhas e fica lembrado.",
            )
            for key in dict.fromkeys(p.field for p in unknown):
                _meanings(info, [p for p in unknown if p.field == key], product)
        if merges:
            heading("Nomes que podem ser um só", "Nada é juntado sem você dizer: marque o que é a mesma coisa.")
            _merges(info, merges)


def _meanings(info: DatasetInfo, own: list[Proposal], product: Product) -> None:
    field = product.field(own[0].field)
    labels = table.members(field)
    edited: Any = st.data_editor(
        {
            "No arquivo": [p.text for p in own],
            "Linhas": [number(p.rows) for p in own],
            f"{field.label}: ler como": [p.meant or LEAVE for p in own],
        },
        disabled=["No arquivo", "Linhas"],
        hide_index=True,
        width="stretch",
        key=f"values_{field.key}_{info.id}_{datasets.revision(state.session(), info.id)}",
        column_config={
            f"{field.label}: ler como": st.column_config.SelectboxColumn(
                options=[LEAVE, EMPTY, *labels], required=True, width="large"
            )
        },
    )
    chosen = list(edited[f"{field.label}: ler como"])
    steps = tuple(
        Step(StepKind.VALUE, p.field, p.text, "" if c == EMPTY else c)
        for p, c in zip(own, chosen, strict=True)
        if c != LEAVE
    )
    rows = sum(p.rows for p, c in zip(own, chosen, strict=True) if c != LEAVE)
    name = f"Aceitar para {plural(rows, 'linha', 'linhas')}" if rows else "Aceitar"
    if st.button(name, key=f"accept_{field.key}_{info.id}", disabled=not steps):
        apply(info, steps, f"{field.label}: {plural(len(steps), 'valor aceito', 'valores aceitos')}.")


def _merges(info: DatasetInfo, own: list[Proposal]) -> None:
    edited: Any = st.data_editor(
        {
            "Juntar": [False] * len(own),
            "Campo": [p.label for p in own],
            "Este nome": [p.text for p in own],
            "Linhas": [number(p.rows) for p in own],
            "vira": [p.meant for p in own],
        },
        disabled=["Campo", "Este nome", "Linhas", "vira"],
        hide_index=True,
        width="stretch",
        key=f"merge_{info.id}_{datasets.revision(state.session(), info.id)}",
    )
    steps = tuple(
        Step(StepKind.VALUE, p.field, p.text, p.meant) for p, yes in zip(own, edited["Juntar"], strict=True) if yes
    )
    if st.button("Juntar os marcados", key=f"merge_go_{info.id}", disabled=not steps):
        apply(info, steps, f"{plural(len(steps), 'nome juntado', 'nomes juntados')}.")


def leaks(info: DatasetInfo, record: ValidationReport, sentence: Callable[[Leak], str]) -> None:
    """Columns that know the future: named, left out, and used only where somebody insists."""
    if not record.leaks:
        return
    with st.container(gap="small", key="leaks"):
        heading("Colunas que conhecem o futuro", "Um modelo que as usasse acertaria no papel e erraria na agenda.")
        for place, leak in enumerate(record.leaks):
            with st.container(
                border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                st.markdown(escape_markdown(sentence(leak)), width="stretch")
                if (
                    leak.field
                    and not leak.used
                    and info.vault_until is not None
                    and st.button("Usar mesmo assim", key=f"insist_{place}_{info.id}")
                ):
                    apply(info, (Step(StepKind.USE, leak.field),), "A coluna é usada, porque você pediu.")


# ---------------------------------------------------------------- the room of its own


def show(info: DatasetInfo, record: ValidationReport, product: Product) -> None:
    """The file with its faulty cells, ways to mend it, and what was mended."""
    if info.vault_until is None:
        empty("A planilha original já foi apagada", "Para corrigir estes dados, envie o arquivo de novo.", key="erased")
        return
    _view(info, record, product)
    _by_rule(info, product)
    _workbook(info, product)
    changes(info)


def _view(info: DatasetInfo, record: ValidationReport, product: Product) -> None:
    heading(
        "O arquivo, com os problemas marcados",
        "Vermelho: a linha fica de fora. Amarelo: é usada sem o valor. Cinza: aviso.",
    )
    titles = {"": ALL, "*": FAULTY} | {
        issue.rule: f"{issue_words.title(issue, product)} ({number(issue.rows)})"
        for issue in record.issues
        if issue.examples
    }
    chosen = st.selectbox(
        "Mostrar", list(titles), format_func=lambda code: titles.get(code, ALL), index=1, key=f"issue_{info.id}"
    )
    revision = datasets.revision(state.session(), info.id)
    page_key = f"page_{info.id}_{revision}_{chosen}"
    shown = table.view(state.session(), info.id, issue=chosen or "", page=st.session_state.get(page_key, 1) - 1)
    pages = max(1, -(-shown.total // table.PAGE))
    if not shown.rows:
        st.markdown("Nenhuma linha com este problema.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(f"Página (de {number(pages)})", 1, pages, key=page_key, width=160)
        editing = st.toggle("Corrigir nas células", key=f"editing_{info.id}")
    if editing:
        cells.editor(
            info,
            product,
            shown,
            f"cells_{info.id}_{revision}_{drafts.turn()}_{chosen}_{st.session_state.get(page_key, 1)}",
        )
    else:
        st.dataframe(
            tables.file_view(shown, product),
            hide_index=True,
            height="content",
            row_height=36,
            alt="Linhas do arquivo, com os problemas marcados",
        )
    st.markdown(
        f":small[:gray[{plural(shown.total, 'linha', 'linhas')}; "
        f"{plural(len(shown.rows), 'nesta página', 'nesta página')}.]]"
    )


def _by_rule(info: DatasetInfo, product: Product) -> None:
    with st.expander("Corrigir todas as linhas de uma vez", icon=":material/rule:"):
        fields = {f.key: f.label for f in product.fields}
        with st.form(f"rule_{info.id}", border=False):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                field = st.selectbox("Campo", list(fields), format_func=lambda k: fields[k])
                before = st.text_input("Onde está escrito")
                after = st.text_input("Trocar por (vazio apaga)")
            if st.form_submit_button("Trocar em todas as linhas") and before.strip():
                _everywhere(info, field, fields[field], " ".join(before.split()), after.strip())
        dates = {f.key: f.label for f in product.fields if f.kind is FieldKind.DATE}
        with st.form(f"dates_{info.id}", border=False):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                field = st.selectbox("Ler as datas de", list(dates), format_func=lambda k: dates[k])
                order = st.selectbox("como", list(ORDERS), format_func=lambda k: ORDERS[k])
            if st.form_submit_button("Ler de novo"):
                apply(
                    info,
                    (Step(StepKind.DATES, field, after=order),),
                    f"{dates[field]}: datas lidas como {ORDERS[order]}.",
                )


def _everywhere(info: DatasetInfo, field: str, label: str, before: str, after: str) -> None:
    """Changes a value in all rows, and says in how many cells; a value that stands in none changes nothing."""
    count = table.same_cells(state.session(), info.id, field, before)
    if not count:
        st.warning(
            escape_markdown(f"{label}: nenhuma célula tem o valor “{shorten(before, 60)}”. Nada mudou."),
            icon=":material/search_off:",
        )
        return
    step = Step(StepKind.VALUE, field, before, after)
    apply(info, (step,), f"{label}: {plural(count, 'célula trocada', 'células trocadas')}.")


def _workbook(info: DatasetInfo, product: Product) -> None:
    if not table.anything_to_mend(state.session(), info.id):
        heading("Corrigir no Excel", NOTHING_TO_MEND)
        return
    heading(
        "Corrigir no Excel",
        "Baixe as linhas com problema, com as células coloridas e comentadas; corrija e envie de volta.",
    )
    tag, named = f"{info.id}_{datasets.revision(state.session(), info.id)}", identified.ask("workbook")
    with st.container(horizontal=True, vertical_alignment="center"):
        downloads.button(
            "Planilha de correção",
            lambda: table.annotated_xlsx(state.session(), info.id, identified=named),
            "corrigir.xlsx",
            f"{tag}_{named}",
        )
    with st.container(key="fix_upload"):
        back = st.file_uploader("Planilha de correção preenchida", key=state.fix_upload_key())
    if back is None:
        return
    try:
        found = table.mended(state.session(), info.id, back.getvalue(), back.name)
    except PresencaError as error:
        refusal(error)
        return
    for line in table.mended_lines(found):
        st.markdown(say(line))
    if found.steps and st.button("Aplicar as correções", type="primary", key="apply_workbook"):
        state.forget_fix_upload()
        apply(
            info,
            found.steps,
            lambda: report_words.mended(
                len(found.steps), table.still_at_fault(state.session(), info.id, found.steps), product
            ),
        )


def changes(info: DatasetInfo) -> None:
    """What was mended, newest first, each with its way back; the recipe as a file."""
    lines = fixing.told(state.session(), info.id)
    if not lines:
        return
    with st.container(gap="small", key="changes"):
        heading("O que foi corrigido", f"{plural(len(lines), 'ajuste', 'ajustes')}, do mais novo ao mais antigo.")
        with st.container(border=True, gap="xxsmall", height=320 if len(lines) > 7 else "content"):
            for place in range(len(lines) - 1, -1, -1):
                _change(info, place, say(lines[place]))
        tag = f"{info.id}_{datasets.revision(state.session(), info.id)}"
        downloads.button("Exportar receita", lambda: fixing.recipe_file(state.session(), info.id), "receita.json", tag)


def _change(info: DatasetInfo, place: int, line: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(escape_markdown(shorten(line, 160)), width="stretch")
        if st.button("Desfazer", key=f"undo_{place}_{info.id}", type="tertiary", icon=":material/undo:"):
            carry_out(info, lambda tell: fixing.undo(state.session(), info.id, place, tell), f"Desfeito: {line}.")
