"""Words of the language that comments are in: its grammar, and made-up comments that a bundle is tried with when it is opened."""

from __future__ import annotations

EXAMPLES = (
    "",
    "Ótimo atendimento, equipe atenciosa!",
    "Péssimo: esperei muito e ninguém resolveu.",
    "O médico é bom, mas a recepção deixa a desejar.",
    "NUNCA MAIS VOLTO",
    "ok",
)
GRAMMAR = frozenset((
    "com", "para", "por", "pra", "pro", "que", "uma", "uns", "umas", "dos", "das", "nos", "nas", "aos", "mas", "mais", "menos", "muita",
    "muitos", "muitas", "meu", "minha", "meus", "minhas", "seu", "sua", "seus", "suas", "ele", "ela", "eles", "elas", "isso", "isto",
    "esse", "essa", "este", "esta", "foi", "era", "ser", "estou", "estava", "tem", "ter", "tinha", "sao", "fui", "vou", "vai", "quando",
    "como", "onde", "porque", "pois", "ate", "sem", "sob", "sobre", "entre", "tambem", "aqui", "ali", "depois", "antes", "todo", "toda",
    "todos", "todas", "cada", "outro", "outra", "outros", "outras", "mesmo", "mesma", "ainda", "tudo", "qual", "quais", "quem", "cujo",
    "desde", "pelo", "pela", "pelos", "pelas", "num", "numa", "voce",
))
NEGATORS = frozenset(("nao", "n", "nem", "nunca", "sem", "jamais", "nenhum", "nenhuma", "ninguem"))
NAUGHT = "nada"  # denies what follows, unless something before it is denied already
DEGREES = frozenset(("muito", "muita", "muitos", "muitas", "mto", "mais", "menos", "tao", "super", "bem", "bastante", "pouco", "pouca", "mal", "quase"))
AFTER = frozenset(("demais", "mesmo"))  # says how much of the word before it
PARTICLES = frozenset((
    "de", "do", "da", "em", "no", "na", "os", "as", "ao", "um", "ou", "se", "eu", "me", "te", "lhe", "nos", "ja", "so", "la", "ha", "ai",
    "vc", "tb", "tbm", "pq", "deu", "dei", "dar", "tenho", "tive", "teve", "temos", "foram", "eram", "estao", "esta", "estar", "fica",
    "ficou", "sido", "seja", "nele", "nela", "dele", "dela", "deles", "delas", "desse", "dessa", "deste", "desta", "disso", "nisso",
    "nesse", "nessa", "neste", "nesta", "aquele", "aquela", "aquilo", "algum", "alguma", "alguns", "algumas", "enquanto", "apenas",
    "somente", "entao", "assim", "agora", "hoje", "ontem", "sempre", "vez", "vezes", "dia", "dias", "lo", "la", "los", "las",
))  # grammar beside GRAMMAR, for phrases alone: a word of these may still be called a reason
TURNS = frozenset(("mas", "porem", "entretanto", "contudo", "todavia"))  # from here on it is the other way round
TURNING_PAIRS = (("so", "que"), ("apesar", "de"), ("apesar", "da"), ("apesar", "do"))
SHORT = {
    "q": "que", "vc": "voce", "vcs": "voces", "mto": "muito", "mt": "muito", "mtu": "muito", "mta": "muita", "mtos": "muitos",
    "mtas": "muitas", "tb": "tambem", "tbm": "tambem", "pq": "porque", "n": "nao", "naum": "nao", "hj": "hoje", "obg": "obrigado",
    "obgd": "obrigado", "blz": "beleza", "td": "tudo", "tds": "todos", "qdo": "quando", "qnd": "quando", "qndo": "quando", "msm": "mesmo",
    "eh": "e", "nd": "nada", "ngm": "ninguem", "d": "de", "c": "com", "p": "para", "pra": "para", "pro": "para", "mlhr": "melhor",
}
