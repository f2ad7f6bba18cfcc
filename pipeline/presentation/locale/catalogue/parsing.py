"""Sentences on how cells were read, where it was not the usual way."""

from __future__ import annotations

MESSAGES = {
    "parsing.order": (
        "{% if order == 'dmy' %}dia/mês/ano{% elif order == 'mdy' %}mês/dia/ano{% else %}ano/mês/dia{% endif %}"
    ),
    "parsing.dates_read_as": (
        "{{ field }}: as datas foram lidas como "
        "{% if order == 'dmy' %}dia/mês/ano{% elif order == 'mdy' %}mês/dia/ano{% else %}ano/mês/dia{% endif %}."
    ),
    "parsing.dates_month_first": (
        "{{ field }}: as datas foram lidas como mês/dia/ano, pois nenhuma cabe em dia/mês/ano."
    ),
    "parsing.ages_for_dates": ("{{ field }}: a coluna traz idades em vez de datas; a idade é usada como está."),
    "parsing.dates_serial": (
        "{{ field }}: {{ count | plural('data era um número do Excel, lido', 'datas eram números do Excel, lidos') }} "
        "como o dia que representa."
    ),
    "parsing.years_of_two_digits": ("{{ field }}: anos de dois dígitos foram lidos como de {{ first }} a {{ last }}."),
    "parsing.sense_of_header": (
        "{{ field }}: sim foi lido como {{ yes }}, e não como {{ no }}, pois é o que o cabeçalho diz."
    ),
    "parsing.nps_as_stars": (
        "{{ field }}: as notas de 0 a 10 foram lidas como estrelas (0 a 3 é 1; 4 a 6 é 2; 7 e 8 é 3; 9 é 4; 10 é 5)."
    ),
    "parsing.numbers_in_names": (
        "{{ field }}: {{ rows | plural('linha trazia', 'linhas traziam') }} um CPF, telefone ou e-mail; ele foi "
        "trocado por uma marca antes de guardar."
    ),
}
