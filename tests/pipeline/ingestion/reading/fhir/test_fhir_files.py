"""Files of FHIR: which of them are read, what a refusal says, and that no file makes anybody wait."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from pipeline import sandbox
from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading import apart
from pipeline.ingestion.reading.fhir import json_text
from pipeline.ingestion.reading.fhir.json_text import Unfit
from pipeline.ingestion.reading.limits import Limits
from pipeline.ingestion.reading.reader import read
from pipeline.services.catalog import resource_tables
from tests.conftest import ROOT
from tests.growth import grows_with_its_size
from tests.pipeline.ingestion.files import zip_bytes
from tests.pipeline.ingestion.reading.fhir.made import (
    DAY,
    PATIENT,
    UNIT,
    appointment,
    bundle,
    codes,
    lines,
    location,
    patient,
    row,
    table,
)
from tests.refusals import refused

ALL = [appointment(), patient(), location()]
WAYS: dict[str, Callable[[], bytes]] = {
    "bundle": lambda: bundle(ALL),
    "searchset": lambda: bundle(ALL, kind="searchset"),
    "indented": lambda: json.dumps(json.loads(bundle(ALL)), indent=2).encode(),
    "ndjson": lambda: lines(ALL),
    "ndjson of bundles": lambda: bundle(ALL) + b"\r\n\r\n" + bundle([{"resourceType": "Basic", "id": "x"}]),
    "nested bundle": lambda: bundle([json.loads(bundle(ALL))]),
    "with a mark": lambda: b"\xef\xbb\xbf" + bundle(ALL),
    "utf-16": lambda: bundle(ALL).decode().encode("utf-16"),
    "gz": lambda: gzip.compress(bundle(ALL)),
    "ndjson.gz": lambda: gzip.compress(lines(ALL)),
    "zip": lambda: zip_bytes(
        {"b/Patient.ndjson": lines(ALL[1:]), "Appointment.ndjson.gz": gzip.compress(lines(ALL[:1]))}
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_file_is_read_however_it_comes(way: str) -> None:
    found = table(WAYS[way]())
    assert found.format == "fhir" and found.row_numbers == range(1, 2)
    (told,) = found.table.to_pylist()
    assert (told[PATIENT], told[DAY], told[UNIT]) == ("000123", "10/01/2025 14:30", "Clínica Y")


def test_a_resource_alone_is_a_file() -> None:
    assert row(json.dumps(appointment()).encode())[DAY] == "10/01/2025 14:30"


def test_the_child_reads_the_same() -> None:
    data = bundle(ALL)
    here, there = table(data), apart.read(data, "agenda.json", resources=resource_tables())
    assert here == there and "reading.fhir" in codes(there)


BROKEN = {
    b'{"a": 1}': "não diz de que recurso é",
    b'[{"a": 1}]': "não diz de que recurso é",
    b'{"resourceType": 5}': "não diz de que recurso é",
    b'{"resourceType": "Bundle", "entry": [': "incompleto ou danificado",
    b'{"resourceType": "Bundle", "entry": 5}': "incompleto ou danificado",
    b'{"a": ' * 200: "incompleto ou danificado",
    b'{"resourceType":"Bundle","entry":[],"entry":[{"resource":{"resourceType":"Appointment"}}]}': "duas vezes",
    b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}": "fundo demais",
    bundle([patient()]): "nenhum Appointment: só Patient",
    bundle([]): "nenhum Appointment",
}


@pytest.mark.parametrize("data", BROKEN)
def test_what_is_no_file_of_appointments_is_refused_with_a_sentence(data: bytes) -> None:
    with refused(UnreadableFile, match=BROKEN[data]):
        table(data)


def test_bundles_within_bundles_end() -> None:
    data = bundle(ALL)
    for _ in range(4):
        data = bundle([json.loads(data)])
    with refused(UnreadableFile, match="fundo demais"):
        table(data)


@pytest.mark.parametrize(
    "members", [{"a.ndjson": b"", "b.ndjson": b""}, {"a.ndjson": lines(ALL), "b.csv": b"a;b\n1;2\n"}, {}]
)
def test_a_zip_of_something_else_is_refused(members: dict[str, bytes]) -> None:
    with refused(UnreadableFile, match="está vazio|é um arquivo ZIP"):
        table(zip_bytes(members), "a.zip")


def test_a_zip_that_unpacks_too_far_is_refused() -> None:
    packed = zip_bytes({"Appointment.ndjson": lines(ALL) * 1_000})
    with refused(UnreadableFile, match="descompacta para mais de"):
        read(packed, "a.zip", limits=Limits(max_unpacked_bytes=100_000), resources=resource_tables())


def test_there_may_be_too_many() -> None:
    with refused(UnreadableFile, match="mais de 2 linhas"):
        read(
            lines(appointment(str(n)) for n in range(3)),
            "a.ndjson",
            limits=Limits(max_rows=2),
            resources=resource_tables(),
        )


HOSTILE: dict[str, Any] = {
    "a huge text": lambda: appointment(comment="x" * 6_000_000),
    "a long cell": lambda: appointment(serviceType=[{"text": "x" * 300_000}]),
    "too deep": lambda: appointment(extension=[_nested(100)]),
    "much contained": lambda: appointment(contained=[location(f"l{n}") for n in range(5_000)]),
}


def _nested(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"url": "u", "valueString": "x"}
    for _ in range(levels):
        inner = {"url": "u", "extension": [inner]}
    return inner


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_resource_is_left_out_and_the_others_stay(what: str) -> None:
    begun = time.process_time()
    found = table(lines([HOSTILE[what](), appointment("a2")]))
    assert found.table["Situação do recurso (FHIR)"].to_pylist() == ["recurso inválido", None]
    assert codes(found).count("reading.fhir_invalid") == 1 and time.process_time() - begun < 3


def test_a_key_that_stands_twice_is_no_resource() -> None:
    twice = json.dumps(appointment()).replace('"status"', '"status": "noshow", "status"', 1).encode()
    found = table(twice + b"\n" + lines([appointment("a2")]))
    assert found.table["Situação do recurso (FHIR)"].to_pylist() == ["recurso inválido", None]


@pytest.mark.parametrize("sign", [b"[", b"{", b'"', b"\\", b'"\\', b'[{"'])
def test_counting_levels_grows_with_the_text(sign: bytes) -> None:
    def work(size: int) -> None:
        json_text.depth(sign * size)
        json_text.times_of_key(sign * size, b"entry")

    grows_with_its_size(work, 20_000)


@pytest.mark.parametrize(("text", "why"), [(b"[]", "broken"), (b'{"a": NaN}', "broken"), (b'{"a":1,"a":2}', "twice")])
def test_a_text_is_unfit_for_a_reason(text: bytes, why: str) -> None:
    with pytest.raises(Unfit) as found:
        json_text.parsed(text)
    assert found.value.why == why


@pytest.mark.slow
def test_the_library_is_loaded_by_a_file_of_fhir_alone() -> None:
    code = (
        "import sys; from pipeline.services import catalog; from pipeline.ingestion.reading.reader import read;"
        "read(b'a;b\\n1;2\\n', 'a.csv', resources=catalog.resource_tables());"
        "print(any(name.startswith(('fhir', 'pydantic')) for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_is_packed_may_take_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def told(size: int) -> sandbox.Sandbox:
        sizes.append(size)
        return sandbox.Sandbox(2 * sandbox.GB, 30)

    monkeypatch.setattr(sandbox, "reading", told)
    plain, packed = lines(ALL), gzip.compress(lines(ALL))
    for data, name in ((plain, "a.ndjson"), (packed, "a.ndjson.gz"), (zip_bytes({"a.ndjson": plain}), "a.zip")):
        apart.read(data, name, resources=resource_tables())
    assert sizes[0] == len(plain) and sizes[1] == 8 * len(packed) and sizes[2] > len(plain)
