"""The honest test in words: whether the model carries over, by how much it is off, for whom it differs."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.contract import Product, feminine
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale import names
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import (
    EN_DASH,
    decimal,
    decimal_interval,
    interval,
    listed,
    month,
    number,
    percent,
    period,
    plural,
)
from pipeline.presentation.sentences.findings import Finding
from pipeline.presentation.sentences.model_words import top_words
from pipeline.records import (
    DOUBTFUL,
    FAILS,
    HOLDS,
    MONTH,
    UNKNOWN,
    CarryOver,
    ExpectedSkill,
    GroupSkill,
    Interval,
    Note,
    Skill,
    SkillReference,
    SkillReport,
    SkillSplit,
)

_NAMED = 3  # groups named in a sentence
_NAME = 40
_LEADS = {
    HOLDS: "O modelo se sustenta aqui",
    DOUBTFUL: "O modelo se sustenta aqui, com ressalva",
    FAILS: "O modelo não se sustenta aqui",
    UNKNOWN: "Ainda não dá para dizer se o modelo se sustenta aqui",
}
_SIMPLER = {
    "logistic_regression": "uma regressão logística",
    "lead_time": "quem olha só a antecedência",
    "tf_idf": "uma regressão logística sobre as palavras",
    "overall_rate": "dar a todos a taxa média",
}
SMALL = "Outros, juntos"
CHART_KEY = (
    "Ponto e faixa: o que veio, com intervalo de 95%. Traço: o que o modelo previa. Em cor, os grupos que se afastam "
    "do conjunto além do acaso: ferrugem, veio mais; azul, veio menos."
)


def verdict(found: SkillReport, carries: CarryOver, product: Product) -> Finding:
    """Whether the model carries over, with what was wanted and what was seen of level, slope and order."""
    skill = found.headline
    parts = [level(skill, product), slope(skill.slope), _order(skill.auc)]
    if carries.verdict == UNKNOWN:
        parts.append("Os intervalos são largos demais: são precisos mais resultados.")
    return Finding(f"{_LEADS[carries.verdict]}{_which(carries)}.", " ".join(parts))


def caution(found: SkillReport, product: Product) -> Finding:
    """Above a list of a model whose order holds and whose numbers do not."""
    skill = found.headline
    return Finding(
        "A ordem desta lista vale; os números, não.",
        f"{level(skill, product)} {slope(skill.slope)} {measured_on(found, product)}",
    )


def no_list(product: Product) -> Finding:
    """What a page says first where no list is made."""
    words = product.words
    return Finding(
        "Não há lista: o modelo em uso não se sustenta nestes dados.",
        f"Os números dele sobre os {words.rows} daqui enganariam quem decide.",
    )


def in_place(found: SkillReport, product: Product, what: str) -> str:
    """What would stand here, by which rows it was judged, and what setting the level does; plain text."""
    return (
        f"Aqui estaria {what}. {measured_on(found, product)} Ajustar mantém a ordem e traz os números ao que veio "
        "aqui; só o que acontecer depois diz se bastou."
    )


def _which(carries: CarryOver) -> str:
    """What of a model that does not carry over is still good."""
    if carries.verdict != FAILS:
        return ""
    if carries.order == FAILS:
        return ": perdeu-se mais de metade da ordem que ele promete"
    return ": a ordem dos riscos vale, os números não" if carries.order == HOLDS else ": os números dele não valem"


def level(skill: Skill, product: Product) -> str:
    """`Vieram 87 faltas para cada 100 previstas (IC 84–89; o desejado é de 95 a 105).`"""
    words = product.words
    told = "previstas" if feminine(words.event) else "previstos"
    between = _hundreds(skill.ratio)
    return (
        f"Vieram {number(100 * skill.ratio.value)} {words.events} para cada 100 {told} "
        f"({f'IC {between}; ' if between else ''}o desejado é de 95 a 105)."
    )


def slope(item: Interval) -> str:
    """`A inclinação é 0,87 (IC 0,76 a 0,97; o desejado é de 0,9 a 1,1): os riscos se afastam demais …`"""
    between = decimal_interval(item, 2)
    begin = f"A inclinação é {decimal(item.value, 2)} ({f'IC {between}; ' if between else ''}o desejado é de 0,9 a 1,1)"
    if item.high is not None and item.high < 1:
        return f"{begin}: os riscos se afastam demais uns dos outros."
    if item.low is not None and item.low > 1:
        return f"{begin}: os riscos ficam perto demais uns dos outros."
    return f"{begin}."


def _order(item: Interval) -> str:
    between = _hundreds(item)
    return f"Acerta a ordem em {number(100 * item.value)} de 100 pares{f' (IC {between})' if between else ''}."


def _hundreds(item: Interval) -> str:
    if item.low is None or item.high is None:
        return ""
    return f"{number(100 * item.low)}{EN_DASH}{number(100 * item.high)}"


def measured_on(found: SkillReport, product: Product) -> str:
    """On which rows, of when."""
    skill, words = found.headline, product.words
    made = "marcadas" if feminine(words.row) else "marcados"
    which = f" não {made} no próprio dia" if found.ahead else ""
    when = f", de {period(*found.period)}" if found.period else ""
    return (
        f"Medido em {plural(skill.rows, words.row, words.rows)}{which}{when}: "
        f"{plural(skill.events, words.event, words.events)}."
    )


def reach(skill: Skill, product: Product) -> str:
    """`Os 10% de maior risco alcançam 15 de cada 100 faltas (IC 14–16), 1,5 vez o que o acaso alcança.`"""
    between = _hundreds(skill.recall_at_10pct)
    times = "vez" if skill.lift.value < 2 else "vezes"
    return (
        f"Os 10% de maior risco alcançam {number(100 * skill.recall_at_10pct.value)} de cada 100 "
        f"{product.words.events}{f' (IC {between})' if between else ''}, {decimal(skill.lift.value, 1)} {times} o que "
        "o acaso alcança."
    )


def references(items: Sequence[SkillReference]) -> list[str]:
    """Of each simpler way learnt on these same rows whether the model reaches and orders clearly more."""
    return [_beside(item) for item in items]


def references_brief(items: Sequence[SkillReference], product: Product) -> str:
    """In one sentence which simpler ways reach as much as the model; "" where none was tried."""
    if not items:
        return ""
    begin = "Com o que se aprende nestas mesmas linhas,"
    equal = [item for item in items if not above(item.recall_gap)]
    if not equal:
        return f"{begin} nem {listed([_named(item) for item in items], 'nem')} alcança tanto."
    best = max(equal, key=lambda item: item.recall_at_10pct.value)
    reached = f"{number(100 * best.recall_at_10pct.value)} de cada 100 {product.words.events}"
    how = "mais que o modelo" if below(best.recall_gap) else "tanto quanto o modelo, sem diferença clara"
    better = "; o modelo ordena melhor" if above(best.auc_gap) else ""
    return f"{begin} {_named(best)} alcança {reached}: {how}{better}."


def _named(item: SkillReference) -> str:
    return _SIMPLER.get(item.key, names.reference(item.key))


def _beside(item: SkillReference) -> str:
    name = _named(item)
    begin = f"{name[:1].upper()}{name[1:]}, com o que se aprende nestas mesmas linhas, alcança"
    reached = f"{number(100 * item.recall_at_10pct.value)} de cada 100"
    if above(item.recall_gap):
        more = f"{begin} {reached}: o modelo alcança mais."
    elif below(item.recall_gap):
        more = f"{begin} {reached}: mais que o modelo."
    else:
        more = f"{begin} {reached}: tanto quanto o modelo, sem diferença clara."
    if above(item.auc_gap):
        return f"{more} Na ordem o modelo é melhor ({_pairs(item.auc_gap)} de AUC)."
    return f"{more} Na ordem {'ela é melhor' if below(item.auc_gap) else 'não há diferença clara'}."


def _pairs(item: Interval) -> str:
    return f"{_signed(item.value)}, IC {_signed(item.low)} a {_signed(item.high)}"


def _signed(value: float | None) -> str:
    return f"{'+' if (value or 0) > 0 else ''}{decimal(value, 3)}"


def above(item: Interval) -> bool:
    """Whether a difference is clearly above zero."""
    return item.low is not None and item.low > 0


def below(item: Interval) -> bool:
    """Whether a difference is clearly below zero."""
    return item.high is not None and item.high < 0


def with_same_day(found: SkillReport, product: Product) -> str:
    """The same of all rows, where the headline leaves those booked on the day out."""
    if found.ahead is None:
        return ""
    skill, words = found.all, product.words
    made, them = ("as marcadas", "las") if feminine(words.row) else ("os marcados", "los")
    return (
        f"Com {made} no próprio dia ({plural(skill.rows, words.row, words.rows)}) a AUC é {measure(skill.auc)} e os "
        f"10% de maior risco alcançam {number(100 * skill.recall_at_10pct.value)} de cada 100 {words.events}: quem "
        f"marca no dia quase sempre vem, e ordená-{them} por isso é fácil."
    )


def measure(item: Interval, decimals: int = 3) -> str:
    """`0,731 (IC 0,722 a 0,740)`."""
    between = decimal_interval(item, decimals)
    return decimal(item.value, decimals) + (f" (IC {between})" if between else "")


def measures(skill: Skill) -> str:
    """The measures in one line, each with its interval."""
    return (
        f"AUC {measure(skill.auc)}; Brier {measure(skill.brier, 4)}; log-loss {measure(skill.log_loss)}; "
        f"erro de calibração {percent(skill.ece.value)} (IC {interval(skill.ece)})."
    )


def expected(told: ExpectedSkill, product: Product, came: Skill | None = None) -> str:
    """What the risks themselves promise, and beside it what came true where that is known."""
    words = product.words
    fem = feminine(words.event)
    parts = [
        f"{'esperadas' if fem else 'esperados'} {number(told.events.value)} {words.events} "
        f"(de {number(told.events.low)} a {number(told.events.high)})",
        f"AUC {decimal(told.auc.value, 3)} ({decimal_interval(told.auc, 3)})",
        f"Brier {decimal(told.brier.value, 4)}",
        f"alcance de {percent(told.recall_at_10pct.value, 0)} ({interval(told.recall_at_10pct, 0)}) nos 10% de maior "
        "risco",
    ]
    said = f"Se os riscos estiverem certos: {'; '.join(parts)}."
    if came is None:
        return said
    return (
        f"{said} Vieram {number(came.events)}, com AUC {decimal(came.auc.value, 3)}, "
        f"Brier {decimal(came.brier.value, 4)} e alcance de {percent(came.recall_at_10pct.value, 0)}."
    )


def split_title(split: SkillSplit, product: Product) -> str:
    """`Por mês`, `Por unidade`, `Por faixa de idade`."""
    return f"Por {column_name(split, product)}"


def column_name(split: SkillSplit, product: Product) -> str:
    """`mês`, `unidade`, `sexo`."""
    if split.column == MONTH:
        return "mês"
    found = next((d.noun for d in product.dimensions if d.column == split.column), "")
    if found:
        return found
    field = next((f for f in product.fields if split.column.startswith(f.key)), None)
    if field is not None and field.key != split.column:
        return "faixa de idade"
    label = field.label if field else split.column
    return label if label.isupper() else label[:1].lower() + label[1:]


def group_name(group: GroupSkill, split: SkillSplit) -> str:
    """A value as it is written; months by name; small groups taken together."""
    if not group.value:
        return SMALL
    return month(group.value) if split.column == MONTH else f"“{shorten(group.value, _NAME)}”"


def differs(split: SkillSplit, product: Product) -> str:
    """One sentence on what differs between the groups: the level, and how far the riskiest tenth reaches."""
    more = [group for group in split.groups if group.told == "less" and group.value]
    less = [group for group in split.groups if group.told == "more" and group.value]
    parts = []
    if more:
        parts.append(f"{_groups(more, split)} {_verb(more)} mais do que o modelo diz")
    if less:
        parts.append(f"{_groups(less, split)} {_verb(less)} menos")
    level_ = f"{'; '.join(parts)}." if parts else "Nenhum grupo se afasta do conjunto além do acaso."
    return f"{level_} {_reached(split, product)}".strip()


def _verb(groups: Sequence[GroupSkill]) -> str:
    return "teve" if len(groups) == 1 else "tiveram"


def _groups(groups: Sequence[GroupSkill], split: SkillSplit) -> str:
    ordered = sorted(groups, key=lambda g: -abs(g.ratio.value - 1))
    named = [f"{group_name(g, split)} ({number(100 * g.ratio.value)} por 100)" for g in ordered[:_NAMED]]
    rest = len(ordered) - _NAMED
    return listed(named) if rest <= 0 else f"{', '.join(named)} e mais {number(rest)}"


def _reached(split: SkillSplit, product: Product) -> str:
    """Between which groups the reach differs most, where the intervals lie apart."""
    known = [(g.recall_at_10pct, group_name(g, split)) for g in split.groups if g.value and g.recall_at_10pct]
    if not known:
        return ""
    (low, least), (high, most) = (pick(known, key=lambda pair: pair[0].value) for pick in (min, max))
    if low.high is None or high.low is None or low.high >= high.low:
        return ""
    return (
        f"Os 10% de maior risco alcançam {percent(low.value, 0)} {_of(product)} {product.words.events} em {least} e "
        f"{percent(high.value, 0)} em {most}."
    )


def _of(product: Product) -> str:
    return "das" if feminine(product.words.event) else "dos"


def left_out(items: Sequence[tuple[Note, int]]) -> list[str]:
    """How many rows were not judged, and why."""
    return [f"{plural(rows, 'linha', 'linhas')} fora do teste. {say(why)}" for why, rows in items]


def lines(found: SkillReport, carries: CarryOver, product: Product) -> list[str]:
    """The whole report as lines of text, the verdict first."""
    skill = found.headline
    said = [
        verdict(found, carries, product).text,
        measured_on(found, product),
        reach(skill, product),
        *references(found.references),
        top_words(found.calibration, skill.rows, product),
        measures(skill),
        with_same_day(found, product),
        expected(found.expected, product, skill) if found.expected else "",
        *(f"{split_title(split, product)}: {differs(split, product)}" for split in found.splits),
        *left_out(found.left_out),
    ]
    return [line for line in said if line]
