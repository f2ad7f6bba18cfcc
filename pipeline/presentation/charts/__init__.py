"""Figures of the pages and the exports: each function takes records and a Theme and gives a Chart."""

from pipeline.presentation.charts.bars import contribution_bars, importance_bars, pair_bars, strongest
from pipeline.presentation.charts.base import PLOT_CONFIG, Chart
from pipeline.presentation.charts.curves import gain_curve, qini_curve
from pipeline.presentation.charts.dependence import dependence_chart
from pipeline.presentation.charts.dots import dot_plot
from pipeline.presentation.charts.heatmap import heat_map
from pipeline.presentation.charts.learning import learning_curve
from pipeline.presentation.charts.lines import monthly_lines
from pipeline.presentation.charts.places import theme_by_place
from pipeline.presentation.charts.quality import calibration_plot, reach_curve
from pipeline.presentation.charts.swarm import swarm
from pipeline.presentation.charts.theme_polarity import polarity_bars, polarity_key, theme_trend
from pipeline.presentation.charts.themes import star_bars, theme_chart
from pipeline.presentation.charts.tilemap import tile_map
from pipeline.presentation.charts.waterfall import waterfall

__all__ = [
    "PLOT_CONFIG",
    "Chart",
    "theme_chart",
    "calibration_plot",
    "contribution_bars",
    "dependence_chart",
    "dot_plot",
    "gain_curve",
    "qini_curve",
    "heat_map",
    "importance_bars",
    "learning_curve",
    "monthly_lines",
    "pair_bars",
    "polarity_bars",
    "polarity_key",
    "theme_trend",
    "reach_curve",
    "star_bars",
    "strongest",
    "swarm",
    "theme_by_place",
    "tile_map",
    "waterfall",
]
