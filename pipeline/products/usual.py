"""What the fields of any product can have wrong: the rules that follow from a field, so that a product declares only its own.

A product's own rule for the same kind of fault and the same field takes the place of the usual one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.contract import (
    Aside,
    Dimension,
    Field,
    FieldKind,
    ResourceMapping,
    Role,
    Rule,
    RuleKind,
    Severity,
    Value,
    feminine,
)

SEXES = (
    Value("Masculino", ("m", "masc", "masc.", "homem", "male", "h", "hombre", "varon")),
    Value("Feminino", ("f", "fem", "fem.", "mulher", "female", "femenino", "mujer")),
    Value("Indefinido", ("i", "ind", "ignorado", "outro", "outros", "nao binario", "intersexo", "x")),
)
_EMPTY = {RuleKind.EMPTY, RuleKind.MISSING, RuleKind.OUTCOME_MISSING}
_SEVERITIES = (Severity.BLOCKER, Severity.WARNING, Severity.NOTE)


def with_usual(fields: Sequence[Field], own: Sequence[Rule], dimensions: Sequence[Dimension]) -> tuple[Rule, ...]:
    """A product's own rules and the usual ones that they leave, blockers first, own before usual."""
    charted = {dimension.column for dimension in dimensions}
    told = {(kind, rule.fields[:1]) for rule in own for kind in ([*_EMPTY] if rule.kind in _EMPTY else [rule.kind])}
    usual = [*_of_the_file(fields), *(rule for field in fields for rule in _of_a_field(field, field.key in charted))]
    left = [rule for rule in usual if (rule.kind, rule.fields[:1]) not in told]
    return tuple(rule for severity in _SEVERITIES for rule in (*own, *left) if rule.severity is severity)


def of_resources(mapping: ResourceMapping) -> tuple[Rule, ...]:
    """What the resources of a file of FHIR can be that no row is."""
    statuses = ", ".join(code for code, why in mapping.aside if why is Aside.OTHER)
    told = (
        (Aside.INVALID, "Recurso FHIR inválido",
         "{rows} de {total} linhas [é de recurso que não segue|são de recursos que não seguem] o FHIR R4 ({examples}).",
         f"Corrija o {mapping.resource} no sistema de origem; o aviso da leitura diz em que elementos."),
        (Aside.WITHDRAWN, "Registrado por engano",
         "{rows} de {total} linhas [foi registrada|foram registradas] por engano, segundo o próprio sistema ({examples}).",
         "Não é preciso fazer nada: a linha só não conta."),
        (Aside.OTHER, f"Situação que não é de {mapping.resource}",
         "{rows} de {total} linhas [está|estão] em situação de quem ainda espera, sem marcação (" + statuses + "; {examples}).",
         "Não é preciso fazer nada: a linha só não conta."),
        (Aside.OLDER, "Versão anterior do mesmo recurso",
         "{rows} de {total} linhas [é versão anterior|são versões anteriores] de um recurso que o arquivo traz de novo ({examples}).",
         "Não é preciso fazer nada: vale a versão mais nova."),
    )
    return tuple(
        Rule(f"resource_{why}", RuleKind.RESOURCE, Severity.BLOCKER, (), title, message, remedy) for why, title, message, remedy in told
    )


def _of_the_file(fields: Sequence[Field]) -> Iterator[Rule]:
    roles = {field.role: field.key for field in fields}
    time = roles.get(Role.SCHEDULED) or roles[Role.OCCURRED]
    yield Rule("totals_row", RuleKind.TOTALS_ROW, Severity.BLOCKER, (time,), "Linha de totais",
               "{rows} de {total} linhas [parece|parecem] ser o total da planilha ({examples}).",
               "Apague a linha de totais antes de exportar.")
    yield Rule("set_aside", RuleKind.SET_ASIDE, Severity.BLOCKER, (), "Deixada de fora a pedido",
               "{rows} de {total} linhas [foi deixada|foram deixadas] de fora a pedido de alguém ({examples}).",
               "Para usá-las de novo, desfaça em “Corrigir”.")
    yield Rule("superseded", RuleKind.SUPERSEDED, Severity.BLOCKER, (), "Contada em arquivo mais novo",
               "{rows} de {total} linhas [é|são] de eventos que um arquivo mais novo traz de novo ({examples}); vale o mais novo.",
               "Não é preciso fazer nada: a linha só não conta duas vezes.")
    if Role.BIRTH in roles:
        yield Rule("age_impossible", RuleKind.AGE_RANGE, Severity.WARNING, (roles[Role.BIRTH], roles.get(Role.CONTACT, time)),
                   "Idade impossível",
                   "{rows} de {total} linhas [dá|dão] idade abaixo de 0 ou acima de 120 anos ({examples}); o campo fica vazio.",
                   "Confira o ano de nascimento.", blanks=True)


def _of_a_field(field: Field, charted: bool) -> Iterator[Rule]:
    fault, noun = field.fault_code, field.noun or field.label
    ending = "a" if feminine(noun) else "o"
    if field.kind is FieldKind.DATE:
        yield Rule(f"{fault}_unreadable", RuleKind.UNREADABLE, Severity.WARNING, (field.key,), f"{noun} ilegível",
                   "{rows} de {total} linhas [tem|têm] data que não existe ou não se entende, como {values} ({examples}); "
                   "o campo fica vazio.",
                   f"Escreva as datas como {field.examples[0]}.", blanks=True)
    if field.kind is FieldKind.CLOSED:
        *first, last = (value.label for value in field.values)
        yield Rule(f"{fault}_unknown", RuleKind.OUTSIDE_DOMAIN, Severity.WARNING, (field.key,), f"{noun} não reconhecid{ending}",
                   "{rows} de {total} linhas [tem|têm] valor não reconhecido, como {values} ({examples}); o campo fica vazio.",
                   f"Use {', '.join(first)} ou {last}.", blanks=True)
    if field.asked_when is None and not field.extra:
        yield Rule(f"{fault}_missing", RuleKind.EMPTY, Severity.NOTE, (field.key,), f"{noun} vazi{ending}",
                   "{rows} de {total} linhas [está vazia|estão vazias] ({examples}); o modelo trata como não informado.",
                   "Preencha, se puder.")
    if field.kind in (FieldKind.CLOSED, FieldKind.UF):
        yield Rule(f"{fault}_rewritten", RuleKind.REWRITTEN, Severity.NOTE, (field.key,), f"{noun} escrit{ending} de outro jeito",
                   "{rows} [valor lido|valores lidos] assim: {values}.", "Confira se a leitura está certa.")
    if field.kind is FieldKind.OPEN and charted:
        yield Rule(f"{fault}_variants", RuleKind.VARIANTS, Severity.NOTE, (field.key,), f"{noun} escrit{ending} de vários jeitos",
                   "{rows} [linha tem nome que só difere|linhas têm nomes que só diferem] na escrita, como {values}.",
                   "O modelo os trata como um só; unifique para os gráficos.")
