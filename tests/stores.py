"""A store of objects for the tests: a folder (`file://`), through the same code as any other address.

`PRESENCA_TEST_STORE=auto` lets the files of every workspace of a test rest in one, each home in a folder of its own
outside of it, alone or with `PRESENCA_TEST_DATABASE`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipeline.workspace.engine import places
from pipeline.workspace.storage import object_store
from pipeline.workspace.storage.object_store import ObjectStore
from tests import postgres

VARIABLE = "PRESENCA_TEST_STORE"
_FOLDER = "PRESENCA_TEST_STORE_FOLDER"  # the run's, for its workers


def asked() -> bool:
    """Whether the whole run is to use stores."""
    return bool(os.environ.get(VARIABLE))


IN_THE_FOLDER = pytest.mark.skipif(
    asked(), reason="tells of files of the folder, or starts processes that know no store of the tests"
)
WITHOUT_COPIES = pytest.mark.skipif(
    asked() and bool(postgres.asked()), reason="beside a server's records and a store no copies are kept"
)
RECORDS_OF_THE_FOLDER = pytest.mark.skipif(bool(postgres.asked()), reason="a server's records refuse before")


def of_home(home: Path) -> ObjectStore:
    """A store of its own for each folder."""
    name = hashlib.sha256(str(home.absolute()).encode()).hexdigest()[:24]
    return object_store.parsed(f"file://{os.environ[_FOLDER]}/{name}", home)


def use() -> None:
    """Lets the files of every workspace that says nothing else rest in a store, in this process."""
    os.environ.setdefault(_FOLDER, tempfile.mkdtemp(prefix="presenca-stores-"))
    usual = object_store.chosen

    def chosen(home: Path) -> ObjectStore | None:
        return usual(home) if os.environ.get(object_store.STORE_VARIABLE) else of_home(home)

    object_store.chosen = chosen


@contextlib.contextmanager
def local_s3(bucket: str) -> Iterator[str]:
    """The endpoint of an S3 of this machine with one bucket; skips where there is none to be had. The environment must
    have credentials.
    """
    if find_spec("moto") is None or find_spec("s3fs") is None:
        pytest.skip("sem moto ou s3fs: pip install 'moto[server]' s3fs")
    import s3fs

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        for _ in range(150):
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(endpoint, timeout=5).close()
                break
            time.sleep(0.2)
        s3fs.S3FileSystem(skip_instance_cache=True, endpoint_url=endpoint).mkdir(bucket)
        yield endpoint
    finally:
        server.kill()
        server.wait()
        s3fs.S3FileSystem.clear_instance_cache()  # which knows that endpoint still


assert places.object_store is object_store  # it is asked through the module: what is put in its place is used

if asked():
    use()
