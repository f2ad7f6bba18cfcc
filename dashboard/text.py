"""What surrounds every page, in Portuguese: sentences that belong to the screen and to no product."""

from pipeline.contract import feminine
from pipeline.presentation.locale.names import SEVERITIES
from pipeline.presentation.locale.program import OPEN

SAMPLE_LINE = (
    "Uma rede de clínicas inventada, com pacientes, convênios e procedimentos sintéticos: nenhum dado é de alguém."
)
WORKSPACE_LINE = (
    "Este espaço é da clínica inteira: quem abre o aplicativo neste endereço vê os mesmos arquivos e modelos. "
    "Ids de pacientes ficam guardados só como pseudônimos; a planilha original fica cifrada e é apagada 30 dias "
    "depois do envio, ou da última data do arquivo, se ela vier depois."
)
NO_DATA = "Ainda não há dados"
NO_DATA_WHY = "Envie a planilha do seu sistema ou use os dados de exemplo, na página Início."
NO_MODEL = "Ainda não há modelo"
NO_MODEL_WHY = "O risco vem de um modelo treinado com o que já aconteceu na clínica."
SEVERITY = {
    "blocker": (SEVERITIES["blocker"], ":material/block:", "red"),
    "warning": (SEVERITIES["warning"], ":material/warning:", "yellow"),
    "note": (SEVERITIES["note"], ":material/info:", "gray"),
}
COSTS = {
    "loses": "custa linhas",
    "blurs": "custa parte de um campo",
    "private": "dados pessoais, tirados do que fica guardado",
    "looks": "nada a corrigir",
    "aside": "nada a corrigir",
}
USES = {"training": "treino", "scoring": "cálculo de risco"}
TIERS = {"very_high": "●●●● muito alto", "high": "●●●○ alto", "medium": "●●○○ médio", "low": "●○○○ baixo"}
CONTACT_REMINDER = "Ligar ajuda; o risco é uma estimativa e não descreve a pessoa."


def every(noun: str) -> str:
    """What a filter says that filters nothing."""
    return "Todas" if feminine(noun) else "Todos"


OPEN_UNASKED = (
    "O servidor foi iniciado aberto à rede, ou enviando estatísticas de uso, sem que isso tenha sido pedido: "
    "nenhum dado é mostrado. "
    f"Encerre-o e inicie com “{OPEN}”. Para abrir a outras máquinas da clínica, diga o endereço e o nome "
    "pelo qual elas "
    f"chegam: {OPEN} run \\-\\-server.address 0.0.0.0 \\-\\-server.allowedHosts NOME."
)
NO_GATE = (
    "A Presença foi iniciada sem a porta que confere quem entra: nenhum dado é mostrado. Encerre-a e inicie com "
    f"“{OPEN}”, ou com “streamlit run dashboard/app.py”."
)
DOWNLOAD_FAILED = "O arquivo não pôde ser feito."
