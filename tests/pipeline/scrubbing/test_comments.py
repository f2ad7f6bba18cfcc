"""What leaves a comment and what stays, whatever stands around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cpf

from pipeline.scrubbing.comments import KINDS, MARK, scrub_comment
from pipeline.scrubbing.numbers import is_health_card
from pipeline.scrubbing.staff import StaffNumbers

SENTENCES = (
    "Esperei {} e fui embora.",
    "Na recepção, {}; um absurdo",
    "A médica receitou {} à minha mãe",
    "{}",
    "meu pai: {}!",
)
STAYS = st.one_of(
    st.integers(0, 10**7).map(lambda n: f"R$ {n:,}".replace(",", ".") + ",00"),
    st.tuples(st.integers(1, 99), st.integers(1, 99)).map(lambda p: f"{p[0] * 100}-{p[1] * 100} reais"),
    st.integers(1, 10**6).map(lambda n: f"{n} reais"),
    st.times().map(lambda t: f"às {t:%H:%M}"),
    st.times().map(lambda t: f"{t.hour}h{t.minute:02}"),
    st.tuples(st.integers(0, 23), st.integers(0, 23)).map(lambda p: f"das {p[0]} às {p[1]}"),
    st.tuples(st.integers(1, 5000), st.sampled_from(["mg", " mg", "ml", " gotas", " mcg", "ui", " comprimidos"])).map(
        lambda p: f"{p[0]}{p[1]}"
    ),
    st.integers(1, 24).map(lambda n: f"{n}/{n}h"),
    st.tuples(st.integers(1, 500), st.sampled_from(["minutos", "horas", "dias", "meses", "anos", "min", "h"])).map(
        lambda p: f"{p[0]} {p[1]}"
    ),
    st.integers(0, 100).map(lambda n: f"{n}%"),
    st.integers(0, 999).map(lambda n: f"{n / 10:.1f}%".replace(".", ",")),
    st.tuples(st.integers(8, 25), st.integers(4, 15)).map(lambda p: f"{p[0]}x{p[1]}"),
    st.dates().map(lambda d: f"no dia {d:%d/%m/%Y}"),
    st.integers(1900, 2100).map(lambda y: f"em {y}"),
)
SPOKEN = "a o dra Dr. Ana maria silva Souza de e meu pai cpf final 8909 rua Hospital Rosa 123 99876-1234 @fulano"
WORDS = (*SPOKEN.split(), *["nome", "é", ",", ".", "[nome]", "[cpf]", "-", "R$", "moro", "na"])


@pytest.mark.parametrize(
    ("comment", "clean"),
    [
        ("CPF 529.982.247-25, ruim", "CPF [cpf], ruim"),
        ("cpf 52998224725.", "cpf [cpf]."),
        ("529.982.247-26 digitado errado", "[cpf] digitado errado"),
        ("fone (27) 99876-1234!", "fone [telefone]!"),
        ("zap 27998761234", "zap [telefone]"),
        ("+55 27 99876 1234", "[telefone]"),
        ("fixo 3322-1234 ou 99876-1234", "fixo [telefone] ou [telefone]"),
        ("escreva a maria.s+x@clinica.com.br.", "escreva a [e-mail]."),
        ("cartão 4111 1111 1111 1111", "cartão [cartão]"),
        ("4111111111111111", "[cartão]"),
    ],
)
def test_personal_numbers_leave_a_comment(comment: str, clean: str) -> None:
    found = scrub_comment(comment)
    assert found.text == clean
    assert sum(found.counts.values()) == clean.count("[")


@pytest.mark.parametrize(
    "comment",
    [
        "Esperei 45 minutos no dia 12/05/2025 às 14:30",
        "paguei R$ 1.250,00 em 3 vezes",
        "protocolo demorado e nota 1234567890123",
        "atendida de 2019-2023, nota 10/10",
        "o CEP não é atendido",
        "a conta foi de 2500 3000 não aceito",
        "sala 3, 2º andar, 100% satisfeita ★★★★★",
        "",
    ],
)
def test_what_names_nobody_stays(comment: str) -> None:
    found = scrub_comment(comment)
    assert (found.text, dict(found.counts)) == (comment, {})


@given(
    st.text(alphabet="abc ,;!?\n", max_size=20),
    st.integers(1, 10**9 - 1),
    st.booleans(),
    st.text(alphabet="abc ,;!?\n", max_size=20),
)
def test_no_valid_cpf_survives(before: str, number: int, written: bool, after: str) -> None:
    digits = f"{number:09d}"
    digits += cpf._calc_check_digits(digits)
    shown = cpf.format(digits) if written else digits
    found = scrub_comment(f"{before}{shown}{after}")
    assert found.text == f"{before}[cpf]{after}" and found.counts == {"cpf": 1}
    assert scrub_comment(found.text).text == found.text


ORDERS = st.tuples(
    st.sampled_from(
        ["PEDIDO NR. ", "pedido nº ", "nr do pedido ", "Pedido nr.", "n° ", "compra ", "nota fiscal ", "O.S. "]
    ),
    st.one_of(
        st.from_regex(r"0[1-9]-[1-9][0-9]{8}", fullmatch=True),
        st.integers(10**5, 10**9).filter(lambda n: not 1900 <= n // 10**4 <= 2099).map(str),
    ),
)


@given(st.sampled_from(SENTENCES), ORDERS)
def test_the_number_of_an_order_never_survives(sentence: str, order: tuple[str, str]) -> None:
    found = scrub_comment(sentence.format("".join(order)))
    assert found.text == sentence.format(f"{order[0]}[protocolo]") and found.counts == {"protocolo": 1}


@given(st.sampled_from(["pedido {}", "no meu pedido de {}", "compra de {}", "a entrega era ate {}", "nr. {}"]), STAYS)
def test_of_an_order_what_is_counted_or_paid_stays(sentence: str, said: str) -> None:
    assert scrub_comment(sentence.format(said)).text == sentence.format(said)


@given(st.sampled_from(SENTENCES), STAYS)
def test_money_times_doses_durations_and_percentages_are_never_eaten(sentence: str, said: str) -> None:
    comment = sentence.format(said)
    assert scrub_comment(comment).text == comment


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
def test_any_text_is_scrubbed_and_scrubbing_twice_is_scrubbing_once(comment: str) -> None:
    once = scrub_comment(comment)
    assert scrub_comment(once.text).text == once.text
    assert set(once.counts) <= set(KINDS)
    bare = len(MARK.findall(comment))
    assert len(MARK.findall(once.text)) <= bare + sum(once.counts.values())


@given(st.text(alphabet="bcdfgqvwxz ,;!?ãéç😀\n", max_size=200))
def test_a_text_without_digits_or_names_is_unchanged(comment: str) -> None:
    found = scrub_comment(comment)
    assert found.text == comment and not found.counts


def test_staff_keep_a_number_by_choice_and_nobody_else_does() -> None:
    staff = StaffNumbers()
    said = [
        "A Dra. Fernanda atendeu minha mãe Lourdes.",
        "enfermeiro Paulo e enfermeira Laura",
        "doutora fernanda de novo, e o doutor Paulo",
        "Dona Maria e o paciente José saíram",
    ]
    assert [scrub_comment(text, staff).text for text in said] == [
        "A Dra. [profissional 1] atendeu minha mãe [nome].",
        "enfermeiro [profissional 2] e enfermeira [profissional 3]",
        "doutora [profissional 1] de novo, e o doutor [profissional 4]",
        "Dona [nome] e o paciente [nome] saíram",
    ]
    assert len(staff) == 4 and scrub_comment(said[0]).counts == {"nome": 2}
    assert scrub_comment(said[0], staff).counts == {"profissional": 1, "nome": 1}
    again = scrub_comment(said[0], staff).text
    assert scrub_comment(again, staff).text == again


@pytest.mark.parametrize(
    ("comment", "clean"),
    [
        ("paguei a filha. Vale a pena", None),
        ("recomendo o vendedor. Carregadores bons", None),
        ("o hospital da Dra. Paula é bom", "o hospital da Dra. [nome] é bom"),
        ("Hospital Dra. Paula Souza é bom", None),
        ("Médicos Paulo, Ana e Carla são ótimos", "Médicos [nome], [nome] e [nome] são ótimos"),
        ("papai noel chegou", None),
        ("Rosa me atendeu bem", "[nome] me atendeu bem"),
        ("Rosa não me atendeu, a Rosa", None),
        ("Aparecida da recepção é grossa", "[nome] da recepção é grossa"),
        ("EU JOAO CARLOS FUI MAL ATENDIDO", "EU [nome] FUI MAL ATENDIDO"),
        ("a placa do carro é FGH 1B34", "a placa do carro é [placa]"),
        ("o protocolo deles é o 4455.6677/2025", "o protocolo deles é o [protocolo]"),
        ("telefone fixo 32221145", "telefone fixo [telefone]"),
        ("R. Barão do Rio Branco, 1020 - ap 33", "[endereço]"),
        ("minha matrícula é 88123-4", "minha matrícula é [registro]"),
        ("Ana de Joinville", "[nome] de Joinville"),
        ("MEU FILHO JOÃO FICOU COM FEBRE", "MEU FILHO [nome] FICOU COM FEBRE"),
        ("fiz o pedido dia 11/12", None),
        ("placa ABC-1234", "placa [placa]"),
        ("a tomada ABC-1234 queimou", None),
        ("moro na Rua Azul", "moro na [endereço]"),
        ("a Rua Azul está em obras", None),
        ("ligo para 0800 123 4567", None),
    ],
)
def test_what_is_a_name_depends_on_what_stands_beside_it(comment: str, clean: str | None) -> None:
    assert scrub_comment(comment).text == (clean or comment)


def test_health_cards_are_told_by_their_digits() -> None:
    valid = next(n for n in range(700_000_000_000_000, 700_000_000_000_020) if is_health_card(str(n)))
    assert scrub_comment(f"meu número {valid} sumiu").counts == {"cns": 1}
    assert not is_health_card("4" + "0" * 14)
