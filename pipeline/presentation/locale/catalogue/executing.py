"""Sentences of work on many rows: executors, shards, what is kept between runs."""

from __future__ import annotations

MESSAGES = {
    "executing.no_cluster_extra": "Este Presença foi instalado sem o que fala com um agendador Dask.",
    "executing.no_cluster_extra.hint": (
        "Instale o extra: pip install 'presenca[cluster]'; ou não dê agendador, e o trabalho é feito nesta máquina."
    ),
    "executing.unreachable": "O agendador {{ address | quoted }} não respondeu.",
    "executing.unreachable.hint": (
        "Confira o endereço (tcp://máquina:8786), se o agendador está de pé (dask scheduler) e se a porta está aberta."
    ),
    "executing.no_workers": "O agendador {{ address | quoted }} respondeu, mas não tem quem trabalhe.",
    "executing.no_workers.hint": "Ligue ao menos um trabalhador: dask worker {{ address }} --nthreads 1.",
    "executing.other_version": (
        "Quem trabalha para o agendador {{ address | quoted }} não tem esta mesma versão do Presença: "
        "o resultado poderia ser outro."
    ),
    "executing.other_version.hint": "Instale a mesma versão em todas as máquinas e ligue os trabalhadores de novo.",
    "executing.not_shared": (
        "Quem trabalha para o agendador não vê a pasta {{ name | quoted }}: as linhas têm de estar onde todos as leem."
    ),
    "executing.not_shared.hint": "Diga com --work uma pasta compartilhada entre as máquinas.",
    "executing.worker_lost": (
        "Uma parte do trabalho perdeu quem a fazia {{ times | plural('vez', 'vezes') }} seguidas: "
        "o sistema encerrou o processo, quase sempre por falta de memória."
    ),
    "executing.worker_lost.hint": "Dê menos trabalhadores (--workers) ou mais memória; o que terminou está em --work.",
    "executing.scheduler_lost": "A ligação com o agendador se perdeu no meio do trabalho.",
    "executing.scheduler_lost.hint": "Confira o agendador e rode de novo; com --work, continua de onde parou.",
    "large.parts": "{{ what }}, {{ done | number }} de {{ of | plural('bloco de linhas', 'blocos de linhas') }}",
    "large.counting": "Contando o que há em volta",
    "large.making": "Preparando as linhas do treino",
    "large.scoring": "Calculando riscos",
    "large.cutting": "Separando as linhas por paciente, em {{ count | plural('bloco', 'blocos') }}",
    "large.went_on": (
        "Continuando do que já havia: {{ done | number }} de {{ of | plural('bloco de linhas', 'blocos de linhas') }}"
    ),
    "large.laying": "Guardando a lista por dia",
    "large.writing": "Escrevendo o resultado",
    "shards.damaged": "As linhas guardadas em partes não se leem: o arquivo {{ name | quoted }} está danificado.",
    "shards.damaged.hint": "Apague a pasta do trabalho e rode de novo.",
    "shards.no_fsspec": "Endereços como {{ address | quoted }} pedem uma biblioteca que não está instalada.",
    "shards.no_fsspec.hint": "Instale o extra: pip install 'presenca[cluster]'.",
}
