"""What is said of several files as one, and of one held against another."""

from __future__ import annotations

MESSAGES = {
    "joining.files": (
        "{{ count | plural('arquivo foi juntado', 'arquivos foram juntados') }}: {{ names | quoted }}; "
        "as colunas {{ origin | quoted }} e {{ origin_row | quoted }} dizem de onde veio cada linha."
    ),
    "joining.told_again": (
        "{{ rows | plural('linha de arquivo mais antigo é contada uma vez só: vale a mais nova', "
        "'linhas de arquivos mais antigos são contadas uma vez só: vale a mais nova') }}."
    ),
    "joining.nothing_to_compare": "Não há linhas que possam ser comparadas.",
    "joining.nothing_to_compare.hint": "Confira o relatório de cada arquivo.",
    "joining.whole_file": "Todo o arquivo",
    "joining.group": "{{ field }}: {{ value }}",
}
