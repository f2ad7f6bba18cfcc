"""The door of workspace, as `lazy_loader` opens it: each name is imported when it is first asked for."""

from .store import Workspace as Workspace
