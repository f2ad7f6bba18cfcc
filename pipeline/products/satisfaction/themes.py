"""What patients speak of, with the words that show it: folded, "esper*" for all that begin so, phrases where a word alone misleads.

"Espero voltar", "caro doutor", "por conta de" and "fica atrás da igreja" are why some words stand only in phrases.
"""

from pipeline.contract import Theme

THEMES = (
    Theme("waiting", "Espera", (
        "espera", "esperas", "esperei", "esperamos", "esperou", "esperando", "esperar", "esperava", "aguard*", "demora", "demoras", "demorad*",
        "demorou", "demoraram", "demorar", "demorando", "demorei", "demoro", "fila", "filas", "atraso", "atrasos", "atrasad*", "atrasou",
        "atrasaram", "atrasar", "pontual*", "impontual*", "cha de cadeira", "horas esperando", "horas de espera",
        "lentidao", "lento", "lenta", "lentos", "morosidade", "rapidez", "rapido", "rapida", "rapidos", "rapidas", "rapidinho", "rapidamente",
        "agil", "agilidade", "ageis", "no horario", "fora do horario", "na hora marcada", "no horario marcado", "hora marcada", "plantao cheio",
        "sala de espera lotada", "superlotad*", "lotado", "lotada",
    )),
    Theme("reception", "Recepção", (
        "recepcao", "recepcoes", "recepcionista*", "recpcao", "recepicao", "balcao", "guiche*",
        "atendente*", "atendete*", "secretaria", "secretarias", "secretario", "moca do balcao", "mocas do balcao", "portaria", "porteiro*",
        "triagem do balcao", "check in", "checkin", "senha do painel", "painel de senhas",
    )),
    Theme("doctor", "Médico", (
        "medico", "medicos", "medica", "medicas", "mdico", "doutor", "doutora", "doutores", "doutoras", "dr", "dra", "especialista*",
        "cardiologista*", "dermato*", "ortoped*", "ginecolog*", "pediatra*", "oftalmo*", "urologista*", "neurologista*", "clinico geral",
        "dentista*", "psicolog*", "psiquiatra*", "nutricionista*", "fisioterapeuta*", "endocrino*", "otorrino*", "gastro*", "reumato*",
        "geriatra*", "obstetra*", "radiologista*", "diagnostico", "diagnosticos",
    )),
    Theme("nursing", "Enfermagem e coleta", (
        "enferm*", "tecnica de enfermagem", "tecnico de enfermagem", "coleta", "coletas", "coletou", "coletaram", "coletar", "tirar sangue",
        "tirou sangue", "tiraram sangue", "agulha*", "agulhada*", "puncao", "veia", "veias", "furou", "furaram", "furada*", "picada*", "injecao",
        "vacina", "vacinas", "vacinacao", "vacinad*", "vacinou", "curativo*", "aplicou a vacina", "seringa*", "tecnica do exame", "tecnico do exame",
        "tecnica que", "tecnico que", "flebotom*",
    )),
    Theme("cleanliness", "Limpeza e estrutura", (
        "limpeza", "limpo", "limpa", "limpos", "limpas", "limpinho", "limpinha", "sujo", "suja", "sujos", "sujas", "sujeira", "imundo", "imunda",
        "higiene", "higieniz*", "banheiro", "banheiros", "cheiro", "mofo", "barata", "baratas", "estrutura", "infraestrutura", "instalacoes",
        "instalacao", "predio", "ar condicionado", "calor insuportavel", "cadeira", "cadeiras", "poltrona*", "conforto", "confortavel",
        "confortaveis", "desconfort*", "reformad*", "reforma", "elevador*", "climatiz*", "ambiente", "ambientes", "sala de espera", "copo", "cafe",
        "bebedouro", "papel higienico", "moderno", "moderna", "modernos", "aparelho*", "equipamento*", "organizad*", "desorganiz*", "organizacao",
    )),
    Theme("scheduling", "Agendamento e telefone", (
        "agendamento", "agendamentos", "agendar", "agendei", "agendad*", "agendou", "agenda", "marcacao", "marcar consulta", "marcar exame",
        "marcar", "marquei", "desmarc*", "remarc*", "reagend*", "telefone", "telefones", "telefonema*", "telefonei", "liguei", "ligar", "ligacao",
        "ligacoes", "liga e ninguem", "ligo", "call center", "callcenter", "central", "centrais", "ninguem atende", "nao atendem", "encaixe", "vaga",
        "vagas", "cancelaram minha", "cancelaram meu", "cancelaram a consulta", "cancelou a consulta", "cancelada", "cancelado", "horario disponivel",
        "horarios disponiveis",
    )),
    Theme("results", "Resultado e laudo", (
        "resultado", "resultados", "laudo", "laudos", "laudado", "imagens do exame", "entrega do exame", "exame pronto", "exames prontos",
        "exame ficou pronto", "resultado saiu", "prazo do exame", "perderam meu exame", "perderam o exame", "exame errado", "troca de exame",
        "trocaram meu exame", "refazer o exame", "repetir o exame", "recoleta",
    )),
    Theme("price", "Preço e convênio", (
        "preco", "precos", "valor", "valores", "caro demais", "muito caro", "muito cara", "e caro", "bem caro", "bem cara", "carissim*", "barato", "custo",
        "custa", "custou", "cobr*", "cobranca*", "pagar", "paguei", "pagamento*", "pago", "particular", "convenio", "convenios", "plano de saude",
        "plano", "planos", "operadora*", "autoriz*", "reembolso*", "carteirinha", "coparticip*", "taxa", "taxas", "boleto*", "nota fiscal",
        "orcamento*", "desconto*", "parcel*", "guia do convenio", "guia negada", "negou a guia", "negaram", "negativa",
    )),
    Theme("app", "Aplicativo e teleatendimento", (
        "aplicativo*", "app", "apps", "site", "sites", "sistema", "portal", "login", "link", "links", "whatsapp", "whats", "zap", "chat", "chatbot",
        "robo", "telemedicina", "teleconsulta*", "teleatendimento", "online", "on line", "video", "videochamada*", "chamada caiu", "ligacao caiu",
        "conexao", "internet", "camera", "microfone", "travou", "travando", "trava", "caiu a ligacao", "caiu a chamada", "por video", "a distancia",
    )),
    Theme("access", "Localização e estacionamento", (
        "estacionamento*", "estacionar", "estacionei", "manobrista*", "valet", "localizacao", "localizad*", "acesso", "acessibil*", "acessivel",
        "rampa*", "cadeirante*", "metro", "onibus", "transito", "facil de chegar", "dificil de chegar", "perto de casa", "longe", "endereco",
    )),
    Theme("humanity", "Acolhimento e cuidado", (
        "acolh*", "atencios*", "atencao", "desatenc*", "carinho", "carinhos*", "humano", "humana", "humanos", "humanas", "humanizad*", "humanidade",
        "desumano", "empatia", "empatic*", "educad*", "educacao", "mal educad*", "maleducad*", "grosseir*", "grosso", "grossa", "grossos",
        "grosseria*", "simpatic*", "simpatia", "antipatic*", "gentil", "gentis", "gentileza", "paciencia", "impacient*", "respeito", "respeitos*",
        "desrespeit*", "descaso", "cordial", "cordiais", "cordialidade", "rude", "rudes", "ignorante*", "arrogante*", "frio", "fria", "cuidado",
        "cuidados*", "cuidadosa", "delicad*", "prestativ*", "solicit*", "ma vontade", "boa vontade", "indiferen*", "dedicad*", "amor", "sorriso",
    )),
    Theme("explanation", "Explicação e clareza", (
        "explic*", "esclarec*", "duvida", "duvidas", "informac*", "informou", "informaram", "informar", "desinform*", "orientac*", "orient*",
        "clareza", "claro e objetivo", "escutou", "ouviu", "me ouviu", "nao ouviu", "nem olhou", "olhou na minha cara", "comunicacao", "avis*",
        "retorno", "preparo",
    )),
)
