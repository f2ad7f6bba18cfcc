"""What the app is made of: a list of licences, a CycloneDX bill of materials, and which known holes it has.

Made of the lock, which says every version, hash and who asks for it, and of what is installed, which says the licence.
`python -m launch.supply` runs it within `.venv`. CycloneDX 1.6 is written by hand: one JSON of few required fields.
"""

from __future__ import annotations

import csv
import datetime
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import urllib.request
import uuid
from pathlib import Path

from launch.environment import APP_LOCK, ROOT, SENSE_LOCK, ensure, lock_hash, venv_python
from launch.interpreter import Refusal, refuse_arguments, say

SBOM, LICENCES = "presenca.cdx.json", "licencas.csv"
OSV, OSV_SECONDS = "https://api.osv.dev/v1/querybatch", 10
UNKNOWN = "não informada"
NOT_HERE = "não instalada neste sistema"


def pins(text):
    """The pins of a lock: [{name, version, marker, hashes, via}], in its order."""
    found = []
    for block in re.split(r"\n(?=[\w.-]+==)", "\n" + text):
        head = re.match(r"\A\n?([\w.-]+)==(\S+)(?: ; (.*?))?\s*\\?\n", block + "\n")
        if head is None:
            continue
        after = block.partition("# via")[2]
        found.append(
            {
                "name": head[1],
                "version": head[2],
                "marker": (head[3] or "").strip(),
                "hashes": re.findall(r"--hash=sha256:([0-9a-f]{64})", block),
                "via": re.findall(r"^\s*(?:#\s+)?([\w.-]+)", after, re.MULTILINE),
            }
        )
    return found


def licence_of(name, version):
    """The licence that the installed package states (an SPDX expression where it gives one), or why there is none."""
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return NOT_HERE
    if told["Version"] != version:
        return NOT_HERE
    stated = (told["License-Expression"] or "").strip()
    classifiers = [one for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    short = (told["License"] or "").strip()
    if stated or (short and len(short) < 80 and "\n" not in short):
        return stated or short
    return "; ".join(sorted({one.rpartition(" :: ")[2] for one in classifiers})) or _of_its_file(name) or UNKNOWN


def _of_its_file(name):
    """The title of the licence that the package brings as a file ("MIT License"), or ""."""
    for path in importlib.metadata.files(name) or ():
        if path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING")):
            first = Path(str(path.locate())).read_text("utf-8", "replace").lstrip().partition("\n")[0].strip()
            return first if len(first) < 80 else ""
    return ""


def is_expression(licence):
    """Whether a licence is written as SPDX does; its identifiers are not looked up."""
    return licence not in (UNKNOWN, NOT_HERE) and " " not in re.sub(r" (?:AND|OR|WITH) ", "", licence)


def bill(found, licences, lock, when):
    """The bill of materials as CycloneDX 1.6 has it: components, where they come from, who asks for whom."""
    asked = {purl(one): _asked_by(one["name"], found) for one in found}
    asked["presenca"] = _asked_by("presenca", found)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:%s" % uuid.uuid5(uuid.NAMESPACE_URL, "presenca/" + lock),
        "version": 1,
        "metadata": {
            "timestamp": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "application", "bom-ref": "presenca", "name": "presenca", "version": lock[:12]},
        },
        "components": [component(one, licences[purl(one)]) for one in found],
        "dependencies": [{"ref": ref, "dependsOn": needs} for ref, needs in asked.items()],
    }


def _asked_by(name, found):
    """The addresses of what a package asks for; a library may stand in the lock in a version for each system."""
    return sorted(purl(one) for one in found if name in one["via"])


def purl(pin):
    """The package's address, which is also how the bill refers to it."""
    return "pkg:pypi/%s@%s" % (re.sub(r"[-_.]+", "-", pin["name"]).lower(), pin["version"])


def component(pin, licence):
    """One library; its files are those that the lock accepts."""
    made = {
        "type": "library",
        "bom-ref": purl(pin),
        "name": pin["name"],
        "version": pin["version"],
        "purl": purl(pin),
        "externalReferences": [
            {
                "type": "distribution",
                "url": "https://pypi.org/project/%s/%s/" % (pin["name"], pin["version"]),
                "hashes": [{"alg": "SHA-256", "content": one} for one in pin["hashes"]],
            }
        ],
    }
    if is_expression(licence):
        made["licenses"] = [{"expression": licence}]
    elif licence not in (UNKNOWN, NOT_HERE):
        made["licenses"] = [{"license": {"name": licence}}]
    return made


def locked():
    """The pins of the app, and of the optional reader of sense."""
    return [one for name in (APP_LOCK, SENSE_LOCK) for one in pins((ROOT / name).read_text(encoding="utf-8"))]


def moment():
    """Now, or what SOURCE_DATE_EPOCH says: the same lock then gives the same file."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    zone = datetime.timezone.utc
    return datetime.datetime.fromtimestamp(int(seconds), zone) if seconds else datetime.datetime.now(zone)


def write(folder):
    """Writes the bill and the list of licences into a folder; tells what they hold."""
    found = locked()
    licences = {purl(one): licence_of(one["name"], one["version"]) for one in found}
    folder.mkdir(parents=True, exist_ok=True)
    made = bill(found, licences, lock_hash(APP_LOCK), moment())
    (folder / SBOM).write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
    with (folder / LICENCES).open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["biblioteca", "versão", "licença", "pedida por"])
        for one in found:
            rows.writerow([one["name"], one["version"], licences[purl(one)], ", ".join(one["via"])])
    without = [name for name, licence in licences.items() if licence == UNKNOWN]
    say("%d bibliotecas em %s e %s." % (len(found), folder / SBOM, folder / LICENCES))
    if without:
        say("Sem licença informada: %s." % ", ".join(without))


def ask_osv(found):
    """What OSV knows of these pins: {purl: [ids]}. OSError or ValueError where it can't be reached or understood."""
    asked = {"queries": [{"package": {"purl": purl(one)}} for one in found]}
    request = urllib.request.Request(
        OSV, data=json.dumps(asked).encode("utf-8"), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=OSV_SECONDS) as answer:
        results = json.load(answer)["results"]
    if len(results) != len(found):
        raise ValueError("answers and questions differ")
    return {
        purl(one): [hole["id"] for hole in told.get("vulns", ())]
        for one, told in zip(found, results)
        if told.get("vulns")
    }


def audit(extra):
    """Tells which known holes the pinned versions have; 1 where there are some, 0 also if nobody could be asked."""
    refuse_arguments("audit", extra)
    found = locked()
    try:
        holes = ask_osv(found)
    except (OSError, ValueError, KeyError, TypeError) as error:
        say("Falhas conhecidas: conferência pulada, o serviço (api.osv.dev) não respondeu (%s)." % type(error).__name__)
        return 0
    for name, ids in sorted(holes.items()):
        say("Falha conhecida em %s: %s" % (name, ", ".join("https://osv.dev/vulnerability/%s" % one for one in ids)))
    say("Falhas conhecidas: %d de %d bibliotecas." % (len(holes), len(found)))
    return 1 if holes else 0


def sbom(extra):
    """Sets up what is described and writes what it is made of."""
    if len(extra) != 1:
        raise Refusal("Diga em que pasta escrever: python3 run.py sbom PASTA")
    ensure(APP_LOCK)
    command = [str(venv_python()), "-m", "launch.supply", str(Path(extra[0]).absolute())]
    return subprocess.run(command, cwd=str(ROOT)).returncode


if __name__ == "__main__":
    write(Path(sys.argv[1]))
