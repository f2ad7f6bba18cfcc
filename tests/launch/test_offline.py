"""The wheel and the offline bundle: what is in them, for which system, and that each file is one of the lock."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from launch import offline
from launch.environment import APP_LOCK, ROOT
from launch.interpreter import Refusal
from launch.supply import pins

LOCK = pins((ROOT / APP_LOCK).read_text(encoding="utf-8"))
NOT_INSTALLED = {"checking.py", "browser.py", "supply.py", "offline.py"}


def test_the_wheel_holds_what_the_app_needs_and_no_more() -> None:
    from hatchling.builders.wheel import WheelBuilder  # here: each worker would load it

    held = {Path(one.distribution_path).as_posix() for one in WheelBuilder(str(ROOT)).recurse_included_files()}
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "pipeline", "dashboard", "launch"]
    done = subprocess.run([*listed, "data_samples"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert held == set(done.stdout.split()) - {f"launch/{name}" for name in NOT_INSTALLED}
    assert {"dashboard/.streamlit/config.toml", "pipeline/products/satisfaction/starter.zip"} <= held


@pytest.mark.parametrize(
    ("system", "python", "there", "absent"),
    [
        ("linux", "3.11", ("numpy", "2.4.6"), "colorama"),
        ("linux", "3.12", ("numpy", "2.5.5"), "colorama"),
        ("windows", "3.13", ("colorama", "0.4.6"), "setuptools"),
    ],
)
def test_the_markers_are_those_of_where_it_is_installed(
    system: str, python: str, there: tuple[str, str], absent: str
) -> None:
    wanted = [(one["name"], one["version"]) for one in offline.wanted_pins(LOCK, system, python)]
    assert there in wanted and absent not in dict(wanted)
    assert len(dict(wanted)) == len(wanted) > 70


def test_only_the_file_of_the_lock_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a_b-1.2-py3-none-any.whl").write_bytes(b"a")
    (tmp_path / "presenca-0.1.0-py3-none-any.whl").write_bytes(b"p")
    good = hashlib.sha256(b"a").hexdigest()
    one = {"name": "a-b", "version": "1.2", "hashes": ["0" * 64, good]}
    told = offline.requirements([one], tmp_path)
    assert told.startswith(f"a-b==1.2 \\\n    --hash=sha256:{good}\n") and "presenca==0.1.0" in told
    assert offline.versions([one]) == "a-b==1.2\n"
    with pytest.raises(Refusal, match="a-b 1.2"):
        offline.requirements([one | {"hashes": ["0" * 64]}], tmp_path)
    with pytest.raises(Refusal, match="c 1"):
        offline.requirements([{"name": "c", "version": "1", "hashes": [good]}], tmp_path)


@pytest.mark.parametrize("system", offline.SYSTEMS)
def test_the_scripts_are_laid_in_as_their_system_reads_them_and_summed(tmp_path: Path, system: str) -> None:
    offline.lay_scripts(tmp_path, system)
    for path in tmp_path.iterdir():
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf") is (system == "windows" and path.suffix != ".bat")
        assert (b"\r\n" in data) is (system == "windows")
        assert path.suffix != ".bat" or data.isascii()
    sums = offline.checksums(tmp_path)
    assert sums.count("\n") == len(list(tmp_path.iterdir()))
    first = sorted(tmp_path.iterdir())[0]
    assert sums.startswith(f"{hashlib.sha256(first.read_bytes()).hexdigest()}  {first.name}\n")


def test_the_installer_refuses_a_bundle_that_was_changed(tmp_path: Path) -> None:
    box = tmp_path / "pacote da clínica"
    box.mkdir()
    offline.lay_scripts(box, "linux")
    (box / offline.PYTHON).write_text("3.12\n")
    (box / offline.SUMS).write_text(offline.checksums(box))
    (box / offline.PYTHON).write_text("3.13\n")
    command = ["sh", str(box / "instalar.sh"), str(tmp_path / "there")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and "alterados" in done.stderr
    assert not (tmp_path / "there").exists()


def test_on_windows_no_name_with_accents_goes_from_one_code_page_to_another() -> None:
    """What Python prints is in the ANSI page, PowerShell reads it in the OEM one, and so does cmd a .bat."""
    script = (offline.DEPLOY / "offline" / "instalar.ps1").read_text(encoding="utf-8")
    assert "sys.executable" not in script and "-Encoding Default" not in script
    assert '"`"%~dp0ambiente-$mark\\Scripts\\presenca.exe`" %*"' in script


def test_a_folder_that_holds_something_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with pytest.raises(Refusal, match="nova ou vazia"):
        offline.bundle([str(tmp_path)])
    with pytest.raises(Refusal, match="PASTA"):
        offline.bundle([])
