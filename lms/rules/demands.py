"""Whether one rule demands more than another."""

from __future__ import annotations

from registry.rules.standard import StandardRules


def is_harder(old: StandardRules, new: StandardRules) -> bool:
    """True if something is demanded that was not, or less of something counts."""
    least, caps = (
        [{row.category: getattr(row, field) for row in rules.categories} for rules in (old, new)]
        for field in ("minimum_minutes", "cap_minutes")
    )
    return (
        new.needed_minutes > old.needed_minutes
        or any(minutes > least[0].get(name, 0) for name, minutes in least[1].items())
        or any(
            cap is not None and ((was := caps[0].get(name)) is None or cap < was)
            for name, cap in caps[1].items()
        )
        or not set(old.counted_sources) <= set(new.counted_sources)
        or (old.carry_over and not new.carry_over)
        or (new.cycle_years or 99) < (old.cycle_years or 99)
        or (new.certificate_years or 0) < (old.certificate_years or 0)
    )
