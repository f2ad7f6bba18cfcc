"""What is said of a workspace as a whole: copied, taken back, examined, put in order."""

from __future__ import annotations

import datetime as dt

from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import date, file_size, moment, number, percent, plural
from pipeline.presentation.sentences import recovery_words
from pipeline.records import BackupMade, CopyKept, CopyShelf, Examination, Finding, KeyPlace, Restored

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
    return lines + [messages.say(one) for one in found.unseen]


def finding(one: Finding, *, mended: bool = False) -> str:
    """ "[perda] …", "[corrige] …" or "[aviso] …"."""
    kind = "perda" if one.is_loss else "corrige" if one.mend and not mended else "aviso"
    told = f"[{kind}] {messages.told(one.what)}"
    return told if one.mend is None or mended else f"{told} Com --mend: {messages.say(one.mend)}."


TITLE = "Cópias e exame"
WHAT = "Tudo o que está na pasta de dados, num só arquivo cifrado. O aplicativo continua aberto enquanto ela é feita."
KEEP_APART = "Leve as cópias para outro disco ou outro lugar. Sem a chave elas não abrem, nem aqui."
OUTLIVED = "Feita antes de um paciente ser apagado: se ela voltar, apague-o de novo. Faça outra e descarte esta."
TOO_LARGE = "Grande demais para baixar: busque-a na pasta."
KEY_ONCE = (
    "Anote-a no cofre de senhas da clínica, ou em papel guardado em lugar fechado, longe das cópias. Quem tem a chave "
    "e uma cópia tem tudo. Ela não é mostrada de novo."
)
EXAMINE = "Confere registros, arquivos, chave e permissões, e diz o que não está em ordem. Nada é mudado ao examinar."


def copies(found: CopyShelf, now: dt.datetime) -> tuple[str, str]:
    """What the page says first: whether there is a copy that is new enough, and what to do."""
    if not found.copies:
        return "Nenhuma cópia nesta pasta ainda.", "Se este computador se perder, tudo se perde. Faça uma agora."
    age = f"A última cópia é de {moment(found.copies[0].made, now)}."
    if found.is_due:
        return age, "Já faz mais de 7 dias: faça outra."
    return age, "Está em dia."


def copy(one: CopyKept, now: dt.datetime) -> str:
    """`28/11 16:00 · 12,3 MB`."""
    return f"{moment(one.made, now)} · {file_size(one.size)}"


def making(share: float | None) -> str:
    """How far the copy is that is being made; in another process, that it is."""
    if share is None:
        return "Uma cópia está sendo feita."
    return f"Fazendo a cópia: {percent(share, 0)}. Pode fechar a página: ela continua."


def key(place: KeyPlace, now: dt.datetime) -> str:
    """Where the key is, and whether it was shown; the file itself is named below."""
    where = "num arquivo do servidor, fora da pasta de dados" if place.file else "em PRESENCA_KEY, neste servidor"
    told = f" Foi mostrada em {moment(place.told, now)}." if place.told else ""
    return f"A chave está {where}. Impressão (para reconhecê-la, não abre nada): {place.fingerprint}.{told}"


def examined(found: Examination) -> list[tuple[str, str]]:
    """Each finding as a page says it: "mended", "loss", "mendable", "known" or "fine", and its sentence."""
    lines = [("mended", f"Consertado: {messages.say(one.what)}") for one in found.mended]
    for one in found.findings:
        said = messages.told(one.what)
        kind = "loss" if one.is_loss else "mendable" if one.mend else "known"
        lines.append((kind, said if one.mend is None else f"{said} Consertar: {messages.say(one.mend)}."))
    if not found.findings:
        held = recovery_words.counted(found.datasets, found.models) if found.datasets or found.models else ""
        lines.append(("fine", f"Em ordem: {held}." if held else "Tudo em ordem; a pasta ainda não tem dados."))
    return lines + [("known", messages.say(one)) for one in found.unseen]


def _size(size: int) -> str:
    return f"{number(size / _MEGABYTE, 1)} MB"
