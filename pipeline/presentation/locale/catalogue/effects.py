"""Sentences of what contacts do: why an effect can't be told, and what a file of contacts lacks."""

from __future__ import annotations

MESSAGES = {
    "effect.no_control": (
        "Não dá para dizer se o contato funcionou: ninguém ficou no grupo de controle. "
        "Comparar com o mês passado engana: quem é chamado por ter risco alto volta sozinho para perto da média, "
        "a época do ano muda as faltas, e outras coisas mudam na clínica ao mesmo tempo."
    ),
    "effect.no_control.hint": "Na próxima lista, deixe ao acaso uma parte sem contato: 10% já bastam para começar.",
    "effect.nobody_contacted": "Não há a quem comparar: nenhum agendamento do arquivo foi sorteado para o contato.",
    "effect.order_no_control": (
        "Sem grupo de controle não se sabe se ligar primeiro para quem está no alto da lista ajuda mais: não há com "
        "quem comparar."
    ),
    "effect.order_no_risk": "Sem o risco de cada agendamento não há ordem que se possa julgar.",
    "effect.order_too_few": (
        "Ainda não dá para julgar a ordem da lista: {{ contacted | plural('resultado', 'resultados') }} com contato e "
        "{{ control | number }} no grupo de controle; são precisos {{ least | number }} de cada lado."
    ),
    "effect.share_of_none": (
        "Com 0% de grupo de controle, nunca se saberá se o contato funciona nesta clínica: valem só os estudos de fora."
    ),
    "effect.nobody_listed": "Ainda não há agendamentos com resultado de que se possa contar quanto falta.",
    "effect.expects_nothing": "Os estudos não viram efeito desta forma de contato: não há o que esperar para medir.",
    "effect.not_asked": "O produto {{ product | quoted }} não tem agenda: não há lista de contato cujo efeito se meça.",
    "effect.not_asked.hint": "Use um arquivo de agendamentos.",
    "effect.no_columns": (
        "O arquivo de contatos não diz de quem fala: falta a coluna {{ 'evento' | quoted }}, ou "
        "{{ 'paciente' | quoted }} e {{ 'data' | quoted }}."
    ),
    "effect.no_columns.hint": "As colunas são evento, grupo, canal, resultado e contatado_em.",
    "effect.no_arms": "O arquivo de contatos não tem a coluna {{ 'grupo' | quoted }}, com contato ou controle.",
    "effect.no_arms.hint": "Ela é escrita na lista quando o grupo de controle é sorteado.",
    "effect.none_matched": (
        "Nenhuma linha de contato, de {{ lines | number }}, foi achada no arquivo de agendamentos."
    ),
    "effect.none_matched.hint": "Confira se os dois arquivos são da mesma clínica e do mesmo período.",
    "money.no_amount": "Este valor não pode ser usado: escreva em reais, de 0 a {{ most | number }}.",
}
