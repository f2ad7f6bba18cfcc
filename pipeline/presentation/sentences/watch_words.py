"""What became of a model after its training in words: an advice first, why, by which rows, and by which rules."""

from __future__ import annotations

from pipeline.contract import Product, feminine
from pipeline.presentation.locale.numbers import date, listed, percent, plural
from pipeline.presentation.sentences.findings import Finding
from pipeline.presentation.sentences.skill_words import level, measure
from pipeline.records import DOUBTFUL, KEEP, SET_LEVEL, TRAIN_AGAIN, UNKNOWN, WATCH, FieldShift, Watched

_NAMED = 3  # fields named in a sentence
_TOLD = 0.02  # smaller movements are in the table alone
_LEADS = {KEEP: "Manter", WATCH: "Observar", SET_LEVEL: "Ajustar o nível", TRAIN_AGAIN: "Treinar de novo"}
_WHY = {
    "order_lost": "perdeu-se mais de metade da ordem que o modelo promete",
    "new_values": "muitas linhas estão em valores que o modelo nunca viu",
    "moved_far": "um campo em que o risco se apoia mudou muito",
    "level_off": "o que veio se afasta do previsto além do acaso, e a ordem vale",
    "slope_off": "os riscos estão longe ou perto demais uns dos outros, e a ordem vale",
    "too_few": "ainda há poucos resultados conhecidos depois do treino",
    "moved": "um campo em que o risco se apoia mudou",
}
_MEASURES = ("o nível", "a inclinação", "a ordem")
_GOOD = "o nível, a inclinação e a ordem se sustentam no que veio depois do treino"
RULES = (
    "**Treinar de novo:** perdeu-se mais de metade da ordem acima do acaso; ou um campo com 10% ou mais do risco mudou "
    "25 pontos ou mais, ou tem 20% ou mais das linhas em valores nunca vistos.",
    "**Ajustar o nível:** o observado sobre o esperado está todo fora de 0,95 a 1,05, ou a inclinação toda fora de 0,9 "
    "a 1,1, e a ordem vale.",
    "**Observar:** há menos de 200 resultados, ou menos de 20 de cada tipo; ou uma medida ainda deixa dúvida; ou um "
    "campo com 5% ou mais do risco mudou 10 pontos ou mais.",
    "**Manter:** nada disso. Vale o conselho mais forte que alguma regra pede.",
)


def advice(found: Watched, product: Product) -> Finding:
    """The advice with its reason, then what was measured on which rows."""
    why = listed([_doubt(found) if rule == "in_doubt" else _WHY[rule] for rule in found.why]) or _GOOD
    return Finding(f"{_LEADS[found.advice]}: {why}.", _measured(found, product))


def _doubt(found: Watched) -> str:
    """Which of the three measures is in doubt."""
    told = () if found.carries is None else (found.carries.level, found.carries.slope, found.carries.order)
    open_ = [name for name, verdict in zip(_MEASURES, told, strict=False) if verdict in (DOUBTFUL, UNKNOWN)]
    return f"{listed(open_)} ainda {'deixa' if len(open_) == 1 else 'deixam'} dúvida"


def field_name(key: str, product: Product) -> str:
    """A field by its label; a factor of several fields, such as the lead time, by its own."""
    field = next((item.label for item in product.fields if item.key == key), "")
    return field or next((spec.label for spec in product.features if spec.key == key), key)


def _measured(found: Watched, product: Product) -> str:
    words, skill = product.words, found.skill
    if skill is None:
        return f"Depois de {date(found.since)} há {plural(found.rows, words.row, words.rows)} nos arquivos da série."
    made = "marcadas" if feminine(words.row) else "marcados"
    which = f" não {made} no próprio dia" if found.ahead else ""
    return (
        f"{plural(skill.rows, words.row, words.rows)}{which}, depois de {date(found.since)}. "
        f"{level(skill, product)} AUC {measure(skill.auc)}."
    )


def contacted(found: Watched, product: Product) -> str:
    """How many rows were left out as somebody had been reached before; "" without any."""
    if not found.contacted:
        return ""
    return (
        f"Fora da medida: {plural(found.contacted, product.words.row, product.words.rows)} com resposta registrada "
        "antes do dia, pois o contato pode ter mudado o que veio."
    )


def moved(found: Watched, product: Product) -> str:
    """Which fields moved most, how far, and how much of the risk rests on them."""
    told = [item for item in found.fields if item.moved >= _TOLD or item.never_seen >= _TOLD][:_NAMED]
    if not told:
        return "Nenhum campo em que o risco se apoia mudou de forma clara desde o treino."
    return f"O que mais mudou desde o treino: {listed([_shift(item, product) for item in told])}."


def _shift(item: FieldShift, product: Product) -> str:
    new = f", {percent(item.never_seen, 0)} em valores nunca vistos" if item.never_seen >= _TOLD else ""
    return (
        f"{field_name(item.field, product)} ({percent(item.moved, 0)} das linhas mudou de valor{new}; "
        f"{percent(item.weight, 0)} do risco se apoia nele)"
    )
