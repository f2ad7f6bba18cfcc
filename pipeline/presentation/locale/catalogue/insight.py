"""Sentences of risks, lists, groups and comments."""

from __future__ import annotations

# what a factor says of a row; plain blanks, since downloads hold these texts
_FACTORS = {
    "factor.named": "{{ label }}",
    "factor.lead": (
        "{% if days == 0 %}Marcado para o mesmo dia"
        "{% else %}Antecedência de {{ days }} {{ days | agree('dia', 'dias') }}{% endif %}"
    ),
    "factor.lead_unknown": "Antecedência desconhecida",
    "factor.age": "{{ label }} de {{ years }} {{ years | agree('ano', 'anos') }}",
    # "Unidade Unidade Sul" reads like a fault
    "factor.value": "{% if not value | begins(noun) %}{{ noun }} {% endif %}{{ value }}",
    "factor.value_unknown": "Sem informação de {{ noun | uncapital }}",
    "factor.calendar": (
        "{{ ['Segunda-feira', 'Terça-feira', 'Quarta-feira', 'Quinta-feira', 'Sexta-feira', 'Sábado', "
        "'Domingo'][weekday] }}, dia {{ day }}"
    ),
    "factor.no_date": "Sem data",
    "factor.hour": (
        "Horário d{{ 'a' if hour == 1 else 'as' }} {{ hour }}h{% if minute %}{{ '%02d' | format(minute) }}{% endif %}"
    ),
    "factor.no_hour": "Sem horário",
    "factor.holiday": "Feriado",
    "factor.holiday_eve": "Véspera de feriado",
    "factor.after_holiday": "Dia seguinte a feriado",
    "factor.no_holiday": "Sem feriado por perto",
    "factor.holiday_ahead": "Feriado em {{ days }} {{ days | agree('dia', 'dias') }}",
    "factor.holiday_behind": "{{ days }} {{ days | agree('dia', 'dias') }} depois de feriado",
    "factor.first_known": (
        "{% if row | feminine %}Primeira {{ row }} conhecida{% else %}Primeiro {{ row }} conhecido{% endif %} do "
        "paciente"
    ),
    "factor.history": (
        "{% if bad %}{{ bad }} {{ bad | agree(event, events) }}"
        "{% else %}{{ 'Nenhuma' if event | feminine else 'Nenhum' }} {{ event }}{% endif %}"
        "{% if of == 1 %} {{ 'na última' if row | feminine else 'no último' }} {{ row }}"
        "{% else %} {{ 'nas últimas' if row | feminine else 'nos últimos' }} {{ of }} {{ rows }}{% endif %}"
    ),
    "factor.no_history": "Sem histórico do paciente",
    "factor.others_same_day": "Mais {{ count }} {{ count | agree(row, rows) }} no mesmo dia",
    "factor.others_to_come": "Mais {{ count }} {{ count | agree(row, rows) }} por vir",
    "factor.others_lately_made": (
        "Mais {{ count }} {{ count | agree(row, rows) }} {% if row | feminine %}{{ count | agree('feita', 'feitas') }}"
        "{% else %}{{ count | agree('feito', 'feitos') }}{% endif %} há menos de 30 dias"
    ),
    "factor.others_lately_past": "{{ count }} {{ count | agree(row, rows) }} nos últimos 60 dias",
    "factor.no_others": "Sem {{ 'outras' if rows | feminine else 'outros' }} {{ rows }} do paciente",
    "factor.others_unknown": "Sem informação de {{ 'outras' if rows | feminine else 'outros' }} {{ rows }}",
    "factor.load": (
        "{% if count %}{{ count }} {{ count | agree(row, rows) }}{% else %}Sem {{ rows }}{% endif %}"
        " no mesmo dia e {{ place | uncapital }}"
    ),
    "factor.word": "{{ word | quoted }}",
    "factor.said": (
        "{% if themes %}O que se diz de {{ themes | map('uncapital') | list }}{% else %}O que se escreveu, sem "
        "tema que se destaque{% endif %}"
    ),
    "factor.other_words": "Outras palavras, tamanho e forma do comentário",
    "factor.no_comment": "Sem comentário",
    "factors.told": "O que se soube desde que a lista foi feita",
    "factors.others": "{% if count > 1 %}Outros {{ count }} fatores somados{% else %}Outro fator{% endif %}",
    "factors.protected": "{{ labels | lower_after_first }}",
    "factors.references": "Diferença entre os modelos de cada período",
    "short.level": "Nível",
    "short.mode": "Atendimento",
    "short.postcode": "UF",
    "short.channel": "Origem",
    "short.plan": "Convênio",
    "short.unit": "Unidade",
    "short.procedure": "Procedimento",
}

# why a row has no risk, and what a risk had to do without
_OBSERVATIONS = {
    "score.trained_period": (
        "Data dentro do período de treino (até {{ until | date }}): o modelo só estima datas posteriores."
    ),
    "score.no_date": "Sem {{ field | uncapital }}: não há risco a calcular.",
    "score.excluded": "{{ field }} {{ value | quoted }}: não há risco a calcular.",
    "score.gaps": (
        "{% if missing %}{{ missing | capital }}: risco calculado com menos informação.{% endif %}"
        "{% if unseen %}{{ ' ' if missing }}Não aparece no treino do modelo: {{ unseen | map('uncapital') | list "
        "}}.{% endif %}"
        "{% if taught %}{{ ' ' if missing or unseen }}Do período em que o modelo aprendeu: "
        "se ele viu esta linha, o risco não é uma previsão.{% endif %}"
    ),
    "score.without_field": "sem {{ field | uncapital }}",
    "score.without_history": "sem histórico",
    "score.not_unseen": "Sem previsão: o modelo aprendeu com esta linha e não há um que não a tivesse visto.",
    "score.left_out": "Não foi usada: {{ reason }}.",
    "score.history_without_ids": (
        "O arquivo de histórico não traz o id do paciente: o risco foi calculado sem histórico."
    ),
    "score.history_left_out": (
        "Do histórico, {{ rows | plural('linha', 'linhas') }} não {{ rows | agree('foi usada', 'foram usadas') }}: "
        "{{ reasons | map('uncapital') | list }}."
    ),
    "comments.unsure_words": "Não sei: conheço poucas das palavras deste comentário.",
    "comments.unsure_close": "Não sei: elogio e queixa são quase igualmente prováveis neste comentário.",
    "comments.unsure_irony": "Não sei: o fim do comentário desdiz o que vem antes; pode ser ironia.",
    "comments.unsure_alarmed": "Não sei: o comentário fala de algo grave, e as palavras sozinhas não dizem queixa.",
    "mismatch.complaint": (
        "{{ stars }} {{ stars | agree('estrela', 'estrelas') }}, texto de reclamação ({{ percent }}%)"
    ),
    "mismatch.praise": "{{ stars }} {{ stars | agree('estrela', 'estrelas') }}, texto de elogio ({{ percent }}%)",
    "mismatch.doubt": "sem certeza ({{ percent }}%)",
    "weekday.mon": "seg",
    "weekday.tue": "ter",
    "weekday.wed": "qua",
    "weekday.thu": "qui",
    "weekday.fri": "sex",
    "weekday.sat": "sáb",
    "weekday.sun": "dom",
    "nps.detractor": "detrator",
    "nps.neutral": "neutro",
    "nps.promoter": "promotor",
    "nps.unsure": "não sei",
}

MESSAGES = {
    **_FACTORS,
    **_OBSERVATIONS,
    "call_list.erased": "A lista foi apagada.",
    "call_list.erased.hint": "Calcule o risco de novo.",
    "call_list.sheet": "Lista de contato",
    "call_list.as_it_would_be": "Como teria sido",
    "call_list.own_column": "{{ name }} (da clínica)",
    "comments.erased": "A leitura dos comentários foi apagada.",
    "comments.erased.hint": "Abra a página de novo.",
    "comments.no_comment": "Não há comentário para ler.",
    "comments.no_comment.hint": "Escreva um comentário.",
    "comments.sheet": "Voz do paciente",
    "call_list.no_row": "A linha {{ row | string }} não está na lista.",
    "call_list.no_row.hint": "Calcule o risco de novo.",
    "what_if.no_row": "A linha {{ row | string }} não está nos dados.",
    "what_if.no_column": "Não há a coluna {{ column | quoted }} para mudar.",
}
