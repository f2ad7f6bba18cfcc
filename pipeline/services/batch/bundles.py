"""Bundles of the command line: opened with today's date, signed with this machine's key, doubted without its sign."""

from __future__ import annotations

from pathlib import Path

from pipeline.contract import Product
from pipeline.errors import WorkspaceError
from pipeline.modeling.bundle import bundle
from pipeline.modeling.model import TrainedModel
from pipeline.presentation.locale import messages
from pipeline.records import Note
from pipeline.services import catalog, clock
from pipeline.workspace.engine import places
from pipeline.workspace.secrets import keys


def opened(source: Path | bytes) -> tuple[Product, TrainedModel]:
    """The product of a bundle and its model, after every check. UnsafeBundle or IncompatibleBundle if it fails."""
    declared = catalog.product(bundle.peek(source))
    return declared, bundle.load(source, declared, clock.today())


def doubts(*sources: Path) -> tuple[str, ...]:
    """What is to be said before models are used: of each that this machine's workspace did not sign, and that does not
    ship with a product.
    """
    own = {catalog.starter_file(product.key) for product in catalog.products()}
    foreign = [path for path in sources if path not in own and not bundle.is_signed(path, _key())]
    return tuple(messages.say(Note("bundle.unsigned", {"name": path.name})) for path in foreign)


def save_model(model: TrainedModel, path: Path) -> None:
    """Writes the model as a bundle (.zip), signed."""
    bundle.save(model, path, product=catalog.product(model.product_key), key=_key(may_create=True))


def _key(*, may_create: bool = False) -> bytes | None:
    """The key of this machine's workspace; made where there is neither a key nor a workspace; None where it can't be
    had.
    """
    home = keys.default_home()
    try:
        return keys.load_key(home, may_create=may_create and not places.are_known(home))
    except WorkspaceError:
        return None
