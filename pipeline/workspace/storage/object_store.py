"""Where files of a workspace rest beside its folder: a store of objects that an fsspec address names, such as s3://….

Credentials are the environment's, as the library of that protocol takes them. An address may hold a secret, too: it
is read here and handed to the library; no message, log or file of ours repeats it, nor what the library says of it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import atomic
from pipeline.errors import WorkspaceError

STORE_VARIABLE = "PRESENCA_STORE"
_PART = 1 << 20
_S3 = {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 3, "mode": "standard"}}
_ID = "records.id"


@dataclass(frozen=True)
class Listed:
    """An object of the store: its bytes, and when it was written (seconds since 1970; 0.0 where nothing tells)."""

    size: int
    written: float


def chosen(home: Path) -> ObjectStore | None:
    """What `PRESENCA_STORE` says, for any folder (the tests tell them apart); None: files rest in the folder alone.

    WorkspaceError for what is no address.
    """
    text = os.environ.get(STORE_VARIABLE, "").strip()
    return parsed(text, home) if text else None


def parsed(text: str, home: Path) -> ObjectStore:
    """An address as it is written in the environment. WorkspaceError for one that makes no sense: of no protocol, of
    several, of a memory that no other process sees, or within the folder of which it is to be the store.
    """
    protocol, mark, path = text.partition("://")
    is_within = protocol in ("file", "local") and Path(path).absolute().is_relative_to(home)
    if not mark or not path.strip("/") or "::" in text or protocol == "memory" or is_within:
        raise WorkspaceError("store.address_malformed", variable=STORE_VARIABLE)
    return ObjectStore(text.rstrip("/"))


@dataclass(frozen=True)
class ObjectStore:
    """Objects below an address. Each is written once, under a name that no other ever has. WorkspaceError where the
    store does not answer, or does not let us in.
    """

    address: str = field(repr=False)  # for a process of ours that is to open it; may hold a secret

    def send(self, source: Path, name: str) -> None:
        """Puts a file there; when this returns, it is kept."""
        files, path = self._place(name)
        with _explained("store.no_place"):
            if _is_folder(files):
                _copy(source, Path(path))
            else:
                files.put_file(str(source), path)

    def bring(self, name: str, target: Path) -> str:
        """Takes an object into a new file, which is settled on the disk; gives the SHA-256 of what came."""
        files, path = self._place(name)
        digest = hashlib.sha256()
        with _explained("store.object_gone"):
            atomic.create(target).close()
            files.get_file(path, str(target))
            with target.open("rb") as file:
                while part := file.read(_PART):
                    digest.update(part)
            atomic.settle_path(target)
        return digest.hexdigest()

    def summed(self, name: str) -> tuple[str, int]:
        """The SHA-256 of an object and its bytes, as it lies there now; nothing of it is kept here."""
        files, path = self._place(name)
        digest, size = hashlib.sha256(), 0
        with _explained("store.object_gone"), files.open(path, "rb") as file:
            while part := file.read(_PART):
                digest.update(part)
                size += len(part)
        return digest.hexdigest(), size

    def erase(self, name: str) -> None:
        """Erases an object, there or not."""
        files, path = self._place(name)
        with _explained("store.no_place"), contextlib.suppress(FileNotFoundError):
            files.rm_file(path)

    def listing(self) -> dict[str, Listed]:
        """Every object of ours by its name, as the store has them now."""
        files, path = self._place("")
        with _explained("store.no_place"):
            files.invalidate_cache()
            found = files.find(path, detail=True)
        above = path.strip("/")
        names = {where.strip("/").removeprefix(above).strip("/"): facts for where, facts in found.items()}
        names.pop(_ID, None)
        return {name: Listed(int(facts.get("size") or 0), _written(facts)) for name, facts in names.items()}

    def id(self) -> str:
        """The id of the records that its objects belong to; "" where it has none yet."""
        files, path = self._place(_ID)
        with _explained("store.no_place"):
            try:
                files.invalidate_cache()
                return bytes(files.cat_file(path)).decode("ascii", "replace").strip()
            except FileNotFoundError:
                return ""

    def set_id(self, value: str) -> None:
        """Says whose objects these are, from now on."""
        files, path = self._place(_ID)
        with _explained("store.no_place"):
            if _is_folder(files):
                Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                atomic.write(Path(path), value.encode(), mode=atomic.PRIVATE)
            else:
                files.pipe_file(path, value.encode())

    def end_cut_uploads(self, seconds: float) -> None:
        """Ends uploads in parts that nobody has gone on with for so long: no listing shows what they hold."""
        files, path = self._place("")
        if not hasattr(files, "list_multipart_uploads"):
            return
        bucket, _, prefix = path.partition("/")
        with _explained("store.no_place"):
            for one in files.list_multipart_uploads(bucket):
                age = dt.datetime.now(dt.UTC) - one["Initiated"]
                if one["Key"].startswith(prefix) and age.total_seconds() > seconds:
                    files.call_s3("abort_multipart_upload", Bucket=bucket, Key=one["Key"], UploadId=one["UploadId"])

    def _place(self, name: str) -> tuple[Any, str]:
        """The file system of the address, and the path of a name in it."""
        try:
            import fsspec
        except ImportError:
            raise WorkspaceError("store.no_library", variable=STORE_VARIABLE) from None
        protocol = self.address.partition("://")[0]
        told = fsspec.config.conf.get(protocol, {})
        options = {"config_kwargs": _S3} if protocol in ("s3", "s3a") and "config_kwargs" not in told else {}
        with _explained("store.no_place"):
            try:
                files, path = fsspec.core.url_to_fs(self.address, **options)
            except (ImportError, ValueError):  # the library of that protocol is not there, or nobody knows it
                raise WorkspaceError("store.no_library", variable=STORE_VARIABLE) from None
        return files, f"{str(path).rstrip('/')}/{name}".rstrip("/")


def _is_folder(files: Any) -> bool:
    return type(files).__name__ == "LocalFileSystem"


def _copy(source: Path, target: Path) -> None:
    """In a folder, an object is its owner's alone, and settled like any file of ours."""
    for folder in reversed([one for one in (target.parent, *target.parent.parents) if not one.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)
    with source.open("rb") as file, atomic.create(target) as made:
        shutil.copyfileobj(file, made, _PART)
        atomic.settle(made)
    atomic.settle_folder(target.parent)


def _written(facts: dict[str, Any]) -> float:
    """Each protocol names it in its way."""
    for key in ("LastModified", "mtime", "created", "last_modified", "updated"):
        told = facts.get(key)
        if isinstance(told, dt.datetime):
            return told.timestamp()
        if isinstance(told, int | float):
            return float(told)
    return 0.0


@contextlib.contextmanager
def _explained(missing: str) -> Iterator[None]:
    """Turns what a library refuses into a refusal of ours, by its kind alone; `missing`: the code for what is not
    there. A full disk here stays what it is.
    """
    try:
        yield
    except WorkspaceError:
        raise
    except FileNotFoundError:
        raise WorkspaceError(missing, variable=STORE_VARIABLE) from None
    except PermissionError:
        raise WorkspaceError("store.no_access", variable=STORE_VARIABLE) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise WorkspaceError("store.away", variable=STORE_VARIABLE, why=type(error).__name__) from None
    except Exception as error:  # noqa: BLE001 - each protocol has errors of its own, and they may say the address
        raise WorkspaceError("store.away", variable=STORE_VARIABLE, why=type(error).__name__) from None
