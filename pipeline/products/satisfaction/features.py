"""What a model of ratings may use: the words of the comment, and the circumstances of the event."""

from pipeline.contract import FeatureKind, FeatureSpec

FEATURES = (
    FeatureSpec("comment", FeatureKind.TEXT, ("comment",), "Comentário"),
    FeatureSpec("comment_sense", FeatureKind.SENSE, ("comment",), "Sentido do comentário"),
    FeatureSpec("care_mode", FeatureKind.CODE, ("care_mode",), "Tipo de atendimento"),
    FeatureSpec("care_level", FeatureKind.RATE, ("care_level",), "Nível de atendimento"),
    FeatureSpec("place", FeatureKind.POSTCODE, ("cep",), "UF do cliente"),
    FeatureSpec("event_calendar", FeatureKind.CALENDAR, ("event_date",), "Dia da semana e do mês"),
    FeatureSpec("age", FeatureKind.AGE, ("birth_date",), "Idade", protected=True),
    FeatureSpec("gender", FeatureKind.CODE, ("gender",), "Gênero", protected=True),
)
