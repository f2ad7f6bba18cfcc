"""Systems of identifiers and codes in Brazil, and words that stand in the columns which reading adds to a file of FHIR."""

from __future__ import annotations

from pipeline.resource_declarations import Aside

RESOURCE, SUBJECT, SITUATION = "Recurso (FHIR)", "Paciente (FHIR)", "Situação do recurso (FHIR)"
OWN = frozenset({RESOURCE, SUBJECT, SITUATION})  # headers of no field

SITUATIONS = {
    Aside.INVALID: "recurso inválido",
    Aside.WITHDRAWN: "registrado por engano",
    Aside.OTHER: "situação que não é de agendamento",
    Aside.OLDER: "versão anterior do mesmo recurso",
}

# national identifiers, by how their systems are written (RNDS, HL7 Brasil's OIDs)
CPF = ("/cpf", "2.16.840.1.113883.13.237")
CNS = ("/cns", "2.16.840.1.113883.13.236", "brindividuo")
NATIONAL_TYPES = frozenset({"TAX", "HC", "SB", "PPN", "DL"})  # v2-0203: tax, health card, social benefits, passport, driver

# logical references of the RNDS name a profile in place of a system
TYPE_OF_SYSTEM = (
    ("/BRIndividuo", "Patient"),
    ("/BREstabelecimentoSaude", "Organization"),
    ("/BRProfissional", "Practitioner"),
)
