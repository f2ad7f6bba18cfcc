"""The folder `.venv`: made, filled from a locked file with hashes, and stamped so that it is not done twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import time
from pathlib import Path

from launch.interpreter import Refusal, choose_interpreter, is_supported, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "presenca.json"
UNFINISHED = VENV / "presenca-incompleto"  # there while an installation runs; left behind, it is redone
LOG = VENV / "presenca-instalacao.log"
APP_LOCK, DEV_LOCK = "requirements.txt", "requirements-dev.txt"
SENSE_LOCK = "requirements-sense.txt"  # the app, and what reads the sense of comments
BENCH_LOCK = "requirements-bench.txt"  # all of it, and another engine to measure ours against
_ALSO = {  # what a lock serves as well
    BENCH_LOCK: [APP_LOCK, SENSE_LOCK, DEV_LOCK, BENCH_LOCK],
    DEV_LOCK: [APP_LOCK, SENSE_LOCK, DEV_LOCK],
    SENSE_LOCK: [APP_LOCK, SENSE_LOCK],
}
FREE_BYTES_NEEDED = 2 * 1024**3


def venv_python(venv: Path = VENV, system: str = os.name) -> Path:
    """Where the interpreter of a virtual environment lies."""
    return venv / "Scripts" / "python.exe" if system == "nt" else venv / "bin" / "python"


def venv_version(venv: Path = VENV) -> tuple[int, int] | None:
    """(major, minor) as pyvenv.cfg states it: read, not run, because the second start must be instant."""
    try:
        text = (venv / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)", text, re.MULTILINE)
    return (int(found.group(1)), int(found.group(2))) if found else None


def lock_hash(name: str, root: Path = ROOT) -> str:
    """SHA-256 of a lock file; line ends don't count, since git may change them on Windows."""
    return hashlib.sha256((root / name).read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def stamp_for(locks: list[str], version: tuple[int, int] | None, root: Path = ROOT) -> dict:
    """What a finished installation writes down: the locks it followed, on which Python and machine."""
    return {
        "python": list(version or ()),
        "machine": platform.system() + " " + platform.machine(),
        "locks": {name: lock_hash(name, root) for name in locks},
    }


def is_fresh(lock: str, venv: Path = VENV, root: Path = ROOT) -> bool:
    """Whether the environment was completely installed from this lock file as it is now."""
    if (venv / UNFINISHED.name).exists() or not venv_python(venv).exists():
        return False
    try:
        found = json.loads((venv / STAMP.name).read_text(encoding="utf-8"))
        wanted = stamp_for([lock], venv_version(venv), root)
        same = all(found[key] == wanted[key] for key in ("python", "machine"))
        return same and found["locks"].get(lock) == wanted["locks"][lock]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def must_rebuild(venv: Path = VENV) -> bool:
    """Whether what lies in the folder can't be built upon: absent, cut short, or of another Python."""
    if (venv / UNFINISHED.name).exists() or not venv_python(venv).exists():
        return True
    return not is_supported(venv_version(venv) or (0, 0))


@contextlib.contextmanager
def one_at_a_time():
    """Holds back a second run.py while one installs; the system lets go of it if this process dies."""
    with open(ROOT / ".venv.lock", "a+b") as handle:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            while True:
                try:
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
                    break
                except OSError:  # it gives up after ten seconds; an installation takes longer
                    continue
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def create_venv() -> None:
    """Makes `.venv` anew; a Python without ensurepip (Debian's, bare) is told apart and named."""
    command = choose_interpreter()
    if subprocess.run([*command, "-c", "import ensurepip, venv"], capture_output=True).returncode:
        raise Refusal(
            "Este Python não traz o módulo venv. No Debian ou Ubuntu: sudo apt install python3-venv "
            "(e depois rode de novo)."
        )
    say("Criando o ambiente em .venv …")
    done = subprocess.run([*command, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if done.returncode:
        raise Refusal(
            "Não foi possível criar a pasta .venv (%s). Feche programas que a usem, apague-a e rode de novo."
            % (done.stderr or done.stdout).strip()[-300:]
        )


def pip_command(lock: str, python: str) -> list[str]:
    """The installation: hashes required, ready-made wheels only, so that nothing is compiled or run."""
    fixed = ["--require-hashes", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check"]
    return [python, "-m", "pip", "install", *fixed, "--progress-bar", "off", "-r", str(ROOT / lock)]


def progress_sentence(line: str, seen: int, total: int) -> str | None:
    """pip's line as a sentence in Portuguese, or None where it isn't news."""
    if line.startswith("Collecting ") and seen % 10 == 0:
        return "  baixando: %d de cerca de %d bibliotecas" % (seen, total)
    if line.startswith("Installing collected packages"):
        return "  instalando o que foi baixado (cerca de um minuto) …"
    return None


def install(lock: str) -> None:
    """Installs a lock file into `.venv`, telling how far it is; leaves pip's own words in a log."""
    total = len(re.findall(r"^[\w.-]+==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
    say("Instalando as bibliotecas de %s (só na primeira vez ou quando mudam) …" % lock)
    seen, lines = 0, []
    with subprocess.Popen(
        pip_command(lock, str(venv_python())),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            seen += line.startswith("Collecting ")
            sentence = progress_sentence(line, seen, total)
            if sentence:
                say(sentence)
    LOG.write_text("".join(lines), encoding="utf-8")
    if process.returncode:
        raise Refusal(
            "A instalação parou. Confira a conexão com a internet e o espaço em disco e rode de novo; "
            "o registro completo está em %s. As últimas linhas dele:\n%s"
            % (LOG.relative_to(ROOT), "".join(lines[-4:]).rstrip())
        )


def ensure(lock: str) -> None:
    """Brings `.venv` to what the lock file says; returns at once where it is already so."""
    if is_fresh(lock):
        return
    with one_at_a_time():
        if is_fresh(lock):  # another run.py finished it while this one waited
            return
        if must_rebuild():
            if shutil.disk_usage(str(ROOT)).free < FREE_BYTES_NEEDED:
                raise Refusal("Faltam 2 GB livres neste disco para instalar as bibliotecas.")
            create_venv()
        started = time.monotonic()
        UNFINISHED.touch()
        STAMP.unlink(missing_ok=True)
        install(lock)
        # the development lock holds every pin of the others (tests/test_run.py), so it serves the app too
        locks = _ALSO.get(lock, [lock])
        STAMP.write_text(json.dumps(stamp_for(locks, venv_version()), indent=1), encoding="utf-8")
        UNFINISHED.unlink()
        say("Ambiente pronto em %d s." % (time.monotonic() - started))
