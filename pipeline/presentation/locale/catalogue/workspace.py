"""Sentences of the workspace: its folder, its key, its records, its jobs, and what it keeps."""

from __future__ import annotations

MESSAGES = {
    # what was tried, to complete "Não foi possível …"
    "doing.open_workspace": "abrir o espaço de trabalho",
    "doing.tidy": "arrumar a pasta de dados",
    "doing.back_up": "copiar os registros antes de atualizá-los",
    "doing.save_dataset": "salvar o conjunto de dados",
    "doing.save_fixes": "salvar as correções",
    "doing.open_fixes": "abrir as correções",
    "doing.clear_leftover": "limpar um salvamento incompleto",
    "doing.open_report": "abrir o relatório guardado",
    "doing.open_raw": "abrir os dados originais",
    "doing.erase_raw": "apagar os dados originais",
    "doing.delete_dataset": "apagar o conjunto de dados",
    "doing.save_risks": "salvar os riscos",
    "doing.save_follow_up": "guardar o que foi feito",
    "doing.take_back": "trazer de volta o que estava de lado",
    "doing.erase_shelved": "apagar o que estava de lado",
    "doing.save_model": "salvar o modelo",
    "doing.delete_model": "apagar o modelo",
    "doing.read_key": "ler ou criar a chave que protege os dados",
    "doing.open_rows": "abrir as linhas guardadas",
    "doing.start_training": "começar o treino",
    "doing.save_audit": "guardar a trilha de auditoria",
    "doing.save_sense": "guardar a leitura dos comentários",
    "doing.open_sense": "abrir a leitura dos comentários",
    # what the disk says
    "disk.refused": "Não foi possível {{ doing }}: {{ why }}",
    "disk.full": "o disco está cheio. Libere espaço e tente de novo; nada do que já estava salvo se perdeu.",
    "disk.no_permission": (
        "falta permissão para gravar ou ler na pasta de dados. Confira as permissões da pasta em PRESENCA_HOME."
    ),
    "disk.gone": "um arquivo da pasta de dados não está mais lá.",
    "disk.damaged": "o arquivo guardado está danificado. Apague o conjunto de dados e envie a planilha de novo.",
    "disk.no_access": "o sistema recusou o acesso à pasta de dados. Confira se ela está acessível e tente de novo.",
    # what the file of records says
    "records.busy": "Outra tarefa está gravando neste momento. Espere alguns segundos e tente de novo.",
    "records.disk_full": (
        "O disco está cheio: o registro não foi salvo. Libere espaço e tente de novo; o que já estava salvo "
        "continua lá."
    ),
    "records.no_permission": (
        "Falta permissão para gravar na pasta de dados. Confira as permissões da pasta em PRESENCA_HOME."
    ),
    "records.damaged": (
        "O arquivo de registros da pasta de dados está danificado. Recoloque presenca.sqlite de uma cópia de "
        "segurança; "
        "sem cópia, tire-o da pasta: os registros podem ser refeitos a partir dela."
    ),
    "records.no_access": "Não foi possível ler ou gravar os registros da pasta de dados. Tente de novo.",
    "workspace.newer": (
        "Esta pasta de dados foi gravada por uma versão mais nova da Presença (formato {{ found }}; esta versão lê "
        "até o {{ newest }}). Atualize a Presença e abra de novo; nada foi alterado."
    ),
    "workspace.unknown_id": "O endereço traz um código que não existe neste espaço de trabalho.",
    # the key
    "key.of_others": (
        "Os dados desta pasta foram protegidos com outra chave (impressão {{ known }}; a chave atual é {{ current }}). "
        "Recoloque a chave original, ou aponte {{ variable }} para outra pasta. Nada foi alterado."
    ),
    "key.within_data": (
        "A chave não pode ficar dentro da pasta de dados, senão a cópia de segurança levaria as duas juntas. "
        "Aponte {{ variable }} para outro lugar."
    ),
    "key.missing": (
        "A chave que protege estes dados não foi encontrada. Recoloque o arquivo da chave no lugar, ou "
        "aponte {{ variable }} para ele. Nenhuma chave nova foi criada, pois não abriria estes dados."
    ),
    "key.malformed": (
        "{% if variable %}A variável {{ variable }}{% else %}O arquivo da chave{% endif %} não traz uma chave "
        "válida: são "
        "64 dígitos hexadecimais, ou um texto de pelo menos {{ shortest | plural('caractere', 'caracteres') }}. "
        'Para gerar uma: python -c "import secrets; print(secrets.token_hex(32))".'
    ),
    # the vault
    "vault.broken": (
        "Os dados originais guardados no cofre não puderam ser abertos: o arquivo foi alterado, está danificado ou foi "
        "fechado com outra chave. Envie a planilha novamente para refazê-los."
    ),
    "vault.rows_differ": "Os dados originais e os números das linhas não combinam. Envie a planilha de novo.",
    "vault.too_large": "O arquivo é grande demais para o cofre de dados originais. Divida a planilha por período.",
    # what is kept
    "dataset.rows_damaged": (
        "As linhas guardadas deste conjunto de dados estão danificadas. Apague o conjunto e envie a planilha de novo."
    ),
    "dataset.training_before_fixing": (
        "Há um treino, ou a leitura dos comentários, em andamento com estes dados. Pare isso antes de corrigi-los."
    ),
    "dataset.training_before_deleting": (
        "Há um treino, ou a leitura dos comentários, em andamento com estes dados. Pare isso antes de apagá-los."
    ),
    "dataset.fixed_elsewhere": "Estes dados foram corrigidos em outra janela. Abra a página de novo.",
    "dataset.already_kept": "Este mesmo arquivo, lido deste mesmo modo, já está guardado.",
    "dataset.not_saved": "O conjunto de dados não foi salvo. Envie a planilha de novo.",
    "dataset.gone": "Este conjunto de dados não existe mais. Escolha outro, ou envie a planilha de novo.",
    "model.data_deleted": "O conjunto de dados deste modelo foi apagado: o modelo não foi salvo.",
    "model.file_gone": "O arquivo deste modelo não está mais na pasta de dados. Treine ou carregue outro.",
    "model.gone": "Este modelo não existe mais. Escolha outro, ou treine um novo.",
    "risks.source_deleted": (
        "O conjunto de dados ou o modelo foi apagado enquanto os riscos eram calculados: eles não foram salvos."
    ),
    "series.gone": "Esta série não existe mais.",
    "recovery.other_key": (
        "Há dados nesta pasta protegidos com outra chave, ou danificados. Recoloque a chave original e tente de novo. "
        "Nada foi alterado."
    ),
    "recovery.already_kept": "O mesmo arquivo já está guardado: este continua de lado.",
    "recovery.record_damaged": "O registro ao lado destes arquivos está danificado: eles continuam de lado.",
    # jobs
    "sense.no_encoder": "O leitor de sentido não está instalado aqui. Para tê-lo: python3 run.py sentido.",
    "job.gone": "Este treino não existe mais.",
    "job.one_at_a_time": ("Já há um treino em andamento. Espere ele terminar, ou cancele-o, antes de começar outro."),
    "job.not_waiting": "Este treino já começou, terminou ou foi cancelado.",
    "job.stopped": (
        "O treino parou de repente, sem dizer por quê. Tente de novo; se repetir, use o esforço rápido ou feche outros "
        "programas."
    ),
    "job.orphaned": "O treino foi interrompido: o computador ou o programa foi desligado no meio. Comece de novo.",
    "job.cancelling": "Cancelando o treino…",
    "job.cancelled": "Treino cancelado.",
    "job.out_of_memory": "Faltou memória para treinar. Envie um período menor ou use o esforço rápido.",
    "job.fault": "O treino parou por uma falha inesperada. O detalhe técnico está no registro.",
}
