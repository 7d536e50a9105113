"""Lines of the policy table."""

from __future__ import annotations

import pytest

from core.ids import LENGTH, SYMBOLS, public_id
from core.policy import everyone, gather, only, signed_in


def test_a_line_admits_whom_it_names_and_nobody_else() -> None:
    line = only("county")
    assert line.admits(frozenset({"county", "learner"}))
    assert not line.admits(frozenset({"learner"}))
    assert not line.admits(frozenset())


def test_any_account_is_one_with_a_kind() -> None:
    assert signed_in().admits(frozenset({"learner"}))
    assert not signed_in().admits(frozenset())


def test_a_public_line_admits_all_and_gives_its_reason() -> None:
    assert everyone(why="because it is public").admits(frozenset())
    with pytest.raises(ValueError, match="reason"):
        everyone(why="")


def test_a_line_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="dead route"):
        only()


def test_two_rooms_cannot_claim_one_route() -> None:
    with pytest.raises(ValueError, match="route a has two lines"):
        gather({"a": only("learner")}, {"a": only("learner")})


def test_public_ids_are_long_legible_and_never_the_same() -> None:
    made = {public_id() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(one) for one in made} == {LENGTH}
    assert set("".join(made)) <= set(SYMBOLS)
