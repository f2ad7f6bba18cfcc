"""Words of comments that make no theme: those of grammar, those that praise or blame without saying what, those at which a sentence turns, those that deny."""

from __future__ import annotations

import re

STOP = frozenset((
    "a", "o", "as", "os", "um", "uma", "uns", "umas", "de", "do", "da", "dos", "das", "em", "no", "na", "nos", "nas", "por", "pelo", "pela",
    "pelos", "pelas", "para", "pra", "pro", "com", "sem", "e", "ou", "mas", "que", "se", "ao", "aos", "eu", "me", "meu", "minha", "meus",
    "minhas", "ele", "ela", "eles", "elas", "voce", "vc", "lhe", "seu", "sua", "seus", "suas", "isso", "isto", "esse", "essa", "este",
    "esta", "foi", "fui", "era", "ser", "estar", "estava", "tou", "estou", "tem", "tinha", "ter", "ha", "muito", "muita", "muitos",
    "muitas", "mais", "menos", "bem", "tao", "so", "ja", "la", "aqui", "ali", "tambem", "tb", "nao", "n", "nem", "sim", "quando", "como",
    "onde", "porque", "pq", "pois", "ate", "depois", "antes", "todo", "toda", "todos", "todas", "cada", "outro", "outra", "mesmo", "mesma",
    "ainda", "tudo", "nada", "hoje", "ontem", "dia", "dias", "vez", "vezes", "hora", "horas", "minuto", "minutos", "gente", "pessoa",
    "pessoas", "coisa", "sempre", "nunca", "fiz", "fazer", "feito", "fez", "vou", "vai", "ir", "deu", "dar", "dei", "estao", "sao", "foram",
    "alem", "disso", "levei", "ficou", "ficar", "fica", "tenho", "tive", "teve", "veio", "geral", "olha", "apesar", "porem", "pena", "lado",
    "compensacao", "dele", "dela", "desde", "sobre", "entre", "vao", "ver",
))
GENERAL = frozenset((
    "otimo", "otima", "bom", "boa", "bons", "boas", "excelente", "pessimo", "pessima", "ruim", "horrivel", "maravilhoso", "maravilhosa",
    "perfeito", "perfeita", "top", "atendimento", "atendida", "atendido", "atender", "atendem", "clinica", "hospital", "unidade",
    "consulta", "exame", "paciente", "pacientes", "recomendo", "recomendado", "indico", "parabens", "gostei", "adorei", "amei", "odiei",
    "voltar", "volto", "voltarei", "servico", "equipe", "profissional", "profissionais", "obrigado", "obrigada", "satisfeito", "satisfeita",
    "insatisfeito", "insatisfeita", "nota", "experiencia", "lugar", "local", "super", "mil", "pior", "melhor", "melhorar", "melhorem",
    "demais", "certo", "problema", "problemas", "decepcao", "absurdo", "vergonha", "descaso", "elogios", "continuem", "deixa", "desejar",
    "olhos", "fechados", "agradecer", "gratidao", "sinceramente", "infelizmente", "razoavel", "regular", "normal",
))
TURNS = (  # patterns: from here on it is the other way round
    "mas", "por[ée]m", "apesar d(?:[eao]s?|isso)", "s[óo] que", "embora", "no entanto", "entretanto", "contudo", "todavia", "j[áa] (?:o|a|os|as|no|na)",
    "em compensa[çc][ãa]o", "pelo menos", "por outro lado", "pena que",
)
NUMBERS = frozenset((
    "#", "uma", "duas", "dois", "tres", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "quinze", "vinte", "trinta",
    "quarenta", "cinquenta", "sessenta", "noventa", "meia", "varias", "muitas", "tantas", "umas",
))
NEGATIONS = frozenset(("nao", "n", "naum", "nunca", "jamais", "nem", "sem", "nenhum", "nenhuma", "tampouco", "zero", "evitou", "evitaram", "evitar", "evitando", "ninguem"))
CONDITION = "se"  # "se nao": what follows is no denial
DENIED_AFTER = frozenset(("nenhum", "nenhuma", "zero"))  # "erro nenhum"
CARRIERS = frozenset((  # what may stand between a negation and what it denies: "nao vou processar", "sem nenhum risco de queda"
    "me", "te", "se", "lhe", "nos", "o", "a", "os", "as", "um", "uma", "uns", "umas", "de", "do", "da", "em", "no", "na", "nenhum", "nenhuma",
    "qualquer", "algum", "alguma", "foi", "fui", "era", "e", "eh", "sao", "sou", "esta", "estou", "estava", "houve", "teve", "tive", "tem", "tinha",
    "tenho", "tivemos", "ter", "ha", "vi", "ser", "vou", "vai", "vamos", "ia", "quero", "quer", "queria", "pretendo", "penso", "preciso", "precisa",
    "precisei", "pensei", "pensando", "chegou", "chegar", "cheguei", "deu", "deram", "pegou", "peguei", "pegar", "pegamos", "sofri", "sofreu",
    "sofrer", "senti", "sentiu", "ficou", "fiquei", "ficar", "houveram", "mais", "risco", "perigo", "sinal", "caso", "digo", "dizer", "que", "posso",
    "parte", "parece", "fizeram", "fez", "cometeram", "cometeu", "ele", "ela", "medo", "deixa", "deixou", "deixaram", "oferece", "causou", "causa",
    "provoca", "provocou", "corre", "corri", "correu", "longe", "acontece", "aconteceu", "fazer", "fiz", "tipo", "passa", "passou", "passei",
))
IRONY = re.compile(r"(?:\bs[óo] que n[ãa]o|\bsqn)\s*(?:[.!?…)]|$)", re.IGNORECASE)  # takes back all that was said before it
