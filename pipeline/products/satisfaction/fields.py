"""The eight fields of a care event, in the source's own words, with the headers and values clinics write."""

from pipeline.contract import Field, FieldKind, Role, Value

FIELDS = (
    Field(
        "gender", "Gênero", FieldKind.CLOSED, Role.SEX,
        source="Gênero",
        examples=("Feminino", "Masculino"),
        if_missing="Sem o gênero o modelo perde pouco.",
        synonyms=("sexo", "genero do cliente", "genero do paciente", "sexo do paciente", "sexo do cliente", "sx", "gender"),
        values=(
            Value("Masculino", ("m", "masc", "masc.", "homem", "male", "h")),
            Value("Feminino", ("f", "fem", "fem.", "mulher", "female")),
            Value("Indefinido", ("i", "ind", "ignorado", "outro", "outros", "nao binario", "intersexo", "x")),
        ),
    ),
    Field(
        "birth_date", "Data de nascimento", FieldKind.DATE, Role.BIRTH,
        source="Data de Nascimento",
        examples=("22/10/1985", "01/07/1962"),
        if_missing="Sem a data de nascimento não há faixas de idade.",
        synonyms=("nascimento", "dt nasc", "dt nascimento", "data nasc", "idade", "idade do cliente", "idade do paciente", "birthdate",
                  "age"),
        accepts_age=True,
    ),
    Field(
        "care_mode", "Tipo de atendimento", FieldKind.CLOSED, Role.MODE,
        source="Tipo de atendimento (Presencial, Remoto)",
        examples=("Presencial", "Remoto"),
        if_missing="Sem o tipo não se comparam atendimentos presenciais e remotos.",
        synonyms=("tipo", "modalidade", "modalidade do atendimento", "forma de atendimento", "canal", "canal de atendimento",
                  "tp atendimento", "care mode", "mode"),
        values=(
            Value("Presencial", ("presencialmente", "na clinica", "na unidade", "in loco", "fisico", "consultorio", "in person", "onsite")),
            Value("Remoto", ("telemedicina", "online", "on-line", "teleconsulta", "telessaude", "teleatendimento", "virtual", "a distancia",
                             "video", "videochamada", "remota", "remote")),
        ),
    ),
    Field(
        "care_level", "Nível de atendimento", FieldKind.OPEN, Role.LEVEL,
        source="Nível de atendimento (Consulta, Teste, Exame, etc.)",
        examples=("Consulta", "Exame"),
        if_missing="Sem o nível não se comparam consultas, testes e exames.",
        synonyms=("nivel", "servico", "tipo de servico", "categoria", "categoria do atendimento", "setor", "departamento", "especialidade",
                  "procedimento", "care level", "level"),
    ),
    Field(
        "event_date", "Data do evento", FieldKind.DATE, Role.OCCURRED,
        source="Data que o evento ocorreu",
        examples=("10/01/2025", "10/01/2025 14:30"),
        if_missing="Sem a data o arquivo serve para classificar, mas não para treinar: o modelo é testado em datas posteriores.",
        synonyms=("data que o evento ocorreu", "data", "dt evento", "data do atendimento", "dt atendimento", "data da avaliacao",
                  "dt avaliacao", "data da resposta", "data da pesquisa", "data da consulta", "data do exame", "event date", "date"),
    ),
    Field(
        "cep", "CEP", FieldKind.CEP, Role.POSTCODE,
        source="CEP do cliente",
        examples=("01310-100", "01310100"),
        if_missing="Sem o CEP não há mapa nem comparação por UF e região.",
        synonyms=("cep do cliente", "cep cliente", "cep do paciente", "cep paciente", "cep residencial", "codigo postal", "cod postal",
                  "postal code", "zip", "zip code"),
        personal=True,
    ),
    Field(
        "rating", "Classificação", FieldKind.RATING, Role.TARGET,
        source="Classificação informada (ex.: 3 estrelas)",
        examples=("3 estrelas", "5"),
        if_missing="Sem a classificação o arquivo serve para classificar comentários, mas não para treinar.",
        synonyms=("classificacao informada", "nota", "estrelas", "avaliacao", "nota da avaliacao", "nota do atendimento", "satisfacao",
                  "nps", "nota nps", "pontuacao", "csat", "rating", "stars", "score"),
    ),
    Field(
        "comment", "Comentário", FieldKind.FREE_TEXT, Role.COMMENT,
        source="Texto informado pelo cliente",
        examples=("Fui bem atendida, mas esperei mais de uma hora.", "Equipe atenciosa!"),
        if_missing="Sem o comentário o modelo usa só as circunstâncias, que dizem pouco, e não há temas nem divergências.",
        synonyms=("texto", "texto informado pelo cliente", "comentarios", "texto do cliente", "texto da avaliacao", "mensagem", "opiniao",
                  "observacao do cliente", "depoimento", "relato", "feedback", "review", "motivo da nota", "comment", "text"),
    ),
)
