"""Sentences of the use cases: products, samples, files that are joined, series."""

from __future__ import annotations

from pipeline.presentation.locale.program import PROGRAM

MESSAGES = {
    "starter.none": "{{ product }} não tem leitor de partida: diga um modelo com --model.",
    "starter.used": (
        "Leitor de partida: aprendeu só com comentários inventados, de clínica nenhuma. "
        "Confira antes de decidir por ele; treine o seu com comentários que tenham classificação."
    ),
    "model.in_use": "Este é o modelo em uso na série.",
    "model.in_use.hint": "Ponha outro em uso antes, ou confirme que quer apagar este.",
    "model.none_before": "Nenhum outro modelo foi usado antes nesta série.",
    "model.none_before.hint": "Escolha na lista o modelo a usar.",
    "session.not_allowed": "O seu papel na Presença não tem permissão para isto.",
    "session.not_allowed.hint": "Peça a quem administra as pessoas (página Pessoas).",
    "session.only_units": "Isto fala da rede inteira, e o seu acesso é só a algumas unidades.",
    "session.only_units.hint": "Peça a quem vê todas as unidades.",
    "session.nothing_of_units": "Este arquivo não traz linhas das suas unidades.",
    "session.nothing_of_units.hint": (
        "Confira com quem administra as pessoas se os nomes das suas unidades são os do arquivo; um arquivo sem "
        "unidade só é visto por quem vê todas."
    ),
    "session.other_unit": "Isto é de uma unidade que não é sua.",
    "session.other_unit.hint": "As suas unidades estão na página Pessoas; quem administra as pessoas pode mudá-las.",
    "login.refused": "Nome de acesso ou senha não conferem.",
    "login.refused.hint": "Confira os dois e tente de novo; se esqueceu a senha, peça um convite novo.",
    "login.over": "É preciso entrar de novo.",
    "login.over.hint": "Abra a página outra vez e entre com o seu nome de acesso.",
    "login.wait": "Muitas tentativas seguidas. Espere {{ seconds | plural('segundo', 'segundos') }} e tente de novo.",
    "invitation.over": "Este convite não vale mais: já foi usado, passou de 7 dias ou foi trocado por outro.",
    "invitation.over.hint": "Peça um convite novo a quem administra as pessoas.",
    "oidc.off": "Aqui não se entra por provedor de identidade.",
    "oidc.off.hint": "Entre com o seu nome de acesso e a sua senha.",
    "oidc.only": "Aqui todos entram pelo provedor de identidade da organização; senha, só quem administra.",
    "oidc.only.hint": "Na página de entrada, use o botão do provedor.",
    "oidc.unreachable": "O provedor de identidade não respondeu como devia.",
    "oidc.unreachable.hint": (
        "Tente de novo daqui a pouco; quem tem senha da Presença pode entrar com ela. O motivo está no registro do "
        "servidor."
    ),
    "oidc.refused": "A resposta do provedor de identidade não foi aceita.",
    "oidc.refused.hint": (
        "Entre de novo. Se continuar assim, avise quem cuida do servidor: o motivo está no registro dele."
    ),
    "oidc.expired": "Esta entrada não vale mais: passou de 10 minutos, já foi usada ou começou em outro navegador.",
    "oidc.expired.hint": "Comece de novo, pelo endereço em que a Presença sempre abre.",
    "oidc.denied": "O provedor de identidade não confirmou quem você é.",
    "oidc.denied.hint": "Entre de novo; se você não cancelou, avise quem cuida do provedor.",
    "oidc.unverified": "O provedor de identidade não confirma que o seu e-mail é seu.",
    "oidc.unverified.hint": "Confirme o e-mail no provedor, ou peça isso a quem cuida dele.",
    "oidc.no_claim": "O provedor de identidade não disse {{ claim | quoted }}, por que a Presença reconhece você.",
    "oidc.no_claim.hint": "Avise quem cuida do provedor: a Presença precisa receber isso.",
    "oidc.not_required": "A sua conta no provedor de identidade não é das que entram na Presença.",
    "oidc.not_required.hint": "Peça a quem cuida do provedor que inclua a sua conta.",
    "oidc.unknown": "Você ainda não foi acrescentado à Presença.",
    "oidc.unknown.hint": (
        "Peça a quem administra que acrescente você (página Pessoas), com o e-mail ou o nome que usa no provedor."
    ),
    "oidc.removed": "O seu acesso à Presença foi retirado.",
    "oidc.removed.hint": "Peça a quem administra as pessoas que o devolva.",
    "oidc.setting_missing": "Falta {{ variable }}, sem a qual o provedor de identidade não pode ser usado.",
    "oidc.setting_missing.hint": "Dê-lhe um valor, ou retire as outras que começam do mesmo jeito.",
    "oidc.setting_address": "{{ variable }} deve ser um endereço https://, sem “?” nem “#”.",
    "oidc.setting_address.hint": "Só nesta máquina (127.0.0.1) serve também http://.",
    "oidc.setting_secret": "O arquivo de {{ variable }} não pôde ser lido, ou não traz um segredo.",
    "oidc.setting_secret.hint": "Confira o caminho e a permissão de quem roda a Presença.",
    "oidc.setting_flag": "{{ variable }} deve ser 1 ou 0.",
    "oidc.setting_required": "{{ variable }} deve ser escrita como nome=valor.",
    "oidc.setting_required.hint": "Por exemplo: hd=clinica.example",
    "password.short": "A senha precisa de {{ shortest | plural('caractere', 'caracteres') }} ou mais.",
    "password.short.hint": "Três ou quatro palavras sem relação servem bem.",
    "password.long": "A senha pode ter até {{ longest | plural('caractere', 'caracteres') }}.",
    "password.common": "Esta senha é fácil de adivinhar.",
    "password.common.hint": "Use três ou quatro palavras sem relação entre si.",
    "password.own_name": "A senha não pode ser o seu nome.",
    "password.own_name.hint": "Use três ou quatro palavras sem relação entre si.",
    "password.wrong": "A senha atual não confere.",
    "password.unequal": "As duas senhas não são iguais.",
    "people.first_is_admin": "A primeira pessoa precisa ser admin, ou ninguém poderia acrescentar as outras.",
    "people.first_is_admin.hint": "Use o papel admin para ela.",
    "people.admin_of_units": "Quem é admin vê todas as unidades.",
    "people.admin_of_units.hint": "Deixe as unidades em branco, ou dê outro papel.",
    "people.begun": "Já há usuários aqui. Abra a página de novo e entre.",
    "people.login_malformed": (
        "O nome de acesso precisa ter de 2 a 80 letras, números ou os sinais . _ - + @, sem espaços."
    ),
    "people.login_malformed.hint": "Um e-mail ou um nome curto, como “ana.souza”.",
    "people.name_malformed": "Escreva o nome da pessoa, com até {{ longest | plural('letra', 'letras') }}.",
    "people.too_many_units": "Cabem até {{ most | plural('unidade', 'unidades') }}, cada uma com até 120 letras.",
    "people.removed": "Esta pessoa foi retirada. Devolva-lhe o acesso antes de convidá-la.",
    "people.no_account": "Aqui não há usuários: não há senha a trocar.",
    "people.unknown_login": "Ninguém tem o nome de acesso {{ login | quoted }}.",
    "people.unknown_login.hint": f"Veja os nomes com: {PROGRAM} people list",
    "product.unknown": "O produto {{ key | quoted }} não existe.",
    "product.unknown.hint": "Os produtos são: {{ known | join(', ') }}.",
    "output.no_resource": "{{ product }} não tem recurso do FHIR em que escrever o risco.",
    "output.no_resource.hint": "Use .csv, .xlsx ou .parquet.",
    "output.unknown_ending": "{{ name | quoted }} deve terminar em {{ endings | join(' ou ') }}.",
    "scrubbing.reading": "Tirando o que identifica pessoas",
    "scrubbing.no_text": "Nenhuma coluna deste arquivo traz texto escrito por pessoas.",
    "scrubbing.no_text.hint": "Dê à coluna dos comentários o nome “Comentário” ou envie outro arquivo.",
    "output.too_long_for_excel": (
        "{{ name | quoted }} teria {{ rows | plural('linha', 'linhas') }}, e uma planilha do Excel guarda 1.048.575."
    ),
    "output.too_long_for_excel.hint": "Escreva em .csv ou .parquet.",
    "output.no_folder": "{{ name | quoted }} fica numa pasta que não existe.",
    "output.no_folder.hint": "Crie a pasta ou escolha outra.",
    "sample.no_rows": "O número de linhas deve ser 1 ou mais.",
    "sample.no_rows.hint": "Use, por exemplo, --rows 1000.",
    "sample.not_installed": "Os dados de exemplo não estão nesta instalação.",
    "sample.not_installed.hint": "Baixe o projeto de novo, inteiro.",
    "mending.not_this_workbook": "Este arquivo não é a planilha de correção destes dados.",
    "mending.not_this_workbook.hint": (
        "Baixe a planilha de correção em “Corrigir”, mude as células e envie-a de volta."
    ),
    "mending.other_file": "Esta planilha de correção é de outro arquivo.",
    "mending.other_file.hint": "Abra os dados de onde ela veio e envie-a ali.",
    "mending.column_lost": "A planilha de correção perdeu a coluna {{ column | quoted }}.",
    "mending.column_lost.hint": "Baixe-a de novo e não mude essa coluna.",
    "mending.mended": (
        "{{ cells | plural('célula corrigida', 'células corrigidas') }} em {{ rows | plural('linha', 'linhas') }} "
        "da planilha de correção."
    ),
    "mending.unknown_rows": (
        "{{ rows | plural('linha não foi achada', 'linhas não foram achadas') }} no arquivo pelo número, "
        "e não mudou nada."
    ),
    "mending.ignored_cells": (
        "{{ cells | plural('célula mudada é', 'células mudadas são') }} de colunas que não são campos, e não se aplica."
    ),
    "fixing.no_such_file": "A planilha de correção {{ name | quoted }} não existe.",
    "fixing.no_such_file.hint": "Confira o nome e a pasta.",
    "joining.part_refused": "{{ name | quoted }}: {{ why }}",
    "joining.part_refused.hint": "{{ why | advice }}",
    "joining.no_file": "Nenhum arquivo foi escolhido.",
    "joining.no_file.hint": "Escolha dois arquivos ou mais.",
    "joining.not_joinable": "Estes dois conjuntos de dados não podem ser juntados.",
    "joining.not_joinable.hint": "Escolha outro arquivo do mesmo produto.",
    "joining.other_series": "Estes dois arquivos são de séries diferentes.",
    "joining.other_series.hint": (
        "Junte só arquivos da mesma clínica ou rede; a série de um arquivo pode ser mudada em Dados."
    ),
    "series.other_product": "Esta série é de outro produto. Escolha outra.",
    "series.nameless": "A série precisa de um nome.",
    "series.name_taken": "Já há uma série com este nome.",
    "series.empty": "Esta série não tem nenhum arquivo.",
    "themes.no_words": "O tema precisa de ao menos uma palavra.",
    "themes.no_words.hint": "Escreva palavras ou expressões separadas por vírgula.",
    "themes.no_word": "{{ word | quoted }} não é uma palavra ou expressão que se possa procurar.",
    "themes.no_word.hint": "Use letras; um asterisco no fim vale por qualquer terminação, como em “atras*”.",
    "themes.short_stem": (
        "{{ word | quoted }} pegaria palavras demais: antes do asterisco o mínimo é de "
        "{{ least | plural('letra', 'letras') }}."
    ),
    "themes.too_many_words": "São palavras demais para um tema; o limite são {{ most }}.",
    "themes.too_many": "Um conjunto tem ao menos um tema; o limite é de {{ most | plural('tema', 'temas') }}.",
    "themes.nameless": "O tema precisa de um nome; o limite é de {{ most | plural('letra', 'letras') }}.",
    "themes.name_taken": "Já há um tema chamado {{ name | quoted }}.",
    "themes.no_comments": "Este arquivo parece ser de {{ product | quoted }}, que não tem comentários.",
    "themes.no_comments.hint": "Se ele tem comentários, diga de que produto é com --product.",
    "risk.tells_few": (
        "Este filtro deixa à vista, ou deixa de fora, menos de {{ least | plural('linha', 'linhas') }}: "
        "com a visão sem ele ao lado, se saberia de poucas pessoas."
    ),
    "risk.tells_few.hint": "Tire um filtro, ou escolha valores que juntem mais linhas.",
    "risk.too_many_rows": (
        "Este arquivo teria {{ rows | plural('linha', 'linhas') }}; a página entrega até {{ most | number }} por vez."
    ),
    "risk.too_many_rows.hint": "Escolha um período menor, ou outro filtro, e baixe em partes.",
    "agenda.by_job": (
        "A lista deste arquivo, de {{ rows | plural('linha', 'linhas') }}, é feita por um trabalho à parte, "
        "e ainda não foi."
    ),
    "agenda.by_job.hint": "Peça a lista na página da agenda, que diz por que a última não ficou pronta, se houve uma.",
    "agenda.begun": (
        "A lista deste arquivo, de {{ rows | plural('linha', 'linhas') }}, está sendo feita por um trabalho à parte."
    ),
    "agenda.begun.hint": (
        "Volte a pedi-la quando ele terminar: a página da agenda diz em que ponto está e dá os arquivos; um programa "
        "pergunta por /api/v1/jobs/{{ job }}."
    ),
    "agenda.one_at_a_time": "Já há uma lista sendo feita.",
    "agenda.one_at_a_time.hint": "Espere ela terminar, ou cancele-a.",
    "agenda.stopped": "A lista não pôde ser feita, e o trabalho não disse por quê. Comece de novo.",
    "agenda.orphaned": "A lista foi interrompida: o programa foi desligado no meio. Comece de novo.",
    "agenda.cancelling": "Cancelando a lista…",
    "agenda.cancelled": "A lista foi cancelada; nada dela ficou.",
    "agenda.out_of_memory": "Faltou memória para fazer esta lista.",
    "agenda.fault": "A lista parou por uma falha inesperada. O detalhe técnico está no registro.",
    "agenda.too_many_lines": (
        "São {{ rows | plural('linha', 'linhas') }} da lista ao mesmo tempo; o servidor abre até {{ most | number }}."
    ),
    "agenda.too_many_lines.hint": (
        "Escolha um dia ou uma unidade; para a lista inteira, use o comando score, que a escreve num arquivo."
    ),
    "themes.unreadable": "Este arquivo não é um conjunto de temas que a Presença possa ler.",
    "themes.unreadable.hint": "Envie um arquivo baixado em “Editar temas”.",
    "themes.other_product": "Este conjunto de temas é de outro produto.",
    "recovery.incomplete": "Os arquivos estão incompletos ou danificados.",
}
