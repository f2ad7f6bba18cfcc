"""What the API says of itself, operation by operation."""

from __future__ import annotations

from pipeline.presentation.locale.program import PROGRAM

DESCRIPTION = (
    "Envie agendamentos e avaliações, acompanhe a leitura e receba riscos com seus motivos. As datas, os valores e os "
    "nomes de campo são lidos como a clínica os escreve. Recusas são JSON da RFC 9457, com um código que não muda; "
    "o texto vem em português, ou em inglês com Accept-Language: en."
)
KEY = f"Authorization: Bearer prs_…, com uma chave feita na página Integração ou por {PROGRAM} keys add."
UNCHANGED = "O que veio da outra vez, com este ETag em If-None-Match, ainda vale."
PROBLEM = "Recusa, com o código do motivo (RFC 9457)."

OPERATIONS: dict[str, tuple[str, str]] = {
    "list_products": ("Produtos", "Os produtos que há."),
    "get_product": (
        "Um produto",
        "Os campos com as palavras do contrato, o esquema de um registro (JSON Schema 2020-12), um exemplo e as séries "
        "em que os registros podem entrar.",
    ),
    "send_records": (
        "Enviar registros",
        "Recebe uma lista JSON, um CSV ou um registro JSON por linha (NDJSON), também com gzip. A resposta vem quando "
        "o envio está no disco; a leitura é o trabalho que ela diz. O mesmo evento enviado de novo atualiza o "
        "anterior: vale o último. Com Idempotency-Key, repetir o envio não o conta duas vezes.",
    ),
    "get_job": (
        "Um trabalho",
        "Onde está um envio, um cálculo de riscos ou um treino. Lido o envio, o relatório da conferência e os "
        "registros que ficaram de fora, com código, campo, linha e frase.",
    ),
    "list_datasets": ("Conjuntos de dados", "Os conjuntos, do mais novo ao mais antigo."),
    "get_dataset": ("Um conjunto de dados", "O que se guarda de um conjunto, sem as linhas."),
    "get_dataset_report": ("Relatório de um conjunto", "O relatório da conferência."),
    "train": ("Treinar", "Começa um treino com um conjunto; o modelo novo é proposto, e não toma o lugar do que há."),
    "list_groups": (
        "Grupos",
        "Como em *Risco*: de cada valor de uma dimensão (by), as linhas, a taxa observada com seu intervalo e o risco "
        "médio. where=campo:valor, repetido, e since e until filtram; tudo precisa valer.",
    ),
    "list_risks": (
        "Riscos da lista",
        "As linhas por vir, do maior risco ao menor, com o risco como está agora, seus motivos e os pontos que somados "
        "à referência o dão; filtradas por dia, unidade e faixa.",
    ),
    "list_comments": (
        "Comentários",
        "Os comentários como em *Voz*: todos, os que pedem resposta, os que não podem esperar (com o alerta e as "
        "palavras que o mostram) ou aqueles em que nota e texto discordam.",
    ),
    "list_themes": ("Temas", "De que falam os comentários, com que frequência, com que notas e em que tom."),
    "list_models": ("Modelos", "Os modelos, do mais novo ao mais antigo."),
    "get_model": ("Um modelo", "A ficha de um modelo: com que aprendeu e o quanto acertou em dados que não viu."),
    "score": (
        "Calcular risco",
        "O risco de até 1.000 registros na hora, com a faixa e os pontos de cada fator, que somados à referência dão o "
        "risco. Nada do que vem é guardado. No lugar do id do modelo, “current” é o que está em uso na série.",
    ),
    "score_many": (
        "Calcular muitos riscos",
        "Como “Calcular risco”, de até 100.000 registros e nas formas de “Enviar registros”, como um trabalho: a "
        "resposta vem quando o envio está no disco. Os registros são vistos juntos (quantos há no dia, o que mais o "
        "paciente marcou), por isso em pedaços o risco pode ser outro. Nada deles entra num conjunto; calculados os "
        "riscos, os registros somem, e os riscos ficam 30 dias. Com Idempotency-Key, repetir não conta duas vezes.",
    ),
    "list_scores": (
        "Os riscos de um trabalho",
        "O que deu “Calcular muitos riscos”, na ordem em que os registros vieram; 409 enquanto não terminou. Para quem "
        "os enviou, ou pode ler dados.",
    ),
    "ping": ("MLflow: no ar?", "Responde 200 a quem tem chave."),
    "invocations": (
        "MLflow: calcular risco",
        "O protocolo de pontuação do MLflow, para quem já o fala: dataframe_split, dataframe_records, instances, "
        "inputs ou um CSV; de volta vem predictions, um risco por linha, nulo na que não pode ser avaliada.",
    ),
    "get_list": (
        "A lista de contato",
        "Quem há para contatar na lista mais nova de uma série, por pseudônimo, com as chaves dos agendamentos e onde "
        "cada um está na fila.",
    ),
    "send_contact": (
        "Registrar um contato",
        "O que resultou de um contato, para cada agendamento. Sob o mesmo nome conta uma vez só, por mais que seja "
        "enviado. O que fala de um agendamento que não está nos dados não é registrado, e vem em rejected.",
    ),
}
