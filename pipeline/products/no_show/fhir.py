"""An Appointment of FHIR R4 as an appointment of this product: where each field stands, what its codes mean."""

from pipeline.contract import Aside, Element, ReadAs, ResourceMapping

_PATIENT = "participant.actor.where(resolve() is Patient)"
_LOCATION = "participant.actor.where(resolve() is Location)"
_REGULATED = "BRAgendamentoRegulacaoAssistencial"  # the RNDS profile of regulated appointments
CHANNEL = "urn:presenca:fhir:origem-do-agendamento"

APPOINTMENT = ResourceMapping(
    resource="Appointment",
    elements=(
        Element(
            "patient_id", (_PATIENT, "basedOn.resolve().subject"), ReadAs.PATIENT,
            remark="o identificador que a própria clínica deu (de preferência o prontuário, tipo MR), no sistema de identificação que mais "
                   "pacientes do arquivo têm; sem ele, o id do Patient; sem ele, CPF, depois CNS",
        ),
        Element("birth_date", (f"{_PATIENT}.resolve().birthDate",), ReadAs.DATE),
        Element(
            "sex", (f"{_PATIENT}.resolve().gender",),
            words=(("male", "Masculino"), ("female", "Feminino"), ("other", "Indefinido"), ("unknown", "Indefinido")),
        ),
        Element("contact_date", ("created", "basedOn.resolve().authoredOn"), ReadAs.DATE,
                remark="quando a marcação foi criada; sem isso, quando o pedido foi feito"),
        Element("scheduled_date", ("start",), ReadAs.DATE, remark="sem início, a linha fica sem data e não é usada"),
        Element(
            "status", ("status",),
            words=(
                ("proposed", "Em aberto"), ("pending", "Em aberto"), ("booked", "Agendado"), ("arrived", "Realizado"),
                ("checked-in", "Realizado"), ("fulfilled", "Realizado"), ("cancelled", "Cancelado"), ("noshow", "No Show"),
            ),
            profiled=((_REGULATED, "checked-in", "Confirmado"),),
            remark="no perfil da RNDS, checked-in é lido Confirmado, como ela o traduz",
        ),
        Element(
            "booking_channel", (f"extension.where(url='{CHANNEL}').value",),
            remark="o FHIR não tem este elemento: só é lido na extensão, de valor Call Center, Online ou Presencial",
        ),
        Element(
            "appointment_type", ("serviceCategory", "appointmentType"), ReadAs.CONCEPT,
            without=("request-priority", "BRCaraterAtendimento"),
            remark="o caráter (eletivo, urgência) da RNDS não é um tipo e não é lido",
        ),
        Element(
            "exam_category", ("basedOn.resolve().category",), ReadAs.CONCEPT, without=("BRModalidadeAssistencial",),
            remark="a categoria do ServiceRequest; a modalidade assistencial da RNDS não é uma",
        ),
        Element("procedure", ("basedOn.resolve().code", "serviceType", "specialty"), ReadAs.CONCEPT),
        Element(
            "unit", (_LOCATION, "participant.actor.where(resolve() is HealthcareService)", "basedOn.resolve().locationReference",
                     "basedOn.resolve().performer.where(resolve() is Organization)"), ReadAs.NAME,
            remark="o nome do Location; sem ele, como a referência o chama; no perfil da RNDS, o CNES do executante",
        ),
        Element(
            "uf", (f"{_LOCATION}.resolve().address.state", "basedOn.resolve().locationReference.resolve().address.state",
                   "basedOn.resolve().performer.where(resolve() is Organization).resolve().address.state"),
        ),
        Element(
            "health_plan", ("basedOn.resolve().insurance.resolve().payor",
                            "supportingInformation.where(resolve() is Coverage).resolve().payor",
                            f"{_PATIENT}.revinclude(Coverage:beneficiary).payor"), ReadAs.NAME,
            words=(("Patient", "Particular"), ("RelatedPerson", "Particular")),
            remark="quem paga: a Coverage do pedido, da marcação, ou do paciente; se paga o próprio paciente, Particular",
        ),
        Element("", ("cancelationReason",), ReadAs.CONCEPT, header="Motivo informado (FHIR)",
                remark="só acompanha a linha: nenhum campo o pede"),
    ),
    event=("http://hl7.org/fhir/appointmentstatus", "noshow"),
    aside=(("entered-in-error", Aside.WITHDRAWN), ("waitlist", Aside.OTHER)),
)
