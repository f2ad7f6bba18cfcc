"""Sentences of suggested replies, in two tones. They thank, hear and offer a way to talk; they admit no fault, promise
nothing and name nobody. Of the alerts (by their code), each has words of its own.
"""

from pipeline.contract import Reply

F, C = "formal", "close"
SAFETY, RESPECT = ("dano", "erro", "infeccao"), ("discriminacao", "assedio", "violencia")

OPENINGS = (
    Reply(F, "opening", "Prezado(a) paciente, agradecemos por escrever a {clinica}."),
    Reply(C, "opening", "Olá! Obrigado por escrever para {clinica}."),
    Reply(F, "opening", "Prezado(a),", alerts=("obito",)),
    Reply(C, "opening", "Olá,", alerts=("obito",)),
    Reply(F, "opening", "Prezado(a),", alerts=("autoagressao",)),
    Reply(C, "opening", "Olá,", alerts=("autoagressao",)),
    Reply(F, "opening", "Prezado(a) senhor(a),", alerts=("ameaca_legal",)),
    Reply(C, "opening", "Olá,", alerts=("ameaca_legal",)),
)

ALERTS = (
    Reply(F, "body", "Recebemos a sua mensagem com profundo pesar e apresentamos as nossas condolências a você e à sua família. Um momento como este pede uma conversa com tempo e atenção, e não uma resposta por escrito.", alerts=("obito",)),
    Reply(C, "body", "Lemos a sua mensagem com muito pesar. Nossos sentimentos a você e à sua família. Um momento como este pede conversa, com calma, e não uma resposta por escrito.", alerts=("obito",)),
    Reply(F, "body", "Agradecemos por nos contar o que está vivendo. Há quem possa ouvir agora: o CVV atende sem custo, a qualquer hora, pelo telefone 188 e em cvv.org.br. Em uma emergência, ligue para o SAMU, 192.", alerts=("autoagressao",)),
    Reply(C, "body", "Que bom que você escreveu. O que você sente importa, e há quem possa ouvir agora: o CVV atende de graça, a qualquer hora, pelo telefone 188 e em cvv.org.br. Em uma emergência, ligue para o SAMU, 192.", alerts=("autoagressao",)),
    Reply(F, "body", "Acusamos o recebimento da sua manifestação, que foi registrada. O canal próprio para tratar do assunto é a ouvidoria.", alerts=("ameaca_legal",)),
    Reply(C, "body", "Recebemos a sua manifestação e ela foi registrada. Quem cuida deste assunto é a ouvidoria.", alerts=("ameaca_legal",)),
    Reply(F, "body", "O que você relata diz respeito à segurança do paciente e merece ser ouvido por inteiro, em contato direto. Se você ou a pessoa atendida não estiver bem neste momento, procure o pronto atendimento mais próximo ou ligue para o SAMU, 192.", alerts=SAFETY),
    Reply(C, "body", "O que você contou é sobre segurança do paciente, e queremos ouvir tudo direto de você. Se você ou a pessoa atendida não estiver bem agora, procure o pronto atendimento mais próximo ou ligue para o SAMU, 192.", alerts=SAFETY),
    Reply(F, "body", "O respeito a cada pessoa é inegociável, e o seu relato foi recebido com a seriedade que o assunto pede. A ouvidoria pode ouvir você de forma reservada. Em situação de risco, ligue para 190.", alerts=RESPECT),
    Reply(C, "body", "Toda pessoa merece respeito, e lemos o seu relato com a seriedade que ele pede. A ouvidoria pode ouvir você de forma reservada. Em situação de risco, ligue para 190.", alerts=RESPECT),
)

PRAISE = (
    Reply(F, "body", "As suas palavras foram recebidas com alegria: elas dão sentido ao trabalho de quem cuida.", praise=True),
    Reply(C, "body", "Ficamos muito felizes com as suas palavras! Elas alegram o dia de quem cuida.", praise=True),
    Reply(F, "closing", "Seguimos à disposição em {canal}. Atenciosamente, {clinica}.", praise=True),
    Reply(C, "closing", "Conte com a gente em {canal}. Um abraço, {clinica}.", praise=True),
)

THEMES = (
    Reply(F, "body", "Registramos o que você conta sobre o tempo de espera, que sabemos ser difícil para quem aguarda por um cuidado.", themes=("waiting",)),
    Reply(C, "body", "Esperar por um cuidado é difícil, e registramos o que você contou sobre a espera.", themes=("waiting",)),
    Reply(F, "body", "A sua observação sobre a recepção foi registrada: ser bem acolhido desde a chegada faz parte do cuidado.", themes=("reception",)),
    Reply(C, "body", "Ser bem recebido faz parte do cuidado, e anotamos o que você disse sobre a recepção.", themes=("reception",)),
    Reply(F, "body", "O seu relato sobre o atendimento médico foi registrado; gostaríamos de compreender melhor como foi a consulta.", themes=("doctor",)),
    Reply(C, "body", "Lemos com atenção o que você contou da consulta e gostaríamos de entender melhor como foi.", themes=("doctor",)),
    Reply(F, "body", "Registramos o que você descreve sobre a enfermagem e a coleta, momentos em que o cuidado precisa ser sentido.", themes=("nursing",)),
    Reply(C, "body", "Anotamos o que você contou sobre a enfermagem e a coleta: é aí que o cuidado precisa aparecer.", themes=("nursing",)),
    Reply(F, "body", "A sua observação sobre a limpeza foi registrada.", themes=("cleanliness",)),
    Reply(C, "body", "Anotamos o que você viu na limpeza.", themes=("cleanliness",)),
    Reply(F, "body", "Registramos a dificuldade que você relata para marcar ou para falar conosco por telefone.", themes=("scheduling",)),
    Reply(C, "body", "Anotamos a dificuldade que você contou para marcar ou para falar com a gente por telefone.", themes=("scheduling",)),
    Reply(F, "body", "O seu relato sobre o resultado foi registrado; se ainda houver um exame a receber, o canal abaixo pode informar.", themes=("results",)),
    Reply(C, "body", "Anotamos o que você contou sobre o resultado; se ainda falta algum, o canal abaixo pode informar.", themes=("results",)),
    Reply(F, "body", "Registramos a sua observação sobre valores e convênio, que o canal abaixo pode esclarecer em detalhe.", themes=("price",)),
    Reply(C, "body", "Anotamos o que você disse sobre valores e convênio; o canal abaixo pode explicar cada detalhe.", themes=("price",)),
    Reply(F, "body", "O que você relata sobre o aplicativo e o teleatendimento foi registrado.", themes=("app",)),
    Reply(C, "body", "Anotamos o que você contou sobre o aplicativo e o teleatendimento.", themes=("app",)),
    Reply(F, "body", "A sua observação sobre o acesso e o estacionamento foi registrada.", themes=("access",)),
    Reply(C, "body", "Anotamos o que você disse sobre o acesso e o estacionamento.", themes=("access",)),
    Reply(F, "body", "Lemos com atenção o que você conta sobre a forma como se sentiu no atendimento: ser tratado com gentileza importa.", themes=("humanity",)),
    Reply(C, "body", "Lemos com atenção como você se sentiu no atendimento: ser tratado com carinho importa.", themes=("humanity",)),
    Reply(F, "body", "Registramos o que você relata sobre as explicações recebidas; as suas dúvidas podem ser retomadas em contato direto.", themes=("explanation",)),
    Reply(C, "body", "Anotamos o que você contou sobre as explicações; se ficou alguma dúvida, podemos conversar sobre ela.", themes=("explanation",)),
    Reply(F, "body", "A sua observação sobre as instalações e o conforto foi registrada.", themes=("structure",)),
    Reply(C, "body", "Anotamos o que você disse sobre as instalações e o conforto.", themes=("structure",)),
    Reply(F, "body", "O seu relato sobre a medicação foi registrado; qualquer dúvida sobre remédios pode ser tratada em contato direto.", themes=("medication",)),
    Reply(C, "body", "Anotamos o que você contou sobre os remédios; se ficou alguma dúvida, podemos conversar sobre ela.", themes=("medication",)),
    Reply(F, "body", "Registramos o que você relata sobre o movimento e a lotação no dia do atendimento.", themes=("crowding",)),
    Reply(C, "body", "Anotamos o que você contou sobre a lotação naquele dia.", themes=("crowding",)),
    Reply(F, "body", "Registramos o que você observa sobre a quantidade de profissionais no atendimento.", themes=("staffing",)),
    Reply(C, "body", "Anotamos o que você notou sobre a quantidade de profissionais no atendimento.", themes=("staffing",)),
    Reply(F, "body", "A sua observação sobre a alimentação foi registrada.", themes=("food",)),
    Reply(C, "body", "Anotamos o que você disse sobre a comida.", themes=("food",)),
    Reply(F, "body", "O cuidado com a privacidade é parte do atendimento, e o seu relato sobre ela foi registrado.", themes=("privacy",)),
    Reply(C, "body", "Cuidar da privacidade faz parte do atendimento, e anotamos o que você contou.", themes=("privacy",)),
    Reply(F, "body", "Registramos a dificuldade que você relata para falar conosco, por telefone ou por aplicativo.", themes=("channels",)),
    Reply(C, "body", "Anotamos a dificuldade que você contou para falar com a gente, por telefone ou pelo aplicativo.", themes=("channels",)),
    Reply(F, "body", "O seu relato foi lido com atenção e registrado."),
    Reply(C, "body", "Lemos com atenção o que você contou e deixamos registrado."),
)

CLOSINGS = (
    Reply(F, "closing", "Caso queira nos contar mais, estamos à disposição em {canal}. Atenciosamente, {clinica}."),
    Reply(C, "closing", "Se quiser contar mais, é só falar com a gente em {canal}. Um abraço, {clinica}."),
    Reply(F, "closing", "Se for do seu desejo, a direção de {clinica} está disponível para um contato direto em {canal}. Com respeito, {clinica}.", alerts=("obito",)),
    Reply(C, "closing", "Se e quando você quiser, a direção de {clinica} está disponível para conversar em {canal}. Com carinho, {clinica}.", alerts=("obito",)),
    Reply(F, "closing", "A ouvidoria de {clinica} atende em {canal}. Atenciosamente, {clinica}.", alerts=("ameaca_legal", *RESPECT)),
    Reply(C, "closing", "A ouvidoria de {clinica} atende em {canal}. Atenciosamente, {clinica}.", alerts=("ameaca_legal", *RESPECT)),
    Reply(F, "closing", "Para um contato direto, estamos à disposição em {canal}. Atenciosamente, {clinica}.", alerts=(*SAFETY, "autoagressao")),
    Reply(C, "closing", "Para conversar direto com a gente: {canal}. Com cuidado, {clinica}.", alerts=(*SAFETY, "autoagressao")),
)

REPLIES = (*OPENINGS, *ALERTS, *PRAISE, *THEMES, *CLOSINGS)
