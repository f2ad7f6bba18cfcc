"""What a check found and what it means: uses of a file, columns that know the future, what to do first."""

from __future__ import annotations

_ROWS = "{{ rows | plural('linha', 'linhas') }}"

MESSAGES = {
    "checking.finding_columns": "Reconhecendo as colunas",
    "checking.reading_field": "Lendo {{ field }}",
    "checking.applying_rules": "Conferindo as regras",
    "checking.writing_report": "Montando o relatório",
    "checking.stage_of_file": "{{ name }}: {{ stage | say }}",
    "checking.few_days": (
        "Não serve para treinar: as linhas com resultado ficam em {{ days | plural('dia', 'dias') }}; "
        "são precisos {{ least }}. Envie um período maior."
    ),
    "checking.no_target": (
        "Não serve para treinar: {{ target }} não veio no arquivo; "
        "{{ least | agree('é precisa', 'são precisas') }} {{ least | plural('linha', 'linhas') }} com resultado e "
        "{{ least_of_each }} de cada um."
    ),
    "checking.few_outcomes": (
        "Não serve para treinar: há {{ outcomes | plural('linha', 'linhas') }} com resultado, "
        "{{ events }} de {{ event }} e {{ rest }} de {{ non_event }}; "
        "{{ least | agree('é precisa', 'são precisas') }} {{ least | plural('linha', 'linhas') }} com resultado e "
        "{{ least_of_each }} de cada um."
    ),
    "checking.reading_file": "Lendo {{ name | quoted }}, {{ place }} de {{ count | plural('arquivo', 'arquivos') }}",
    "checking.too_many_distinct": (
        "{{ name | quoted }} tem mais de {{ limit | plural('valor diferente', 'valores diferentes') }} nas suas "
        "colunas, o limite."
    ),
    "checking.too_many_distinct.hint": "Divida o arquivo em partes, por exemplo uma por ano.",
    "checking.no_usable_row": "Não serve para calcular risco: nenhuma linha pode ser usada.",
    "checking.rows_left_out": (
        "{{ (rows - again) | plural('linha fica de fora', 'linhas ficam de fora') }}"
        "{% if again %} ({{ again | plural('já contada', 'já contadas') }} em outro impeditivo){% endif %}"
    ),
    "checking.rows_untaught": "{{ rows | plural('linha fora do treino', 'linhas fora do treino') }}",
    "checking.rows_without_field": "{{ rows | plural('linha usada sem o campo', 'linhas usadas sem o campo') }}",
    "checking.rows_scrubbed": (
        "{{ rows | plural('linha usada sem os dados pessoais', 'linhas usadas sem os dados pessoais') }}"
    ),
    "checking.rows_as_they_are": "{{ rows | plural('linha usada como está', 'linhas usadas como estão') }}",
    "checking.read_as": "{{ text | quoted }} como {{ meant }}",
    "checking.spellings": "{{ usual | quoted }} / {{ other | quoted }}",
    "checking.scrubbed_cpf": "{{ count | plural('CPF', 'CPFs') }}",
    "checking.scrubbed_cns": "{{ count | plural('CNS', 'CNS') }}",
    "checking.scrubbed_rg": "{{ count | plural('RG', 'RGs') }}",
    "checking.scrubbed_cnpj": "{{ count | plural('CNPJ', 'CNPJs') }}",
    "checking.scrubbed_card": "{{ count | plural('cartão', 'cartões') }}",
    "checking.scrubbed_member": "{{ count | plural('carteirinha', 'carteirinhas') }}",
    "checking.scrubbed_record": "{{ count | plural('prontuário', 'prontuários') }}",
    "checking.scrubbed_protocol": "{{ count | plural('protocolo', 'protocolos') }}",
    "checking.scrubbed_registration": (
        "{{ count | plural('registro profissional ou matrícula', 'registros profissionais ou matrículas') }}"
    ),
    "checking.scrubbed_phone": "{{ count | plural('telefone', 'telefones') }}",
    "checking.scrubbed_email": "{{ count | plural('e-mail', 'e-mails') }}",
    "checking.scrubbed_account": "{{ count | plural('nome de usuário', 'nomes de usuário') }}",
    "checking.scrubbed_address": "{{ count | plural('endereço', 'endereços') }}",
    "checking.scrubbed_postcode": "{{ count | plural('CEP', 'CEPs') }}",
    "checking.scrubbed_plate": "{{ count | plural('placa', 'placas') }}",
    "checking.scrubbed_birth": "{{ count | plural('data de nascimento', 'datas de nascimento') }}",
    "checking.scrubbed_name": "{{ count | plural('nome', 'nomes') }}",
    "checking.patient_codes": (
        "{{ count | plural('paciente vem como código', 'pacientes vêm como códigos') }} da Presença (arquivo baixado "
        "sem a identificação): cada código é o mesmo paciente de antes, se saiu deste espaço de trabalho; de outro, "
        "é um paciente novo."
    ),
    "checking.scrubbed_staff": "{{ count | plural('profissional numerado', 'profissionais numerados') }}",
    "checking.of_each": "{{ events }} de {{ event }} e {{ rest }} de {{ non_event }}",
    "checking.days": "{{ days | plural('dia', 'dias') }}, de {{ first | date }} a {{ last | date }}",
    "checking.month_rate": "{{ month | month }} ({{ rate | percent }})",
    "checking.day": "{{ day | date }}",
    "checking.month": "{{ month[5:] }}/{{ month[:4] }}",
    "checking.number": "{{ (value | decimal(2)).rstrip('0').rstrip(',') }}",
    "checking.ages": "{{ first }} a {{ last | plural('ano', 'anos') }}",
    "checking.other_values": "outros",
    "checking.other_years": "outros anos",
    "checking.leak_filled": (
        "está preenchida em {{ events | percent }} dos casos de {{ event }} e em {{ rest | percent }} dos de "
        "{{ non_event }}: só se preenche quando o resultado já é conhecido"
    ),
    "checking.leak_later": "tem data posterior à do {{ row }} em {{ share | percent }} das linhas",
    "checking.leak_tells": "sozinha, diz o resultado (AUC {{ auc | decimal(2) }}): parece escrita depois dele",
    "checking.leak_names": "traz o próprio resultado entre os seus valores",
    "checking.mend_by_hand": (
        "Corrigir {{ title | quoted }} "
        "{% if loses_rows %}recupera " + _ROWS + "{% else %}devolve " + _ROWS + " ao treino{% endif %}"
    ),
    "checking.read_dates": "Ler as datas de {{ column | quoted }} como {{ order | say }} recupera " + _ROWS,
    "checking.exchange_columns": (
        "Trocar as colunas {{ first | quoted }} e {{ second | quoted }}, que parecem invertidas, recupera " + _ROWS
    ),
    "checking.swap_cells": (
        "Trocar {{ first | quoted }} e {{ second | quoted }} nas linhas em que vêm invertidas recupera " + _ROWS
    ),
    "checking.pad_cpf": "Repor os zeros à esquerda do CPF corrige " + _ROWS,
    "checking.accept_values": (
        "{{ field }}: aceitar que {{ text | quoted }} é {{ meant }}{% if more %} e mais {{ more }}{% endif %} "
        "{% if target %}devolve " + _ROWS + " ao treino{% else %}preenche o campo em " + _ROWS + "{% endif %}"
    ),
}
