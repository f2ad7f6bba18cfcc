"""The words by which a person is spoken of in a comment, all folded; what looks like a name and is none."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BIRTH_DATE = "data de nascimento"  # a kind of what is taken out

# ---------------------------------------------------------------- before a name

CALLINGS = {
    "doctor": "dr dra drs dras doutor doutora doutores doutoras medico medica medicos medicas pediatra pediatras cardiologista ortopedista "
              "ginecologista obstetra dermatologista neurologista psiquiatra oftalmologista oftalmo urologista oncologista anestesista "
              "endocrinologista endocrino geriatra gastro gastroenterologista otorrino pneumologista nefrologista reumatologista infectologista "
              "cirurgiao cirurgia cirurgioes plantonista clinico radiologista ultrassonografista residente",
    "nurse": "enf enfa enfermeiro enfermeira enfermeiros enfermeiras tecnico tecnica tecnicos tecnicas tec auxiliar auxiliares parteira doula",
    "dentist": "dentista dentistas ortodontista",
    "therapist": "fisioterapeuta fisioterapeutas fisio fono fonoaudiologo fonoaudiologa terapeuta psicologo psicologa psicologos psicologas "
                 "nutricionista nutricionistas nutri farmaceutico farmaceutica biomedico biomedica assistente acupunturista massoterapeuta",
    "front": "recepcionista recepcionistas atendente atendentes secretario secretaria secretarias telefonista operador operadora vendedor vendedora "
             "caixa balconista concierge",
    "manager": "gerente gerentes coordenador coordenadora diretor diretora supervisor supervisora administrador administradora ouvidor ouvidora chefe",
    "support": "seguranca segurancas vigilante vigilantes porteiro porteira guarda manobrista motorista maqueiro maqueira socorrista faxineira faxineiro "
               "copeira copeiro cozinheira camareira zelador zeladora entregador",
    "staff": "funcionario funcionaria funcionarios funcionarias profissional profissionais colaborador colaboradora estagiario estagiaria estagiarios "
             "cuidador cuidadora voluntario voluntaria moca moco rapaz menina instrumentador instrumentadora",
    "teacher": "prof profa professor professora",
}  # who works there; a calling has one number a name
TITLES = _words("dr dra drs dras doutor doutora doutores doutoras enf enfa prof profa")  # any capitalised word after one is a name
COURTESY = _words("sr sra srs sras srta senhor senhora senhorita dona d. sinha")
YOUR = _words("seu seo")  # "your" as often as "Mr": a name must follow
KIN = _words(
    "filho filha filhos filhas filhinho filhinha mae maezinha mamae pai paizinho papai pais esposo esposa marido mulher avo avos avozinha vo vovo tia tio tias tios "
    "primo prima primos irmao irma irmaos irmas neto neta netos netinho netinha sobrinho sobrinha sogro sogra genro nora cunhado cunhada namorado namorada noivo noiva "
    "companheiro companheira bebe bb recem-nascido amigo amiga vizinho vizinha padrasto madrasta enteado enteada afilhado afilhada padrinho madrinha "
    "paciente pacientes acompanhante crianca idoso idosa gestante menino bisavo bisavo bisneta bisneto gemeos gemeas compadre comadre"
)
SELF = _words("nome chamo chama chamado chamada chamava ass assinado assinada att atenciosamente atte paciente responsavel remetente autor autora")
BETWEEN = _words(
    "a o as os  de da do das dos na no em por com pela pelo é eh e' era se me meu minha meus minhas nosso nossa dele dela um uma chama chamado chamada nome nomes "
    "enfermagem plantao recepcao triagem limpeza copa cozinha farmacia laboratorio portaria ambulancia estacionamento ouvidoria turno noite tarde manha dia "
    "saude raio x uti coleta social geral clinica clinico infantil caixa balcao guiche seguranca vacina curativo medicacao hoje ontem senhor senhora muito querido querida "
    "nova novo jovem amado amada mais velho velha cacula falecido falecida saudoso saudosa ultrassom imagem radiologia higienizacao rh sala chefe andar especialista "
    "cardiologista ortopedista pediatra ginecologista obstetra dermatologista neurologista responsavel sendo e"
)  # may stand between one and the name; "e" is taken out where names are added
JOINING = _words("da de do das dos di del")
SERVED = _words(
    "atendeu atenderam tratou tratava ajudou recebeu explicou examinou acolheu orientou destratou ignorou medicou ouviu chamou deu disse falou"
)  # after "me" or "nos": what a person did
SECTIONS = _words("recepcao triagem limpeza farmacia copa portaria enfermagem coleta vacina ouvidoria laboratorio higienizacao")
US = _words("me nos")
BEFORE_FREE = _words("a o pela pelo com à ao aa para pra pro")  # before a name in lower case that stands alone

# ---------------------------------------------------------------- what stays

UNITS = _words(
    "hospital hospitais upa ubs amb ame caps policlinica clinica maternidade posto pronto unidade centro instituto fundacao casa laboratorio lab drogaria farmacia "
    "santa santo sao nossa rua avenida av alameda travessa praca rodovia estrada bairro vila jardim parque conjunto cidade municipio shopping loja lojas magazine casas "
    "escola colegio faculdade universidade igreja paroquia asilo lar associacao cooperativa plano convenio supermercado mercado terminal estacao metro aeroporto "
    "doenca sindrome mal teste escala protocolo manobra sinal lei livro autor marca linha hotel edificio predio residencial condominio largo ponte viaduto ilha"
)  # a place, a disease, a brand bears the name that follows directly
UNIT_MORE = _words(
    "municipal estadual regional federal geral infantil central universitario particular publico publica de da do das dos e santa santo sao dr dra dona doutor doutora "
    "professor professora prof padre dom frei madre irma coronel general presidente governador prefeito desembargador senador deputado maternidade hospital clinica upa ubs "
    "medico clinicas basica saude familia atendimento integrada oncologico materno bom nova novo alto alta nossa senhora"
)
TO_PERSON = _words("da do das dos de")  # before a title: "a clínica da Dra. Ana" is a person's
WHERE = _words("em santa santo sao nossa senhora vila jardim")  # before a name that is a place's or a saint's
PLACES = _words(
    "mariana lorena marilia betania israel salvador vitoria natal belem franca diamantina leopoldina olinda adamantina natalia abaete araci jordania italia africa viena roma "
    "americana brasilia georgia virginia carolina dakota victoria andradina itauna itabira iracema cassia barbacena varginha floriano teresina petrolina londrina samara"
)  # cities as well: a name only after a title, or where it is praised or blamed
BRANDS = _words(
    "ray foreman arno casio max samsung philips sony dell brastemp consul electrolux einstein oster walita mercedes ford fiat alexa dove nike lee levi prada chanel hermes gucci elvis "
    "garmin nestle unimed amil apple jesus cristo jeova deus buda maome samu covid  kindle  omega zara renner marisa riachuelo avon natura dior benetton vita bic "
    "sansao dalila  nilo ipanema danone elma chandon johnson wilson penalty rayban philco britania elgin cadence"
)
NEVER = _words(
    "muito muita muitos muitas excelente excelentes otimo otima otimos otimas pessimo pessima maravilhoso maravilhosa super nao sempre nunca que e é foi esta estava me nos ele ela "
    "eles elas mas por para com sem crm cid cro coren crp crf parabens obrigado obrigada nota atendimento medico medica adorei recomendo amei gostei top show jesus deus cristo hospital "
    "clinica upa ubs unidade posto centro emergencia pronto consulta exame recepcao dia hoje ontem amanha segunda terca quarta quinta sexta sabado domingo janeiro fevereiro abril maio "
    "junho julho setembro outubro novembro dezembro bom boa ruim horrivel grosso grossa educado educada atencioso atenciosa atenciosos atenciosas simpatico simpatica querido querida "
    "so tem tinha ja quando como porque pois ate apesar depois antes agora aqui la ali esse essa isso este esta isto aquele aquela um uma uns umas o a os as de da do das dos em no na "
    "nem se ou ai entao tudo todos todas toda todo nada ninguem alguem fui fomos estou estavam eram era ser ter teve fez fizeram disse falou mandou atendeu pediu receitou "
    "deu salvou demorou chegou ficou saiu veio passou olhou sabe sabia quer queria pode podia vai vou ia iam voce voces quem qual quais cada mesmo mesma mais menos bem mal "
    "plantao enfermagem equipe urgencia uti samu sus covid geral cardiologista pediatra ortopedista nome ótimo alta baixa seu sua seus suas meu minha linda lindo gentil generoso generosa "
    "modesto modesta rude elite amado amada mel amor bela belo feliz serena sereno severa severo justo justa firme calos dores pulo dar dara ler leia lia armando macio macia nota marco "
    "responsavel novo nova velho velha jovem grande pequeno idoso idosa crianca gestante nossa senhora filho filha mae pai tio tia natal paciente pacientes sao ao aos pelo pela pelos pelas "
    "sobre entre contra durante enquanto onde deveria precisa merece parece sera tambem ainda apenas tao tanto quase lhe eu tu nosso nossa vcs vc mto mt tbm pq q n "
    "atende atendem atenderam explica explicou examinou aplicou errou gritou desligou grita trata tratou resolve resolveu ajudou empurrou nasceu morreu faleceu caiu esperou adorou gostou "
    " google noel padrao ira irao iria ida leia particular convenio plano cirurgia retorno receita laudo remedio telefone cpf rg cns prontuario carteirinha protocolo cep placa moro sou tel zap whatsapp leito quarto"
)  # no name, however it is written, where one could follow

ALSO_WORDS = _words(
    "tais daria amando tecla alia rode felizardo luza sarai reinam viviam armenia romaria magnos germania alfa sue geneses mires emerita veneranda cosmo air georgia xisto remi dileta erice libertina ido saimo "
    "vitoria rosa aparecida aparecido marco domingos angelica magno clara gloria norma divino divina messias salvador socorro santa irma bento natalino aurora esmeralda tomas "
    "magna candida candido amara graca silva gentil celeste silvestre patricio ida jade dara julho natal iria linda santo flora nazareno natalicio natalicia expedito expedita juvenil "
    "macio macia gardenia abadia benta ires oliveira deusa santos vital evangelista florentino clemencia batista marinho custodia franco perpetua amado amada marques safira rosario "
    "nata imaculada cairo romana gema ema mel constantino urbano neto america perola pedra calos tome riam rena constancia amos maximo maia isla placido placida generosa generoso modesto "
    "modesta orlei regia regio lirio atos eremita raiara libia argentina argentino amador luz flor nascimento dalia piedade florindo acacia lisa sirene branca lua chales tiara filho filha "
    "severo severa trindade assuncao lira nora emir ide apolo alta oliva aura solene felicidade armando leia lia margida margarida roque alba viva vivia magnolia domingo augusta  "
    "gema noel  lordes zenite brisa benigno benigna midia atonia franca jesuita altivo altiva esperanca salvadora inocencia iam dos ali siria angra violeta libera elite delicia ira "
    "primo chagas salmo alma arcanjo ermita encarnacao jordano indiana diamantina marcial mira senhora romano serio sirio pio nao junho reges reinado justo justa firmo savana pilar neves claro "
    "reis pureza brasil irlanda patrocinio ramos frances bela amparo chico pastora cristal araujo germino bendito maxima analise das marinha genuino genuina genes lima judas cora teles "
    "remo pacifico graciosa reina dona epifania ninfa jota gerado anunciada pereira tom este escolastica saira ala mates querem pulo vali sumira tomais alva aria nana lise nativa nativo morena "
    "gene paixao anjo feliz laudo selva soares castro delta frutuoso regi india sol leao estrela constante petala dana dete geri sonha costa rude ventura belo germana dores rubi alise "
    "africa italia israel jordania paz consolacao conceicao penha lapa saude gema rios dias cruz rocha campos leite nobre leal serena sereno sereia boa bom sao  natureza princesa rei "
    "junior terceiro segundo primeira primeiro dia noite fada  deus  lenda prima pena vida  bonita querida querido amor linda lindo ser ter vir ele ela elas eles  "
    " cravo ouro prata jasmim jacinto narciso lis  celestial aleluia hosana gracas mercedes mar  max alexa   dita diva era ceu "
    "vai vem sai cai lar bela lida dei sendo zelo  caro cara carinhosa carinho abril maio agosto"
)  # names that are words of the language, or places: a name only where the sentence says so

SURNAMES = _words(
    "silva santos oliveira souza sousa rodrigues ferreira alves pereira lima gomes costa ribeiro martins carvalho almeida lopes soares fernandes vieira barbosa rocha dias nascimento andrade "
    "moreira nunes marques machado mendes freitas cardoso ramos goncalves santana teixeira araujo melo mello borges miranda pinto moura cavalcanti cavalcante monteiro correia correa batista campos "
    "cunha castro moraes morais reis azevedo duarte peixoto rezende resende barros farias faria fonseca antunes prates tavares torres leal menezes meneses macedo medeiros brito aguiar coelho cruz "
    "viana vianna guimaraes maia neves nogueira pacheco paiva pires queiroz rangel sales salles sampaio santiago siqueira toledo vargas vasconcelos vaz xavier amaral assis bastos bezerra braga "
    "brandao bueno caldas camargo camara chaves coutinho diniz dantas domingues esteves evangelista felix figueiredo fontes franca franco furtado galvao garcia guedes guerra leao leite lacerda "
    "lins lobo luz magalhaes marinho matos mattos maciel mota motta muniz novaes novais ornelas padilha parente passos paz pessoa pimenta pimentel porto prado quadros rosa sa serra simoes teles "
    "trindade valente valadares vasques veloso ventura vilela zanetti zimmermann yamamoto tanaka suzuki nakamura sato rossi bianchi ricci ferrari schmidt schneider muller weber klein hoffmann "
    "fagundes falcao fraga frota gouveia holanda jardim jesus junqueira lemos linhares loureiro lucena malta maranhao meireles mesquita modesto montenegro morato mourao muller neto netto junior filho "
    "nobrega noronha pedrosa penha pessanha pinheiro portela proenca rego sarmento seixas serrano severino silveira soeiro tavora telles uchoa vale valle varela velasco verissimo vidal vitor "
    "abreu aragao araripe arruda avila bacelar barreto barroso batalha belchior benevides bonfim botelho bragança brasil cabral caetano calixto carneiro casagrande castanheira castilho cerqueira "
    "cordeiro coimbra conceicao couto damasceno delgado espinosa estrela feitosa fiuza flores fragoso freire"
)  # of the commonest in the census; a name goes on with one
LOOSE_SURNAMES = SURNAMES - _words(
    "dias nascimento luz cruz guerra pinto leite campos costa porto passos paz valente vale parente neves reis serra brasil estrela flores jardim rosa conceicao jesus franca franco filho neto lobo "
    "leao ramos fontes chaves quadros rocha pessoa sa vaz junior leal prado pimenta machado batalha casagrande trindade malta modesto rego soeiro couto delgado avila barroso barros"
)  # those that mean nothing else in lower case

# ---------------------------------------------------------------- before a number (patterns, case ignored)

LINK = r"(?:[ \t]*(?:[:=#,(.\-–]|\bn[rº°o.]{0,3}(?=[ :.\d])|\bn[uú]m(?:ero)?\b|\b(?:é|eh|e|do|da|de|deles?|delas?|meu|minha|seu|nosso|aberto|gerado|em|no|na|sob|com|final|finais|termina(?:do|da|ndo)?|dia|foi|era|o|a|portador(?:a)?)\b)){0,6}[ \t]{0,3}"
# what a number is: words (folded) of which one must be there, and how it is written before the number
CPF = (_words("cpf c"), r"\bc\.?p\.?f\b\.?")
RG = (_words("rg r identidade"), r"\b(?:rg|r\.g\.|(?:carteira|c[ée]dula|doc(?:umento)?) de identidade|identidade)\b\.?")
CNS = (_words("cns sus saude"), r"\b(?:cns|(?:cart[aã]o|carteira|n[uú]mero) (?:nacional de sa[uú]de|(?:do )?sus))\b")
RECORD = (_words("prontuario prontuarios pront"), r"\b(?:prontu[aá]rios?|pront\.)")
MEMBER = (
    _words("carteirinha carteirinhas carteira cartao numero beneficiario beneficiaria matricula"),
    r"\b(?:carteirinhas?|(?:carteira|cart[aã]o|n[uú]mero) d[oae] (?:conv[eê]nio|plano|unimed|amil|benefici[aá]rio|associado)|benefici[aá]ri[oa]|matr[ií]cula d[oe] (?:conv[eê]nio|plano))(?: d[oae] [a-zà-ÿ]{3,15})?\b",
)
PROTOCOL = (
    _words(
        "protocolo protocolos chamado ocorrencia ordem pedido pedidos manifestacao reclamacao solicitacao guia boletim bo b"
    ),
    r"\b(?:protocolos?|chamado|ocorr[eê]ncia|ordem de servi[cç]o|pedidos?|manifesta[cç][aã]o|reclama[cç][aã]o|solicita[cç][aã]o|guia|boletim|b\.?o\.?)\b",
)
ORDER = (
    _words("compra compras encomenda encomendas ordem nota nf nfe ped entrega atendimento rastreio o nr n no numero"),
    r"(?:\b(?:compras?|encomendas?|ordem(?: de [a-zà-ÿ]{3,12})?|nota fiscal|nf-?e?|ped|entrega|atendimento|rastreio|o\.s)\b\.?|(?=\bnr\b|\bn[º°]))",
)  # words beside which only a long number is one's own
COUNCIL = (
    _words("crm coren cro crefito crp crf crn crbm crefono crfa cress crv cref rqe matricula registro inscricao"),
    r"\b(?:crm|coren|cro|crefito|crp|crf|crn|crbm|crefono|crfa|cress|crv|cref|rqe)(?:[-/ ]{1,3}(?:ac|al|am|ap|ba|ce|df|es|go|ma|mg|ms|mt|pa|pb|pe|pi|pr|rj|rn|ro|rr|rs|sc|se|sp|to))?\b|\b(?:matr[ií]cula|registro|inscri[cç][aã]o)\b",
)
CNPJ = (_words("cnpj"), r"\bcnpj\b")
CEP = (_words("cep"), r"\bcep\b")
PLATE = (_words("placa placas"), r"\bplacas?\b(?: d[oae] (?:meu |minha )?(?:carro|moto|ve[ií]culo|van))?")
BIRTH = (
    _words("nasci nasceu nascido nascida nascidos nascidas nascimento nascto nasc dn d aniversario"),
    r"(?:\bnasc(?:i|eu|id[oa]s?|imento|to|\.)?(?![a-zà-ÿ])|\bd\.?n\b\.?|\banivers[aá]rio\b)",
)
PHONE = (
    _words("fone fones tel telefone telefones cel celular celulares zap whats whatsapp wpp wats contato contatos ligar ligue liguem ligarem chamem chame numero ramal"),
    r"\b(?:fones?|tel|telefones?|cel|celular(?:es)?|zap|whats|whatsapp|wpp|wats|contatos?|ligar|ligue|liguem|ligarem|chamem|chame|n[uú]mero|ramal)\b\.?(?: (?:fixo|celular|residencial|novo|(?:de|pra|para) contato)\b)?",
)
VEHICLES = _words("placa placas carro carros moto motos motocicleta veiculo veiculos ambulancia uber taxi estacionamento estacionei manobrista caminhao van")
SOCIAL = r"\b(?:instagram|insta|ig|facebook|face|twitter|tiktok|telegram|skype|linkedin|perfil|nick|arroba)\b"
OF_WHOM = r"(?: (?:d[aeo]|meu|minha|filh[oa]|m[aã]e|pai|espos[oa]|marido)){0,4}"
ACCOUNT = r"\b(?:usu[aá]rio|user|username|login|logon)\b"
SITES = r"\b(?:instagram|facebook|fb|twitter|tiktok|linkedin)\.com/"
MAIL_HOSTS = r"(?:g[- ]?mail|hotmail|outlook|yahoo|uol|bol|terra|icloud|live)"
ACCOUNTS = _words("instagram insta ig facebook face twitter tiktok telegram skype linkedin perfil nick arroba usuario user username login logon fb")
EVERYBODY = _words("todos todas everyone all canal here")  # "@todos" is nobody's account
JUDGED = r"(?:ruim|lent|[oó]tim|p[eé]ssim|bonit|lind|desatualiz|confus|dif[ií]c|f[aá]c|bom|boa|excelent|legal|chei|vazi|fals|bloque|oficial|atualiz|complicad|d[ae]$|hosp|cl[ií]nic|unidad|voc[eê]s|empresa|muito)"
MONTHS = r"(?:janeiro|fevereiro|mar[cç]o|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro)"
DAY_SAID = rf"\d{{1,2}}[ºo°]? de {MONTHS}(?: de|,)? \d{{4}}"
STREETS = _words("rua r avenida av travessa tv trav alameda al rodovia rod estrada estr praca pca largo quadra qd beco viela servidao ladeira")
STREET = r"\b(?:rua|r\.|avenida|av\.?|travessa|tv\.|trav\.|alameda|al\.|rodovia|rod\.|estrada|estr\.|pra[cç]a|p[cç]a\.|largo|quadra|qd\.?|beco|viela|servid[aã]o|ladeira)"
STREET_NAME = r"(?: (?:d[aeo]s?|e|[A-ZÀ-Þ0-9][\wÀ-ÿ.'’ºª-]*)){1,8}"
LIVES = r"\b(?:mor(?:o|ei|amos|a|ava|ando)|resid(?:o|imos|e|ente|indo)|domiciliad[oa]|endere[cç]o|minha casa fica)\b"
LIVES_IN = r" {0,2}:?(?: (?:na|no|em|é|fica|à|a))? {1,2}"
HOUSE = r"(?:,? ?(?:n[º°o.]{0,2}|n[uú]mero|nro\.?)? ?\d{1,5}[a-zA-Z]?(?:/\d{1,4}[a-zA-Z]?)?(?![\wÀ-ÿ/:]))"
INSIDE = (
    r"(?: ?[,\-–]? ?(?:ap(?:to?|artamento)?\.?|bl(?:oco)?\.?|casa|fundos|lote|lt\.?|quadra|qd\.?|torre|sobrado|conj(?:unto)?\.?)(?: ?[\dA-Z]{1,5}(?![\wÀ-ÿ]))?){0,3}"
)
AMOUNT = r"[ ]{0,2}(?:de )?(?:reais|real|mil|milh|conto|pila|kcal|k?m\b|metros|ml\b|mg\b|mcg\b|kg\b|g\b|gramas|gotas|ui\b|%|horas?\b|hs?\b|min|minutos|dias?\b|meses|m[eê]s\b|anos?\b|vezes|x\b|pessoas|pacientes|comprimidos|doses|cm\b|unidades|caixas|itens|pe[cç]as|pacotes|folhas|frascos|kits|litros|c[aá]psulas|x ?\d)"

# of the names of files, which follow a person's name without being part of it
FILE_WORDS = _words(
    """
    agenda agendas agendamento agendamentos atendimento atendimentos ambulatorio clinica consulta consultas
    exame exames falta faltas ficha hospital lista paciente pacientes planilha relatorio unidade janeiro
    fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro jan fev mar abr mai jun
    jul ago set out nov dez passado futuro novo final copia corrigido exemplo csv xlsx xls cpf cns mail
    telefone cartao santa santo vila nova
    """
)
