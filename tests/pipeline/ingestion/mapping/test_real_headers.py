"""Headers as real systems export them, in Portuguese, English and Spanish:
each finds its field, all others stay leftovers.

SISREG's are those of its public API and of its export of the agenda; the others follow the systems' tables and screens.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pipeline.contract import Product
from pipeline.ingestion.mapping.header_similarity import header_likeness
from pipeline.ingestion.mapping.propose import SURE_ENOUGH, propose
from pipeline.products.no_show import PRODUCT as NO_SHOW
from pipeline.products.satisfaction import PRODUCT as SATISFACTION
from tests.pipeline.ingestion.tables import raw_table

CPF = ["529.982.247-25", "111.444.777-35", "390.533.447-05", "168.995.350-09"] * 2
CNS = [f"70000000000{i}005" for i in (10, 24, 38, 41, 55, 62, 79, 83)]
IDS = ["10231", "10544", "9873", "11002", "10231", "12440", "9011", "10544"]
CODES = ["334501221", "334501377", "334502046", "334502981", "334503310", "334504402", "334505118", "334506723"]
NAMES = ["Maria Souza", "João Lima", "Ana Alves", "Pedro Rocha", "Rita Melo", "Caio Dias", "Lia Nunes", "Davi Reis"]
DOCTORS = ["Dra. Paula Braga", "Dr. Hugo Sá"] * 4
PHONES = [f"(11) 9876{i}-432{i}" for i in range(8)]
BIRTHS = [
    "22/10/1985",
    "01/07/1962",
    "14/03/1990",
    "30/11/1978",
    "05/05/2001",
    "19/08/1955",
    "27/02/1969",
    "12/12/1994",
]
BOOKED = [
    "02/01/2025",
    "03/01/2025",
    "06/01/2025",
    "07/01/2025",
    "08/01/2025",
    "09/01/2025",
    "13/01/2025",
    "14/01/2025",
]
VISITS = [
    "10/01/2025",
    "20/01/2025",
    "22/01/2025",
    "03/02/2025",
    "04/02/2025",
    "18/02/2025",
    "25/02/2025",
    "28/02/2025",
]
MOMENTS = [
    f"{day} {hour}:30" for day, hour in zip(VISITS, ("08", "09", "10", "11", "13", "14", "15", "16"), strict=True)
]
BOOKED_AT = [f"{day} 09:1{i}:07" for i, day in enumerate(BOOKED)]
US_BIRTHS = [f"{b[3:5]}/{b[:2]}/{b[6:]}" for b in BIRTHS]
US_BOOKED = [f"{b[3:5]}/{b[:2]}/{b[6:]}" for b in BOOKED]
US_VISITS = [f"{b[3:5]}/{b[:2]}/{b[6:]}" for b in VISITS]
ISO_BIRTHS, ISO_BOOKED, ISO_VISITS = ([f"{b[6:]}-{b[3:5]}-{b[:2]}" for b in days] for days in (BIRTHS, BOOKED, VISITS))
HOURS = ["08:00", "08:30", "09:00", "10:15", "13:00", "14:30", "15:00", "16:45"]
AGES = ["39", "62", "34", "46", "23", "69", "55", "30"]
SEX = ["F", "M", "F", "M", "F", "M", "F", "M"]
SEX_ES = ["Femenino", "Masculino", "Mujer", "Varón"] * 2
SEX_EN = ["Female", "Male"] * 4
CAME = ["Atendido", "Faltou", "Atendido", "Cancelado", "Atendido", "Faltou", "Confirmado", "Agendado"]
CAME_EN = ["Completed", "No Show", "Completed", "Canceled", "Arrived", "No Show", "Scheduled", "Rescheduled"]
CAME_ES = ["Asistió", "No asistió", "Cancelada", "Reprogramada", "Asistió", "No asistió", "Confirmada", "Programada"]
SISREG = [
    f"AGENDAMENTO / {what} / EXECUTANTE" for what in ("CONFIRMADO", "FALTA", "CONFIRMADO", "PENDENTE CONFIRMAÇÃO")
] * 2
YES_NO = ["S", "N", "S", "S", "N", "S", "S", "N"]
SI_NO = ["Sí", "No", "Sí", "Sí", "No", "Sí", "Sí", "No"]
CHANNELS = ["WhatsApp", "Telefone", "Site", "Recepção"] * 2
KINDS = ["Consulta", "Exame", "Consulta", "Retorno"] * 2
KINDS_EN = ["New Patient", "Follow Up", "Procedure", "New Patient"] * 2
KINDS_ES = ["Primera vez", "Control"] * 4
MODALITIES = ["RM", "TC", "US", "MG"] * 2
PROCEDURES = ["Consulta em cardiologia", "Ressonância de crânio", "Consulta em dermatologia", "US de abdome"] * 2
SPECIALTIES = ["Cardiologia", "Dermatologia"] * 4
UNITS = ["Policlínica Centro", "Hospital Vida", "UBS Jardim", "Clínica Sul"] * 2
ASKING = ["UBS Norte", "UBS Vila Nova"] * 4
CNES = ["2077485", "2077590"] * 4
UFS = ["SP", "RJ", "MG", "SP"] * 2
CITIES = ["Campinas", "Niterói", "Uberaba", "Sorocaba"] * 2
PLANS = ["Amil", "Bradesco", "Particular", "SUS"] * 2
CEPS = ["01310-100", "20040-002", "30130-010", "01310-200"] * 2
MODES = ["Presencial", "Telemedicina"] * 4
STARS = ["5", "4", "1", "3", "5", "2", "5", "4"]
NOTES = ["10", "9", "2", "7", "8", "0", "10", "6"]
SAID = [
    "Fui bem atendida.",
    "Esperei mais de uma hora.",
    "Equipe atenciosa!",
    "Não volto mais.",
    "Médico ótimo.",
    "Recepção ruim.",
    "Tudo certo.",
    "Estacionamento caro.",
]
NOISE = ["a1", "b2", "c3", "d4", "e5", "f6", "g7", "h8"]
MONEY = ["150,00", "320,50", "0,00", "80,00", "150,00", "99,90", "210,00", "45,00"]
NO_REASON = ["", "Esqueceu", "", "Doença", "", "Transporte", "", ""]

Column = tuple[str, list[str], str | None]


@dataclass(frozen=True)
class System:
    """A system's file: its columns as (header, cells, key of the field or None)."""

    name: str
    product: Product
    columns: tuple[Column, ...]


def no_show(name: str, *columns: Column) -> System:
    return System(name, NO_SHOW, columns)


def satisfaction(name: str, *columns: Column) -> System:
    return System(name, SATISFACTION, columns)


SYSTEMS = (
    no_show(
        "SISREG, relatório",
        ("Código da Solicitação", CODES, None),
        ("Data da Solicitação", BOOKED, "contact_date"),
        ("Data de Agendamento", VISITS, "scheduled_date"),
        ("CNS", CNS, "patient_id"),
        ("Nome do Paciente", NAMES, None),
        ("Data de Nascimento", BIRTHS, "birth_date"),
        ("Sexo", SEX, "sex"),
        ("Unidade Solicitante", ASKING, None),
        ("Unidade Executante", UNITS, "unit"),
        ("Procedimento", PROCEDURES, "procedure"),
        ("Situação", SISREG, "status"),
        ("Município de Residência", CITIES, None),
        ("UF Residência", UFS, "uf"),
        ("Profissional Executante", DOCTORS, None),
    ),
    no_show(
        "SISREG, data de execução",
        ("Código da Solicitação", CODES, None),
        ("Data Solicitação", BOOKED, "contact_date"),
        ("Data Execução", VISITS, "scheduled_date"),
        ("Cartão SUS", CNS, "patient_id"),
        ("Unidade Solicitante", ASKING, None),
        ("CNES Solicitante", CNES, None),
        ("CNES Executante", CNES, "unit"),
        ("UF Executante", UFS, "uf"),
        ("Classificação de Risco", NOISE, None),
        ("CPF do Profissional", CPF, None),
    ),
    no_show(
        "SISREG III, arquivo de agendamento",
        ("solicitacao", CODES, None),
        ("codigo_interno", IDS, None),
        ("codigo_unificado", CODES, None),
        ("descricao_procedimento", PROCEDURES, "procedure"),
        ("cpf_proficional_executante", CPF, None),
        ("nome_profissional_executante", DOCTORS, None),
        ("data_agendamento", VISITS, "scheduled_date"),
        ("hr_agendamento", HOURS, None),
        ("cns", CNS, "patient_id"),
        ("nome", NAMES, None),
        ("dt_nascimento", BIRTHS, "birth_date"),
        ("idade", AGES, None),
        ("nome_mae", NAMES, None),
        ("bairro", CITIES, None),
        ("telefone", PHONES, None),
        ("municipio", CITIES, None),
        ("mun_solicitante", CITIES, None),
        ("cnes_solicitante", CNES, None),
        ("unidade_fantasia", UNITS, "unit"),
        ("sexo", SEX, "sex"),
        ("data_solicitacao", BOOKED, "contact_date"),
        ("operador_solicitante", NOISE, None),
        ("valor_procedimento", MONEY, None),
        ("situacao", SISREG, "status"),
        ("nome_profissional_solicitante", DOCTORS, None),
    ),
    no_show(
        "SISREG, API",
        ("codigo_solicitacao", CODES, None),
        ("data_solicitacao", ISO_BOOKED, "contact_date"),
        ("data_marcacao", ISO_VISITS, "scheduled_date"),
        ("cns_usuario", CNS, "patient_id"),
        ("no_usuario", NAMES, None),
        ("dt_nascimento_usuario", ISO_BIRTHS, "birth_date"),
        ("sexo_usuario", SEX, "sex"),
        ("municipio_paciente_residencia", CITIES, None),
        ("nome_unidade_solicitante", ASKING, None),
        ("nome_medico_solicitante", DOCTORS, None),
        ("nome_unidade_executante", UNITS, "unit"),
        ("status_solicitacao", SISREG, "status"),
    ),
    no_show(
        "e-SUS PEC, agenda",
        ("Data do agendamento", VISITS, "scheduled_date"),
        ("Horário", HOURS, None),
        ("Cidadão", NAMES, None),
        ("CPF/CNS", CNS, "patient_id"),
        ("Data de nascimento", BIRTHS, "birth_date"),
        ("Sexo", SEX_EN, "sex"),
        ("Telefone celular", PHONES, None),
        ("Profissional", DOCTORS, None),
        ("CBO", SPECIALTIES, None),
        ("Equipe", NOISE, None),
        ("Unidade de Saúde", UNITS, "unit"),
        ("Situação do agendamento", CAME, "status"),
        ("Agendado em", BOOKED_AT, "contact_date"),
        ("Motivo do cancelamento", NO_REASON, None),
    ),
    no_show(
        "Tasy",
        ("NR_SEQUENCIA", CODES, None),
        ("CD_PESSOA_FISICA", IDS, "patient_id"),
        ("NM_PACIENTE", NAMES, None),
        ("DT_NASCIMENTO", BIRTHS, "birth_date"),
        ("IE_SEXO", SEX, "sex"),
        ("DT_AGENDA", MOMENTS, "scheduled_date"),
        ("DT_AGENDAMENTO", BOOKED_AT, "contact_date"),
        ("DS_STATUS_AGENDA", CAME, "status"),
        ("NM_MEDICO", DOCTORS, None),
        ("DS_CONVENIO", PLANS, "health_plan"),
        ("DS_PROCEDIMENTO", PROCEDURES, "procedure"),
        ("DS_ESTABELECIMENTO", UNITS, "unit"),
        ("NR_TELEFONE", PHONES, None),
        ("NM_USUARIO", NOISE, None),
        ("DT_CANCELAMENTO", NO_REASON, None),
    ),
    no_show(
        "MV Soul",
        ("CD_IT_AGENDA_CENTRAL", CODES, None),
        ("CD_PACIENTE", IDS, "patient_id"),
        ("NM_PACIENTE", NAMES, None),
        ("DT_NASCIMENTO", BIRTHS, "birth_date"),
        ("TP_SEXO", SEX, "sex"),
        ("DT_AGENDA", VISITS, "scheduled_date"),
        ("HR_AGENDA", HOURS, None),
        ("DT_GRAVACAO", BOOKED, None),
        ("DS_ITEM_AGENDAMENTO", PROCEDURES, "procedure"),
        ("NM_PRESTADOR", DOCTORS, None),
        ("NM_CONVENIO", PLANS, "health_plan"),
        ("SN_ATENDIDO", YES_NO, "status"),
        ("DS_MULTI_EMPRESA", UNITS, "unit"),
        ("NR_FONE", PHONES, None),
    ),
    no_show(
        "MV Soul, só o horário",
        ("CD_PACIENTE", IDS, "patient_id"),
        ("HR_AGENDA", MOMENTS, "scheduled_date"),
        ("TP_SITUACAO", CAME, "status"),
        ("CD_CONVENIO", IDS, "health_plan"),
        ("DS_UNIDADE_ATENDIMENTO", UNITS, "unit"),
        ("DS_OBSERVACAO_GERAL", NOISE, None),
    ),
    no_show(
        "Pixeon/RIS-PACS",
        ("Accession Number", CODES, None),
        ("Prontuário", IDS, "patient_id"),
        ("Paciente", NAMES, None),
        ("Nascimento", BIRTHS, "birth_date"),
        ("Sexo", SEX, "sex"),
        ("Data/Hora do Agendamento", MOMENTS, "scheduled_date"),
        ("Data/Hora da Marcação", BOOKED_AT, "contact_date"),
        ("Tipo de Atendimento", KINDS, "appointment_type"),
        ("Modalidade", MODALITIES, "exam_category"),
        ("Exame", PROCEDURES, "procedure"),
        ("Médico Solicitante", DOCTORS, None),
        ("Médico Executante", DOCTORS, None),
        ("Convênio", PLANS, "health_plan"),
        ("Unidade", UNITS, "unit"),
        ("Status do Exame", CAME, "status"),
        ("Data do Laudo", VISITS, None),
        ("Hora de chegada", HOURS, None),
    ),
    no_show(
        "RIS, categoria",
        ("ID Paciente", IDS, "patient_id"),
        ("Data do Exame", VISITS, "scheduled_date"),
        ("Data do Pedido", BOOKED, "contact_date"),
        ("Tipo", KINDS, "appointment_type"),
        ("Tipo de Exame", MODALITIES, "exam_category"),
        ("Descrição do Exame", PROCEDURES, "procedure"),
        ("Filial", UNITS, "unit"),
        ("Resultado do exame", NOISE, None),
        ("Status", CAME, "status"),
        ("Valor do exame", MONEY, None),
        ("Motivo da falta", NO_REASON, None),
    ),
    no_show(
        "Feegow",
        ("Id do Paciente", IDS, "patient_id"),
        ("Paciente", NAMES, None),
        ("Data do Agendamento", VISITS, "scheduled_date"),
        ("Hora", HOURS, None),
        ("Agendado em", BOOKED_AT, "contact_date"),
        ("Agendado por", DOCTORS, None),
        ("Status", CAME, "status"),
        ("Canal", CHANNELS, "booking_channel"),
        ("Procedimento", PROCEDURES, "procedure"),
        ("Profissional", DOCTORS, None),
        ("Especialidade", SPECIALTIES, None),
        ("Convênio/Plano", PLANS, "health_plan"),
        ("Unidade", UNITS, "unit"),
        ("Valor", MONEY, None),
        ("Celular", PHONES, None),
        ("Observações", NOISE, None),
    ),
    no_show(
        "iClinic",
        ("Código do paciente", IDS, "patient_id"),
        ("Nome do paciente", NAMES, None),
        ("Data de nascimento", BIRTHS, "birth_date"),
        ("Gênero", SEX, "sex"),
        ("Data da consulta", VISITS, "scheduled_date"),
        ("Hora da consulta", HOURS, None),
        ("Criado em", BOOKED_AT, "contact_date"),
        ("Situação da consulta", CAME, "status"),
        ("Tipo de consulta", KINDS, "appointment_type"),
        ("Convênio", PLANS, "health_plan"),
        ("Número da carteirinha do convênio", CODES, None),
        ("Médico", DOCTORS, None),
        ("Nome da clínica", UNITS, "unit"),
        ("Estado", UFS, "uf"),
        ("Indicação clínica", NOISE, None),
    ),
    no_show(
        "Doctoralia",
        ("Paciente", NAMES, None),
        ("E-mail do paciente", NOISE, None),
        ("Data e hora da consulta", MOMENTS, "scheduled_date"),
        ("Data e hora da reserva", BOOKED_AT, "contact_date"),
        ("Origem da marcação", CHANNELS, "booking_channel"),
        ("Serviço", PROCEDURES, "procedure"),
        ("Estado da consulta", CAME, "status"),
        ("Plano de saúde", PLANS, "health_plan"),
        ("Local de atendimento", UNITS, "unit"),
        ("Primeira visita", YES_NO, None),
        ("ID do paciente", IDS, "patient_id"),
    ),
    no_show(
        "Amplimed",
        ("Prontuário", IDS, "patient_id"),
        ("Data do atendimento", VISITS, "scheduled_date"),
        ("Data de criação do agendamento", BOOKED, "contact_date"),
        ("Status do agendamento", CAME, "status"),
        ("Tipo de agendamento", KINDS, "appointment_type"),
        ("Nome do procedimento", PROCEDURES, "procedure"),
        ("Profissional de saúde", DOCTORS, None),
        ("Unidade de atendimento", UNITS, "unit"),
        ("Status do pagamento", NOISE, None),
        ("Data do pagamento", VISITS, None),
        ("Data de cadastro do paciente", BOOKED, None),
        ("Idade", AGES, "birth_date"),
    ),
    no_show(
        "Clinicorp",
        ("Cód. Paciente", IDS, "patient_id"),
        ("Nome Paciente", NAMES, None),
        ("Dt. Agendamento", VISITS, "scheduled_date"),
        ("Dt. Inclusão", BOOKED, "contact_date"),
        ("Compareceu", YES_NO, "status"),
        ("Dentista", DOCTORS, None),
        ("Categoria do procedimento", SPECIALTIES, "exam_category"),
        ("Forma de agendamento", CHANNELS, "booking_channel"),
        ("Clínica", UNITS, "unit"),
        ("Plano de tratamento", NOISE, None),
        ("Data de realização", VISITS, None),
        ("Qtde. procedimentos", AGES, None),
    ),
    no_show(
        "Planilha de faltas",
        ("RG", CODES, "patient_id"),
        ("DN", BIRTHS, "birth_date"),
        ("Sexo do paciente", SEX, "sex"),
        ("Data da marcação", BOOKED, "contact_date"),
        ("Data da consulta", VISITS, "scheduled_date"),
        ("Faltou", YES_NO, "status"),
        ("Município", CITIES, None),
        ("Local", UNITS, "unit"),
        ("Local de nascimento", CITIES, None),
        ("Nome da mãe", NAMES, None),
        ("Última consulta", BOOKED, None),
        ("Data da última consulta", BOOKED, None),
        ("Protocolo", CODES, None),
    ),
    no_show(
        "Prevista e realizada",
        ("Nº do prontuário", IDS, "patient_id"),
        ("Data de realização", VISITS, None),
        ("Data prevista", VISITS, "scheduled_date"),
        ("Data da reserva", BOOKED, "contact_date"),
        ("Desfecho", CAME, "status"),
    ),
    no_show(
        "Estado é o status",
        ("Matrícula", IDS, "patient_id"),
        ("Data da consulta", VISITS, "scheduled_date"),
        ("Estado", CAME, "status"),
        ("Hospital de origem", ASKING, None),
        ("Hospital", UNITS, "unit"),
        ("Matrícula do convênio", CODES, None),
        ("CPF do responsável", CPF, None),
    ),
    no_show(
        "Epic",
        ("MRN", IDS, "patient_id"),
        ("CSN", CODES, None),
        ("Patient Name", NAMES, None),
        ("DOB", US_BIRTHS, "birth_date"),
        ("Legal Sex", SEX_EN, "sex"),
        ("Appt Date", US_VISITS, "scheduled_date"),
        ("Appt Time", HOURS, None),
        ("Appt Made Date", US_BOOKED, "contact_date"),
        ("Appointment Status", CAME_EN, "status"),
        ("Visit Type", KINDS_EN, "appointment_type"),
        ("Department", UNITS, "unit"),
        ("Provider", DOCTORS, None),
        ("Referring Provider", DOCTORS, None),
        ("Payer", PLANS, "health_plan"),
        ("Cancel Reason", NO_REASON, None),
        ("Check-in Time", HOURS, None),
        ("Copay Amount", MONEY, None),
    ),
    no_show(
        "Cerner",
        ("Patient ID", IDS, "patient_id"),
        ("Date of Birth", US_BIRTHS, "birth_date"),
        ("Sex", SEX_EN, "sex"),
        ("Created On", US_BOOKED, "contact_date"),
        ("Appointment Date/Time", US_VISITS, "scheduled_date"),
        ("Status", CAME_EN, "status"),
        ("Appointment Type", KINDS_EN, "appointment_type"),
        ("Modality", MODALITIES, "exam_category"),
        ("Procedure Description", PROCEDURES, "procedure"),
        ("Location", UNITS, "unit"),
        ("Primary Insurance", PLANS, "health_plan"),
        ("Ordering Physician", DOCTORS, None),
        ("Phone Number", PHONES, None),
        ("Appointment ID", CODES, None),
    ),
    no_show(
        "English practice system",
        ("Patient MRN", IDS, "patient_id"),
        ("Patient DOB", US_BIRTHS, "birth_date"),
        ("Gender", SEX_EN, "sex"),
        ("Booked On", US_BOOKED, "contact_date"),
        ("Scheduled Date", US_VISITS, "scheduled_date"),
        ("Appt Status", CAME_EN, "status"),
        ("Booking Source", ["Phone", "Web"] * 4, "booking_channel"),
        ("Facility Name", UNITS, "unit"),
        ("Specialty", SPECIALTIES, "procedure"),
        ("Insurance Name", PLANS, "health_plan"),
        ("Patient City", CITIES, None),
        ("Last Visit Date", US_BOOKED, None),
        ("Provider Name", DOCTORS, None),
    ),
    no_show(
        "Kaggle, Vitória",
        ("PatientId", IDS, "patient_id"),
        ("AppointmentID", CODES, None),
        ("Gender", SEX, "sex"),
        ("ScheduledDay", ISO_BOOKED, "contact_date"),
        ("AppointmentDay", ISO_VISITS, "scheduled_date"),
        ("Age", AGES, "birth_date"),
        ("Neighbourhood", CITIES, None),
        ("Scholarship", ["0", "1"] * 4, None),
        ("SMS_received", ["1", "0"] * 4, None),
        ("No-show", ["No", "Yes"] * 4, "status"),
    ),
    no_show(
        "Agenda española",
        ("DNI", CODES, "patient_id"),
        ("Paciente", NAMES, None),
        ("Fecha de nacimiento", BIRTHS, "birth_date"),
        ("Sexo", SEX_ES, "sex"),
        ("Fecha de solicitud", BOOKED, "contact_date"),
        ("Fecha de la cita", VISITS, "scheduled_date"),
        ("Hora de la cita", HOURS, None),
        ("Estado de la cita", CAME_ES, "status"),
        ("Tipo de cita", KINDS_ES, "appointment_type"),
        ("Procedimiento", PROCEDURES, "procedure"),
        ("Médico", DOCTORS, None),
        ("Aseguradora", PLANS, "health_plan"),
        ("Sede", UNITS, "unit"),
        ("Teléfono", PHONES, None),
        ("Motivo de cancelación", NO_REASON, None),
    ),
    no_show(
        "Turnos argentinos",
        ("Documento", CODES, "patient_id"),
        ("Tipo de documento", ["DNI", "LC"] * 4, None),
        ("Apellido y nombre", NAMES, None),
        ("Fecha del turno", VISITS, "scheduled_date"),
        ("Fecha de asignación", BOOKED, "contact_date"),
        ("Asistió", SI_NO, "status"),
        ("Obra social", PLANS, "health_plan"),
        ("Especialidad", SPECIALTIES, "procedure"),
        ("Profesional", DOCTORS, None),
        ("Centro de atención", UNITS, "unit"),
        ("Edad", AGES, "birth_date"),
        ("Hora de llegada", HOURS, None),
    ),
    no_show(
        "Citas colombianas",
        ("Número de historia clínica", IDS, "patient_id"),
        ("Fecha cita", VISITS, "scheduled_date"),
        ("Fecha solicitud cita", BOOKED, "contact_date"),
        ("Estado", CAME_ES, "status"),
        ("EPS", PLANS, "health_plan"),
        ("Servicio", PROCEDURES, "procedure"),
        ("Sede de atención", UNITS, "unit"),
        ("Nombre del profesional", DOCTORS, None),
    ),
    satisfaction(
        "Google Forms",
        ("Carimbo de data/hora", MOMENTS, "event_date"),
        ("Nome completo", NAMES, None),
        ("Sexo", SEX, "gender"),
        ("Qual a sua idade?", AGES, "birth_date"),
        ("CEP", CEPS, "cep"),
        ("Tipo de atendimento", MODES, "care_mode"),
        ("Nota de 1 a 5", STARS, "rating"),
        ("Deixe seu comentário", SAID, "comment"),
        ("Telefone para contato", PHONES, None),
    ),
    satisfaction(
        "Google Forms em espanhol",
        ("Marca temporal", MOMENTS, "event_date"),
        ("Sexo", SEX_ES, "gender"),
        ("Edad", AGES, "birth_date"),
        ("Modalidad de atención", MODES, "care_mode"),
        ("Especialidad", SPECIALTIES, "care_level"),
        ("Valoración", STARS, "rating"),
        ("Comentarios", SAID, "comment"),
        ("Nombre del médico", DOCTORS, "professional"),
    ),
    satisfaction(
        "SurveyMonkey",
        ("Respondent ID", CODES, None),
        ("Collector ID", IDS, None),
        ("Start Date", US_BOOKED, None),
        ("End Date", US_VISITS, "event_date"),
        ("IP Address", NOISE, None),
        ("Email Address", NOISE, None),
        ("Overall satisfaction", STARS, "rating"),
        ("Open-Ended Response", SAID, "comment"),
    ),
    satisfaction(
        "Typeform",
        ("#", NOISE, None),
        ("Em uma escala de 0 a 10, qual a probabilidade de você recomendar nossa clínica a um amigo?", NOTES, "rating"),
        ("O que podemos melhorar?", SAID, "comment"),
        ("Start Date (UTC)", ISO_BOOKED, None),
        ("Submit Date (UTC)", ISO_VISITS, "event_date"),
        ("Network ID", CODES, None),
    ),
    satisfaction(
        "NPS",
        ("Data da resposta", VISITS, "event_date"),
        ("Data de envio", BOOKED, None),
        ("Nota NPS", NOTES, "rating"),
        ("Classificação NPS", ["Promotor", "Neutro", "Detrator", "Promotor"] * 2, None),
        ("Motivo da nota", SAID, "comment"),
        ("Nome do cliente", NAMES, None),
        ("Celular", PHONES, None),
        ("Unidade", UNITS, "unit"),
    ),
    satisfaction(
        "NPS tool",
        ("Response Date", US_VISITS, "event_date"),
        ("How likely are you to recommend us to a friend?", NOTES, "rating"),
        ("Reason for your score", SAID, "comment"),
        ("Department", SPECIALTIES, "care_level"),
        ("Provider", DOCTORS, "professional"),
    ),
    satisfaction(
        "Google reviews",
        ("Reviewer", NAMES, None),
        ("Star rating", STARS, "rating"),
        ("Review", SAID, "comment"),
        ("Review date", US_VISITS, "event_date"),
        ("Owner reply", NOISE, None),
        ("Location name", UNITS, "unit"),
    ),
    satisfaction(
        "Google, avaliações",
        ("Autor", NAMES, None),
        ("Estrelas", STARS, "rating"),
        ("Comentário", SAID, "comment"),
        ("Data da publicação", VISITS, "event_date"),
        ("Resposta do proprietário", NOISE, None),
        ("Data da resposta do proprietário", VISITS, None),
    ),
    satisfaction(
        "Avaliação é a nota",
        ("Data", VISITS, "event_date"),
        ("Avaliação", STARS, "rating"),
        ("Opinião", SAID, "comment"),
        ("Gênero", SEX, "gender"),
        ("DN", BIRTHS, "birth_date"),
        ("Serviço", PROCEDURES, "care_level"),
        ("Profissional", DOCTORS, "professional"),
        ("Nota fiscal", CODES, None),
        ("Município", CITIES, None),
    ),
    satisfaction(
        "Avaliação é o texto",
        ("Data do atendimento", VISITS, "event_date"),
        ("Data de cadastro do paciente", BOOKED, None),
        ("Nota", STARS, "rating"),
        ("Avaliação", SAID, "comment"),
        ("CEP residencial", CEPS, "cep"),
        ("Setor", SPECIALTIES, "care_level"),
    ),
    satisfaction(
        "Rede com unidades",
        ("Data do atendimento", VISITS, "event_date"),
        ("Nome da unidade", UNITS, "unit"),
        ("Código da unidade", CODES, None),
        ("UF da unidade", UFS, None),
        ("Setor", SPECIALTIES, "sector"),
        ("Nível de atendimento", SPECIALTIES, "care_level"),
        ("Tipo de atendimento", MODES, "care_mode"),
        ("Especialidade", SPECIALTIES, "specialty"),
        ("Médico", DOCTORS, "professional"),
        ("CRM do médico", CODES, None),
        ("Convênio", PLANS, "health_plan"),
        ("Número da carteirinha do convênio", CODES, None),
        ("Nota", STARS, "rating"),
        ("Nota da recepção", STARS, None),
        ("Comentário", SAID, "comment"),
    ),
    satisfaction(
        "Opiniones",
        ("Fecha de la visita", VISITS, "event_date"),
        ("Calificación", STARS, "rating"),
        ("Opinión", SAID, "comment"),
        ("Código postal", CEPS, "cep"),
        ("Fecha de nacimiento", BIRTHS, "birth_date"),
        ("Documento", CODES, None),
    ),
    satisfaction(
        "Ouvidoria",
        ("Protocolo", CODES, None),
        ("Data da manifestação", VISITS, None),
        ("Data do atendimento", VISITS, "event_date"),
        ("Nota do atendimento", STARS, "rating"),
        ("Nota da recepção", STARS, None),
        ("Nota do médico", STARS, None),
        ("Descrição da manifestação", SAID, "comment"),
        ("Nome do paciente", NAMES, None),
    ),
)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda s: s.name)
def test_headers_of_real_systems(system: System) -> None:
    matches = propose(raw_table({header: cells for header, cells, _ in system.columns}), system.product)
    assert {m.header: m.field for m in matches} == {header: key for header, _, key in system.columns}


@pytest.mark.parametrize(
    "header",
    [
        "Nome do paciente",
        "Paciente",
        "NM_PACIENTE",
        "Patient Name",
        "Nombre del paciente",
        "Nome do profissional",
        "Médico",
        "NM_MEDICO",
        "Provider Name",
        "CRM do médico",
        "CPF do médico",
        "CNS do profissional",
        "Telefone do paciente",
        "Phone",
        "Código da Solicitação",
        "Protocolo",
        "Nº do agendamento",
        "Unidade Solicitante",
        "CNES solicitante",
        "Hospital de origem",
        "Município",
        "Cidade da unidade",
        "Hora de chegada",
        "Motivo da falta",
        "Motivo do cancelamento",
        "Data do laudo",
        "Data de alta",
        "Data da última consulta",
        "Próxima consulta",
        "Data de cadastro do paciente",
        "Data de confirmação do agendamento",
        "Status do pagamento",
        "Data do pagamento",
        "Valor do procedimento",
        "Número da carteirinha do convênio",
        "Local de nascimento",
        "Tipo sanguíneo",
        "Tipo de documento",
        "Plano de tratamento",
        "Indicação clínica",
        "Idade gestacional",
        "Check-out Time",
        "Dia da semana",
    ],
)
def test_headers_that_are_no_field_of_an_appointment(header: str) -> None:
    assert all(header_likeness(header, item).score < SURE_ENOUGH for item in NO_SHOW.fields)


HEADERS_OF_OTHER_THINGS = (
    "Código da unidade",
    "UF da unidade",
    "Cidade da unidade",
    "Unidade solicitante",
    "Unidade federativa",
    "Unidade de medida",
    "CRM do médico",
    "CPF do médico",
    "Nota do médico",
    "Nota do setor",
    "Telefone da unidade",
    "Plano de tratamento",
    "Número da carteirinha do convênio",
    "Nome do paciente",
    "Município",
)


@pytest.mark.parametrize(
    "header",
    [
        "Nome do cliente",
        "Telefone",
        "E-mail",
        "Nota fiscal do médico",
        "Nota da recepção",
        "Resposta do proprietário",
        "Owner response date",
        "Data de envio",
        "Data de cadastro do paciente",
        "Data do pagamento",
        "Município",
        "Motivo da consulta",
        "Nível de escolaridade",
        "Tipo de documento",
        "Observação interna",
        "Data de nascimento da mãe",
    ],
)
def test_headers_that_are_no_field_of_a_care_event(header: str) -> None:
    assert all(header_likeness(header, item).score < SURE_ENOUGH for item in SATISFACTION.asked)


@pytest.mark.parametrize("header", HEADERS_OF_OTHER_THINGS)
def test_a_field_that_is_never_asked_for_takes_no_doubtful_column(header: str) -> None:
    matches = propose(raw_table({header: NAMES, "Nota": STARS, "Comentário": SAID}), SATISFACTION)
    assert matches[0].field is None
