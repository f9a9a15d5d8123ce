"""Plain charts of the labs: numbers in, one Picture out, drawn (Pillow, in a worker) and as lines of text and words (anywhere)."""

from labs.figures.bar_chart import Bar, bars
from labs.figures.contact_sheet import beside, sheet, strip
from labs.figures.heat_map import heat
from labs.figures.line_plot import curves
from labs.figures.point_cloud import scatter
from labs.figures.text_table import table

__all__ = ["Bar", "bars", "beside", "curves", "heat", "scatter", "sheet", "strip", "table"]
