"""Four products that exist in the tests only: loans of a library, answers to a bell, a guest book, a letter box.

They show that the house knows no product: one has an agenda, a person and a category, one little more than a date
and an outcome, one stars and what guests wrote, one letters sorted into praise, question and complaint. Nothing
outside the tests may name them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from pipeline.contract import (
    Dimension,
    FeatureKind,
    FeatureSpec,
    Field,
    FieldKind,
    Outcome,
    Product,
    Role,
    Rule,
    RuleKind,
    Sample,
    Severity,
    Theme,
    Value,
    Words,
)
from pipeline.products.usual import with_usual

LAST_DAY = dt.date(2026, 11, 22)
SHELVES = ("Poesia", "Romance", "Culinária", "Viagem")
LATE = {"Poesia": 0.15, "Romance": 0.2, "Culinária": 0.3, "Viagem": 0.6}
"""How often a loan comes back late, by shelf, before the length of the loan counts: the cause to be found."""


def loans(rows: int, seed: int, *, errors: bool = False, future: bool = False) -> Iterator[pa.Table]:
    """Loans whose lateness follows shelf and length; with `errors`, the first due date of each ten is missing."""
    random = np.random.default_rng(seed)
    shelf = random.choice(SHELVES, rows)
    length = random.integers(3, 40, rows)
    away = random.integers(1, 20, rows) if future else -random.integers(0, 300, rows)
    due = [LAST_DAY + dt.timedelta(days=int(days)) for days in away]
    late = random.random(rows) < np.array([LATE[name] for name in shelf]) * (0.5 + length / 40)
    outcome = ["Emprestado" if future else "Atrasado" if is_late else "No prazo" for is_late in late]
    yield pa.table(
        {
            "Carteirinha": [f"L{number:04d}" for number in random.integers(0, rows // 4 + 1, rows)],
            "Retirada": [_written(day - dt.timedelta(days=int(days))) for day, days in zip(due, length, strict=True)],
            "Prazo de devolução": ["" if errors and i % 10 == 0 else _written(day) for i, day in enumerate(due)],
            "Devolução": outcome,
            "Estante": shelf.tolist(),
        }
    )


def bells(rows: int, seed: int, *, errors: bool = False, future: bool = False) -> Iterator[pa.Table]:
    """Rings of a bell that somebody answers more often on some doors than on others."""
    random = np.random.default_rng(seed)
    door = random.choice(("Porta azul", "Porta verde"), rows)
    silent = random.random(rows) < np.where(door == "Porta azul", 0.5, 0.2)
    days = [LAST_DAY - dt.timedelta(days=int(ago)) for ago in random.integers(0, 200, rows)]
    yield pa.table(
        {
            "Dia do toque": [_written(day) for day in days],
            "Resposta": ["Silêncio" if is_silent else "Atendeu" for is_silent in silent],
            "Porta": door.tolist(),
        }
    )


def guests(rows: int, seed: int, *, errors: bool = False, future: bool = False) -> Iterator[pa.Table]:
    """What guests of an inn write, and the stars they give: the soup is bad, the garden is good."""
    random = np.random.default_rng(seed)
    days = [LAST_DAY - dt.timedelta(days=int(ago)) for ago in random.integers(0, 200, rows)]
    soup, garden = random.random(rows) < 0.35, random.random(rows) < 0.5
    stars = np.clip(np.round(3.6 - 1.9 * soup + 1.1 * garden + random.normal(0, 0.5, rows)), 1, 5).astype(int)
    openers, closers = (
        ("Ficamos aqui", "Viemos com amigos", "Passamos a noite", "Voltamos"),
        ("nas férias", "no inverno", "com chuva", "de bicicleta"),
    )
    said = [
        " ".join([openers[int(a)], closers[int(b)], "sopa fria" if s else "", "jardim lindo" if g else ""]).strip()
        + f", quarto {n % 40}"
        for n, (a, b, s, g) in enumerate(
            zip(random.integers(0, 4, rows), random.integers(0, 4, rows), soup, garden, strict=True)
        )
    ]
    yield pa.table(
        {
            "Dia da visita": [_written(day) for day in days],
            "Estrelas": ["" if future or n % 11 == 0 else str(s) for n, s in enumerate(stars)],
            "Recado": ["" if n % 7 == 0 and not future and n % 11 else text for n, text in enumerate(said)],
        }
    )


def letters(rows: int, seed: int, *, errors: bool = False, future: bool = False) -> Iterator[pa.Table]:
    """What is written to a town hall, sorted by hand into praise, question and complaint: lamps are complained of."""
    random = np.random.default_rng(seed)
    days = [LAST_DAY - dt.timedelta(days=int(ago)) for ago in random.integers(0, 200, rows)]
    lamp, garden = random.random(rows) < 0.4, random.random(rows) < 0.4
    complaint = random.random(rows) < np.where(lamp, 0.75, 0.1)
    other = np.where(random.random(rows) < np.where(garden, 0.8, 0.3), "Elogio", "Dúvida")
    openers = ("Bom dia", "Escrevo da rua de cima", "Sou da vila", "Moro perto")
    said = [
        (
            f"{openers[int(a)]}, "
            f"{'a luz da rua apagou' if dark else 'passei na praça'}{' e vi o canteiro' if green else ''}, {n}"
        )
        for n, (a, dark, green) in enumerate(zip(random.integers(0, 4, rows), lamp, garden, strict=True))
    ]
    yield pa.table(
        {
            "Dia da carta": [_written(day) for day in days],
            "Assunto": ["" if future else "Queixa" if c else str(o) for c, o in zip(complaint, other, strict=True)],
            "Carta": said,
        }
    )


def _written(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def _rules(date: str, target: str, noun: str) -> tuple[Rule, ...]:
    """What is a toy's own; the rest follows from its fields."""
    return (
        Rule("date_missing", RuleKind.MISSING, Severity.BLOCKER, (date,), f"Sem data de {noun}",
             "{rows} de {total} linhas [está|estão] sem data ({examples}).", "Preencha a data."),
        Rule("date_unreadable", RuleKind.UNREADABLE, Severity.BLOCKER, (date,), f"Data de {noun} ilegível",
             "{rows} de {total} linhas [tem|têm] data que não se entende, como {values} ({examples}).",
             "Escreva como 10/01/2026."),
        _few(target),
    )  # fmt: skip


def _few(target: str) -> Rule:
    return Rule("few_of_one_class", RuleKind.ONE_CLASS, Severity.WARNING, (target,), "Poucos casos",
                "há {values} entre {total} linhas com resultado.", "Envie um período maior.")  # fmt: skip


def _whole(product: Product) -> Product:
    """With the rules that follow from its fields."""
    return replace(product, rules=with_usual(product.fields, product.rules, product.dimensions))


LIBRARY = _whole(
    Product(
        key="toy_library",
        title="Devoluções",
        description="Probabilidade de um livro voltar depois do prazo. Uma linha é um empréstimo.",
        words=Words(
            row="empréstimo",
            rows="empréstimos",
            event="atraso",
            events="atrasos",
            non_event="devolução no prazo",
            rate="Taxa de atraso",
            risk_title="Risco de atraso",
            model_title="Modelo de atrasos",
            finding="Um em cada {one_in} empréstimos volta tarde: {rate}.",
            finding_rate="De cada 100 empréstimos, {per_100} voltam tarde: {rate}.",
            agenda_title="Livros a lembrar",
            agenda_finding="Lembrar os {calls} primeiros alcança {reached} dos {expected} atrasos esperados.",
            when_title="Quando se atrasa mais",
            looks_like="empréstimos",
        ),
        fields=(
            Field(
                "card",
                "Carteirinha",
                FieldKind.IDENTIFIER,
                Role.PATIENT,
                "Número da carteirinha",
                ("L0001",),
                "Sem a carteirinha não há histórico de quem leva.",
                personal=True,
            ),
            Field(
                "taken_on",
                "Retirada",
                FieldKind.DATE,
                Role.CONTACT,
                "Dia em que o livro saiu",
                ("02/01/2026",),
                "Sem a retirada não se conhece a duração do empréstimo.",
            ),
            Field(
                "due_on",
                "Prazo de devolução",
                FieldKind.DATE,
                Role.SCHEDULED,
                "Último dia para devolver",
                ("16/01/2026",),
                "Sem o prazo não há empréstimo.",
                required=True,
                future_allowed=True,
            ),
            Field(
                "came_back",
                "Devolução",
                FieldKind.CLOSED,
                Role.TARGET,
                "Como o livro voltou",
                ("No prazo", "Atrasado"),
                "Sem a devolução não há o que aprender.",
                values=(
                    Value("No prazo", ("em dia",), Outcome.NON_EVENT),
                    Value("Atrasado", ("tarde",), Outcome.EVENT),
                    Value("Emprestado", ("em aberto",), Outcome.PENDING),
                    Value("Perdido", (), Outcome.EXCLUDED),
                ),
            ),
            Field(
                "shelf",
                "Estante",
                FieldKind.OPEN,
                Role.CATEGORY,
                "Onde o livro mora",
                ("Poesia", "Viagem"),
                "Sem a estante não há comparação entre estantes.",
            ),
        ),
        rules=_rules("due_on", "came_back", "devolução"),
        features=(
            FeatureSpec("loan_days", FeatureKind.LEAD_TIME, ("taken_on", "due_on"), "Duração do empréstimo"),
            FeatureSpec("reader", FeatureKind.HISTORY, ("card", "taken_on", "due_on", "came_back"), "Quem leva"),
            FeatureSpec("day", FeatureKind.CALENDAR, ("due_on",), "Dia da devolução"),
            FeatureSpec("shelf", FeatureKind.RATE, ("shelf",), "Estante"),
        ),
        dimensions=(Dimension("shelf", "Em quais estantes se atrasa mais", noun="estante", noun_plural="estantes"),),
        sample=Sample(loans, (("past", "toy_library_passado.csv"), ("future", "toy_library_futuro.csv"))),
    )
)

BELL = _whole(
    Product(
        key="toy_bell",
        title="Campainhas",
        description="Probabilidade de ninguém atender. Uma linha é um toque.",
        words=Words(
            row="toque",
            rows="toques",
            event="silêncio",
            events="silêncios",
            non_event="resposta",
            rate="Taxa de silêncio",
            risk_title="Risco de silêncio",
            model_title="Modelo de silêncios",
            finding="Um em cada {one_in} toques fica sem resposta: {rate}.",
            finding_rate="De cada 100 toques, {per_100} ficam sem resposta: {rate}.",
        ),
        fields=(
            Field(
                "rang_on",
                "Dia do toque",
                FieldKind.DATE,
                Role.OCCURRED,
                "Quando tocou",
                ("02/01/2026",),
                "Sem o dia não há toque.",
                required=True,
            ),
            Field(
                "answer",
                "Resposta",
                FieldKind.CLOSED,
                Role.TARGET,
                "Se alguém atendeu",
                ("Atendeu", "Silêncio"),
                "Sem a resposta não há o que aprender.",
                values=(Value("Atendeu", (), Outcome.NON_EVENT), Value("Silêncio", (), Outcome.EVENT)),
            ),
            Field(
                "door",
                "Porta",
                FieldKind.OPEN,
                Role.CATEGORY,
                "Qual porta",
                ("Porta azul",),
                "Sem a porta não há comparação.",
            ),
        ),
        rules=_rules("rang_on", "answer", "toque"),
        features=(
            FeatureSpec("day", FeatureKind.CALENDAR, ("rang_on",), "Dia do toque"),
            FeatureSpec("door", FeatureKind.RATE, ("door",), "Porta"),
        ),
        dimensions=(),
        sample=Sample(bells, (("past", "toy_bell_passado.csv"),)),
    )
)

GUESTBOOK = _whole(
    Product(
        key="toy_guestbook",
        title="Livro de visitas",
        description="Quantas estrelas um hóspede dá. Uma linha é uma visita.",
        words=Words(
            row="visita",
            rows="visitas",
            event="queixa",
            events="queixas",
            non_event="visita sem queixa",
            rate="Taxa de queixa",
            risk_title="Risco de queixa",
            model_title="Modelo de queixas",
            finding="Uma em cada {one_in} visitas termina em queixa: {rate}.",
            finding_rate="De cada 100 visitas, {per_100} terminam em queixa: {rate}.",
        ),
        fields=(
            Field(
                "visited_on",
                "Dia da visita",
                FieldKind.DATE,
                Role.OCCURRED,
                "Quando se hospedou",
                ("02/01/2026",),
                "Sem o dia não há teste no tempo.",
            ),
            Field(
                "stars_given",
                "Estrelas",
                FieldKind.RATING,
                Role.TARGET,
                "De 1 a 5",
                ("4",),
                "Sem estrelas não há o que aprender.",
            ),
            Field(
                "note_left",
                "Recado",
                FieldKind.FREE_TEXT,
                Role.COMMENT,
                "O que escreveu",
                ("Jardim lindo",),
                "Sem recado não há o que ler.",
            ),
        ),
        rules=(_few("stars_given"),),
        features=(
            FeatureSpec("note", FeatureKind.TEXT, ("note_left",), "Recado"),
            FeatureSpec("day", FeatureKind.CALENDAR, ("visited_on",), "Dia da visita"),
        ),
        dimensions=(),
        sample=Sample(guests, (("past", "toy_guestbook_passado.csv"), ("future", "toy_guestbook_sem_nota.csv"))),
        themes=(Theme("soup", "Sopa", ("sopa*",)), Theme("garden", "Jardim", ("jardim", "jardins"))),
        one_of=("stars_given", "note_left"),
    )
)

LETTERBOX = _whole(
    Product(
        key="toy_letterbox",
        title="Cartas",
        description="Probabilidade de uma carta ser queixa. Uma linha é uma carta.",
        words=Words(
            row="carta",
            rows="cartas",
            event="queixa",
            events="queixas",
            non_event="carta sem queixa",
            rate="Taxa de queixa",
            risk_title="Risco de queixa",
            model_title="Modelo de cartas",
            finding="Uma em cada {one_in} cartas é queixa: {rate}.",
            finding_rate="De cada 100 cartas, {per_100} são queixas: {rate}.",
        ),
        fields=(
            Field(
                "sent_on",
                "Dia da carta",
                FieldKind.DATE,
                Role.OCCURRED,
                "Quando foi escrita",
                ("02/01/2026",),
                "Sem o dia não há teste no tempo.",
                required=True,
            ),
            Field(
                "subject",
                "Assunto",
                FieldKind.CLOSED,
                Role.TARGET,
                "Elogio, Dúvida ou Queixa",
                ("Elogio", "Queixa"),
                "Sem o assunto não há o que aprender.",
                values=(
                    Value("Elogio", (), Outcome.NON_EVENT),
                    Value("Dúvida", ("pergunta",), Outcome.NON_EVENT),
                    Value("Queixa", ("reclamacao",), Outcome.EVENT),
                ),
            ),
            Field(
                "letter",
                "Carta",
                FieldKind.FREE_TEXT,
                Role.COMMENT,
                "O que está escrito",
                ("A luz apagou",),
                "Sem a carta não há o que ler.",
            ),
        ),
        rules=_rules("sent_on", "subject", "carta"),
        features=(
            FeatureSpec("text", FeatureKind.TEXT, ("letter",), "Carta"),
            FeatureSpec("day", FeatureKind.CALENDAR, ("sent_on",), "Dia da carta"),
        ),
        dimensions=(Dimension("subject", "De que assunto se escreve mais", noun="assunto", noun_plural="assuntos"),),
        sample=Sample(letters, (("past", "toy_letterbox_passado.csv"), ("future", "toy_letterbox_por_ler.csv"))),
    )
)
