"""What is said of a workspace as a whole: copied, taken back, examined, put in order."""

from __future__ import annotations

import datetime as dt

from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import date, number, plural
from pipeline.presentation.sentences import recovery_words
from pipeline.records import BackupMade, Examination, Finding, Restored

_MEGABYTE = 1_000_000


def backup(made: BackupMade) -> list[str]:
    """What is in a copy, and what it needs to be of use."""
    files = plural(made.files, "arquivo", "arquivos")
    return [
        f"Cópia feita: {recovery_words.counted(made.datasets, made.models)}, {files}, {_size(made.size)}.",
        "Guarde-a longe da pasta de dados, e a chave longe da cópia: sem a chave ela não abre.",
    ]


def restored(told: Restored) -> list[str]:
    """What came back, from when, and what was done to it."""
    made = dt.datetime.fromisoformat(told.created)
    lines = [
        f"Voltou a cópia de {date(made.date())}, {made:%H:%M}: {recovery_words.counted(told.datasets, told.models)}, "
        f"{plural(told.files, 'arquivo', 'arquivos')}, {_size(told.size)}. Tudo foi conferido antes."
    ]
    if told.found < told.newest:
        lines.append(f"Os registros foram trazidos do formato {told.found} para o {told.newest}.")
    lines += _ways_in(told)
    lines.append("O que foi feito depois dessa data não está nela; o que foi apagado depois está: apague-o de novo.")
    return lines


def _ways_in(told: Restored) -> list[str]:
    """What became of whoever was in, or invited, when the copy was made."""
    ended = [
        plural(told.logins, "entrada", "entradas") if told.logins else "",
        plural(told.invitations, "convite", "convites") if told.invitations else "",
    ]
    if not any(ended):
        return []
    return [f"Da cópia não valem mais {' e '.join(filter(None, ended))}: cada pessoa entra de novo."]


def examination(found: Examination, *, mended: bool) -> list[str]:
    """Each finding as a sentence, and how it ended; `mended`: whether what can be was put in order."""
    lines = [f"[corrigido] {messages.say(one.what)}" for one in found.mended]
    lines += [finding(one, mended=mended) for one in found.findings]
    if not found.findings:
        lines.append(f"Em ordem: {recovery_words.counted(found.datasets, found.models)}.")
    return lines


def finding(one: Finding, *, mended: bool = False) -> str:
    """ "[perda] …", "[corrige] …" or "[aviso] …"."""
    kind = "perda" if one.is_loss else "corrige" if one.mend and not mended else "aviso"
    told = f"[{kind}] {messages.told(one.what)}"
    return told if one.mend is None or mended else f"{told} Com --mend: {messages.say(one.mend)}."


def _size(size: int) -> str:
    return f"{number(size / _MEGABYTE, 1)} MB"
