"""What patients wrote and what they talk about, as tables for the screen and for downloads."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.contract import Product
from pipeline.presentation.frames.tables import _interval, _texts
from pipeline.presentation.locale import names, numbers
from pipeline.presentation.sentences import reason_words, theme_words
from pipeline.records import (
    POLARITIES,
    Interval,
    ThemeOverview,
)

UNSURE = "unsure"  # in place of a group


def listed(
    frame: pd.DataFrame,
    product: Product,
    themes: Sequence[Sequence[tuple[str, str]]] | None = None,
    gravity: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Care events with what the model reads in them, as plain numbers: what is appended to a download.

    `themes` of each event: codes with their polarity; `gravity`: the code of its gravest alert; where they are told.
    """
    shown: dict[str, object] = {"linha": frame["row"].to_numpy()}
    if product.comment is not None:
        shown["comentario_sem_dados_pessoais"] = _texts(frame[product.comment.key]).to_numpy()
    shown |= {f"prob_{n}": frame[f"star_{n}"].to_numpy() for n in range(1, 6)}
    shown |= {
        "estrelas_previstas": frame["expected"].to_numpy(),
        "classe": [
            names.nps_group(key or UNSURE) if key or why else ""
            for key, why in zip(_texts(frame["group"]), _texts(frame["unsure"]), strict=True)
        ],
        "risco": frame["risk"].to_numpy(),
        "faixa": [names.tier(key) if key else "" for key in _texts(frame["tier"])],
    }
    shown |= {
        f"motivo_{n}": reason_words.reasons(frame[f"reason_{n}"], frame[f"reason_{n}_points"].to_numpy())
        for n in (1, 2, 3)
    }
    shown |= {
        "divergencia": reason_words.texts(frame["divergence"]),
        "incerteza": reason_words.texts(frame["unsure"]),
        **({} if gravity is None else {"gravidade": list(gravity)}),
        **({} if themes is None else {"temas": [theme_words.codes(tuple(said)) for said in themes]}),
        "observacao": reason_words.texts(frame["observation"]),
    }
    return pd.DataFrame(shown)


STANCES = {"improve": "melhorar", "watch": "observar", "celebrate": "comemorar"}


def themes(overview: ThemeOverview) -> pd.DataFrame:
    """Themes of comments as plain numbers: how often, with blame or praise, mean stars, effect in stars, each with its
    interval.
    """
    labels = {row.key: row.label for row in overview.themes}
    records = [
        [
            row.label,
            labels.get(row.parent, ""),
            STANCES[row.stance],
            row.comments,
            *_interval(row.share),
            *(getattr(row.counts, name) for name in POLARITIES),
            *_interval(row.negative),
            row.rated,
            *_interval(row.stars),
            *_interval(row.effect),
        ]
        for row in overview.themes
    ]
    headers = [
        "Tema",
        "É parte de",
        "O que fazer",
        "Comentários",
        "Parte dos comentários",
        "Parte: de",
        "Parte: até",
        "Negativos",
        "Mistos",
        "Positivos",
        "Neutros",
        "Parte negativa",
        "Negativa: de",
        "Negativa: até",
        "Com estrelas",
        "Estrelas (média)",
        "Estrelas: de",
        "Estrelas: até",
        "Efeito em estrelas",
        "Efeito: de",
        "Efeito: até",
    ]
    return pd.DataFrame(records, columns=headers)


def themes_shown(overview: ThemeOverview) -> pd.DataFrame:
    """The same for the eye, each number with its n and interval."""
    records = [
        [
            theme_words.in_hierarchy(row, overview),
            STANCES[row.stance],
            numbers.number(row.comments),
            f"{numbers.percent(row.share.value)} ({numbers.interval(row.share)})",
            f"{numbers.percent(row.negative.value)} ({numbers.interval(row.negative)})"
            if row.negative
            else numbers.NONE,
            *(numbers.number(getattr(row.counts, name)) for name in ("mixed", "positive", "neutral")),
            numbers.number(row.rated),
            _or_none(row.stars, 2),
            _or_none(row.effect, 2),
        ]
        for row in overview.themes
    ]
    return pd.DataFrame(
        records,
        columns=[
            "Tema",
            "O que fazer",
            "Comentários",
            "Parte dos comentários",
            "Parte negativa",
            "Mistos",
            "Positivos",
            "Neutros",
            "Com estrelas",
            "Estrelas (média)",
            "Efeito em estrelas",
        ],
    )


def _or_none(value: Interval | None, decimals: int) -> str:
    if value is None:
        return numbers.NONE
    between = numbers.decimal_interval(value, decimals)
    return numbers.decimal(value.value, decimals) + (f" ({between})" if between else "")
