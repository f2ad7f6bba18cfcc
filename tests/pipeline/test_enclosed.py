"""Nothing leads out of the folder: links, steps up, whole paths, pipes, devices, other names, swapped files."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import enclosed
from pipeline.errors import PresencaError
from pipeline.records.server_files import ServerFile
from tests.refusals import refused

ENDINGS = (".csv", ".xlsx")
SECRET = b"the secret of elsewhere"


@pytest.fixture(params=["by handle", "by path"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file; elsewhere lies a secret. Once as where there is `openat`, once as on Windows."""
    if request.param == "by path":
        monkeypatch.setattr(enclosed, "_BESIDE", False)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.csv").write_bytes(SECRET)
    made = tmp_path / "pasta"
    (made / "2026").mkdir(parents=True)
    (made / "2026" / "agenda.csv").write_bytes(b"a;b\n1;2\n")
    return made


def paths(root: Path) -> list[str]:
    return [one.path for one in enclosed.look(root, ENDINGS).files]


def test_files_of_known_endings_are_told_the_newest_first(root: Path) -> None:
    for age, name in enumerate(["B.XLSX", "a.csv", "notes.md", ".hidden.csv", "~$b.xlsx", "none"]):
        (root / name).write_bytes(b"1234")
        os.utime(root / name, (1000 - age, 1000 - age))
    found = enclosed.look(root, ENDINGS)
    assert [one.path for one in found.files] == ["2026/agenda.csv", "B.XLSX", "a.csv"]
    assert found.files[1].size == 4 and found.files[1].changed_ns == 1000 * 10**9 and not found.is_cut
    assert found.files[0].name == "agenda.csv" and found.files[0].folder == "2026" and found.files[1].folder == ""
    target = root.parent / "copy"
    seen: list[int] = []
    enclosed.copy(root, found.files[0], target, seen.append)
    assert target.read_bytes() == b"a;b\n1;2\n" and seen == [8]
    assert enclosed.head(root, found.files[0], 3) == b"a;b"


def test_what_is_no_plain_file_is_neither_told_nor_opened(root: Path) -> None:
    outside = root.parent / "elsewhere"
    (root / "link.csv").symlink_to(outside / "secret.csv")
    (root / "folder").symlink_to(outside, target_is_directory=True)
    (root / "gone.csv").symlink_to(outside / "nothing.csv")
    os.link(outside / "secret.csv", root / "second_name.csv")
    os.mkfifo(root / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as bound, suppress(OSError):  # a path that is too long for one
        bound.bind(str(root / "s.csv"))
    with suppress(OSError):  # only who may do so
        os.mknod(root / "device.csv", 0o600 | 0o020000, os.makedev(1, 5))
    found = enclosed.look(root, ENDINGS)
    assert [one.path for one in found.files] == ["2026/agenda.csv"] and found.aside >= 4
    for path in ("link.csv", "second_name.csv", "pipe.csv", "folder/secret.csv", "s.csv", "device.csv"):
        if os.path.lexists(root / path):
            with refused(PresencaError, match="é um link, ou não é um arquivo comum"):
                enclosed.head(root, ServerFile(path, 23, 0, ""), 10)


@pytest.mark.parametrize(
    "path",
    ["../elsewhere/secret.csv", "2026/../../elsewhere/secret.csv", "/etc/passwd", "", ".", "..", "2026//agenda.csv",
     "./2026/agenda.csv", "2026/", "a\0b.csv"],
)  # fmt: skip
def test_a_path_that_could_lead_elsewhere_is_refused(root: Path, path: str) -> None:
    with refused(PresencaError, match="Só se pode escolher o que está na pasta"):
        enclosed.head(root, ServerFile(path, 1, 0, ""), 10)


@given(st.text(alphabet=st.sampled_from("./\\a:~ \n\0"), max_size=12))
def test_no_path_is_made_of_steps_that_leave(path: str) -> None:
    with suppress(PresencaError):
        parts = enclosed.steps(path)
        assert parts and not {"", ".", ".."} & set(parts) and not any("/" in p or "\0" in p for p in parts)
        assert (Path("/root") / Path(*parts)).is_relative_to("/root")


def test_names_with_newlines_marks_and_turned_writing_are_files_like_others(root: Path) -> None:
    names = ["a\nb.csv", "![x](evil.example).csv", "<b>.csv", "\u202efdp.csv", "a\\b.csv"]
    for name in names:
        (root / name).write_bytes(b"1")
    if os.name == "posix":
        with open(os.fsencode(root) + b"/\xff.csv", "wb") as file:
            file.write(b"1")
    found = enclosed.look(root, ENDINGS).files
    assert set(names) <= {one.path for one in found} and len(found) == len(names) + 2
    assert all(enclosed.head(root, one, 1) in (b"1", b"a") for one in found)


def _swap_for_link(path: Path, secret: Path) -> None:
    path.unlink()
    path.symlink_to(secret)


def _swap_for_other_name(path: Path, secret: Path) -> None:
    path.unlink()
    os.link(secret, path)


def _write_anew(path: Path, _: Path) -> None:
    path.write_bytes(b"another and longer")


def _another_of_the_same(path: Path, _: Path) -> None:
    """Same name, size and time: another file none the less."""
    told = path.stat()
    beside = path.with_name("beside")
    beside.write_bytes(b"x" * told.st_size)
    os.utime(beside, ns=(told.st_atime_ns, told.st_mtime_ns))
    beside.replace(path)


def _swap_folder(path: Path, secret: Path) -> None:
    path.parent.rename(path.parent.with_name("old"))
    path.parent.symlink_to(secret.parent, target_is_directory=True)
    secret.with_name(path.name).write_bytes(SECRET)


def _take_away(path: Path, _: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("swap", "match"),
    [
        (_swap_for_link, "é um link"),
        (_swap_for_other_name, "é um link"),
        (_write_anew, "mudou desde que a lista"),
        (_another_of_the_same, "mudou desde que a lista"),
        (_swap_folder, "é um link"),
        (_take_away, "não está mais na pasta"),
    ],
)
def test_a_file_that_is_swapped_after_it_was_told_is_not_read(
    root: Path, swap: Callable[[Path, Path], None], match: str
) -> None:
    (listed,) = enclosed.look(root, ENDINGS).files
    swap(root / listed.path, root.parent / "elsewhere" / "secret.csv")
    target = root.parent / "copy"
    with refused(PresencaError, match=match):
        enclosed.copy(root, listed, target)
    assert not target.exists()


def test_a_file_that_is_swapped_while_it_is_opened_is_not_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the judging of the name and its opening: the handle is judged, too."""
    (listed,) = enclosed.look(root, ENDINGS).files
    judged = enclosed._judged

    def then_swapped(above: int | Path, name: str) -> os.stat_result:
        found = judged(above, name)
        _swap_for_other_name(root / listed.path, root.parent / "elsewhere" / "secret.csv")
        return found

    monkeypatch.setattr(enclosed, "_judged", then_swapped)
    with refused(PresencaError, match="é um link"):
        enclosed.head(root, listed, 100)


def test_a_file_that_is_written_while_it_is_copied_is_refused(root: Path) -> None:
    (listed,) = enclosed.look(root, ENDINGS).files

    def write(_: int) -> None:
        with (root / listed.path).open("ab") as file:
            file.write(b"3;4\n")

    with refused(PresencaError, match="ainda está sendo gravado"):
        enclosed.copy(root, listed, root.parent / "copy", write)


def test_a_mark_is_of_one_file_as_it_stands(root: Path) -> None:
    (listed,) = enclosed.look(root, ENDINGS).files
    assert enclosed.look(root, ENDINGS).files == (listed,)
    with refused(PresencaError, match="mudou"):
        enclosed.head(root, replace(listed, mark="0" * 24), 10)


def test_a_folder_that_is_gone_says_so_and_one_within_is_passed_over(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OSError):
        enclosed.look(root / "nothing", ENDINGS)
    scandir = os.scandir

    def shut(place: int | Path) -> object:
        if place != root and (not isinstance(place, int) or os.readlink(f"/proc/self/fd/{place}").endswith("2026")):
            raise PermissionError
        return scandir(place)

    monkeypatch.setattr(enclosed.os, "scandir", shut)
    assert paths(root) == []


def test_many_files_are_cut_at_the_newest(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enclosed, "MOST_FILES", 3)
    for n in range(6):
        (root / f"{n}.csv").write_bytes(b"1")
        os.utime(root / f"{n}.csv", (n, n))
    found = enclosed.look(root, ENDINGS)
    assert [one.path for one in found.files] == ["2026/agenda.csv", "5.csv", "4.csv"] and found.is_cut
