"""What is said when a patient is called or written to before an appointment, by procedure and by circumstance. Texts ask
and help; they name no risk, no absence and nothing of the person.
"""

from pipeline.contract import ContactRules, Script

SCRIPTS = (
    Script("usual", "spoken", "Confirmação",
           "Olá, aqui é {atendente}, da {clinica}. Ligo para confirmar: {procedimento}, em {dia} às {hora}, unidade {unidade}. Fica bom para o(a) senhor(a)? Se precisar mudar, vejo agora outro horário."),
    Script("imaging", "spoken", "Exame com preparo",
           "Olá, aqui é {atendente}, da {clinica}. Ligo para confirmar: {procedimento}, em {dia} às {hora}, unidade {unidade}. Este exame pode pedir preparo. Recebeu as orientações? Posso ler com o(a) senhor(a). Traga o pedido médico e exames anteriores.",
           procedures=("ressonancia", "tomografia", "ultrassom", "ultrassonografia", "mamografia", "raio", "densitometria")),
    Script("fasting", "spoken", "Exame em jejum ou com preparo intestinal",
           "Olá, aqui é {atendente}, da {clinica}. Ligo para confirmar: {procedimento}, em {dia} às {hora}, unidade {unidade}. É preciso seguir o preparo desde a véspera. Ficou alguma dúvida? E há quem possa vir como acompanhante?",
           procedures=("colonoscopia", "endoscopia", "laborator", "sangue", "glicemia")),
    Script("early_booking", "spoken", "Marcado há muito tempo",
           "Olá, aqui é {atendente}, da {clinica}. Faz algum tempo que ficou marcado: {procedimento}, em {dia} às {hora}, unidade {unidade}. Ainda fica bom este dia? Se não, vejo agora outro.",
           factors=("lead_time",)),
    Script("message", "written", "Mensagem de confirmação",
           "Olá! Aqui é da {clinica}. Lembramos: {procedimento}, em {dia} às {hora}, unidade {unidade}. Responda 1 para confirmar, 2 para desmarcar ou 3 para mudar o horário."),
    Script("message_imaging", "written", "Mensagem de exame com preparo",
           "Olá! Aqui é da {clinica}. Lembramos: {procedimento}, em {dia} às {hora}, unidade {unidade}. Confira o preparo e traga o pedido médico. Responda 1 para confirmar, 2 para desmarcar ou 3 para mudar o horário.",
           procedures=("ressonancia", "tomografia", "ultrassom", "ultrassonografia", "mamografia", "colonoscopia", "endoscopia")),
)
CONTACTS = ContactRules(
    SCRIPTS,
    circumstances=("lead_time", "calendar", "hour", "holiday", "channel"),
    neutral=(
        ("history", "Costuma ser útil confirmar com este paciente."),
        ("other_bookings", "Vale perguntar por outros agendamentos."),
    ),
    values=(("Consulta", 180.0), ("Exame", 260.0), ("", 200.0)),
    costs=(4.0, 0.3),
)
