"""Why a column was taken for a field."""

from __future__ import annotations

MESSAGES = {
    "mapping.header_same": "cabeçalho igual",
    "mapping.header_reordered": "cabeçalho igual, em outra ordem",
    "mapping.header_abbreviated": "cabeçalho igual, abreviado",
    "mapping.header_alike": "cabeçalho parecido",
    "mapping.sense_of_header": "o cabeçalho diz o sentido do sim e do não",
    "mapping.cells_against": "{{ header }}, mas o conteúdo não combina",
    "mapping.cells_agree": "{{ header }}, e o conteúdo combina",
    "mapping.by_content": "pelo conteúdo",
    "mapping.by_content_earlier": "pelo conteúdo: vem antes da outra data",
    "mapping.no_field_alike": "nenhum campo parecido",
    "mapping.unsure": "parecido com {{ field | quoted }}, mas sem certeza",
    "mapping.chosen": "escolhido por você",
}
