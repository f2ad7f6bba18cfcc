"""The part of the page that says where, by itself: for the tests."""

from dashboard import state
from dashboard.components import charts, places
from pipeline.services.pages import comments
from pipeline.services.pages.comments import CommentFilters

current = state.current()
assert current.dataset is not None and current.model is not None
heard = comments.hear(state.session(), current.dataset.id, current.model.id)
places.show(current, heard, CommentFilters())
charts.taps()
