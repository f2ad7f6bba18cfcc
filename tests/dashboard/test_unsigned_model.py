"""The page of a model that this workspace did not sign says so each time, and not of its own."""

from __future__ import annotations

import io
import json
import zipfile

from pipeline import services
from pipeline.products.no_show import PRODUCT
from pipeline.services import Workspace
from pipeline.services.models import models
from pipeline.services.session import Session
from tests.dashboard.pages import MODEL, opened, said, sound

WORDS = "não tem a assinatura deste espaço de trabalho"


def _unsigned(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "manifest.json":
                manifest = json.loads(data)
                del manifest["signature"]
                data = json.dumps(manifest).encode()
            target.writestr(name, data)
    return out.getvalue()


def test_the_page_of_a_model_from_elsewhere_says_so(trained: Workspace) -> None:
    assert WORDS not in said(opened(MODEL))
    session = Session(services.open_workspace())
    own = trained.models(PRODUCT.key)[0]
    loaded = models.import_model(session, PRODUCT.key, _unsigned(models.export_model(session, own.id)), own.series)
    models.use(session, loaded.id)
    for _ in range(2):
        assert WORDS in said(sound(opened(MODEL), PRODUCT))
