"""Webhooks at the command line: the secret on stdout alone, the inside only where allowed, sent and logged."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import services
from pipeline.cli import run
from tests.pipeline.services.webhooks.receiving import receiver


def test_a_webhook_from_its_making_to_its_end(workspace_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with receiver() as other:
        address = f"{other.url}?token=xyzzy"
        assert run(["webhooks", "add", address]) == 1 and "rede interna" in capsys.readouterr().err
        assert run(["webhooks", "add", address, "--event", "list.ready", "--private"]) == 0
        told = capsys.readouterr()
        secret = told.out.strip()
        assert secret.startswith("whsec_") and secret not in told.err and "xyzzy" not in told.err
        assert run(["webhooks", "list"]) == 0
        own, state, shown, events, *_ = capsys.readouterr().out.rstrip("\n").split("\t")
        assert (state, events) == ("active", "list.ready") and shown == f"{other.url}?…"
        assert run(["webhooks", "test", own]) == 0 and run(["webhooks", "deliver", "--once"]) == 0
        assert "1\u00a0aviso entregue" in capsys.readouterr().err and len(other.told(secret)) == 1
        assert run(["webhooks", "log", own]) == 0
        delivery, *rest = capsys.readouterr().out.split("\t")
        assert rest[0] == own and rest[1:3] == ["webhook.test", "delivered"] and "entregue em" in rest[-1]
        assert run(["webhooks", "redeliver", delivery]) == 0 and run(["webhooks", "deliver", "--once"]) == 0
        ids = {headers["webhook-id"] for headers, _ in other.came}
        assert len(other.came) == 2 and ids == {f"msg_{delivery}"}
        other.status = 500
        assert run(["webhooks", "redeliver", delivery]) == 0 and run(["webhooks", "deliver", "--once"]) == 0
        assert "não foi aceito" in capsys.readouterr().err
        assert run(["webhooks", "pause", own]) == 0 and run(["webhooks", "redeliver", delivery]) == 1
        assert run(["webhooks", "resume", own]) == 0 and run(["webhooks", "delete", own]) == 0
        assert run(["webhooks", "delete", own]) == 1 and run(["webhooks", "add", "x"]) == 1
        assert run(["webhooks", "add", address, "--event", "tudo"]) == 64
    assert services.open_workspace().webhooks() == ()
