# Instala a Presença desta pasta, sem internet. Uso: instalar.bat [PASTA]   (sem PASTA: %LOCALAPPDATA%\Presenca)
# Os dados da clínica ficam noutro lugar e não são tocados, nem numa versão nova, nem ao apagar PASTA.
param([string]$Place = (Join-Path $env:LOCALAPPDATA 'Presenca'))
$ErrorActionPreference = 'Stop'
$here = Split-Path -Parent $MyInvocation.MyCommand.Path

function Stop-Here([string]$Sentence) {
    Write-Host $Sentence
    exit 1
}

Write-Host '1/4 Conferindo os arquivos ...'
foreach ($line in (Get-Content -Encoding UTF8 -LiteralPath (Join-Path $here 'SHA256SUMS'))) {
    $sum, $name = $line -split '  ', 2
    $file = Join-Path $here $name
    if (-not (Test-Path -LiteralPath $file)) {
        Stop-Here "Falta o arquivo ${name}: copie a pasta inteira de novo. Nada foi instalado."
    }
    if ((Get-FileHash -Algorithm SHA256 -LiteralPath $file).Hash -ne $sum) {
        Stop-Here "O arquivo ${name} foi alterado: copie a pasta inteira de novo. Nada foi instalado."
    }
}

$version = (Get-Content -LiteralPath (Join-Path $here 'python.txt') -TotalCount 1).Trim()
$ask = "import sys; print('%d.%d' % sys.version_info[:2] if sys.maxsize > 2**32 else '32 bits')"
$python = $null
foreach ($try in @(@('py', "-$version"), @('python'), @('python3'))) {
    if (-not (Get-Command $try[0] -ErrorAction SilentlyContinue)) { continue }
    $rest = @($try | Select-Object -Skip 1)
    $told = @()
    try { $told = @(& $try[0] @rest -c $ask) } catch { continue }
    # guarda-se como ele é chamado, não onde está: um caminho com acentos voltaria trocado
    if ($told.Count -eq 1 -and $told[0] -eq $version) {
        $python = $try
        break
    }
}
if ($null -eq $python) {
    Stop-Here ("Este pacote precisa do Python $version de 64 bits, que não foi encontrado. Instale-o " +
        '(https://www.python.org/downloads/windows/, "Windows installer (64-bit)"), abra esta janela de novo e rode outra vez.')
}

New-Item -ItemType Directory -Force -Path $Place | Out-Null
$Place = (Resolve-Path -LiteralPath $Place).ProviderPath
# um ambiente novo ao lado do antigo: se a instalação parar no meio, a versão anterior continua abrindo
$mark = (Get-FileHash -Algorithm SHA256 -LiteralPath (Join-Path $here 'requisitos.txt')).Hash.Substring(0, 12).ToLower()
$room = Join-Path $Place "ambiente-$mark"
if (Test-Path -LiteralPath $room) { Remove-Item -Recurse -Force -LiteralPath $room }

Write-Host "2/4 Criando o ambiente em $room ..."
& $python[0] @rest -m venv $room
if ($LASTEXITCODE -ne 0) { Stop-Here 'O ambiente não pôde ser criado. Confira o espaço em disco (são precisos 2 GB).' }

Write-Host '3/4 Instalando (alguns minutos) ...'
$inside = Join-Path (Join-Path $room 'Scripts') 'python.exe'
$env:PIP_CONFIG_FILE = 'nul'
& $inside -m pip install --isolated --quiet --no-input --disable-pip-version-check --no-index `
    --find-links (Join-Path $here 'pacotes') --require-hashes --only-binary :all: -r (Join-Path $here 'requisitos.txt')
if ($LASTEXITCODE -ne 0) {
    Remove-Item -Recurse -Force -LiteralPath $room -ErrorAction SilentlyContinue
    Stop-Here 'A instalação parou. Confira o espaço em disco (são precisos 2 GB) e rode de novo.'
}

Write-Host '4/4 Fazendo o atalho ...'
# relativo e sem acentos: o Prompt lê um .bat noutra codificação que a do PowerShell
$command = "`"%~dp0ambiente-$mark\Scripts\presenca.exe`" %*"
Set-Content -Encoding Ascii -LiteralPath (Join-Path $Place 'presenca.bat') -Value @('@echo off', $command)
try {
    $menu = [Environment]::GetFolderPath('Programs')
    $link = (New-Object -ComObject WScript.Shell).CreateShortcut((Join-Path $menu 'Presenca.lnk'))
    $link.TargetPath = Join-Path (Join-Path $room 'Scripts') 'presenca.exe'
    $link.WorkingDirectory = $Place
    $link.Save()
} catch {
    Write-Host 'O atalho do menu Iniciar não pôde ser feito nesta máquina; o comando abaixo funciona.'
}
foreach ($old in (Get-ChildItem -LiteralPath $Place -Directory -Filter 'ambiente-*')) {
    if ($old.FullName -ne $room) { Remove-Item -Recurse -Force -LiteralPath $old.FullName -ErrorAction SilentlyContinue }
}

Write-Host ''
Write-Host 'Pronto. Abra a Presença pelo menu Iniciar (Presenca), ou por:'
Write-Host "    $(Join-Path $Place 'presenca.bat')"
Write-Host 'Ela abre no navegador; os dados de exemplo estão a um clique, em Início.'
Write-Host "Para atualizar, rode o instalar.bat do pacote novo, com a Presença fechada. Para remover, apague $Place."
