"""The bundle for a machine without a network: every library of the lock as a wheel, the app's own, and who installs it.

`run.py bundle` prepares the development environment, in which `python -m launch.offline` makes the bundle: the wheel by
hatchling, the libraries by pip with the hashes of the lock, for any of the systems and Pythons that are supported.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict

from launch.environment import APP_LOCK, DEV_LOCK, ROOT, ensure, venv_python
from launch.interpreter import SUPPORTED, Refusal, say
from launch.supply import pins

DEPLOY = ROOT / "deploy"
WHEELS, WANTED, VERSIONS = "pacotes", "requisitos.txt", "versoes.txt"
SUMS, PYTHON, SYSTEM = "SHA256SUMS", "python.txt", "sistema.txt"
PYTHONS = sorted("%d.%d" % version for version in SUPPORTED)
SYSTEMS: Dict[
    str, Dict[str, Any]
] = {  # what a marker of the lock is asked of, the tags of its wheels, and what else is laid into the bundle
    "linux": {
        "told": "Linux de 64 bits (x86-64)",
        "marks": {
            "os_name": "posix",
            "sys_platform": "linux",
            "platform_system": "Linux",
            "platform_machine": "x86_64",
        },
        "tags": ["manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"],
        "scripts": ["offline/instalar.sh", "offline/LEIAME.txt", "presenca.service"],
    },
    "windows": {
        "told": "Windows de 64 bits (x86-64)",
        "marks": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
        "tags": ["win_amd64"],
        "scripts": ["offline/instalar.bat", "offline/instalar.ps1", "offline/LEIAME.txt"],
    },
}


def bundle(extra):
    """Prepares what makes it and makes the bundle: FOLDER, and for which system and Python."""
    usage = "Diga em que pasta: python3 run.py bundle PASTA [--sistema linux|windows] [--python %s]" % "|".join(PYTHONS)
    if not extra or extra[0].startswith("-"):
        raise Refusal(usage)
    folder = Path(extra[0]).absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal("A pasta do pacote deve ser nova ou vazia: %s" % folder)
    ensure(DEV_LOCK)
    command = [str(venv_python()), "-m", "launch.offline", str(folder), *extra[1:]]
    return subprocess.run(command, cwd=str(ROOT)).returncode


def wanted_pins(found, system, python):
    """Those pins of a lock that its markers ask for on a system and Python."""
    from packaging.markers import Marker

    marks = dict(SYSTEMS[system]["marks"], python_version=python, python_full_version=python + ".99")
    marks.update(implementation_name="cpython", platform_python_implementation="CPython")
    return [one for one in found if not one["marker"] or Marker(one["marker"]).evaluate(marks)]


def pinned(name, version, hashes):
    """A requirement that pip takes only with one of these hashes."""
    return " \\\n    ".join(["%s==%s" % (name, version), *("--hash=sha256:" + one for one in hashes)]) + "\n"


def sha256(path):
    """The checksum of a file, as it is written down."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def normal(name):
    """A package's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def download_command(lock, folder, system, python):
    """pip's call for the wheels of another system too: the lock is whole, so that nothing is resolved."""
    tags = [word for tag in SYSTEMS[system]["tags"] for word in ("--platform", tag)]
    fixed = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-input", "--disable-pip-version-check"]
    there = ["--implementation", "cp", "--python-version", python, *tags]
    return [sys.executable, "-m", "pip", "download", "--quiet", *fixed, *there, "-d", str(folder), "-r", str(lock)]


def requirements(found, folder):
    """What is to be installed, each by the one file that lies there. Refusal where one is absent or not of the lock."""
    lying = {normal(path.name.split("-")[0]): path for path in sorted(folder.glob("*.whl"))}
    lines = []
    for one in found:
        path = lying.pop(normal(one["name"]), None)
        if path is None or sha256(path) not in one["hashes"]:
            raise Refusal("Falta %s %s entre os pacotes, ou não é o que está travado." % (one["name"], one["version"]))
        lines.append(pinned(one["name"], one["version"], [sha256(path)]))
    for name, path in lying.items():  # the app's own
        lines.append(pinned(name, path.name.split("-")[1], [sha256(path)]))
    return "".join(lines)


def versions(found):
    """The pins alone, for pipx and uv: pip takes hashes in a constraint for a demand that all be hashed, itself too."""
    return "".join("%s==%s\n" % (one["name"], one["version"]) for one in found)


def lay_scripts(folder, system):
    """Copies who installs it, with the line ends and the mark that Windows needs to read accents."""
    for name in SYSTEMS[system]["scripts"]:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        if system == "windows":
            mark = "" if name.endswith(".bat") else "\ufeff"
            text = mark + text.replace("\n", "\r\n")
        (folder / Path(name).name).write_bytes(text.encode("utf-8"))


def checksums(folder):
    """One line a file, as `sha256sum` reads them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    return "".join("%s  %s\n" % (sha256(path), path.relative_to(folder).as_posix()) for path in files)


def step(command, told):
    """Runs what makes a part; Refusal where it fails, after its own words."""
    if subprocess.run(command, cwd=str(ROOT)).returncode:
        raise Refusal(told)


def make(folder, system, python):
    """Makes the bundle in an empty folder."""
    wheels = folder / WHEELS
    wheels.mkdir(parents=True)
    found = wanted_pins(pins((ROOT / APP_LOCK).read_text(encoding="utf-8")), system, python)
    say("Baixando %d bibliotecas para %s, Python %s …" % (len(found), SYSTEMS[system]["told"], python))
    lock = folder / WANTED
    lock.write_text("".join(pinned(one["name"], one["version"], one["hashes"]) for one in found), encoding="utf-8")
    step(
        download_command(lock, wheels, system, python),
        "As bibliotecas não puderam ser baixadas: confira a conexão com a internet.",
    )
    step(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)],
        "O pacote da Presença não pôde ser feito.",
    )
    lock.write_text(requirements(found, wheels), encoding="utf-8", newline="\n")
    (folder / VERSIONS).write_text(versions(found), encoding="utf-8", newline="\n")
    (folder / PYTHON).write_text(python + "\n", encoding="ascii")
    (folder / SYSTEM).write_text(SYSTEMS[system]["told"] + "\n", encoding="utf-8")
    lay_scripts(folder, system)
    (folder / SUMS).write_text(checksums(folder), encoding="utf-8", newline="\n")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    say("Pacote pronto em %s: %d MB. O que fazer com ele está em LEIAME.txt." % (folder, size / 1e6))
    say("Soma de %s: %s" % (SUMS, sha256(folder / SUMS)))


def main(arguments):
    """`python -m launch.offline`, within the environment."""
    parser = argparse.ArgumentParser(prog="run.py bundle", add_help=False)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sistema", choices=sorted(SYSTEMS), default=platform.system().lower())
    parser.add_argument("--python", choices=PYTHONS, default="%d.%d" % sys.version_info[:2])
    asked = parser.parse_args(arguments)
    try:
        make(asked.folder, asked.sistema, asked.python)
    except Refusal as refusal:
        say(str(refusal))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
