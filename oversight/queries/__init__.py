"""What one asks this room."""

from oversight.queries.counted import Place
from oversight.queries.rates import RateTable, Row, rate_of, rate_table
from oversight.queries.trend import trend

__all__ = ["Place", "RateTable", "Row", "rate_of", "rate_table", "trend"]
