"""What the invented patients say: fragments by theme and side, whole comments by stars, and the small words between them.

Slots in braces are filled by `sample_comments`. All of it was made up for this project.
"""

GOOD: dict[str, tuple[str, ...]] = {
    "waiting": (
        "fui atendid{g} no horário", "não esperei nem {min} minutos", "atendimento rápido", "tudo muito rápido, em {min} minutos já estava liberad{g}",
        "chegou minha vez rapidinho", "pontualidade britânica", "fui chamad{g} antes do horário marcado", "não demorou nada", "sem fila nenhuma",
        "a espera foi curta", "em menos de meia hora resolvi tudo", "respeitaram meu horário", "nem deu tempo de sentar e já me chamaram",
        "agilidade do começo ao fim",
    ),
    "reception": (
        "as meninas da recepção são uns amores", "recepção muito educada", "a recepcionista resolveu tudo pra mim", "fui muito bem recebid{g} na recepção",
        "o rapaz da recepção foi super prestativo", "atendente simpática", "a recepção me orientou direitinho", "recepcionistas atenciosas",
        "o pessoal do balcão foi gentil com {quem}", "a atendente {nome} merece elogio", "desde a portaria fui bem tratad{g}",
        "recepção organizada", "a moça da recepção teve paciência com {quem}",
    ),
    "doctor": (
        "{prof} é excelente", "{prof} me ouviu com calma", "{prof} explicou tudo direitinho", "médico muito atencioso", "a médica examinou com cuidado",
        "{prof} tirou todas as minhas dúvidas", "profissional competente e humano", "o doutor foi direto ao ponto e acertou o diagnóstico",
        "finalmente um médico que olha no olho", "adorei {prof}", "{prof} foi super cuidados{p} com {quem}", "confiança total em {prof}",
        "a consulta durou quase uma hora, sem pressa", "{prof} passou segurança",
    ),
    "nursing": (
        "a enfermeira achou a veia de primeira", "não senti nada na coleta", "a técnica foi um anjo com {quem}", "mãos de fada na hora de tirar sangue",
        "equipe de enfermagem nota mil", "a moça da coleta conversou com {quem} pra distrair", "enfermeiras dedicadas", "coleta rápida e sem dor",
        "a enfermagem ficou o tempo todo do lado de {quem}", "aplicação da vacina tranquila", "o técnico do exame foi muito paciente",
        "nem ficou roxo o braço",
    ),
    "cleanliness": (
        "tudo muito limpo", "clínica linda e organizada", "ambiente agradável", "banheiros impecáveis", "estrutura moderna", "lugar cheiroso e arejado",
        "aparelhos novos", "sala de espera confortável", "tem até café e água gelada", "espaço reformado ficou ótimo", "ambiente climatizado",
        "higiene nota dez",
    ),
    "scheduling": (
        "consegui vaga pra mesma semana", "agendei pelo telefone sem dificuldade", "marcar foi fácil", "ligaram um dia antes pra confirmar",
        "remarcaram sem problema quando precisei", "consegui encaixe no mesmo dia", "atenderam minha ligação na hora", "agendamento simples",
        "o call center foi eficiente", "avisaram certinho o preparo do exame",
    ),
    "results": (
        "o resultado saiu no dia seguinte", "laudo completo e rápido", "recebi o resultado por e-mail antes do prazo", "exame ficou pronto no prazo",
        "laudo bem explicado", "resultado em {min} horas, nem acreditei", "as imagens vieram junto com o laudo",
    ),
    "price": (
        "preço justo", "aceitam meu convênio sem burocracia", "o convênio autorizou na hora", "valor bem acessível", "parcelaram pra mim",
        "achei barato pelo que oferecem", "desconto bom no particular", "não precisei pagar nada por fora",
    ),
    "app": (
        "o aplicativo funciona muito bem", "a teleconsulta foi ótima, imagem e som perfeitos", "fiz tudo pelo app sem sair de casa",
        "a consulta por vídeo quebrou um galho", "o link chegou na hora e funcionou", "pelo whatsapp resolveram em minutos",
        "atendimento online surpreendeu", "ver o resultado no app é muito prático",
    ),
    "access": (
        "estacionamento amplo", "fica do lado do metrô", "fácil de chegar", "ótima localização", "tem rampa pra cadeirante",
        "perto de casa, o que ajuda muito", "manobrista educado",
    ),
}

BAD: dict[str, tuple[str, ...]] = {
    "waiting": (
        "esperei {horas} horas", "mais de {min} minutos de atraso", "marquei às {hora} e fui atendid{g} quase {hora2}", "demora absurda",
        "fila enorme e só um guichê aberto", "chá de cadeira", "ninguém respeita horário", "{quem} ficou {horas} horas esperando com dor",
        "atraso de sempre", "cheguei cedo à toa", "sala lotada e nada de chamarem", "desisti depois de {horas} horas", "uma lentidão sem fim",
        "chamaram gente que chegou depois de mim", "esperei em jejum até {hora2}",
    ),
    "reception": (
        "recepção mal educada", "a recepcionista nem olhou na minha cara", "atendente grossa", "as moças da recepção ficam de conversa no celular",
        "ninguém na recepção sabe informar nada", "a atendente gritou com {quem}", "recepcionista despreparada", "fui tratad{g} com descaso no balcão",
        "me mandaram de um guichê pro outro", "a recepção errou meu cadastro", "má vontade de dar informação", "a secretária foi super arrogante",
        "perderam minha ficha na recepção",
    ),
    "doctor": (
        "a consulta durou {poucos} minutos", "{prof} nem me examinou", "o médico não tirou o olho do computador", "{prof} foi grosseir{p}",
        "médico sem paciência nenhuma", "saí sem entender o diagnóstico", "receitou qualquer coisa e me dispensou", "{prof} não deixou {quem} falar",
        "o doutor chegou atrasado e atendeu correndo", "diagnóstico errado, tive que ir em outro lugar", "a médica desdenhou da minha dor",
        "nem perguntou meus sintomas", "senti pressa o tempo todo na consulta",
    ),
    "nursing": (
        "furaram {quem} {poucos} vezes pra achar a veia", "meu braço ficou roxo", "a técnica foi bruta na coleta", "a enfermeira foi estúpida com {quem}",
        "trocaram minha etiqueta na coleta", "a moça da coleta não usou luva", "enfermagem desatenta", "esqueceram a medicação de {quem}",
        "tiveram que repetir a coleta", "doeu muito, sem cuidado nenhum", "a técnica do exame me tratou como um objeto",
    ),
    "cleanliness": (
        "banheiro imundo", "lugar sujo", "ar condicionado quebrado, um calor insuportável", "cadeiras rasgadas", "cheiro de mofo", "não tinha nem papel higiênico",
        "prédio caindo aos pedaços", "vi barata na sala de espera", "elevador parado e {quem} de muletas", "maca sem lençol trocado", "bebedouro sem água",
        "aparelho velho que parou no meio do exame",
    ),
    "scheduling": (
        "liguei {poucos} vezes e ninguém atende", "o telefone só dá ocupado", "cancelaram minha consulta em cima da hora", "remarcaram {poucos} vezes",
        "não acharam meu agendamento", "vaga só pra daqui a {poucos} meses", "fiquei {min} minutos na linha e caiu", "marcaram na unidade errada",
        "ninguém avisou que a consulta foi desmarcada", "o call center passa informação errada", "não me avisaram do preparo e perdi o exame",
    ),
    "results": (
        "o resultado atrasou {poucos} semanas", "até hoje não recebi o laudo", "laudo veio com nome de outra pessoa", "perderam meu exame",
        "tive que refazer o exame por erro deles", "laudo incompleto", "prometeram pra {dia} e nada do resultado", "cada hora dão uma data pro resultado",
    ),
    "price": (
        "cobraram uma taxa que ninguém explicou", "o convênio negou e ninguém ajudou", "preço abusivo", "me cobraram duas vezes",
        "autorização que nunca sai", "paguei particular e fui tratad{g} assim", "muito caro pelo que entregam", "não aceitaram a guia e perdi a viagem",
        "até hoje espero o reembolso", "cobrança indevida no cartão",
    ),
    "app": (
        "o aplicativo trava toda hora", "a ligação de vídeo caiu {poucos} vezes", "o link da teleconsulta não abria", "o app não reconhece meu cadastro",
        "fiquei {min} minutos na sala virtual sozinh{g}", "áudio péssimo na consulta online", "o site vive fora do ar",
        "o robô do whatsapp não resolve nada", "consulta por vídeo que parecia telefone sem fio", "paguei a teleconsulta e o médico não entrou",
    ),
    "access": (
        "não tem onde estacionar", "estacionamento caríssimo", "escada pra todo lado e {quem} usa bengala", "lugar de difícil acesso",
        "a rua não tem sinalização nenhuma", "longe de tudo",
    ),
}

EPISODE = (
    "o novo totem não lê minha carteirinha", "totem novo sempre travado", "depois que puseram o totem virou bagunça", "a fila do totem é maior que a do balcão",
    "ninguém ajuda a usar o totem", "o tal totem não imprime nada", "trocaram gente por totem", "o totem da entrada me mandou pro setor errado",
    "{quem} não sabe mexer no totem e ninguém ajuda",
)

WHOLE: dict[int, tuple[str, ...]] = {
    1: (
        "Péssimo", "Horrível", "péssimo atendimento", "Nunca mais", "não recomendo", "Não recomendo pra ninguém", "Decepção total", "Lixo",
        "um descaso com o paciente", "Absurdo!", "Se pudesse dava zero", "pior experiência da minha vida", "falta de respeito", "Vergonhoso",
        "Não volto nunca mais", "Sem condições", "👎", "😡😡", "Fujam", "Parabéns, conseguiram piorar o que já era ruim",
        "Maravilha: paguei, esperei e fui embora sem exame", "Nota 0", "Só Deus na causa", "Total desorganização", "Fui maltratad{g}",
    ),
    2: (
        "Ruim", "Deixa muito a desejar", "Esperava mais", "Fraco", "Não gostei", "Já foi bom, hoje não mais", "atendimento ruim", "precisa melhorar muito",
        "Não foi uma boa experiência", "Complicado...", "Decepcionante", "insatisfeit{g}", "bem abaixo do que prometem", "Não voltaria", "😕",
        "Se não fosse o convênio eu não iria", "Muita propaganda e pouco serviço",
    ),
    3: (
        "Regular", "Razoável", "mais ou menos", "ok", "Normal", "Nem bom nem ruim", "Dá pro gasto", "Pode melhorar", "Médio", "Atende o básico", "😐",
        "Nada de especial", "Foi tranquilo, mas nada demais", "Tem pontos a melhorar", "Cumpriu o combinado", "Mediano", "Já fui melhor atendid{g}",
    ),
    4: (
        "Bom", "Muito bom", "Gostei", "bom atendimento", "Recomendo", "Tudo certo", "Satisfeit{g}", "Bom, pode melhorar um pouco", "Fui bem atendid{g}",
        "👍", "Correu tudo bem", "gostei bastante", "Sem reclamações", "Não tenho do que reclamar", "legal", "Boa clínica", "Voltaria",
    ),
    5: (
        "Excelente", "Ótimo", "Perfeito!", "Maravilhoso", "Nota 10", "top", "Amei", "Super recomendo", "Excelente atendimento", "ótimo atendimento",
        "Parabéns a toda equipe", "Melhor clínica da região", "👏👏👏", "❤️", "Só elogios", "Impecável", "Nada a reclamar, só agradecer", "Show de bola",
        "Gratidão", "Equipe maravilhosa", "Sempre muito bem atendid{g}", "10!", "Sensacional", "Atendimento humanizado de verdade", "👍👍",
    ),
}

OPENERS: dict[int, tuple[str, ...]] = {
    1: ("Péssima experiência:", "Um absurdo,", "Indignad{g}:", "Que decepção,", "Olha,", "Vou contar o que aconteceu:", "Fui com {quem} e", "Nunca vi igual:",
        "Fui {dia} e", "Atenção:", "Sinceramente,", "", "", ""),
    2: ("Não gostei:", "Fui {dia} e", "Infelizmente", "Já foi melhor;", "Deixou a desejar,", "Levei {quem} e", "Olha,", "", "", ""),
    3: ("No geral ok,", "Fui {dia},", "Levei {quem} e", "Nem tudo foi ruim:", "Razoável:", "", "", ""),
    4: ("Gostei,", "Boa experiência,", "Fui {dia} e", "Levei {quem} e", "No geral muito bom,", "", "", ""),
    5: ("Excelente!", "Só tenho a agradecer:", "Fui {dia} e", "Levei {quem} e", "Que lugar maravilhoso,", "Ótima experiência,", "Parabéns!", "", "", ""),
}

CLOSERS: dict[int, tuple[str, ...]] = {
    1: ("nunca mais volto", "não recomendo", "vou procurar meus direitos", "só não dou zero porque não dá", "fica o alerta", "quero meu dinheiro de volta",
        "parabéns pela falta de respeito", "aguardo um retorno de vocês", "", "", ""),
    2: ("não sei se volto", "precisam rever isso", "espero que melhorem", "não recomendo", "fica a dica", "", "", ""),
    3: ("dá pra melhorar", "espero que melhorem", "no mais, tudo certo", "vou dar mais uma chance", "", "", ""),
    4: ("recomendo", "pretendo voltar", "no geral gostei", "só isso a melhorar", "obrigad{g}", "", "", ""),
    5: ("recomendo de olhos fechados", "voltarei com certeza", "parabéns a todos", "muito obrigad{g}", "indico pra todo mundo", "Deus abençoe a equipe",
        "continuem assim", "nota mil", "", "", ""),
}

TURNS = ("mas", "porém", "só que", "mas", "pena que", "por outro lado")
TURNS_GOOD = ("mas", "pelo menos", "em compensação", "apesar disso", "salvou que")
JOINS = (", ", " e ", ". ", "; ", ", além disso ", ". ", ", ")

EMOJI: dict[int, tuple[str, ...]] = {1: ("😡", "👎", "🤬", "😤"), 2: ("😕", "😞", "🙄"), 3: ("😐", "🤷"), 4: ("🙂", "👍", "😊"), 5: ("😍", "👏", "❤️", "🙏", "🥰")}

PROFESSIONALS = (
    ("a Dra. Helena", "a"), ("o Dr. Caio", "o"), ("a doutora", "a"), ("o doutor", "o"), ("o médico", "o"), ("a médica", "a"), ("o ortopedista", "o"),
    ("a ginecologista", "a"), ("o cardiologista", "o"), ("a dermatologista", "a"), ("a pediatra", "a"), ("o clínico", "o"), ("a Dra. Lívia", "a"),
    ("o Dr. Otávio", "o"), ("o urologista", "o"), ("a nutricionista", "a"),
)
RELATIVES = ("minha mãe", "meu pai", "meu filho", "minha filha", "minha avó", "meu marido", "minha esposa", "meu bebê", "minha sogra", "meu irmão")
DAYS = ("ontem", "semana passada", "na segunda", "na sexta de manhã", "no sábado", "hoje cedo", "mês passado", "na terça à tarde", "pela primeira vez")
NAMES = ("Bruna", "Cida", "Jéssica", "Sônia", "Tati", "Duda")
SHORT_FORMS = (("você", "vc"), ("vocês", "vcs"), ("também", "tb"), ("porque", "pq"), ("obrigado", "obg"), ("obrigada", "obg"), ("hoje", "hj"),
               ("muito", "mto"), ("para", "p"), ("não", "n"), ("que", "q"), ("comigo", "cmg"), ("quando", "qdo"), ("mesmo", "msm"))
SLIPS = (("atendimento", "atendimeto"), ("excelente", "exelente"), ("com certeza", "concerteza"), ("recepcionista", "recepicionista"),
         ("profissionais", "profisionais"), ("demais", "de mais"), ("experiência", "esperiencia"), ("mas ", "mais "), ("exame", "ezame"),
         ("atencioso", "atensioso"), ("péssimo", "pessímo"), ("agendamento", "agendameto"), ("consulta", "consuta"), ("esperei", "esperrei"))
