"""The door of modeling, as `lazy_loader` opens it: each name is imported when it is first asked for."""

from .bundle.bundle import load as load
from .bundle.bundle import save as save
from .model import OutOfFoldPredictions as OutOfFoldPredictions
from .model import TrainedModel as TrainedModel
from .training.train import train as train
