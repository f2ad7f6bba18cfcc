#!/bin/sh
# Instala a Presença desta pasta, sem internet. Uso: sh instalar.sh [PASTA]   (sem PASTA: ~/presenca)
# Os dados da clínica ficam noutro lugar e não são tocados, nem numa versão nova, nem ao apagar PASTA.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
place=${1:-${HOME:?Diga em que pasta instalar: sh instalar.sh PASTA}/presenca}
version=$(head -n 1 "$here/python.txt")

stop() {
  printf '%s\n' "$1" >&2
  exit 1
}

echo "1/4 Conferindo os arquivos …"
(cd "$here" && sha256sum --check --quiet --strict SHA256SUMS) ||
  stop "Os arquivos desta pasta estão incompletos ou foram alterados: copie-a inteira de novo. Nada foi instalado."

[ "$(uname -s) $(uname -m)" = "Linux x86_64" ] ||
  stop "Este pacote é para Linux de 64 bits (x86-64); esta máquina é $(uname -s) $(uname -m)."

python=
for name in "python$version" python3 python; do
  found=$(command -v "$name") || continue
  told=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
  if [ "$told" = "$version" ]; then
    python=$found
    break
  fi
done
[ -n "$python" ] ||
  stop "Este pacote precisa do Python $version, que não foi encontrado. Instale-o e rode de novo, ou peça o pacote para o Python que esta máquina tem ($(python3 --version 2>/dev/null || echo nenhum))."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  stop "Este Python não traz o módulo venv. No Debian ou Ubuntu: sudo apt install python3-venv (e depois rode de novo)."

umask 022 # um serviço, que é outra conta, também o abre
mkdir -p -- "$place"
place=$(CDPATH='' cd -- "$place" && pwd)
# um ambiente novo ao lado do antigo: se a instalação parar no meio, a versão anterior continua abrindo
room=$place/ambiente-$(sha256sum "$here/requisitos.txt" | cut -c 1-12)
rm -rf -- "$room"
trap 'rm -rf -- "$room"' EXIT
trap 'exit 1' INT TERM HUP

echo "2/4 Criando o ambiente em $room …"
"$python" -m venv "$room"
echo "3/4 Instalando (um ou dois minutos) …"
PIP_CONFIG_FILE=/dev/null "$room/bin/python" -m pip install --isolated --quiet --no-input --disable-pip-version-check \
  --no-index --find-links "$here/pacotes" --require-hashes --only-binary :all: -r "$here/requisitos.txt" ||
  stop "A instalação parou. Confira o espaço em disco (são precisos 2 GB) e rode de novo."

echo "4/4 Fazendo o comando e o atalho …"
printf '#!/bin/sh\n# Abre a Presença; com argumentos, é a linha de comando dela.\nexec "%s" "$@"\n' \
  "$room/bin/presenca" >"$place/presenca.novo"
chmod 755 "$place/presenca.novo"
cp -- "$here/LEIAME.txt" "$place/"
mv -f -- "$place/presenca.novo" "$place/presenca"
trap - EXIT
for old in "$place"/ambiente-*; do
  [ "$old" = "$room" ] || rm -rf -- "$old"
done
if [ -n "${HOME:-}" ] && mkdir -p "$HOME/.local/share/applications" 2>/dev/null; then
  printf '[Desktop Entry]\nType=Application\nName=Presença\nExec="%s"\nTerminal=true\nCategories=Office;\n' \
    "$place/presenca" >"$HOME/.local/share/applications/presenca.desktop"
fi

cat <<END

Pronto. Para abrir a Presença:

    $place/presenca

ou procure por Presença no menu de aplicativos. Ela abre no navegador; os dados de exemplo estão a um clique, em Início.
Para atualizar, rode o instalar.sh do pacote novo, com a Presença fechada. Para remover, apague $place.
END
