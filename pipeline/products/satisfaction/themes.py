"""What patients speak of, with the words that show it: folded, "esper*" for all that begin so, phrases where a word alone misleads.

"Espero voltar", "caro doutor", "por conta de", "sistema de saúde" and "fica atrás da igreja" are why some words stand only in
phrases, and why some phrases take a word back (`unless`). "#" is a number, "~" up to four words.
"""

from pipeline.contract import Theme

_WAIT = (
    "espera", "esperas", "esperei", "esperamos", "esperou", "esperando", "esperar", "esperava", "esperaram", "aguard*", "demora", "demoras",
    "demorad*", "demorou", "demoraram", "demorar", "demorando", "demorei", "demoro", "demore", "demoram", "fila", "filas", "atraso", "atrasos",
    "atrasad*", "atrasou", "atrasaram", "atrasar", "atrase", "atrasa", "atrasam", "pontual*", "impontual*", "cha de cadeira", "lentidao", "lento", "lenta", "lentos",
    "lentas", "morosidade", "rapidez", "rapido", "rapida", "rapidos", "rapidas", "rapidinho", "rapidamente", "agil", "agilidade", "ageis",
    "no horario", "fora do horario", "na hora marcada", "no horario marcado", "hora marcada", "antes do horario", "respeita horario",
    "respeitam horario", "respeitaram meu horario", "respeitam o horario", "# horas ~ atend*", "# hora ~ atend*", "# h ~ atend*",
    "# hrs ~ atend*", "# minutos ~ atend*", "# min ~ atend*", "# horas ~ consulta*", "horas para ser", "horas pra ser", "horas ~ para atender",
    "horas ~ pra atender", "horas ~ para me atender", "horas ~ pra me atender", "atend* ~ em # minutos", "atend* ~ # horas depois", "fiquei # horas", "fiquei ~ # horas",
    "ficou # horas", "ficamos # horas", "ficou ~ # horas", "em # minutos ja", "em poucos minutos", "mais de # horas ~ hospital", "fui logo atend*", "logo chamad*",
    "ja me chamaram", "nada de chamarem", "nao chamam", "nao me chamaram", "perdi a manha", "perdi o dia", "a manha inteira", "o dia inteiro", "a tarde inteira", "na frente de quem",
)
THEMES = (
    Theme("waiting", "Espera", _WAIT, unless=(
        "nao vejo a hora", "espera um bebe", "esperava mais", "esperava menos", "esperava outra", "esperava melhor", "esperava encontrar", "esperava um",
        "esperava uma", "esperar mais de", "nao se pode esperar", "aguardo retorno", "aguardo um retorno", "aguardo resposta", "aguardo uma resposta",
        "aguardo contato", "aguardo providencias", "sala de espera", "melhora rapida", "recuperacao rapida", "pulso rapido", "respiracao rapida",
    ), code="espera"),
    Theme("waiting_scheduling", "Espera por vaga", ("vaga", "vagas", "agenda", "agendar", "agendamento", "marcar", "encaixe", "daqui a # meses", "# meses", "semanas"),
          parent="waiting", within=True, code="espera_agendamento"),
    Theme("waiting_reception", "Espera na recepção", ("recepcao", "recepcionista*", "balcao", "guiche*", "cadastro", "senha", "ficha", "painel", "atendente*"),
          parent="waiting", within=True, code="espera_recepcao"),
    Theme("waiting_triage", "Espera na triagem", ("triagem", "triad*", "classificacao de risco", "acolhimento inicial", "pulseira"),
          parent="waiting", within=True, code="espera_triagem"),
    Theme("waiting_visit", "Espera pela consulta", (
        "consulta", "consultas", "medico", "medicos", "medica", "medicas", "doutor*", "dr", "dra", "pediatra*", "ortoped*", "ginecolog*", "cardiolog*", "ser atend*", "ser chamad*", "me atender", "atender", "horario marcado",
    ), parent="waiting", within=True, code="espera_consulta"),
    Theme("waiting_results", "Espera pelo resultado", ("resultado", "resultados", "laudo", "laudos", "exame pronto", "imagens", "biopsia*"),
          parent="waiting", within=True, code="espera_resultado"),
    Theme("waiting_discharge", "Espera pela alta", ("alta", "altas", "ser liberad*", "me liberar", "pra liberar", "para liberar", "liberacao"),
          parent="waiting", within=True, code="espera_alta"),
    Theme("reception", "Recepção", (
        "recepcao", "recepcoes", "recepcionista*", "recpcao", "recepicao", "recepicionista*", "balcao", "guiche*",
        "atendente*", "atendete*", "secretaria", "secretarias", "secretario", "moca do balcao", "mocas do balcao", "portaria", "porteiro*",
        "triagem do balcao", "check in", "checkin", "senha do painel", "painel de senhas",
    ), unless=("secretaria de saude", "secretaria da saude", "secretaria municipal", "secretaria estadual", "secretario de saude"), code="recepcao"),
    Theme("humanity", "Acolhimento e cuidado", (
        "acolh*", "atencios*", "atencao", "desatenc*", "carinho", "carinhos*", "humano", "humana", "humanos", "humanas", "humanizad*", "humanidade",
        "desumano", "desumana", "desumanidade", "empatia", "empatic*", "educad*", "educacao", "mal educad*", "maleducad*", "grosseir*", "grosso", "grossa", "grossos", "grossas",
        "grosseria*", "simpatic*", "simpatia", "antipatic*", "gentil", "gentis", "gentileza", "paciencia", "impacient*", "respeito", "respeitos*", "respeitad*",
        "desrespeit*", "descaso", "cordial", "cordiais", "cordialidade", "rude", "rudes", "rispid*", "ignorante*", "arrogante*", "arrogancia", "friez*", "frio comigo", "fria comigo", "foi frio", "foi fria",
        "cuidado", "cuidados*", "cuidadosa", "bem cuidad*", "mal cuidad*", "delicad*", "prestativ*", "solicit*", "ma vontade", "boa vontade", "indiferen*", "dedicad*", "amor", "amores", "sorriso",
        "bem tratad*", "mal tratad*", "maltratad*", "bem recebid*", "anjo", "anjos",
    ), unless=("a respeito", "diz respeito", "respeito a espera", "solicitei", "solicitou", "solicitaram", "solicitar", "solicitacao", "solicitad*", "pelo amor de deus", "atencao basica", "ser humano", "recursos humanos", "atencao primaria", "respeita* ~ privacidade"), code="acolhimento"),
    Theme("doctor", "Médico", (
        "medico", "medicos", "medica", "medicas", "mdico", "doutor", "doutora", "doutores", "doutoras", "dr", "dra", "especialista*", "plantonista*", "clinico", "clinica geral",
        "cardiologista*", "dermato*", "ortoped*", "ginecolog*", "pediatra*", "oftalmo*", "urologista*", "neurologista*", "clinico geral", "cirurgia", "cirurgiao", "cirurgia*",
        "dentista*", "psicolog*", "psiquiatra*", "nutricionista*", "fisioterapeuta*", "endocrino*", "otorrino*", "gastro*", "reumato*",
        "geriatra*", "obstetra*", "radiologista*", "diagnostico", "diagnosticos", "diagnostic*",
    ), unless=("plano medico", "convenio medico", "atestado medico", "centro medico", "material medico", "relatorio medico", "equipe medica e enfermagem", "diagnostico por imagem", "centro de diagnostico"), code="medico"),
    Theme("doctor_listening", "Escuta do médico", (
        "ouviu", "ouve", "ouvir", "escut*", "olhou", "olha", "olho", "olhos", "deixou ~ falar", "interromp*", "conversou", "perguntou", "computador", "celular", "explic*", "tirou ~ duvidas", "atenc*",
    ), parent="doctor", within=True, code="medico_escuta"),
    Theme("doctor_conduct", "Conduta do médico", (
        "examin*", "receit*", "tratament*", "conduta", "procediment*", "resolveu", "pediu exame*", "encaminh*", "cirurgi*", "operou", "medicou", "prescre*", "passou remedio", "atestado", "competen*", "incompeten*", "profissional",
    ), parent="doctor", within=True, code="medico_conduta"),
    Theme("doctor_diagnosis", "Diagnóstico", ("diagnostico", "diagnosticos", "diagnosticou", "diagnosticad*", "descobriu ~ problema", "acertou o problema"),
          unless=("diagnostico por imagem", "centro de diagnostico"), parent="doctor", code="medico_diagnostico"),
    Theme("nursing", "Enfermagem e coleta", (
        "enferm*", "tecnica de enfermagem", "tecnico de enfermagem", "coleta", "coletas", "coletou", "coletaram", "coletar", "tirar sangue",
        "tirou sangue", "tiraram sangue", "agulha*", "agulhada*", "puncao", "veia", "veias", "furou", "furaram", "furada*", "picada*", "injecao",
        "vacina", "vacinas", "vacinacao", "vacinad*", "vacinou", "curativo*", "aplicou a vacina", "seringa*", "tecnica do exame", "tecnico do exame",
        "tecnica que", "tecnico que", "flebotom*",
    ), unless=("coleta de lixo", "enfermaria", "enfermarias", "enfermidade*", "enfermo*"), code="enfermagem"),
    Theme("medication", "Medicação", (
        "medicac*", "medicament*", "remedio", "remedios", "dipirona", "soro", "antibiotico*", "anestes*", "medicaram", "medicou", "medicad*", "dose", "doses", "farmacia", "prescric*", "receita", "receitas", "analgesico*",
    ), unless=("receita federal", "santo remedio"), code="medicacao"),
    Theme("crowding", "Lotação", (
        "superlot*", "lotad*", "lotacao", "abarrotad*", "muita gente", "gente demais", "maca no corredor", "macas no corredor", "no corredor", "nos corredores", "sem leito", "falta de leito*", "falta de vaga ~ internac*", "plantao cheio",
        "sala cheia", "cheio de gente", "cheia de gente", "vazio", "vazia", "tanta gente", "nao tinha lugar para sentar", "nao tem lugar para sentar", "gente em pe", "tumultuad*", "casa cheia",
    ), unless=("promessa vazia", "estomago vazio", "muita gente boa", "voz alta no corredor", "caso no corredor", "para tanta gente", "pra tanta gente"), code="lotacao"),
    Theme("staffing", "Falta de profissionais", (
        "falta de medico*", "falta medico*", "faltam medico*", "faltava medico*", "falta de enfermeir*", "faltam enfermeir*", "falta enfermeir*", "falta de funcionario*", "faltam funcionario*", "falta de profission*", "faltam profission*", "falta de pediatra*", "falta de especialista*",
        "sem medico*", "sem pediatra*", "nao tem medico no", "nao tinha medico no", "nao tem medico", "nao tinha medico", "nao ha medico*", "nao havia medico*", "nao tem pediatra", "nao tinha pediatra", "nao tem especialista*", "so um medico", "so uma medica", "apenas um medico", "um unico medico", "unico medico", "so # medicos", "apenas # medicos",
        "poucos medicos", "poucos funcionarios", "poucos profissionais", "poucos enfermeiros", "poucas enfermeiras", "poucos atendentes", "mais medicos", "mais funcionarios", "mais profissionais", "mais enfermeiros", "contratar mais", "contratem mais", "quadro reduzido", "equipe reduzida", "equipe completa", "varios medicos",
        "so # guiche", "so um guiche", "so um atendente", "so uma atendente", "falta de pessoal", "falta pessoal",
    ), unless=("nao tem medico melhor", "sem medico melhor", "nao tem medico igual"), code="falta_de_profissionais"),
    Theme("cleanliness", "Limpeza", (
        "limpeza", "limpo", "limpa", "limpos", "limpas", "limpinho", "limpinha", "limpissim*", "limparam", "limpar", "sujo", "suja", "sujos", "sujas", "sujeira", "sujeiras", "imundo", "imunda", "imundicie",
        "higiene", "higieniz*", "banheiro", "banheiros", "cheiro", "cheirinho", "cheiroso", "fedor", "fedid*", "fedendo", "mofo", "barata", "baratas", "rato", "ratos", "formiga*", "papel higienico", "lixo", "lencol", "lencois",
    ), unless=("mais barata*", "e barata", "muito barata", "bem barata", "cara limpa", "nome sujo", "nome limpo"), code="limpeza"),
    Theme("structure", "Estrutura e conforto", (
        "estrutura", "infraestrutura", "instalacoes", "instalacao", "predio", "ar condicionado", "calor insuportavel", "cadeira", "cadeiras", "poltrona*", "maca", "macas", "quarto", "quartos", "enfermaria", "enfermarias", "leito", "leitos", "chuveiro*", "goteira*",
        "conforto", "confortavel", "confortaveis", "desconfort*", "reformad*", "reforma", "elevador*", "climatiz*", "ambiente", "ambientes", "espaco", "espacos*", "sala de espera", "copo", "bebedouro", "moderno", "moderna", "modernos", "modernas", "aparelho*", "equipamento*",
        "organizad*", "desorganiz*", "organizacao", "barulh*", "silencios*", "iluminac*", "abafad*", "brinquedoteca",
    ), unless=("cha de cadeira", "cadeira de rodas", "macas no corredor", "maca no corredor", "falta de leito*", "sem leito"), code="estrutura"),
    Theme("food", "Comida", (
        "comida", "comidas", "refeicao", "refeicoes", "almoco", "jantar", "janta", "lanche", "lanches", "cafe", "cafe da manha", "cafezinho", "cantina", "lanchonete", "dieta", "dietas", "sobremesa", "marmita*", "cardapio", "nutricao", "copeira*",
    ), unless=("antes do almoco", "hora do almoco", "horario de almoco", "depois do almoco", "horario do almoco"), code="comida"),
    Theme("scheduling", "Agendamento", (
        "agendamento", "agendamentos", "agendar", "agendei", "agendad*", "agendou", "agenda", "marcacao", "marcar consulta", "marcar exame",
        "marcar", "marquei", "desmarc*", "remarc*", "reagend*", "encaixe", "encaixaram", "vaga", "vagas", "cancelaram minha", "cancelaram meu", "cancelaram a consulta",
        "cancelou a consulta", "cancelada", "cancelado", "horario disponivel", "horarios disponiveis",
    ), unless=("vaga para carro", "vaga de estacionamento", "vagas de estacionamento", "vaga de idoso", "vaga reservada", "vaga de garagem", "vaga para estacionar", "vaga pra estacionar", "vaga de emprego", "espaco marcar", "cancelei a compra", "hora marcada", "vaga lembranca"), code="agendamento"),
    Theme("channels", "Telefone e app", (
        "canal de atendimento", "canais de atendimento", "atendimento ao cliente", "sac", "ouvidoria", "canal digital", "canais digitais", "nao respondem", "ninguem responde", "email", "e mail", "emails", "internet",
    ), unless=("comprei pela internet", "compra pela internet", "internet das coisas"), code="telefone_e_app"),
    Theme("phone", "Telefone", (
        "telefone", "telefones", "telefonema*", "telefonei", "liguei", "ligar", "ligacao", "ligacoes", "liga e ninguem", "ligo", "ligamos", "call center", "callcenter", "central de atendimento", "central de marcacao", "centrais",
        "a central", "ninguem atende", "ninguem atendeu", "nao atendem", "nao atendem o telefone", "da ocupado", "so da ocupado",
    ), unless=("ligar para isso", "sem ligar", "ligar pra isso", "deram ligar"), parent="channels", code="telefone"),
    Theme("app", "Aplicativo e teleatendimento", (
        "aplicativo*", "app", "apps", "site", "sites", "sistema caiu", "sistema fora", "sistema lento", "sistema travad*", "sistema travou", "sistema nao", "sistema do site", "o sistema vive", "portal", "login", "senha do app", "link", "links", "whatsapp", "whats", "zap", "zapzap", "chat", "chatbot",
        "robo", "robos", "telemedicina", "teleconsulta*", "teleatendimento", "online", "on line", "videochamada*", "chamada caiu", "ligacao caiu", "conexao", "camera", "microfone", "travou", "travando",
        "trava", "caiu a ligacao", "caiu a chamada", "por video", "de video", "a distancia", "sala virtual",
    ), unless=("compra online", "sistema de saude", "comprei online", "comprar online", "portal da cidade", "cirurgia robo*"), parent="channels", code="aplicativo"),
    Theme("price", "Preço e convênio", ("custo beneficio", "financeiro", "setor financeiro"), code="preco_e_convenio"),
    Theme("price_charge", "Preço e cobrança", (
        "preco", "precos", "valor", "valores", "caro demais", "muito caro", "muito cara", "e caro", "bem caro", "bem cara", "e cara", "tao caro", "achei caro", "carissim*", "barato", "mais barata", "custo", "custa", "custou", "cobra", "cobram", "cobrou", "cobraram", "cobrar", "cobrad*",
        "cobrando", "cobranca*", "pagar", "paguei", "pagamento*", "pagamos", "particular", "taxa", "taxas", "boleto*", "nota fiscal", "orcamento*", "desconto*", "parcel*", "estorno*",
    ), unless=("dar valor", "da valor", "dao valor", "valor ao", "sem valor", "pagar imposto*", "paguei imposto*", "pago imposto*", "pagar com a vida", "atendimento particular", "em particular", "pagar mico", "nao tem preco", "valores humanos", "valores eticos", "valor humano"), parent="price", code="preco"),
    Theme("price_plan", "Convênio e autorização", (
        "convenio", "convenios", "plano de saude", "planos de saude", "meu plano", "o plano", "operadora*", "autorizac*", "autorizad*", "autorizou", "autorizaram", "autorizam", "autorizar", "reembolso*", "carteirinha", "coparticip*", "guia do convenio", "guia negada", "negou a guia", "a guia",
        "negaram", "negativa", "negativas", "negou o exame", "negou a cirurgia", "unimed",
    ), unless=("segundo plano", "primeiro plano", "o plano terapeutico", "experiencia negativa", "avaliacao negativa", "nota negativa", "parte negativa", "surpresa negativa", "impressao negativa"), parent="price", code="convenio"),
    Theme("results", "Exames e laudos", (
        "resultado", "resultados", "laudo", "laudos", "laudado", "imagens do exame", "entrega do exame", "exame pronto", "exames prontos",
        "exame ficou pronto", "resultado saiu", "prazo do exame", "perderam meu exame", "perderam o exame", "perderam meus exames", "exame errado", "troca de exame",
        "trocaram meu exame", "refazer o exame", "repetir o exame", "refazer os exames", "recoleta", "exame mal feito", "exame bem feito", "exame rapido", "raio x", "ultrassom", "ultrassonografia", "tomografia", "ressonancia", "mamografia",
    ), unless=("resultado da compra", "resultado final da consulta", "como resultado", "sem resultado nenhum", "bom resultado no tratamento"), code="exames_e_laudos"),
    Theme("access", "Estacionamento e acesso", (
        "estacionamento*", "estacionar", "estacionei", "manobrista*", "valet", "localizacao", "localizad*", "acesso", "acessos", "acessibil*", "rampa*", "cadeirante*",
        "metro", "onibus", "transito", "facil de chegar", "dificil de chegar", "perto de casa", "longe", "endereco", "vaga de estacionamento", "vaga reservada", "sinalizac*", "sinalizad*",
    ), unless=("acesso venoso", "acesso ao prontuario", "acesso ao app", "acesso a saude", "acesso ao medico", "longe de ser", "de longe", "nem de longe", "via de acesso", "acesso a internet"), code="estacionamento_e_acesso"),
    Theme("explanation", "Explicação e clareza", (
        "explic*", "esclarec*", "duvida", "duvidas", "informac*", "informou", "informaram", "informar", "desinform*", "orientac*", "orient*",
        "clareza", "claro e objetivo", "escutou", "ouviu", "me ouviu", "nao ouviu", "nem olhou", "olhou na minha cara", "comunicacao", "avis*", "preparo",
    ), unless=("sem duvida", "sem duvidas", "sem sombra de duvida", "nao ha duvida*", "nao tenho duvida*", "sem explicacao", "nao tem explicacao", "nao ouviu falar"), code="explicacao"),
    Theme("privacy", "Privacidade", (
        "privacidade", "sigilo*", "sigilosa", "expus*", "expos meu", "expos minha", "exposta", "exposto", "constrang*", "na frente de todo*", "na frente de outr*", "em voz alta", "meu prontuario", "vazaram", "vazamento de dados", "meus dados", "lgpd", "confidencial*", "sem cortina", "porta aberta", "biombo*",
    ), unless=("exposto ao sol", "acesso ao meu prontuario"), code="privacidade"),
)
