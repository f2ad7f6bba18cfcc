"""Sentences of no room in particular."""

from __future__ import annotations

from pipeline.presentation.locale.program import PROGRAM

MESSAGES = {
    "cancelled": "O trabalho foi cancelado.",
    "fields.missing": (
        "{% if instead %}{{ instead }} {% endif %}{% if missing | length == 1 %}Falta a coluna {% else %}Faltam "
        "as colunas {% endif %}{{ missing | quoted | join(', ') }}"
        "{% if file_name %} em {{ file_name | quoted }}{% endif %}."
        "{% if found %} Cabeçalhos encontrados: {{ found | quoted | join(', ') }}"
        "{% if more %}, e mais {{ more }}{% endif %}.{% endif %}"
    ),
    "fields.missing.hint": (
        "{% if instead %}{% elif not found %}Confira se a primeira linha do arquivo traz os nomes das colunas."
        "{% elif missing | length == 1 %}Inclua-a no arquivo ou escolha qual coluna ela é."
        "{% else %}Inclua-as no arquivo ou escolha quais colunas elas são.{% endif %}"
    ),
    "fields.one_of": "{{ fields | join(' ou ') }}",
    "file.looks_like": "Este arquivo parece ser de {{ what }}: confira se o produto não é {{ product }}.",
    "workspace.lost_records": (
        "A pasta de dados tem {{ kept }}, mas os registros deles (presenca.sqlite) não estão lá. Nada foi alterado."
    ),
    "workspace.lost_records.hint": (
        "Recoloque presenca.sqlite de uma cópia de segurança, ou refaça os registros a partir das pastas: "
        f"{PROGRAM} recover."
    ),
    "workspace.kept_datasets": "{{ count | plural('conjunto de dados', 'conjuntos de dados') }}",
    "workspace.kept_models": "{{ count | plural('modelo', 'modelos') }}",
}
