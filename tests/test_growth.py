"""The measure itself: what is squared is seen, what is not passes."""

from tests.growth import grows_with_its_size


def test_what_is_squared_is_seen_and_what_is_not_passes() -> None:
    assert grows_with_its_size(lambda size: sum(range(500 * size)), 400)
    assert not grows_with_its_size(lambda size: [sum(range(size)) for _ in range(size)], 1_000)
