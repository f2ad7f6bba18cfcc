"""What the model may know of an appointment, factor by factor. Age and sex are never a reason to a caller."""

from pipeline.contract import FeatureKind, FeatureSpec

FEATURES = (
    FeatureSpec("lead_time", FeatureKind.LEAD_TIME, ("contact_date", "scheduled_date"), "Antecedência"),
    FeatureSpec("history", FeatureKind.HISTORY, ("patient_id", "contact_date", "scheduled_date", "status"),
                "Histórico do paciente"),
    FeatureSpec("other_bookings", FeatureKind.OTHER_BOOKINGS, ("patient_id", "contact_date", "scheduled_date"),
                "Outros agendamentos do paciente"),
    FeatureSpec("age", FeatureKind.AGE, ("birth_date",), "Idade", protected=True),
    FeatureSpec("sex", FeatureKind.CODE, ("sex",), "Sexo", protected=True),
    FeatureSpec("calendar", FeatureKind.CALENDAR, ("scheduled_date",), "Dia da semana e do mês"),
    FeatureSpec("hour", FeatureKind.HOUR, ("scheduled_date",), "Horário"),
    FeatureSpec("holiday", FeatureKind.HOLIDAY, ("scheduled_date", "uf"), "Feriados"),
    FeatureSpec("load", FeatureKind.LOAD, ("unit", "contact_date", "scheduled_date"), "Movimento da unidade no dia"),
    FeatureSpec("channel", FeatureKind.CODE, ("booking_channel",), "Origem do agendamento"),
    FeatureSpec("unit", FeatureKind.VALUES, ("unit",), "Unidade"),
    FeatureSpec("uf", FeatureKind.VALUES, ("uf",), "UF"),
    FeatureSpec("health_plan", FeatureKind.VALUES, ("health_plan",), "Convênio"),
    FeatureSpec("procedure", FeatureKind.VALUES, ("procedure",), "Procedimento"),
    FeatureSpec("appointment_type", FeatureKind.VALUES, ("appointment_type",), "Tipo de procedimento"),
    FeatureSpec("exam_category", FeatureKind.VALUES, ("exam_category",), "Categoria de exame"),
)
