"""Sentences of training and of models: what is refused, where a training stands, what a card says."""

from __future__ import annotations

_ASK_AGAIN = "Peça o arquivo outra vez a quem o enviou, ou treine um modelo novo."
_TRAIN_AGAIN = "Treine o modelo outra vez."

_UNSAFE = {
    "bundle.no_manifest": "O arquivo não é um modelo do Presença: falta o manifesto.",
    "bundle.not_as_listed": "O arquivo do modelo está incompleto: o que ele contém não é o que o manifesto lista.",
    "bundle.entry_changed": "O arquivo do modelo está danificado: {{ name | quoted }} mudou depois de gravado.",
    "bundle.entry_unreadable": "O arquivo do modelo está danificado: {{ name | quoted }} não pode ser lido.",
    "bundle.too_large": "O arquivo do modelo passa do limite de {{ megabytes }} MB.",
    "bundle.too_large_open": "O modelo aberto passa do limite de {{ megabytes }} MB.",
    "bundle.not_a_zip": "O arquivo não é um modelo do Presença ou está danificado: o pacote não abre.",
    "bundle.too_many_entries": "O arquivo do modelo tem partes repetidas ou demais.",
    "bundle.strange_entries": "O arquivo não é um modelo do Presença: há partes que um modelo não tem.",
    "bundle.strange_packing": "O arquivo do modelo está comprimido ou protegido de um modo que não se abre aqui.",
    "bundle.altered": "O modelo não repete os riscos de conferência que acompanham o arquivo: ele foi alterado.",
    "bundle.implausible": "O arquivo do modelo traz números que nenhum treino dá: ele foi alterado ou está danificado.",
    "bundle.unsigned": "{{ name | quoted }} não tem a assinatura deste espaço de trabalho: o modelo foi feito em "
    "outro, por uma versão anterior, ou alterado. Use-o só se confia em quem o enviou.",
    "bundle.kept_unsigned": "Este modelo não tem a assinatura deste espaço de trabalho: foi feito em outro, por uma "
    "versão anterior, ou alterado. Use-o só se confia em quem o enviou.",
    "bundle.unexpected_form": "O arquivo do modelo está danificado: o conteúdo não tem a forma esperada.",
    "bundle.not_a_model": "O arquivo não é um modelo do Presença.",
    "bundle.no_trees": "O arquivo do modelo está incompleto: faltam árvores.",
    "bundle.text_refused": "O texto do modelo não passou na conferência: {{ why }}.",
    "bundle.first_load_failed": "O modelo não pôde ser aberto com segurança: a carga de teste falhou.",
}

# completes "O texto do modelo não passou na conferência: "
_MODEL_TEXT = {
    "model_text.unreadable_characters": "há caracteres ilegíveis",
    "model_text.other_columns": "as colunas do texto não são as que o pacote declara",
    "model_text.trees_differ": "o cabeçalho conta {{ header | plural('árvore', 'árvores') }} e o texto, {{ text }}",
    "model_text.strange_characters": "há caracteres que não pertencem a um modelo",
    "model_text.cut_off": "o texto está cortado",
    "model_text.line_missing": "falta a linha {{ line | quoted }}",
    "model_text.line_unreadable": "há uma linha repetida ou ilegível",
    "model_text.header_lines": "o cabeçalho tem linhas a mais ou a menos",
    "model_text.header_value": "{{ key | quoted }} não é {{ expected }}",
    "model_text.column_names": "os nomes das colunas não são válidos",
    "model_text.column_ranges": "as faixas das colunas não são válidas",
    "model_text.tree_count": "o número de árvores não está entre 1 e {{ most }}",
    "model_text.leaf_count": "o número de folhas na árvore {{ tree }} não está entre 1 e {{ most }}",
    "model_text.categories_or_lines": "há divisões por categoria ou folhas lineares na árvore {{ tree }}",
    "model_text.extreme_values": "há valores fora do comum na árvore {{ tree }}",
    "model_text.tree_lines": "há linhas a mais ou a menos na árvore {{ tree }}",
    "model_text.unknown_column": "há uma coluna que não existe na árvore {{ tree }}",
    "model_text.strange_split": "há uma divisão que não é numérica na árvore {{ tree }}",
    "model_text.empty_counts": "há contagens vazias na árvore {{ tree }}",
    "model_text.no_tree": "os ramos não formam uma árvore na árvore {{ tree }}",
    "model_text.too_deep": "há mais de {{ most | plural('nível', 'níveis') }} na árvore {{ tree }}",
    "model_text.integers": "há números inteiros a mais, a menos ou ilegíveis na árvore {{ tree }}",
    "model_text.numbers": "há números a mais, a menos ou ilegíveis na árvore {{ tree }}",
    "model_text.infinite": "há números infinitos na árvore {{ tree }}",
}

_INCOMPATIBLE = {
    "bundle.other_product": "Este modelo é de outro produto ({{ found }}) e não serve para {{ wanted }}.",
    "bundle.other_product.hint": "Escolha o produto do modelo, ou um modelo deste produto.",
    "bundle.other_declaration": "Este modelo é de outra versão do Presença: os fatores que ele usa mudaram.",
    "bundle.other_declaration.hint": _TRAIN_AGAIN,
    "bundle.other_features": "Este modelo foi feito por outra versão da Presença, que lia os dados de outro modo.",
    "bundle.other_features.hint": "Treine de novo.",
    "bundle.other_version": ("Este modelo é da versão {{ found }} do formato; esta instalação lê a versão {{ read }}."),
    "bundle.other_version.hint": "Atualize o Presença ou treine o modelo outra vez.",
    "bundle.columns_unknown": (
        "O modelo usa {{ count | plural('coluna', 'colunas') }} que esta versão não calcula (ex.: {{ example }})."
    ),
    "bundle.columns_unknown.hint": _TRAIN_AGAIN,
}

_TRAINING = {
    "training.unsuitable": (
        "{% if why %}{{ why | map('say') | join(' ') }}{% else %}Este arquivo não pode ser usado para treinar.{% "
        "endif %}"
    ),
    "training.unsuitable.hint": (
        "Envie um período maior, com resultados conhecidos, ou carregue um modelo já treinado."
    ),
    "training.few_days": (
        "As linhas com resultado ficam em só {{ days | plural('dia', 'dias') }}; o treino pede ao menos {{ least }}."
    ),
    "training.few_days.hint": "Envie um período maior.",
    "training.one_outcome": (
        "Um dos períodos do arquivo tem um resultado só, e não dá para treinar e testar no tempo."
    ),
    "training.one_outcome.hint": "Envie um período maior ou confira a coluna de status.",
    "training.few_texts": (
        "Os comentários se repetem demais para separar os que ensinam dos que testam: "
        "cada parte pede os dois resultados."
    ),
    "training.few_texts.hint": "Envie mais comentários diferentes, com classificação.",
    "level.few_rows": (
        "Para ajustar o nível, o mínimo é de {{ least_rows | plural('linha', 'linhas') }} com resultado, "
        "{{ least_of_each }} de cada; há {{ rows | plural('linha', 'linhas') }}, das quais {{ events }} do caso que se "
        "quer prever."
    ),
    "level.few_rows.hint": "Envie mais linhas com resultado, ou treine um modelo quando as houver.",
    "training.few_rows": (
        "Há {{ rows | plural('linha', 'linhas') }} com resultado, das quais {{ events }} do caso que se quer prever; "
        "o treino pede {{ least_rows | plural('linha', 'linhas') }} e {{ least_of_class }} de cada resultado."
    ),
    "training.few_rows.hint": "Envie um período maior ou confira a coluna {{ target }}.",
    "training.too_much_memory": (
        "Aprender com {{ rows | plural('linha', 'linhas') }} pede uns {{ needed | exact_size }} de memória, e há "
        "{{ free | exact_size }}."
    ),
    "training.too_much_memory.hint": (
        "Use o esforço rápido ou o padrão, que aprendem com uma parte sorteada e acertam o mesmo, ou um computador com "
        "mais memória. PRESENCA_MEMORY diz quanta pode ser usada."
    ),
    "training.too_little_disk": (
        "Aprender com todas as linhas pede {{ needed | exact_size }} livres na pasta temporária, e há "
        "{{ free | exact_size }}."
    ),
    "training.too_little_disk.hint": (
        "Use o esforço rápido ou o padrão, que aprendem com uma parte sorteada, ou aponte TMPDIR para um disco com "
        "mais espaço."
    ),
}

_STAGES = {
    "training.preparing": "Preparando os dados",
    "training.part_drawn": (
        "Aprendendo com {{ rows | number }} de {{ of | plural('linha', 'linhas') }}, por sorteio em cada dia e "
        "resultado"
    ),
    "training.recipe_of_part": (
        "Procurando a receita em {{ rows | number }} de {{ of | plural('linha', 'linhas') }}; o modelo aprende depois "
        "com todas"
    ),
    "training.reading_sense": "Lendo o sentido dos comentários ({{ done | number }} de {{ of | number }})",
    "training.reading_comments": "Lendo os comentários ({{ part }} de {{ parts }})",
    "training.searching": (
        "Procurando a melhor receita: {{ tried | plural('tentada', 'tentadas') }}, {{ seconds }} s de {{ budget }} s"
    ),
    "training.learning_past": "Aprendendo com o passado, período {{ part }} de {{ parts }}",
    "training.repeating": "Repetindo para ter mais certeza, {{ time }} de {{ times }}",
    "training.preparing_test": "Preparando o teste",
    "training.learning_all": "Aprendendo com todas as linhas",
    "training.testing": "Testando no que o modelo não viu",
    "training.past_risks": "Calculando o risco do passado",
    "training.seeking_giveaways": "Procurando fatores que já dizem o resultado",
    "training.learning_curve": "Vendo se mais linhas melhorariam, com {{ rows | plural('linha', 'linhas') }}",
    "training.leaving_units_out": "Testando em unidades que o modelo não viu, grupo {{ group }} de {{ groups }}",
    "training.keeping": "Guardando o modelo e o risco do passado",
    "training.done": "Pronto",
}

_CARD = {
    "card.tested_once": (
        "Testado uma vez, de {{ first | date }} a {{ last | date }}, com um modelo treinado só com o que veio antes."
    ),
    "card.frozen_list": (
        "Com uma só lista, feita em {{ day | date }} para {{ rows | plural('linha', 'linhas') }} da semana que veio: "
        "AUC {{ auc | decimal(3) }} ({{ low | decimal(3) }} a {{ high | decimal(3) }}), "
        "risco médio de {{ expected | percent }} e vieram {{ observed | percent }}. Com uma lista por dia, "
        "AUC {{ daily | decimal(3) }}."
    ),
    "card.tested_on_drawn": (
        "Sem datas não se mede o futuro: testado uma vez em {{ rows | plural('linha sorteada', 'linhas sorteadas') }}, "
        "de textos e pessoas que não ensinaram."
    ),
    "card.reads_sense": (
        "Lê as palavras e o sentido de cada comentário. Onde o leitor de sentido não está instalado, responde só pelas "
        "palavras: o teste mostra também quanto acerta assim."
    ),
    "card.searched": (
        "Procurou no passado entre {{ tried | plural('receita', 'receitas') }} e ficou com {% if changed %}uma que "
        "erra menos nas dobras: log-loss {{ loss | decimal(4) }}, em vez de {{ usual | decimal(4) }} da de costume"
        "{% else %}a de costume (log-loss {{ usual | decimal(4) }}): nenhuma outra foi melhor em quase todas as dobras"
        "{% endif %}. O período de teste não entrou na procura."
    ),
    "card.level_set": (
        "Nível ajustado por {{ rows | plural('linha', 'linhas') }} de {{ name | quoted }}, com que não aprendeu: "
        "previa {{ before | percent }} e vieram {{ observed | percent }}. A ordem dos riscos é a de antes."
    ),
    "card.level_and_slope_set": (
        "Nível e inclinação ajustados por {{ rows | plural('linha', 'linhas') }} de {{ name | quoted }}, com que não "
        "aprendeu: previa {{ before | percent }} e vieram {{ observed | percent }}. A ordem dos riscos é a de antes; "
        "as distâncias entre eles foram multiplicadas por {{ slope | decimal(2) }}."
    ),
    "card.trained_again": (
        "Depois do teste, a mesma receita foi treinada de novo com todas as linhas com resultado; "
        "é esse o modelo guardado."
    ),
    "card.first_block": (
        "Os {{ rows }} antes de {{ day | date }} não têm risco previsto: não havia passado com que treinar um modelo "
        "que não os tivesse visto."
    ),
    "card.contacted": (
        "{{ count | number }} {{ rows }} não ensinam nem medem: antes da data alguém falou com o paciente, e o que "
        "houve pode ser obra do contato. No teste, os demais valem também por eles, em risco parecido."
    ),
    "card.part_drawn": (
        "Aprendeu com {{ learnt | number }} de {{ of | plural('linha', 'linhas') }} com resultado, por sorteio em cada "
        "dia e resultado, e foi testado no que saiu do último período. O que se sabe do passado de cada paciente e de "
        "cada valor vem do arquivo inteiro, e o que não saiu no sorteio também tem um risco do passado, de um modelo "
        "que não o tinha visto."
    ),
    "card.recipe_of_part": (
        "Aprendeu com tudo o que tem resultado ({{ of | plural('linha', 'linhas') }}). A receita foi achada e testada "
        "em {{ learnt | plural('linha', 'linhas') }}, por sorteio em cada dia e resultado: o modelo testado viu menos "
        "do que o guardado. O que não saiu no sorteio também tem um risco do passado, de um modelo que não o tinha "
        "visto."
    ),
    "card.unseen_rates": "As taxas das faixas vêm de linhas que o modelo ainda não tinha visto.",
    "card.few_units": (
        "Não se mediu o que uma unidade nova pode esperar: para isso um arquivo precisa de "
        "{{ least | plural('unidade', 'unidades') }} com {{ rows | plural('linha', 'linhas') }} ou mais cada uma."
    ),
    "card.units_not_read": (
        "Não se mediu o que uma unidade nova pode esperar: seria preciso aprender a ler os comentários de novo, sem os "
        "de cada unidade."
    ),
    "card.units_in_haste": ("O que uma unidade nova pode esperar só é medido nos esforços padrão e completo."),
    "card.absent_fields": "Campos que o arquivo não trazia: {{ fields | join(', ') }}.",
}

# why a factor gives the answer away; completes a factor's name
_GIVEAWAYS = {
    "giveaway.filled": (
        "está preenchido em {{ events | percent }} dos casos de {{ event }} e em {{ rest | percent }} dos de "
        "{{ non_event }}: parece escrito depois"
    ),
    "giveaway.behind": (
        "lê {{ field | quoted }}, que é posterior ao {{ row }} em {{ rows | plural('linha', 'linhas') }}"
    ),
    "giveaway.pure": (
        "distingue {{ rows | plural('linha', 'linhas') }}, das quais {{ same | number }} terminaram em {{ outcome }}: "
        "o valor parece escrito depois"
    ),
    "giveaway.tells": "diz o resultado sem mais nada (AUC {{ auc | decimal(2) }})",
    "giveaway.together": "dizem o resultado juntos (AUC {{ auc | decimal(2) }}), e nenhum dos dois o diz sozinho",
}

_EVALUATION = {
    "evaluate.taught": "O modelo pode ter aprendido com elas.",
    "evaluate.levelled": "São dos dados com que o nível dele foi ajustado ({{ name }}), ou de antes.",
    "evaluate.contacted": "Alguém falou com o paciente antes da data.",
    "evaluate.no_outcome": "Ainda não têm resultado.",
    "evaluate.second_only": "O segundo modelo aprendeu com elas, ou não lhes dá risco.",
    "evaluate.few_rows": (
        "Há {{ rows | plural('linha', 'linhas') }} com resultado que o modelo não conhece, das quais {{ events }} do "
        "caso que se quer prever; para avaliar, o mínimo é de {{ least_rows | plural('linha', 'linhas') }}, "
        "{{ least_of_each }} de cada resultado."
    ),
    "evaluate.few_rows.hint": (
        "Envie um período depois daquele com que ele aprendeu, com os resultados já conhecidos."
    ),
    "evaluate.other_product": "Os dois modelos são de produtos diferentes: {{ first }} e {{ second }}.",
    "evaluate.other_product.hint": "Compare dois modelos do mesmo produto.",
}

# names, by key: what was trained and the references beside it; bands of risk
_NAMES = {
    "reference.model": "Modelo",
    "reference.lead_time": "Antecedência apenas",
    "reference.overall_rate": "Taxa média",
    "reference.logistic_regression": "Regressão logística",
    "reference.tf_idf": "TF-IDF e logística",
    "reference.words_alone": "Só pelas palavras",
    "tier.low": "baixo",
    "tier.medium": "médio",
    "tier.high": "alto",
    "tier.very_high": "muito alto",
}

MESSAGES = {
    **_UNSAFE,
    **{f"{code}.hint": _ASK_AGAIN for code in _UNSAFE},
    **_MODEL_TEXT,
    **_INCOMPATIBLE,
    **_TRAINING,
    **_STAGES,
    **_CARD,
    **_EVALUATION,
    **_GIVEAWAYS,
    **_NAMES,
}
