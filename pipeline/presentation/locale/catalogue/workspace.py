"""Sentences of the workspace: its folder, its key, its records, its jobs, and what it keeps."""

from __future__ import annotations

from pipeline.presentation.locale.program import ADD_SENSE

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
    "doing.back_up_all": "fazer a cópia de segurança",
    "doing.read_copy": "ler a cópia de segurança",
    "doing.restore": "trazer de volta a cópia de segurança",
    "doing.examine": "examinar a pasta de dados",
    "doing.open_rows": "abrir as linhas guardadas",
    "doing.start_training": "começar o treino",
    "doing.save_people": "guardar as pessoas",
    "doing.save_audit": "guardar a trilha de auditoria",
    "doing.save_sense": "guardar a leitura dos comentários",
    "doing.copy_server_file": "copiar o arquivo do servidor para a leitura",
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
    # where the records lie, and what a PostgreSQL says
    "records.address_malformed": (
        "O endereço em {{ variable }} não é de um PostgreSQL. Ele se escreve assim: "
        "postgresql+psycopg://usuário:senha@servidor:5432/banco, e a senha com %40 no lugar de @."
    ),
    "records.no_driver": (
        "{{ variable }} aponta um PostgreSQL, e o que fala com ele não está instalado. Instale: "
        "pip install 'presenca[cluster]'."
    ),
    "records.server_away": (
        "O PostgreSQL dos registros não respondeu. Confira se ele está de pé e o endereço em PRESENCA_DATABASE, e "
        "tente de novo; o que já estava salvo continua lá."
    ),
    "records.login_refused": (
        "O PostgreSQL dos registros respondeu e recusou a entrada. Confira usuário, senha e nome do banco em "
        "PRESENCA_DATABASE, e se ele não está no limite de conexões."
    ),
    "records.no_grant": (
        "O usuário de PRESENCA_DATABASE não pode gravar nesse banco. Dê a ele o banco, ou um esquema só dele."
    ),
    "records.no_schema": (
        "O usuário de PRESENCA_DATABASE não tem um esquema em que gravar nesse banco. Crie um para ele, ou diga qual "
        "com ?schema=nome no fim do endereço."
    ),
    "records.server_full": (
        "O disco do PostgreSQL está cheio: o registro não foi salvo. Libere espaço no servidor dele."
    ),
    "records.server_damaged": (
        "O PostgreSQL diz que os seus arquivos estão danificados. Chame quem cuida dele, e traga de volta uma cópia."
    ),
    "records.server_refused": "O PostgreSQL recusou ler ou gravar os registros. O motivo está no registro dele.",
    "records.elsewhere": (
        "Os registros desta pasta de dados estão num PostgreSQL: diga qual em {{ variable }}. Nada foi alterado."
    ),
    "records.in_file": (
        "Os registros desta pasta de dados estão nela, em presenca.sqlite, e {{ variable }} aponta um PostgreSQL "
        "vazio. Para mudá-los, faça uma cópia sem a variável (backup) e traga-a de volta com ela numa pasta vazia "
        "(restore). Nada foi alterado."
    ),
    "records.of_other_folder": (
        "O PostgreSQL em {{ variable }} guarda os registros de outra pasta de dados. Confira se PRESENCA_HOME é a "
        "pasta partilhada pelos servidores e está montada. Nada foi alterado."
    ),
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
    "key.weak": (
        "Esta chave é fácil de adivinhar (poucos caracteres diferentes, ou um padrão que se repete): nenhuma pasta de "
        'dados nova começa com ela. Gere outra com python -c "import secrets; print(secrets.token_hex(32))" e ponha-a '
        "em {{ variable }}. Nada foi escrito."
    ),
    "key.weak_in_use": (
        "A chave que protege estes dados é fácil de adivinhar. Eles continuam abrindo; para uma pasta nova, gere outra "
        'com python -c "import secrets; print(secrets.token_hex(32))".'
    ),
    # what was put in order at the start, or once a day
    "repair.migrated": (
        "Os registros foram trazidos do formato {{ found }} para o {{ newest }}; uma cópia dos de antes ficou na pasta "
        "backups."
    ),
    "repair.deletions_ended": (
        "{{ count | plural('exclusão interrompida foi terminada', 'exclusões interrompidas foram terminadas') }}."
    ),
    "repair.erasures_ended": (
        "{{ count | plural('planilha original, cuja exclusão tinha sido interrompida, foi apagada', "
        "'planilhas originais, cuja exclusão tinha sido interrompida, foram apagadas') }}."
    ),
    "repair.swept": (
        "{{ count | plural('arquivo temporário, deixado por uma interrupção, foi apagado', "
        "'arquivos temporários, deixados por uma interrupção, foram apagados') }}."
    ),
    "repair.put_aside": (
        "{{ count | plural('item que os registros não conheciam foi posto de lado', "
        "'itens que os registros não conheciam foram postos de lado') }}."
    ),
    "repair.orphans": (
        "{{ count | plural('treino interrompido foi encerrado', 'treinos interrompidos foram encerrados') }}."
    ),
    "repair.expired": (
        "{{ count | plural('planilha original chegou ao fim do prazo e foi apagada', "
        "'planilhas originais chegaram ao fim do prazo e foram apagadas') }}."
    ),
    # the vault
    "vault.broken": (
        "Os dados originais guardados no cofre não puderam ser abertos: o arquivo foi alterado, está danificado ou foi "
        "fechado com outra chave. Envie a planilha novamente para refazê-los."
    ),
    "vault.rows_differ": "Os dados originais e os números das linhas não combinam. Envie a planilha de novo.",
    "vault.too_large": "O arquivo é grande demais para o cofre de dados originais. Divida a planilha por período.",
    # what is kept
    "dataset.too_large_whole": (
        "Há {{ rows | plural('linha', 'linhas') }} a ler de uma vez; o servidor, que é de todos, lê até "
        "{{ most | number }}."
    ),
    "dataset.too_large_whole.hint": "Use a linha de comando, que trabalha por partes, ou um arquivo de período menor.",
    "dataset.rows_damaged": (
        "As linhas guardadas deste conjunto de dados estão danificadas. Apague o conjunto e envie a planilha de novo."
    ),
    "dataset.report_damaged": (
        "O relatório guardado deste conjunto de dados está danificado. Apague o conjunto e envie a planilha de novo."
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
    "people.login_taken": "Este nome de acesso já é de alguém. Escolha outro.",
    "people.copy_damaged": "A cópia das pessoas (people.json) não pôde ser lida. Restaure uma cópia de segurança.",
    "people.gone": "Esta pessoa não está mais aqui. Abra a página de novo.",
    "people.last_admin": (
        "É a última pessoa com o papel admin: sem ela ninguém cuidaria das outras. Dê antes o papel a mais alguém."
    ),
    "series.gone": "Esta série não existe mais.",
    "recovery.other_key": (
        "Há dados nesta pasta protegidos com outra chave, ou danificados. Recoloque a chave original e tente de novo. "
        "Nada foi alterado."
    ),
    "recovery.already_kept": "O mesmo arquivo já está guardado: este continua de lado.",
    "recovery.record_damaged": "O registro ao lado destes arquivos está danificado: eles continuam de lado.",
    # copies of the whole
    "backup.within_data": (
        "A cópia de segurança não pode ficar dentro da pasta de dados. Escolha outro lugar, de preferência outro disco."
    ),
    "backup.not_one": (
        "Este arquivo não é uma cópia de segurança da Presença, ou foi cortado no começo. Nada foi escrito."
    ),
    "backup.other_key": (
        "Esta cópia não abre com esta chave (ou frase), ou o começo do arquivo foi alterado. Nada foi escrito."
    ),
    "backup.altered": "Esta cópia foi cortada ou alterada: use outra. Nada foi escrito.",
    "backup.newer": (
        "Esta cópia foi feita por uma versão mais nova da Presença. Atualize a Presença e tente de novo. Nada foi "
        "escrito."
    ),
    "backup.key_of_others": (
        "Os dados desta cópia foram protegidos com outra chave (impressão {{ known }}; a chave atual é {{ current }}). "
        "Recoloque a chave original e tente de novo. Nada foi escrito."
    ),
    "backup.records_damaged": "Os registros dentro desta cópia estão danificados: use outra. Nada foi escrito.",
    "backup.phrase_short": (
        "A frase da cópia precisa de pelo menos {{ shortest | plural('caractere', 'caracteres') }} e não pode ser um "
        "padrão que se repete."
    ),
    "copy.failed": "A cópia parou por uma falha inesperada. O detalhe técnico está no registro. Tente de novo.",
    "copy.gone": "Esta cópia não está mais na pasta das cópias. Abra a página de novo.",
    "copy.too_large": (
        "Esta cópia é grande demais para ser baixada por aqui. Busque-a no servidor, na pasta {{ folder }}."
    ),
    "copy.no_folder": (
        "A pasta das cópias ({{ folder }}) não pôde ser lida ou criada. Confira as permissões, ou indique outra em "
        "{{ variable }}."
    ),
    "key.told": "A chave já foi mostrada uma vez. Ela continua no servidor, no arquivo dela.",
    "key.in_environment": "A chave foi dada em {{ variable }}: quem a pôs ali é quem a tem.",
    "mend.going_on": "Outra pessoa está consertando a pasta neste momento. Espere alguns segundos e examine de novo.",
    "restore.not_empty": (
        "A pasta de destino não está vazia. Indique outra com --home; nenhuma pasta com dados é escrita por cima."
    ),
    "restore.records_there": (
        "O PostgreSQL em {{ variable }} já tem registros. Aponte um banco ou esquema vazio; nada é escrito por cima."
    ),
    # what is found when the folder is examined, and what --mend does about it
    "doctor.no_workspace": "A pasta de dados não existe.",
    "doctor.no_records": "O arquivo de registros (presenca.sqlite) não está na pasta de dados, ou está vazio.",
    "doctor.no_records_there": "O PostgreSQL em PRESENCA_DATABASE não tem os registros desta pasta de dados.",
    "doctor.server_unseen": (
        "Os arquivos do próprio PostgreSQL não são examinados aqui: quem cuida dele os confere com pg_amcheck."
    ),
    "doctor.records_damaged": (
        "O arquivo de registros está danificado. Traga de volta uma cópia de segurança (restore); sem cópia, tire "
        "presenca.sqlite da pasta e use recover."
    ),
    "doctor.older": "Os registros estão no formato {{ found }}; esta versão usa o {{ newest }}.",
    "doctor.part_missing": "Falta “{{ name }}” na estrutura dos registros.",
    "doctor.audit_unguarded": (
        "A proteção da trilha de auditoria “{{ name }}” foi tirada: entradas podem ter sido mudadas ou apagadas."
    ),
    "doctor.references": (
        "{{ count | plural('registro fala', 'registros falam') }} de algo que não existe mais. Traga de volta uma "
        "cópia de segurança."
    ),
    "doctor.audit_gaps": (
        "{{ count | agree('Falta', 'Faltam') }} {{ count | plural('entrada', 'entradas') }} na trilha de auditoria."
    ),
    "doctor.open_to_others": (
        "{{ count | plural('arquivo ou pasta pode ser lido', 'arquivos e pastas podem ser lidos') }} por outras contas "
        "deste computador."
    ),
    "doctor.dataset_gone": (
        "Os arquivos de “{{ name }}” não estão na pasta. Recoloque-os de uma cópia, ou esqueça o registro em Início."
    ),
    "doctor.dataset_damaged": (
        "As linhas de “{{ name }}” estão danificadas: apague o conjunto e envie a planilha de novo."
    ),
    "doctor.report_damaged": (
        "O relatório de “{{ name }}” está danificado: apague o conjunto e envie a planilha de novo."
    ),
    "doctor.sealed_damaged": (
        "O que está cifrado de “{{ name }}” não abre: foi alterado, ou fechado com outra chave. As linhas continuam."
    ),
    "doctor.erasure_cut": "A planilha original de “{{ name }}” foi apagada e o registro ainda fala dela.",
    "doctor.model_gone": "O arquivo do modelo treinado com “{{ name }}” não está na pasta. Treine outro.",
    "doctor.model_changed": "O arquivo do modelo treinado com “{{ name }}” foi alterado depois de salvo. Treine outro.",
    "doctor.risks_gone": (
        "{{ count | plural('cálculo de risco guardado não tem', 'cálculos de risco guardados não têm') }} mais as suas "
        "linhas."
    ),
    "doctor.columns_damaged": (
        "{{ count | plural('pasta de colunas, com que as páginas contam, foi alterada ou está incompleta',"
        " 'pastas de colunas, com que as páginas contam, foram alteradas ou estão incompletas') }}."
    ),
    "doctor.deletions_cut": (
        "{{ count | plural('exclusão foi interrompida', 'exclusões foram interrompidas') }} no meio."
    ),
    "doctor.leftovers": (
        "{{ count | plural('arquivo temporário ficou', 'arquivos temporários ficaram') }} de uma interrupção."
    ),
    "doctor.people_copy": "A cópia das pessoas ao lado dos registros (people.json) falta, ou diz outra coisa que eles.",
    "doctor.people_copy_damaged": (
        "Sem os registros, as pessoas voltariam de people.json, que não pôde ser lido: a pasta não abre. Traga de "
        "volta uma cópia de segurança."
    ),
    "doctor.aside": ("{{ count | plural('item está', 'itens estão') }} de lado: Início os traz de volta ou os apaga."),
    "doctor.unknown": "Os registros não conhecem {{ count | plural('item', 'itens') }} da pasta.",
    "doctor.old_rows": (
        "{{ count | plural('pasta de linhas já substituídas ficou', 'pastas de linhas já substituídas ficaram') }} de "
        "uma interrupção."
    ),
    "doctor.jobs_gone": (
        "{{ count | plural('treino consta', 'treinos constam') }} como em andamento, e o processo não existe mais."
    ),
    "doctor.recover": "os registros são refeitos a partir das pastas",
    "doctor.bring_forward": "os registros são trazidos ao formato {{ newest }}, com uma cópia dos de antes",
    "doctor.make_part": "é refeito como deve ser",
    "doctor.close_to_others": "tudo na pasta passa a ser só desta conta",
    "doctor.end_erasure": "o registro passa a dizer que foi apagada",
    "doctor.forget_risks": "o que ficou sem linhas é esquecido, e calculado de novo quando preciso",
    "doctor.remove_columns": "o que está estragado é apagado, e feito de novo das linhas quando preciso",
    "doctor.end_deletions": "o que ficou no meio termina de ser apagado",
    "doctor.sweep": "o que sobrou é apagado",
    "doctor.copy_people": "é escrita de novo a partir dos registros",
    "doctor.put_aside": "o que não se conhece é posto de lado, e nada é apagado",
    "doctor.remove_old_rows": "o que sobrou é apagado",
    "doctor.end_jobs": "o que não corre mais é encerrado, e outro treino pode começar",
    # jobs
    "sense.no_encoder": f"O leitor de sentido não está instalado aqui. Para tê-lo: {ADD_SENSE}.",
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
