"""How like a header is to the names of a field: words, abbreviations and spelling, never the cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from pipeline.contract import Field
from pipeline.ingestion.parsing.encode import fold

_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ])")
_FILLERS = frozenset({"a", "as", "ao", "o", "os", "da", "das", "de", "do", "dos", "e", "em", "na", "no", "para",
                      "por", "que", "the", "of", "el", "la", "las", "los", "del", "y"})
_LONG = {
    "dt": "data", "dta": "data", "dat": "data", "date": "data", "nasc": "nascimento", "nascto": "nascimento",
    "nasci": "nascimento", "nac": "nascimento", "cod": "codigo", "cd": "codigo", "id": "codigo", "nm": "nome",
    "nr": "numero", "num": "numero", "nro": "numero", "ds": "descricao", "desc": "descricao",
    "dsc": "descricao", "tp": "tipo", "sit": "situacao", "st": "status", "stt": "status", "agend": "agendamento",
    "agto": "agendamento", "ag": "agendamento", "pac": "paciente", "pcte": "paciente", "pct": "paciente",
    "conv": "convenio", "proc": "procedimento", "proced": "procedimento", "unid": "unidade", "und": "unidade",
    "atend": "atendimento", "atd": "atendimento", "cons": "consulta", "cat": "categoria", "categ": "categoria",
    "sg": "sigla", "cont": "contato", "cad": "cadastro", "solic": "solicitacao", "marc": "marcacao",
    "espec": "especialidade", "hr": "hora", "dh": "data hora", "estab": "estabelecimento", "co": "codigo", "nu": "numero",
    "n": "numero", "ie": "", "agendto": "agendamento", "dthr": "data hora", "dttm": "data hora", "datetime": "data hora",
    "dia": "data", "day": "data", "time": "hora", "horario": "hora", "fecha": "data", "fec": "data", "nacimiento": "nascimento",
    "birth": "nascimento", "dob": "data nascimento", "dn": "data nascimento", "appt": "appointment", "pt": "paciente",
    "patient": "paciente", "name": "nome", "nombre": "nome", "number": "numero", "code": "codigo", "type": "tipo",
    "prof": "profissional", "mun": "municipio", "tel": "telefone", "fone": "telefone", "phone": "telefone", "cel": "celular",
    "vl": "valor", "vlr": "valor", "qt": "quantidade", "qtd": "quantidade", "qtde": "quantidade", "resp": "responsavel",
    "atualiz": "atualizacao", "canc": "cancelamento", "cancel": "cancelamento", "autoriz": "autorizacao", "exec": "execucao",
}
# a name that is one of these says too little to be meant wherever it stands in a longer header: "Local de nascimento"
_BROAD = frozenset({
    "data", "hora", "tipo", "codigo", "numero", "nome", "descricao", "local", "location", "site", "categoria", "modalidade",
    "origem", "resultado", "texto", "text", "nivel", "level", "area", "setor", "mode", "source", "channel", "canal", "empresa",
    "clinica", "clinic", "centro", "practice", "branch", "documento", "plano", "plan", "estado", "state", "unit", "service", "exam",
    "avaliacao", "asistencia", "attendance", "outcome", "coverage", "seguro", "nascimento", "mensagem", "opinion", "review",
    "expediente", "age", "pagador", "department", "agendado", "marcado", "criado", "solicitado", "incluido", "registrado",
    "cadastrado", "publicado", "respondido", "avaliado",
})
# a header with one of these, where the name has none, is of another thing: who asked, who attended, the money, what came later
_APART = frozenset({
    "solicitante", "requisitante", "requesting", "referring", "referencia", "encaminhador", "encaminhadora", "encaminhamento",
    "reguladora", "regulador", "central", "demandante", "desejada", "desejado", "origem", "medico", "medica", "doctor",
    "profissional", "profesional", "provider", "physician", "prestador", "doutor", "enfermagem", "crm", "conselho", "operador",
    "operadora", "atendente", "responsavel", "responsable", "guarantor", "titular", "mae", "pai", "madre", "mother", "conjuge",
    "acompanhante", "telefone", "telefono", "celular", "email", "mail", "endereco", "municipio", "cidade", "city", "bairro",
    "pagamento", "pago", "payment", "financeiro", "financeira", "faturamento", "valor", "preco", "monto", "importe", "copay",
    "amount", "quantidade", "nota", "guia", "senha", "carteira", "carteirinha", "matricula", "validade", "convenio", "motivo",
    "reason", "justificativa", "observacao", "observacoes", "chegada", "llegada", "arrival", "espera", "recepcao", "limpeza",
    "saida", "alta", "discharge", "termino", "fim", "end", "laudo", "entrega", "resultado", "preparo", "ultima", "ultimo", "last",
    "proxima", "proximo", "next", "anterior", "previous", "cancelamento", "cancelacion", "cancellation", "confirmacao",
    "confirmacion", "confirmation", "confirmado", "autorizacao", "autorizacion", "authorization", "alteracao", "atualizacao",
    "modificacao", "updated", "modified", "obito", "gestacional", "meses", "medida", "tratamento", "treatment", "interno",
    "interna", "proprietario", "propietario", "owner", "reply", "resposta", "respuesta", "lembrete", "reminder", "unidade",
    "reviewer", "author", "autor",
})
_OF_THE_PATIENT = frozenset({"paciente", "cliente"})
_REGISTERED = frozenset({"cadastro", "registro", "criacao", "inclusao"})  # the patient's: no date of the booking
_OWN, _SYNONYM, _REORDERED, _EXPANDED = 1.0, 0.98, 0.96, 0.95
_STEP = 0.0005  # earlier synonyms are meant more than later ones
_LIKE_FROM = 0.80  # likeness of spelling below which two headers have nothing in common
_LIKE_WORTH = 0.9
_LONGEST = 200  # characters of a header that are looked at: a longer one names no column
_SHORTEST = 4  # letters: shorter words are like too many others
_HELD_WORTH = 0.55  # all the words of a name stand in a longer header
_HELD_BONUS = 0.3


@dataclass(frozen=True)
class Likeness:
    """`score` 0..1 and the Portuguese reason for it."""

    score: float
    reason: str


@dataclass(frozen=True)
class _Name:
    folded: str
    words: frozenset[str]  # without fillers
    long: frozenset[str]  # abbreviations written out


def header_likeness(header: str, item: Field) -> Likeness:
    """How like the header is to the nearest name of the field."""
    own = _name(header[:_LONGEST])
    best = Likeness(0.0, "")
    for place, name in enumerate(_names(item)):
        found = _compare(own, name, _OWN if place < 2 else _SYNONYM - _STEP * place)
        best = found if found.score > best.score else best
    return best


def _compare(header: _Name, name: _Name, exact: float) -> Likeness:
    if header.folded == name.folded:
        return Likeness(exact, "cabeçalho igual")
    if header.words == name.words:
        return Likeness(min(exact, _REORDERED), "cabeçalho igual, em outra ordem")
    if header.long == name.long:
        return Likeness(min(exact, _EXPANDED), "cabeçalho igual, abreviado")
    if _apart(header, name):
        return Likeness(0.0, "")
    like = _spelling(header, name)
    if name.long < header.long and not (len(name.long) == 1 and name.long <= _BROAD):
        held = _HELD_WORTH + _HELD_BONUS * len(name.long) / len(header.long)
        return Likeness(max(like, held), "cabeçalho parecido")
    return Likeness(like, "cabeçalho parecido")


def _apart(header: _Name, name: _Name) -> bool:
    """Whether the header has a word, foreign to the name, that makes it another thing."""
    more = header.long - name.long
    return bool(more & _APART) or bool(more & _OF_THE_PATIENT and header.long & _REGISTERED)


def _spelling(header: _Name, name: _Name) -> float:
    """Likeness of what the two don't share: "data da consulta" and "data de contato" have only "data" in common."""
    own, other = header.long - name.long, name.long - header.long
    if not own or not other:
        return 0.0
    rest = fuzz.ratio(" ".join(sorted(own)), " ".join(sorted(other))) / 100
    glued = fuzz.ratio(header.folded.replace(" ", ""), name.folded.replace(" ", "")) / 100
    if len(header.words) == len(name.words):
        glued = 0.0  # only a blank too many or too few ("noshow") is judged in one piece
    ratio = max(rest, glued)
    shortest = min(sum(map(len, own)), sum(map(len, other)))
    return _LIKE_WORTH * ratio if ratio >= _LIKE_FROM and shortest >= _SHORTEST else 0.0


@cache
def _names(item: Field) -> tuple[_Name, ...]:
    return tuple(_name(text) for text in (item.key, item.label, *item.synonyms, item.source))


def _name(text: str) -> _Name:
    folded = fold(_CAMEL.sub(" ", text).replace("_", " "))
    words = [word for word in folded.split() if word not in _FILLERS] or folded.split()
    long = frozenset(" ".join(_LONG.get(word, word) for word in words).split())
    if "data" in long and long - {"data", "hora"}:
        long -= {"hora"}  # "data e hora da consulta" is the date of it, with the hour
    return _Name(folded, frozenset(words), long)
