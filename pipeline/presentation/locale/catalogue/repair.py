"""What the steps of a recipe did, one line a step; and why a recipe is refused."""

from __future__ import annotations

_BEFORE = "{% if before %}{{ before | quoted }}{% else %}vazio{% endif %}"
_AFTER = "{% if after %}{{ after | quoted }}{% else %}vazio{% endif %}"

MESSAGES = {
    "repair.by_hand": "{{ field }}: células corrigidas à mão",
    "repair.value": "{{ field }}: {{ before | quoted }} virou " + _AFTER,
    "repair.cell": "{{ field }}, linha {{ row }}: " + _BEFORE + " virou " + _AFTER,
    "repair.personal_cell": "{{ field }}, linha {{ row }}: célula corrigida",
    "repair.swap": "{{ field }} e {{ other }}: trocadas onde vinham invertidas",
    "repair.exchange": "{{ field }} e {{ other }}: colunas trocadas uma pela outra",
    "repair.dates": (
        "{{ field }}: datas lidas como "
        "{% if order == 'dmy' %}dia/mês/ano{% elif order == 'mdy' %}mês/dia/ano{% else %}ano/mês/dia{% endif %}"
    ),
    "repair.pad": "{{ field }}: zeros à esquerda do CPF repostos",
    "repair.arrival": "{{ field }}: lido de {{ column | quoted }}, que preenchida quer dizer {{ yes }}",
    "repair.staff": "{{ field }}: quem trabalha na clínica fica como “profissional 1”, “profissional 2”, …",
    "repair.stars": "{{ field }}: notas de 0 a 10 lidas como estrelas",
    "repair.aside": (
        "{{ field }}: linhas de {{ before | quoted }} deixadas de fora"
        "{% if first %}, de {{ first | date }} a {{ last | date }}{% endif %}"
    ),
    "repair.use": "{{ field }}: usada, embora pareça conhecer o futuro",
    "repair.unknown_fields": "A receita traz campos que {{ product }} não tem: {{ fields | join(', ') }}.",
    "repair.unknown_fields.hint": "Exporte a receita de novo, do mesmo produto.",
    "repair.impossible_aside": (
        "A receita traz linhas a deixar de fora de um campo ou de um período em que isso não é possível."
    ),
    "repair.impossible_aside.hint": "Exporte a receita de novo, do mesmo produto.",
    "repair.unknown_order": "A receita traz uma ordem de datas desconhecida.",
    "repair.unknown_order.hint": "Exporte a receita de novo, do mesmo produto.",
    "repair.original_erased": "A planilha original destes dados já foi apagada: não há o que corrigir aqui.",
    "repair.original_erased.hint": "Envie o arquivo de novo para corrigi-lo.",
    "repair.no_recipe": "O arquivo de mapeamento não é uma receita da Presença.",
    "repair.no_recipe.hint": "Exporte a receita na página Dados ou com --save-mapping.",
    "repair.other_product": "A receita é de outro produto.",
    "repair.other_product.hint": "Use uma receita de {{ product }}.",
    "repair.already_undone": "Esta correção já foi desfeita.",
    "repair.already_undone.hint": "Abra a página de novo.",
}
