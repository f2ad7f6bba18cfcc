"""What a card says beside its figures: what a model is for, what it is made of, its limits, who may use it, the law.

The law, as it was read in November 2026: LGPD (Lei 13.709/2018, as Lei 13.853/2019 left it), art. 20, caput and § 1º,
on decisions by automated means alone, and arts. 5º, II, and 11, on health data; Anvisa's RDC 657/2022, art. 1º, § 2º,
III, which leaves out software that serves nothing but the administration of a health service; RDC 751/2022, arts. 2º
and 4º, X, on what a medical device is and how it is regularized.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.contract import Product, Role, feminine
from pipeline.presentation.locale.numbers import listed, period, plural
from pipeline.presentation.sentences import skill_words
from pipeline.presentation.sentences.model_words import headline_test
from pipeline.records import ModelCard, SkillSplit

_HARDLY = 1_000  # rows of a test below which its figures are said to be few
_CROSSING = (
    "usar o risco para diagnosticar, prevenir, monitorar ou tratar uma doença, que são propósitos médicos (RDC "
    "751/2022, art. 4º, X), ou para decidir, pela gravidade do caso, quem é atendido antes, que já não é administrar. "
    "Software com propósito médico é dispositivo médico e em regra pede notificação ou registro na Anvisa, conforme a "
    "classe de risco (art. 2º); este modelo não tem nem uma nem outro. Também não serve para deixar alguém sem cuidado."
)
_FAIR = (Role.SEX, Role.BIRTH, Role.UF, Role.PLAN)


def purpose(product: Product) -> list[str]:
    """For what the model serves, and for what it does not."""
    words = product.words
    of = "da" if feminine(words.event) else "do"
    if product.has_agenda:
        use = f"Serve para decidir quem contatar primeiro: ordena {words.rows} pelo risco {of} {words.event}."
        wrong = "Não serve para recusar, adiar ou cobrar ninguém, nem para avaliar quem trabalha na clínica."
    else:
        use = f"Serve para decidir a quem responder primeiro: ordena {words.rows} pelo risco {of} {words.event}."
        wrong = "Não serve para deixar de responder a alguém, nem para avaliar quem trabalha na clínica."
    return [use, wrong]


def fields(card: ModelCard, product: Product) -> list[tuple[str, str]]:
    """The fields that the model learnt from, those that the file lacked, and those that it never sees."""
    weighed = {item.factor for item in card.importance}
    specs = [spec for spec in product.features if spec.key in weighed]
    used = {key for spec in specs for key in spec.fields} - set(card.absent_fields)
    hidden = {key for spec in specs if spec.protected for key in spec.fields} & used
    known = [field for field in product.asked if field is not product.target]
    rest = [f for f in known if f.key not in used and f.key not in card.absent_fields]
    told = [
        ("Usados:", listed([f.label for f in known if f.key in used])),
        ("Usados, mas nunca dados como motivo:", listed([f.label for f in known if f.key in hidden])),
        ("O arquivo não trazia:", listed([f.label for f in known if f.key in card.absent_fields])),
        ("Fora do modelo:", listed([f.label for f in rest])),
        ("Identidade:", _identity(product)),
    ]
    return [(name, text) for name, text in told if text]


def _identity(product: Product) -> str:
    if not product.has(Role.PATIENT):
        return "nenhum campo do modelo identifica alguém; o modelo guardado só tem taxas e contagens."
    return (
        "o id do paciente só liga os registros de uma mesma pessoa e não pesa por si; o modelo guardado só tem taxas e "
        "contagens, de ninguém em particular."
    )


def limits(card: ModelCard, product: Product) -> list[str]:
    """What the model can't do, or was not shown to do."""
    test, words = headline_test(card), product.words
    tested = plural(test.rows, words.row, words.rows)
    when = f" de {period(*test.period)}" if test.period else ""
    said = [
        f"O que esta ficha mede vale para {tested}{when}. Outro período ou outra clínica pede outro teste: "
        "“evaluate”, na linha de comando, ou a página do modelo com o arquivo aberto.",
        f"Um risco fala de um grupo: de 100 {words.rows} com risco de 40%, esperam-se 40 {words.events}; de uma pessoa "
        "ele não sabe.",
        "Valores que o modelo nunca viu contam como a média.",
    ]
    if test.rows < _HARDLY:
        said.append("O teste tem poucas linhas: leia os intervalos antes dos números.")
    if not card.timed:
        said.append("Sem datas não se mediu o futuro.")
    if card.levelled_on:
        said.append(f"O nível foi ajustado pelos dados de {card.levelled_on}; nesses dados ele não é um teste.")
    if product.has_agenda:
        said.append(
            "Chamar muda o que vem: se a lista for usada, os resultados de quem foi chamado já não medem o modelo."
        )
    return said


def fairness(card: ModelCard, product: Product) -> list[str]:
    """For whom it differs: a sentence a split of the people (sex, age, UF, plan), or that it could not be measured;
    nothing for a product that has no such fields.
    """
    splits, asked = people(card, product), _of_people(product)
    if not asked:
        return []
    if not splits:
        return [f"Não deu para medir por {listed(asked, 'ou')}: não se sabe se o modelo trata todos igual."]
    said = [f"{skill_words.split_title(item, product)}: {skill_words.differs(item, product)}" for item in splits]
    more = (
        "Chamar mais um grupo é dar a ele mais lembretes" if product.has_agenda else "Ler mais um grupo é ouvi-lo mais"
    )
    return [*said, f"{more}; nunca use o risco para dar menos a um grupo."]


def fairness_note(product: Product) -> str:
    """By what the section on people splits, and what its reach is."""
    asked = _of_people(product)
    what = f"Por {listed(asked)}. " if asked else ""
    return f"{what}O alcance é a parte dos casos do grupo que cai nos 10% de maior risco de todos."


def _of_people(product: Product) -> list[str]:
    """What a product knows of people: `sexo`, `idade`, `UF`, `convênio`."""
    found = [(role, field) for role in _FAIR if (field := product.by_role(role)) is not None]
    return ["idade" if role is Role.BIRTH else _lower(field.label) for role, field in found]


def _lower(label: str) -> str:
    return label if label.isupper() else label[:1].lower() + label[1:]


def people(card: ModelCard, product: Product) -> list[SkillSplit]:
    """The splits of the card's test that are about people."""
    keys = [field.key for role in _FAIR if (field := product.by_role(role)) is not None]
    return [s for s in (card.skill.splits if card.skill else ()) if any(s.column.startswith(key) for key in keys)]


def places_and_times(card: ModelCard, product: Product) -> list[SkillSplit]:
    """The other splits: months and units."""
    fair = people(card, product)
    return [s for s in (card.skill.splits if card.skill else ()) if s not in fair]


def use(product: Product) -> list[tuple[str, str]]:
    """Who may use the model, for what."""
    first = "Quem faz os contatos:" if product.has_agenda else "Quem responde aos comentários:"
    what = "quem chamar primeiro" if product.has_agenda else "a quem responder primeiro"
    return [
        (first, f"a lista, para saber {what}; os motivos são pistas para a conversa, não um juízo sobre a pessoa."),
        ("Gestão:", "taxas, grupos e esta ficha, para dimensionar equipe e rever processos."),
        ("Diretoria e auditoria:", "esta ficha, para decidir se o modelo continua em uso."),
        ("Equipe clínica:", "não usa o risco para decidir cuidado algum."),
    ]


def law() -> list[tuple[str, str]]:
    """What the law asks of who uses it."""
    return [
        (
            "LGPD, art. 20, caput e § 1º:",
            "quem tem interesses afetados por uma decisão tomada unicamente com base em tratamento automatizado dos "
            "seus dados pode pedir que ela seja revista (a lei não exige que seja por uma pessoa) e, se pedir, recebe "
            "informações claras sobre os critérios e os procedimentos, observados os segredos comercial e industrial. "
            "Aqui o modelo ordena e uma pessoa decide; onde a lista decidir sozinha, o artigo vale. Os motivos de cada "
            "risco, com a conta que o soma, são a explicação a dar.",
        ),
        (
            "LGPD, arts. 5º, II, e 11:",
            "dado referente à saúde é sensível, e só pode ser tratado nas hipóteses do art. 11: com consentimento "
            "específico e destacado (I) ou, sem ele, onde for indispensável, como na tutela da saúde em procedimento "
            "de profissionais ou serviços de saúde (II, “f”). Procedimento, especialidade ou comentário podem revelar "
            "a saúde de alguém e, se isso lhe puder causar dano, o artigo também os alcança (§ 1º). Dizer em que "
            "hipótese se apoia cabe à clínica. Passá-los a outro controlador por vantagem econômica é vedado, salvo as "
            "exceções do § 4º; às operadoras de planos é vedado usá-los para selecionar riscos ao contratar ou excluir "
            "beneficiários (§ 5º).",
        ),
        (
            "RDC 657/2022 da Anvisa, art. 1º, § 2º, III:",
            "não se aplica ao software usado exclusivamente no gerenciamento administrativo e financeiro de um serviço "
            "de saúde. Este modelo foi feito para esse uso, e só para ele: organiza contatos e respostas, e não diz "
            "nada da saúde de ninguém.",
        ),
        ("Passaria dessa linha:", _CROSSING),
    ]


def summary(card: ModelCard, product: Product) -> list[tuple[str, str]]:
    """The level, the slope and the rest of the honest test of the card, as lines with a name."""
    if card.skill is None:
        return []
    skill = card.skill.headline
    told = [
        ("Nível:", skill_words.level(skill, product)),
        ("Inclinação:", skill_words.slope(skill.slope)),
        ("Alcance:", skill_words.reach(skill, product)),
        ("Medidas:", skill_words.measures(skill)),
        ("Com os do próprio dia:", skill_words.with_same_day(card.skill, product)),
    ]
    if card.skill.expected is not None:
        told.append(("Prometido e cumprido:", skill_words.expected(card.skill.expected, product, skill)))
    return [(name, text) for name, text in told if text]


def weak(splits: Sequence[SkillSplit], product: Product) -> list[str]:
    """Of months and units, where the model is weak: one sentence each."""
    return [
        f"{skill_words.split_title(s, product)}: {skill_words.differs(s, product)}"
        f"{f' {_folded(s)}' if s.folded else ''}"
        for s in splits
    ]


def _folded(split: SkillSplit) -> str:
    many = split.folded > 1
    return (
        f"({plural(split.folded, 'valor', 'valores')} com poucas linhas {'vão juntos' if many else 'vai à parte'}, ou "
        f"{'ficam' if many else 'fica'} de fora.)"
    )
