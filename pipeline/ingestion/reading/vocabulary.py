"""Names of columns that reading and joining add to a table: they stand in the files, and are known again there."""

from __future__ import annotations

NO_HEADER = "(sem cabeçalho)"
OVERFLOW = "(células a mais)"
ORIGIN, ORIGIN_ROW, SUPERSEDED = "Arquivo de origem", "Linha no arquivo de origem", "Situação na junção"
OLDER, SAME = "trocada por linha de arquivo mais novo", "repetida em arquivo mais novo"  # cells of SUPERSEDED
OF_THE_FILE = " (coluna do arquivo)"  # ends the name of a column that is no field but bears a field's name
JOINED = "junção"  # the format of a table that was made of several files
MIXED = "vários"  # the format of several files read as one, where they have not the same
AND_MORE = " e mais {}"  # ends the name of several files that are read as one
