"""Sentences of the reading room: what a file is, why it can't be read, what was odd about it."""

from __future__ import annotations

_SEND_A_TABLE = "Envie a planilha em .xlsx ou em CSV."
_EXPORT_AGAIN = "Confira se a exportação terminou e envie o arquivo de novo."
_BY_YEAR = "Divida o arquivo em partes, por exemplo uma por ano."
_IN_PARTS = "Divida a planilha em partes."
_SAVE_AS_XLSX = "Abra no Excel, salve de novo como .xlsx e envie a cópia."
_SAVE_A_COPY = "Abra a planilha, salve como .xlsx ou CSV e envie a cópia."
_OTHER_SHEET = "Escolha outra aba ou envie a planilha preenchida."

MESSAGES = {
    # the file as it arrives
    "reading.folder": "{{ name | quoted }} é uma pasta, não um arquivo.",
    "reading.folder.hint": "Escolha o arquivo dentro dela.",
    "reading.no_such_file": "O arquivo {{ name | quoted }} não existe.",
    "reading.no_such_file.hint": "Confira o nome e a pasta.",
    # what ended the process that read it
    "reading.ended_time": "{{ name | quoted }} demora demais para ser lido.",
    "reading.ended_time.hint": _SAVE_A_COPY,
    "reading.ended_memory": "{{ name | quoted }} precisa de memória demais para ser lido.",
    "reading.ended_memory.hint": _BY_YEAR,
    "reading.ended_fault": "{{ name | quoted }} não pôde ser lido: está danificado, ou não é o que parece.",
    "reading.ended_fault.hint": _SAVE_A_COPY,
    "reading.too_large": "{{ name | quoted }} tem {{ size | exact_size }}; o limite é {{ limit | exact_size }}.",
    "reading.too_large.hint": "Divida o arquivo em partes ou envie-o compactado (.csv.gz).",
    "reading.empty": "{{ name | quoted }} está vazio.",
    "reading.empty.hint": _EXPORT_AGAIN,
    # what is no table
    "reading.not_a_table": "{{ name | quoted }} não é uma tabela: é {{ what }}.",
    "reading.not_a_table.hint": _SEND_A_TABLE,
    "reading.is_binary": "um arquivo binário",
    "reading.is_pdf": "um PDF",
    "reading.is_png": "uma imagem PNG",
    "reading.is_jpeg": "uma imagem JPEG",
    "reading.is_gif": "uma imagem GIF",
    "reading.is_bmp": "uma imagem BMP",
    "reading.is_tiff": "uma imagem TIFF",
    "reading.is_rar": "um arquivo RAR",
    "reading.is_7z": "um arquivo 7z",
    "reading.is_bzip2": "um arquivo bzip2",
    "reading.is_xz": "um arquivo xz",
    "reading.is_zstd": "um arquivo zstd",
    "reading.is_sqlite": "um banco de dados SQLite",
    "reading.is_rtf": "um documento RTF",
    "reading.is_program": "um programa",
    "reading.is_picture_or_sound": "uma imagem ou um som",
    "reading.is_document_or_slides": "um documento do Word ou uma apresentação",
    # what this machine can't hold
    "reading.too_much_memory": (
        "{{ name | quoted }} tem {{ rows | plural('linha', 'linhas') }}: conferi-las pede uns "
        "{{ needed | exact_size }} de memória, e há {{ free | exact_size }}."
    ),
    "reading.too_much_memory.hint": (
        "Feche outros programas, use um computador com mais memória, ou divida o arquivo em partes, por exemplo uma "
        "por ano. PRESENCA_MEMORY diz quanta pode ser usada."
    ),
    "reading.column_too_long": "Uma das colunas tem mais de 2 GB de texto, e isso não cabe numa só leitura.",
    "reading.column_too_long.hint": _BY_YEAR,
    "reading.no_room": (
        "{{ name | quoted }} pede {{ needed | exact_size }} livres no disco para ser lido; há {{ free | exact_size }}."
    ),
    "reading.no_room.hint": "Libere espaço na pasta temporária, ou aponte TMPDIR para um disco maior.",
    "memory.not_a_size": "{{ variable }} deve dizer quanta memória usar, como 4GB; diz {{ written | quoted }}.",
    "memory.not_a_size.hint": "Escreva um número e a unidade (MB ou GB), ou tire a variável.",
    # several files as one
    "reading.folder_empty": "A pasta {{ name | quoted }} não tem arquivo algum.",
    "reading.folder_empty.hint": "Confira o caminho: os arquivos que começam por ponto ou sublinhado não contam.",
    "reading.other_columns": (
        "{{ name | quoted }} não tem as colunas de {{ first | quoted }}: {{ lacking | agree('falta', 'faltam') }} "
        "{{ lacking }}, {{ more | agree('sobra', 'sobram') }} {{ more }}."
    ),
    "reading.other_columns.hint": (
        "Arquivos lidos como um só têm os mesmos cabeçalhos. Deixe este de fora, ou use “join”, que os junta campo a "
        "campo."
    ),
    "reading.several_files": (
        "{{ count | plural('arquivo lido', 'arquivos lidos') }} como um só, nesta ordem: {{ files | map('say') | "
        "join('; ') }}{% if more %}; e mais {{ more }}{% endif %}."
    ),
    "reading.rows_of_file": (
        "{{ name | quoted }}, linhas {{ first | number }} a {{ last | number }} (a primeira vem da linha "
        "{{ row | number }})"
    ),
    "reading.of_file": "{{ name | quoted }}: {{ what }}",
    # Parquet
    "reading.parquet_damaged": "{{ name | quoted }} está danificado: não é um Parquet inteiro.",
    "reading.parquet_damaged.hint": _EXPORT_AGAIN,
    "reading.parquet_nested": (
        "{{ name | quoted }}: a coluna {{ place }} guarda listas ou registros, não um valor por linha."
    ),
    "reading.parquet_nested.hint": "Exporte só colunas simples: texto, número, data, sim ou não.",
    # packed files
    "reading.gzip_unpacks_too_far": "{{ name | quoted }} descompacta para mais de {{ limit | exact_size }}, o limite.",
    "reading.gzip_unpacks_too_far.hint": _BY_YEAR,
    "reading.gzip_damaged": "{{ name | quoted }} está danificado ou incompleto: não descompacta até o fim.",
    "reading.gzip_damaged.hint": "Gere o .gz de novo ou envie o arquivo sem compactar.",
    "reading.packed_twice": "{{ name | quoted }} foi compactado duas vezes.",
    "reading.packed_twice.hint": "Descompacte uma vez e envie de novo.",
    "reading.zip_damaged": "{{ name | quoted }} está danificado ou incompleto.",
    "reading.zip_damaged.hint": _SAVE_AS_XLSX,
    "reading.zip_password": "{{ name | quoted }} está protegido por senha.",
    "reading.zip_password.hint": "Tire a senha e envie de novo.",
    "reading.zip_archive": "{{ name | quoted }} não pode ser lido: é um arquivo ZIP.",
    "reading.zip_archive.hint": "Tire a planilha de dentro do ZIP e envie só ela.",
    # workbooks
    "reading.excel_password": "{{ name | quoted }} está protegido por senha.",
    "reading.excel_password.hint": "Abra no Excel, tire a senha e envie de novo.",
    "reading.book_password": "{{ name | quoted }} está protegido por senha.",
    "reading.book_password.hint": "Abra a planilha, tire a senha e envie de novo.",
    "reading.book_unpacks_too_far": "{{ name | quoted }} descompacta para mais de {{ limit | exact_size }}, o limite.",
    "reading.book_unpacks_too_far.hint": "Divida a planilha ou salve como CSV.",
    "reading.too_many_marks": (
        "{{ name | quoted }} traz mais de {{ limit | plural('marca', 'marcas') }} de formatação, o limite."
    ),
    "reading.too_many_marks.hint": "Copie só os valores para uma planilha nova, ou salve como CSV.",
    "reading.too_many_repeats": (
        "{{ name | quoted }} repete mais de {{ limit | plural('célula preenchida', 'células preenchidas') }}, o limite."
    ),
    "reading.too_many_repeats.hint": "Confira se as linhas repetidas têm mesmo dados, ou salve como CSV.",
    "reading.xlsx_damaged": "{{ name | quoted }} está danificado: o Excel não o salvou até o fim, ou ele foi alterado.",
    "reading.xlsx_damaged.hint": _SAVE_AS_XLSX,
    "reading.book_damaged": "{{ name | quoted }} está danificado, ou não é uma planilha.",
    "reading.book_damaged.hint": _SAVE_A_COPY,
    "reading.no_such_sheet": "{{ name | quoted }} não tem a aba {{ sheet | quoted }}.",
    "reading.no_such_sheet.hint": "As abas são: {{ sheets | join(', ') }}.",
    "reading.empty_sheet": "A aba {{ sheet | quoted }} de {{ name | quoted }} está vazia.",
    "reading.empty_sheet.hint": _OTHER_SHEET,
    "reading.empty_book": "{{ name | quoted }} está vazio.",
    "reading.empty_book.hint": _OTHER_SHEET,
    "reading.long_cell": (
        "{{ name | quoted }}: a célula {{ cell }} tem mais de {{ limit | plural('caractere', 'caracteres') }}, "
        "o limite."
    ),
    "reading.long_cell.hint": "Encurte o texto dessa célula.",
    "reading.book_too_much_text": "{{ name | quoted }} passa de {{ limit | exact_size }} de texto, o limite.",
    "reading.book_too_much_text.hint": _IN_PARTS,
    "reading.too_many_texts": (
        "{{ name | quoted }} tem mais de {{ limit | plural('texto diferente', 'textos diferentes') }}, o limite."
    ),
    "reading.too_many_texts.hint": _IN_PARTS,
    # pages
    "reading.html_without_table": "{{ name | quoted }} é uma página HTML ou XML, embora o nome diga outra coisa.",
    "reading.html_without_table.hint": "Abra-a no Excel e salve como .xlsx ou CSV.",
    "reading.html_too_large": "{{ name | quoted }} é uma página HTML de mais de {{ limit | exact_size }}, o limite.",
    "reading.html_too_large.hint": "Abra-a no Excel e salve como .xlsx ou CSV.",
    "reading.html_too_many_rows": "{{ name | quoted }} tem linhas demais.",
    "reading.html_too_many_rows.hint": _IN_PARTS,
    # text
    "reading.too_much_text": "{{ name | quoted }} passa de {{ limit | exact_size }} de texto, o limite.",
    "reading.too_much_text.hint": _BY_YEAR,
    "reading.long_line": (
        "{{ name | quoted }}: a linha {{ row }} tem mais de {{ limit | exact_size }}, o limite de uma linha."
    ),
    "reading.long_line.hint": ("Confira se o arquivo é mesmo uma tabela em CSV, com uma quebra no fim de cada linha."),
    "reading.only_separators": "{{ name | quoted }} só tem separadores: nenhuma linha de dados.",
    "reading.only_separators.hint": _EXPORT_AGAIN,
    "reading.begins_with_separators": (
        "{{ name | quoted }} começa com {{ rows | plural('linha', 'linhas') }} só de separadores, sem cabeçalho."
    ),
    "reading.begins_with_separators.hint": "Apague as linhas vazias do começo e envie de novo.",
    "reading.quotes_never_close": "{{ name | quoted }}: a linha {{ row }} abre aspas que nunca fecham.",
    "reading.quotes_never_close.hint": "Corrija ou apague as aspas dessa linha, ou salve a planilha como .xlsx.",
    # any table
    "reading.too_many_columns": (
        "{{ name | quoted }} tem {{ columns | plural('coluna', 'colunas') }} ou mais; o limite é {{ limit }}."
    ),
    "reading.too_many_columns.hint": "Deixe só as colunas da planilha modelo e envie de novo.",
    "reading.too_many_rows": "{{ name | quoted }} tem mais de {{ limit | plural('linha', 'linhas') }}, o limite.",
    "reading.too_many_rows.hint": _BY_YEAR,
    "reading.no_rows": "{{ name | quoted }} tem cabeçalho, mas nenhuma linha de dados.",
    "reading.no_rows.hint": "Confira se a exportação terminou e se os filtros não estão vazios.",
    # JSON and FHIR
    "reading.json_no_fhir": "{{ name | quoted }} é um JSON, mas não de FHIR: não diz de que recurso é (resourceType).",
    "reading.json_no_fhir.hint": ("Envie um Bundle ou NDJSON de FHIR R4, ou a planilha em .xlsx ou CSV."),
    "reading.json_broken": "{{ name | quoted }} é um JSON incompleto ou danificado.",
    "reading.json_broken.hint": _EXPORT_AGAIN,
    "reading.json_twice": "{{ name | quoted }} diz duas vezes o mesmo elemento: não se sabe qual vale.",
    "reading.json_twice.hint": "Corrija a exportação no sistema de origem.",
    "reading.json_deep": "{{ name | quoted }} tem JSON aninhado fundo demais para ser lido.",
    "reading.json_deep.hint": "Confira se é mesmo uma exportação de FHIR.",
    "reading.fhir_no_rows": (
        "{{ name | quoted }} é de FHIR, mas não traz nenhum {{ wanted | join(' nem ') }}"
        "{% if found %}: só {{ found | join(', ') }}{% endif %}."
    ),
    "reading.fhir_no_rows.hint": "Inclua {{ wanted | join(' ou ') }} na exportação.",
    # what was odd
    "reading.fhir": (
        "O arquivo é de FHIR R4: cada linha é um {{ resource }}, na ordem em que estão no arquivo "
        "({{ rows | plural('linha', 'linhas') }})."
    ),
    "reading.fhir_invalid": (
        "{{ count | plural('recurso não segue', 'recursos não seguem') }} o FHIR R4 "
        "({{ places | join(', ') }}) e {{ count | agree('ficou', 'ficaram') }} de fora."
    ),
    "reading.fhir_missing": (
        "{{ rows | plural('linha aponta', 'linhas apontam') }} para {{ resource }} que o arquivo não traz: "
        "o que ele diria fica vazio."
    ),
    "reading.fhir_midnight": ("{{ column | quoted }} só tem meia-noite em UTC: foi lida como dia, sem hora."),
    "reading.other_sheets": "Foi lida a aba {{ sheet | quoted }}; há também {{ others | quoted }}.",
    "reading.html_page": "O arquivo é na verdade uma página HTML com uma tabela, que foi lida.",
    "reading.header_at": (
        "O cabeçalho foi encontrado na linha {{ row }}; "
        "{{ above | plural('linha acima dele não conta', 'linhas acima dele não contam') }} como dado."
    ),
    "reading.second_header": (
        "A linha {{ row }} parece um segundo cabeçalho; foi lida como dado. Se for o caso, apague-a."
    ),
    "reading.repeated_names": (
        "{{ count | plural('nome de coluna se repete', 'nomes de coluna se repetem') }} no cabeçalho; "
        "a repetição ganhou um número."
    ),
    "reading.repeated_header": (
        "O cabeçalho se repete no meio do arquivo ({{ count | plural('vez', 'vezes') }}, ex.: linha "
        "{{ rows | map('number') | join(', ') }}); essas linhas foram lidas como dado."
    ),
    "reading.two_tables": (
        "Uma coluna vazia separa duas tabelas lado a lado: as colunas da direita foram lidas junto com as da esquerda. "
        "Deixe só uma tabela por aba."
    ),
    "reading.blank_rows": (
        "O arquivo tem {{ count | plural('linha em branco, que não conta', 'linhas em branco, que não contam') }}."
    ),
    "reading.long_rows": (
        "{{ count | plural('linha tem mais células', 'linhas têm mais células') }} que o cabeçalho "
        "({% if count == 1 %}linha{% elif count > rows | length %}ex.: linhas{% else %}linhas{% endif %} "
        "{{ rows | map('number') | join(', ') }}); as que sobram estão na coluna {{ column | quoted }}."
    ),
    "reading.short_rows": (
        "{{ count | plural('linha tem menos células', 'linhas têm menos células') }} que o cabeçalho "
        "({% if count == 1 %}linha{% elif count > rows | length %}ex.: linhas{% else %}linhas{% endif %} "
        "{{ rows | map('number') | join(', ') }}); as que faltam contam como vazias."
    ),
    "reading.quotes_as_text": (
        "A linha {{ row }} abre aspas que não fecham: em todo o arquivo as aspas foram lidas como texto."
    ),
    "reading.nuls": (
        "O arquivo tinha {{ count | plural('caractere nulo', 'caracteres nulos') }}, que "
        "{{ count | agree('foi tirado', 'foram tirados') }}."
    ),
    "reading.mixed_encodings": (
        "O arquivo mistura UTF-8 com outra codificação: "
        "{{ count | plural('trecho foi lido', 'trechos foram lidos') }} como Windows-1252. Confira os acentos."
    ),
    "reading.lost_characters": (
        "O texto já veio com ao menos {{ count | plural('caractere perdido', 'caracteres perdidos') }} (�): "
        "algum sistema "
        "trocou os acentos antes. Se puder, exporte de novo em UTF-8."
    ),
    "reading.encoded_twice": (
        "O texto parece ter os acentos trocados em ao menos {{ count | plural('lugar', 'lugares') }} (“Ã£” em "
        "vez de “ã”): "
        "algum sistema converteu a codificação duas vezes. Se puder, exporte de novo em UTF-8."
    ),
    "reading.apostrophes": (
        "{{ count | plural('célula perdeu o apóstrofo', 'células perderam o apóstrofo') }} que o Presença põe antes de "
        "= + - @ ao escrever CSV."
    ),
}
