"""Names of columns that reading and joining add to a table: they stand in the files, and are known again there."""

from __future__ import annotations

NO_HEADER = "(sem cabeçalho)"
OVERFLOW = "(células a mais)"
ORIGIN, ORIGIN_ROW, SUPERSEDED = "Arquivo de origem", "Linha no arquivo de origem", "Situação na junção"
