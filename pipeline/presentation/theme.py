"""The colours and fonts of Presença, light and dark, for figures and HTML.

One meaning per colour: rust raises the risk (the event), teal lowers it, slate shows no clear difference.
The same values stand in the app's config.toml; the contrasts were measured against their grounds.
"""

from __future__ import annotations

from dataclasses import dataclass

SANS = (
    '"Source Sans", "Source Sans 3", "Segoe UI", system-ui, -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif'
)
SERIF = '"Source Serif", "Source Serif 4", Georgia, Cambria, "Times New Roman", serif'


@dataclass(frozen=True)
class Theme:
    """Colour tokens of one mode. `sequential` holds ten steps of risk, lowest first."""

    name: str
    background: str
    surface: str  # cards, inputs, tiles without data
    text: str
    secondary: str
    primary: str
    event: str  # rust
    non_event: str  # teal
    neutral: str  # slate, for marks
    border: str
    grid: str
    sequential: tuple[str, ...]
    tiers: tuple[str, ...]
    categorical: tuple[str, ...]
    ink_on_light: str = "#13262B"
    ink_on_dark: str = "#FFFFFF"
    font: str = SANS

    def step(self, position: float) -> str:
        """The colour of a place 0..1 between the second and the ninth step, as maps use them."""
        steps = self.map_steps
        return steps[min(int(max(position, 0.0) * len(steps)), len(steps) - 1)]

    @property
    def map_steps(self) -> tuple[str, ...]:
        """The eight steps of risk that maps use, lowest first: `sequential` without its two ends."""
        return self.sequential[1:9]

    def ink(self, ground: str) -> str:
        """Black or white, whichever reads better on `ground`."""
        return max((self.ink_on_light, self.ink_on_dark), key=lambda ink: contrast(ink, ground))

    def against(self, verdict: str) -> str:
        """Colour of a group by its interval: above, below or unclear."""
        return {"above": self.event, "below": self.non_event}.get(verdict, self.neutral)

    def signed(self, value: float) -> str:
        """Rust for what raises, teal for what lowers, slate for nothing."""
        return self.event if value > 0 else self.non_event if value < 0 else self.neutral


_TIERS = ("#F5CFA8", "#E59A5C", "#C2561F", "#832E0E")
_CATEGORICAL = ("#0E6F86", "#E3A23B", "#54308A", "#A9CBD4", "#C2561F", "#2B3A3F")

LIGHT = Theme(
    name="light",
    background="#FFFFFF",
    surface="#EDF1F2",
    text="#13262B",
    secondary="#52656B",
    primary="#0B5F6E",
    event="#B3431A",
    non_event="#0E6F86",
    neutral="#7C8F96",
    border="#D5DEE0",
    grid="#E3E9EA",
    sequential=(
        "#FDF3E8",
        "#FAE3CB",
        "#F5CFA8",
        "#EFB883",
        "#E59A5C",
        "#D67B3B",
        "#C2561F",
        "#A23F14",
        "#832E0E",
        "#651F08",
    ),
    tiers=_TIERS,
    categorical=_CATEGORICAL,
)

DARK = Theme(
    name="dark",
    background="#0F1A1E",
    surface="#18262B",
    text="#E8EFF0",
    secondary="#A3B4B8",
    primary="#1A7C90",
    event="#F2936B",
    non_event="#5BBFD4",
    neutral="#7F9298",
    border="#2C3E44",
    grid="#24343A",
    sequential=(
        "#2A211C",
        "#40291D",
        "#5A331F",
        "#783F22",
        "#964C26",
        "#AE5A2A",
        "#D37A43",
        "#E8976A",
        "#F5B894",
        "#FCDCC6",
    ),
    tiers=_TIERS,
    categorical=_CATEGORICAL,
)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB`, 0..1 (WCAG 2.2)."""
    parts = [c / 255 for c in _channels(colour)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1..21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def fade(colour: str, ground: str, strength: float) -> str:
    """`colour` laid over `ground` with this opacity, as an opaque colour."""
    mixed = [
        round(a * strength + b * (1 - strength)) for a, b in zip(_channels(colour), _channels(ground), strict=True)
    ]
    return "#{:02X}{:02X}{:02X}".format(*mixed)
