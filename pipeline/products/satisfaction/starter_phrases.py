"""More ways in which invented patients speak, for the reader that ships with the app: whole remarks by stars.

They add what the sample network's clients seldom say: negations that praise, praise that is denied, harm, wards and emergency
rooms, services in general, irony, swear words. Slots in braces take a word of their list in `SLOTS`. All of it was made up
for this project.
"""

SLOTS: dict[str, tuple[str, ...]] = {
    "lugar": ("hospital", "posto", "laboratório", "consultório", "pronto-socorro", "lugar", "ambulatório"),
    "la": ("clínica", "unidade", "UPA", "emergência", "maternidade", "policlínica"),
    "quem": ("meu pai", "minha mãe", "meu filho", "minha filha", "minha avó", "meu marido", "minha esposa", "meu irmão", "minha tia", "o bebê"),
    "quemf": ("minha mãe", "minha filha", "minha avó", "minha esposa", "minha tia", "a paciente"),
    "prof": ("o médico", "a médica", "a enfermeira", "o enfermeiro", "a dentista", "o técnico", "a fisioterapeuta", "o pediatra", "a psicóloga", "a nutricionista"),
    "equipe": ("a equipe", "todo mundo", "o pessoal", "a enfermagem", "os funcionários", "as atendentes", "os profissionais"),
    "coisa": ("o atendimento", "a consulta", "o exame", "o serviço", "a cirurgia", "o tratamento", "a internação", "o parto", "a experiência"),
    "parte": ("o médico", "a comida", "o quarto", "a recepção", "o exame", "a limpeza", "a triagem", "o preço", "o aplicativo"),
    "tempo": ("duas horas", "3 horas", "uma manhã inteira", "5 horas", "mais de uma hora", "a noite toda", "quatro horas e meia"),
    "remedio": ("remédio", "medicamento", "antibiótico", "analgésico"),
    "quando": ("ontem", "hoje", "semana passada", "no sábado", "de madrugada", "no plantão da noite"),
}

ONE = (
    # harm, error, loss
    "{quem} morreu e ninguém explicou nada", "{quem} faleceu na fila esperando vaga", "{quem} quase morreu por causa da demora", "perdi {quem} por negligência",
    "deram o {remedio} errado para {quem}", "aplicaram um {remedio} a que {quem} é alérgico", "erraram o diagnóstico e {quem} piorou muito",
    "trocaram o exame com o de outra pessoa", "{quem} pegou infecção depois d{coisa_de}", "{quem} caiu da maca e quebrou o braço", "queimaram a pele de {quemf}",
    "deixaram {quem} com dor a noite toda", "saí pior do que entrei", "fui vítima de racismo", "fui humilhada na frente de todos", "sofri preconceito por causa do meu cabelo",
    "me senti assediada durante o exame", "{prof} gritou comigo", "{prof} foi grosso e me empurrou", "fui agredida verbalmente", "trataram {quem} como lixo",
    "vou processar este {lugar}", "já abri reclamação no Procon", "vou denunciar ao conselho", "caso de polícia", "fizeram {quem} de cobaia",
    "deram alta e {quem} voltou no dia seguinte na ambulância", "operaram o lado errado", "esqueceram gaze dentro d{quemf_de}", "negaram socorro a {quem}",
    # plain and general
    "péssimo", "horrível", "lixo", "nota zero", "nunca mais volto", "pior {lugar} da cidade", "a pior {la} em que já estive", "não recomendo a ninguém", "fujam desse {lugar}",
    "uma vergonha", "um absurdo", "descaso total com o paciente", "falta de respeito", "desumano", "despreparados", "incompetentes", "dinheiro jogado fora", "me arrependi de ter vindo",
    "decepção", "revoltante", "{equipe} sem nenhum preparo", "{prof} nem olhou na minha cara", "{prof} nem encostou em {quem}", "esperei {tempo} e fui embora sem atendimento",
    "{tempo} para ser atendido e a consulta durou dois minutos", "ninguém resolve nada", "ninguém atende o telefone", "cobraram por um exame que não fiz", "faltou médico de novo",
    "não tinha maca nem cadeira para {quem}", "banheiro imundo e cheiro de urina", "comida fria e estragada", "acabou o {remedio} e mandaram voltar outro dia",
    "não resolveram meu problema", "não fui atendida", "não fizeram nada por {quem}", "não me deram atenção nenhuma", "não serve para nada", "não presta", "não vale um centavo",
    "não têm educação", "não respeitam ninguém", "não gostei de nada", "não volto nunca mais", "não funciona", "o sistema não funciona e ninguém sabe informar", "nada funciona aqui",
    # irony and swearing
    "parabéns por conseguirem piorar o que já era ruim", "nota dez em descaso", "excelente jeito de perder o dia", "ótimo para quem quer passar raiva", "maravilhoso, só que não",
    "atendimento de primeira… de primeira linha do inferno", "só elogio: conseguem ser piores a cada dia", "que bosta de atendimento", "porcaria de {lugar}", "uma merda", "{equipe} de má vontade do caramba",
    "tomara que fechem", "palhaçada", "bando de incompetentes", "achei que ia ser bom, me enganei", "esperava muito mais e recebi nada", "antes era bom, hoje está péssimo", "de ótimo só tem a propaganda",
)
TWO = (
    "deixou muito a desejar", "fraco", "ruim", "não gostei", "não gostei d{parte_de}", "não achei {parte} bom", "não foi bom", "não foi uma boa experiência", "não me senti acolhida",
    "não me explicaram direito", "não é mais como antes", "esperava mais", "demorado demais", "muita demora para pouca consulta", "{prof} com pressa", "{prof} pouco paciente", "{equipe} mal orientada",
    "desorganizado", "poderia ser bem melhor", "precisa melhorar muito", "sem estrutura", "cheio demais e pouca gente para atender", "telefone só chama", "o laudo atrasou duas semanas",
    "{prof} até é educado, mas não resolveu", "{parte} bom, o resto péssimo", "só salva {parte}", "caro para o que oferece", "marquei às 8 e fui atendida depois das 10", "saí sem resposta",
    "fiquei insatisfeita com {coisa}", "a recepção tem má vontade", "faltou cuidado com {quem}", "faltou informação", "falta médico", "falta limpeza", "falta humanidade", "falta respeito com o idoso",
)
THREE = (
    "razoável", "regular", "mais ou menos", "normal", "nem bom nem ruim", "ok", "dá pro gasto", "atende, mas demora", "bom médico, recepção ruim", "{parte} ótimo, mas a espera foi longa", "poderia melhorar",
    "gostei d{parte_de}, não gostei da demora", "{prof} excelente, o resto deixa a desejar", "mediano", "nada de mais", "cumpre o básico", "tem dias bons e dias ruins", "bom atendimento, mas muito cheio",
    "demorou um pouco mas resolveu", "{equipe} se esforça, falta estrutura", "preço alto, atendimento bom", "esperava um pouco mais, mas ok", "bom, porém caro", "melhorou, ainda falta organização",
)
FOUR = (
    "bom", "muito bom", "gostei", "gostei bastante", "bem atendido", "fui bem atendida", "{equipe} atenciosa", "{prof} muito bom", "recomendo", "voltaria", "não tenho do que reclamar", "nada a reclamar",
    "não posso reclamar", "não foi ruim não, gostei", "não foi nada mal", "não demorou", "não esperei muito", "não doeu", "não senti dor", "não tive problema nenhum", "sem problemas", "sem reclamações", "sem fila",
    "achei que seria pior", "melhor do que eu esperava", "pensei que ia demorar e foi rápido", "estava com medo e correu tudo bem", "superou minhas expectativas", "bem organizado", "tudo certo", "deu tudo certo com {quem}",
    "só faltou estacionamento, o resto ótimo", "um pouco cheio, mas {equipe} foi muito boa", "rápido e prático", "limpo e organizado", "cuidaram bem de {quem}", "explicaram tudo", "resolveram meu problema",
)
FIVE = (
    "excelente", "ótimo", "perfeito", "maravilhoso", "nota dez", "nota mil", "amei", "adorei", "super recomendo", "recomendo de olhos fechados", "melhor {lugar} da região", "a melhor {la} que conheço", "só tenho a agradecer",
    "gratidão a toda a equipe", "Deus abençoe {equipe}", "salvaram a vida de {quem}", "{quem} está vivo graças a vocês", "{prof} é um anjo", "{prof} maravilhosa", "{prof} me ouviu e explicou tudo com calma",
    "cuidaram de {quem} com muito carinho", "me senti em casa", "me senti acolhida do começo ao fim", "atendimento humano", "profissionais incríveis", "{equipe} nota mil", "tudo impecável", "impossível reclamar",
    "não tenho palavras para agradecer", "não troco por nada", "não poderia ser melhor", "não há o que melhorar", "não existe lugar melhor", "nunca fui tão bem tratada", "nunca vi tanto cuidado", "jamais esquecerei o carinho de vocês",
    "sem palavras, tudo perfeito", "em nenhum momento me senti sozinha", "nem parece {lugar} público de tão bom", "parabéns a todos", "parabéns {prof}", "já indiquei para a família toda", "voltarei sempre", "foda de bom", "bom pra caramba",
    "{coisa} foi um sucesso", "cirurgia de {quem} foi um sucesso", "{quem} se recuperou super bem", "descobriram o que eu tinha quando ninguém descobria", "o parto foi lindo e respeitoso",
)
BY_STARS = {1: ONE, 2: TWO, 3: THREE, 4: FOUR, 5: FIVE}
