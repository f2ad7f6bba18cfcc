"""Sentences of a store of objects, in which files of a workspace rest beside its folder."""

from __future__ import annotations

from pipeline.presentation.locale.program import PROGRAM

MESSAGES = {
    "store.address_malformed": (
        "{{ variable }} não tem o endereço de um armazém. Ele se escreve assim: s3://balde/prefixo (ou outro protocolo "
        "do fsspec), e não fica na própria pasta de dados."
    ),
    "store.no_library": (
        "O endereço em {{ variable }} pede uma biblioteca que não está instalada. Instale o extra: pip install "
        "'presenca[cluster]' (ou a do protocolo, como gcsfs ou adlfs)."
    ),
    "store.no_place": (
        "O balde ou a pasta que {{ variable }} indica não existe. Crie-o, ou corrija o endereço; nada foi alterado."
    ),
    "store.no_access": (
        "O armazém em {{ variable }} recusou o acesso. Confira as credenciais no ambiente (para S3, AWS_*) e se elas "
        "podem listar, ler, gravar e apagar ali."
    ),
    "store.away": (
        "O armazém em {{ variable }} não respondeu como devia ({{ why }}). Confira se ele está de pé e alcançável, e "
        "tente de novo: o que já estava salvo continua, e o que ia ser salvo não ficou pela metade."
    ),
    "store.object_gone": (
        "Um arquivo que os registros conhecem não está mais no armazém. Examine a pasta (doctor) e traga de volta uma "
        "cópia de segurança."
    ),
    "store.object_damaged": (
        "Um arquivo do armazém foi alterado ou está danificado, e não foi usado. Examine a pasta (doctor) e traga de "
        "volta uma cópia de segurança."
    ),
    "store.changed_elsewhere": "Outro servidor mudou ou apagou isto neste momento. Abra a página de novo e confira.",
    "store.of_others": (
        "O armazém em {{ variable }} não é o destes registros. Confira o balde, o prefixo e o banco. Nada foi alterado."
    ),
    "store.not_told": (
        "Os arquivos deste espaço de trabalho ficam num armazém: diga qual em {{ variable }}. Nada foi alterado."
    ),
    "store.files_in_folder": (
        "Os arquivos destes registros ficam na pasta de dados, e {{ variable }} aponta um armazém. Para levá-los, faça "
        "uma cópia sem a variável (backup) e traga-a de volta com ela numa pasta vazia (restore). Nada foi alterado."
    ),
    "store.records_lost": (
        "O armazém em {{ variable }} guarda {{ count | plural('arquivo', 'arquivos') }} e os registros estão vazios: é "
        "outro banco, ou eles se perderam. Aponte o banco certo, ou traga de volta uma cópia de segurança (restore) "
        "com um prefixo vazio. Nada foi alterado."
    ),
    "store.manifest_lost": (
        "Os registros perderam a lista do que está no armazém em {{ variable }}. Pare os outros servidores e rode: "
        f"{PROGRAM} doctor --mend, que a refaz do próprio armazém. Nada foi alterado."
    ),
    "store.no_taking_back": (
        "Com um armazém, o que falta nos registros volta de uma cópia de segurança (restore), e não da pasta de dados."
    ),
    "restore.store_there": (
        "O armazém em {{ variable }} já tem arquivos. Aponte um prefixo vazio; nada é escrito por cima."
    ),
    "restore.aside_with_store": (
        "Esta cópia tem itens postos de lado, que vários servidores com um armazém não alcançariam para apagar. Traga-"
        "os de volta ou apague-os em Início, onde a cópia foi feita, e faça outra."
    ),
    # what is found when it is examined
    "doctor.objects_missing": (
        "{{ count | agree('Falta', 'Faltam') }} no armazém {{ count | plural('arquivo', 'arquivos') }} de que os "
        "registros falam. Traga de volta uma cópia de segurança."
    ),
    "doctor.objects_changed": (
        "{{ count | plural('arquivo do armazém não tem', 'arquivos do armazém não têm') }} o tamanho que os registros "
        "dizem. Traga de volta uma cópia de segurança."
    ),
    "doctor.objects_unknown": (
        "{{ count | plural('arquivo do armazém não está', 'arquivos do armazém não estão') }} nos registros, como "
        "depois de trazer de volta um banco mais velho. {{ count | agree('Some', 'Somem') }} em "
        "{{ days | plural('dia', 'dias') }}, ou antes, se um paciente pedir que o apaguem."
    ),
    "doctor.manifest_lost": (
        "A lista do armazém perdeu {{ count | plural('arquivo', 'arquivos') }} de que os registros falam e que ainda "
        "{{ count | agree('está', 'estão') }} lá."
    ),
    "doctor.make_manifest": "a lista é refeita do que está no armazém",
    "doctor.objects_cut": (
        "{{ count | plural('arquivo ficou', 'arquivos ficaram') }} a meio de ser enviado ao armazém ou apagado dele."
    ),
    "doctor.end_objects": "o armazém é posto em ordem",
    "doctor.cache_changed": (
        "{{ count | plural('arquivo desta pasta difere', 'arquivos desta pasta diferem') }} do que está no armazém."
    ),
    "doctor.fetch_again": "o que difere é trazido de novo do armazém",
}
