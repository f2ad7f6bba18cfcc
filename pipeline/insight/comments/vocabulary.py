"""Words of comments that make no theme: those of grammar, those that praise or blame without saying what, and those at which a sentence turns."""

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
TURNS = ("mas", "por[ée]m", "s[óo] que", "entretanto", "contudo", "todavia")  # patterns: from here on it is the other way round
IRONY = re.compile(r"(?:\bs[óo] que n[ãa]o|\bsqn)\s*(?:[.!?…)]|$)", re.IGNORECASE)  # takes back all that was said before it
