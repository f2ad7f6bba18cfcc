"""Files of the server's folder: the list to pick from, and the reading of large ones, followed through reloads."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import picked, state
from dashboard.components import running_job
from dashboard.components.page import refusal
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import server_words as words
from pipeline.records.server_files import ServerFile
from pipeline.services.data import server_folder, server_reading


def limit() -> None:
    """How large a file the browser sends, and what to do for more."""
    megabytes = int(st.get_option("server.maxUploadSize"))
    is_set = server_folder.is_set(state.session())
    told = words.upload_limit(megabytes, server_folder.VARIABLE, is_set=is_set)
    st.markdown(f":small[:gray[{escape_markdown(told)}]]")


def choose() -> tuple[ServerFile, ...]:
    """The list, where there is a folder; gives what was picked of it."""
    if not server_folder.is_set(state.session()):
        return ()
    if server_reading.current(state.session()) is not None:
        st.markdown(f":small[:gray[{escape_markdown(words.RUNS)}]]")
        return ()
    try:
        found = server_folder.listed(state.session())
    except PresencaError as error:
        refusal(error)
        return ()
    if not found.files:
        st.markdown(f":small[:gray[{escape_markdown(words.EMPTY)}]]")
    chosen = _chosen(found.files) if found.files else ()
    if left := words.not_offered(found):
        st.markdown(f":small[:gray[{escape_markdown(left)}]]")
    if picked.files() and set(picked.files()) != set(chosen):
        picked.forget()
        st.rerun()
    return picked.files()


def _chosen(files: Sequence[ServerFile]) -> tuple[ServerFile, ...]:
    groups = _groups(files)
    names = st.multiselect(
        "Da pasta do servidor",
        list(groups),
        key=picked.choice_key(),
        placeholder="Escolha arquivos ou uma pasta; escreva para procurar",
        select_all=False,
    )
    chosen = tuple(dict.fromkeys(one for name in names for one in groups.get(name, ())))
    with st.container(horizontal=True, key="server_files"):
        if st.button("Abrir", key="server_open", icon=":material/folder_open:", disabled=not chosen):
            picked.pick(chosen)
            st.rerun()
        st.button("Atualizar", key="server_again", icon=":material/refresh:", help="Procura de novo na pasta")
    return chosen


def _groups(files: Sequence[ServerFile]) -> dict[str, tuple[ServerFile, ...]]:
    """What each option stands for: folders with all that lies in them, then single files; no two are spelled alike."""
    folders: dict[str, list[ServerFile]] = {}
    for file in files:
        parts = file.folder.split("/") if file.folder else []
        for depth in range(len(parts) + 1):
            folders.setdefault("/".join(parts[:depth]), []).append(file)
    most = server_folder.MOST_AT_ONCE
    told = [(words.folder_option(path, own), tuple(own)) for path, own in folders.items() if 1 < len(own) <= most]
    told += [(words.option(file), (file,)) for file in files]
    found: dict[str, tuple[ServerFile, ...]] = {}
    for name, own in told:
        number, free = 1, name
        while free in found:
            number += 1
            free = f"{name} ({number})"
        found[free] = own
    return found


# ---------------------------------------------------------------- the reading of what is large


def follow(product: Product) -> None:
    """The reading that runs, or what became of the one that this window started."""
    if not state.may(server_reading.current):
        return
    job, watched = server_reading.current(state.session()), picked.watched()
    if job is not None:
        running_job.show(_KIND, job.id, own=job.id == watched)
    elif watched:
        _ended(watched, product)


_KIND = running_job.Kind(
    key="reading",
    job=server_reading.job,
    cancel=server_reading.cancel,
    own=lambda _: "**Lendo os arquivos do servidor.** Pode fechar ou recarregar a página: a leitura continua.",
    others=lambda _: "**Arquivos do servidor estão sendo lidos**, a pedido de outra janela.",
    stop="Parar esta leitura",
    loses="Esta leitura é de outra pessoa, ou de outra janela sua. Parar joga fora o que ela já fez.",
    told=words.why,
)


def _ended(job_id: str, product: Product) -> None:
    try:
        job = server_reading.job(state.session(), job_id)
    except PresencaError:  # its data set was deleted, and the job with it
        picked.watch(None)
        return
    if job.state == "done":
        picked.watch(None)
        if job.product == product.key:
            state.choose_dataset(job.dataset_id)
        state.say_next(words.KEPT)
        st.rerun()
    elif job.state == "cancelled":
        st.info(escape_markdown(messages.told(words.why(job.message))), icon=":material/info:")
    else:
        st.error(escape_markdown(messages.told(words.why(job.message))), icon=":material/block:")
