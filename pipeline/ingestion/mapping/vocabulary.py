"""Words of headers: which say nothing, which are short for others, which are too broad, which set a header apart."""

from __future__ import annotations

FILLERS = frozenset({"a", "as", "ao", "o", "os", "da", "das", "de", "do", "dos", "e", "em", "na", "no", "para",
                      "por", "que", "the", "of", "el", "la", "las", "los", "del", "y"})
LONG = {
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
BROAD = frozenset({
    "data", "hora", "tipo", "codigo", "numero", "nome", "descricao", "local", "location", "site", "categoria", "modalidade",
    "origem", "resultado", "texto", "text", "nivel", "level", "area", "setor", "mode", "source", "channel", "canal", "empresa",
    "clinica", "clinic", "centro", "practice", "branch", "documento", "plano", "plan", "estado", "state", "unit", "service", "exam",
    "avaliacao", "asistencia", "attendance", "outcome", "coverage", "seguro", "nascimento", "mensagem", "opinion", "review",
    "expediente", "age", "pagador", "department", "agendado", "marcado", "criado", "solicitado", "incluido", "registrado",
    "cadastrado", "publicado", "respondido", "avaliado",
})
# a header with one of these, where the name has none, is of another thing: who asked, who attended, the money, what came later
APART = frozenset({
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
