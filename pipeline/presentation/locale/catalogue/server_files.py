"""Sentences of the folder of the server from which data may be taken."""

from __future__ import annotations

MESSAGES = {
    "server_files.no_folder": "A pasta de arquivos do servidor não existe, não tem o caminho inteiro ou não se lê.",
    "server_files.no_folder.hint": "Quem cuida do servidor confere {{ variable }}, e abre de novo a Presença.",
    "server_files.of_workspace": "A pasta de arquivos do servidor está dentro do espaço da Presença, ou o contém.",
    "server_files.of_workspace.hint": "Quem cuida do servidor põe em {{ variable }} uma pasta só para isto.",
    "server_files.outside": "Só se pode escolher o que está na pasta de arquivos do servidor.",
    "server_files.not_plain": "Este arquivo é um link, ou não é um arquivo comum: não é aberto.",
    "server_files.not_plain.hint": "Ponha na pasta uma cópia dele.",
    "server_files.gone": "Este arquivo não está mais na pasta.",
    "server_files.gone.hint": "Atualize a lista e escolha de novo.",
    "server_files.changed": "Este arquivo mudou desde que a lista foi feita, ou ainda está sendo gravado.",
    "server_files.changed.hint": "Espere a gravação terminar, atualize a lista e escolha de novo.",
    "server_files.locked": "A Presença não pode ler este arquivo.",
    "server_files.locked.hint": "Dê ao usuário com que ela roda permissão de ler ali, e feche-o em outros programas.",
    "server_files.how_many": "Escolha de 1 a {{ most | plural('arquivo', 'arquivos') }}.",
    "server_files.how_many.hint": "Junte-os antes, ou escolha um período menor.",
    "server_files.one_at_a_time": "Já há arquivos do servidor sendo lidos.",
    "server_files.one_at_a_time.hint": "Espere a leitura terminar, ou cancele-a.",
    "server_files.copying": "Copiando para a leitura",
    "server_files.opening": "Abrindo",
    "server_files.stopped": "A leitura parou sem dizer por quê. Nada foi guardado; comece de novo.",
    "server_files.orphaned": "A leitura foi interrompida: o programa foi desligado no meio. Comece de novo.",
    "server_files.cancelling": "Cancelando a leitura…",
    "server_files.cancelled": "A leitura foi cancelada; nada foi guardado.",
    "server_files.out_of_memory": "Faltou memória para ler estes arquivos. Escolha um período menor.",
    "server_files.fault": "A leitura parou por uma falha inesperada. O detalhe técnico está no registro.",
}
