"""What can happen in this room. Other rooms come in by these doors."""

from credentials.actions.issue import Order, issue, issue_many

__all__ = ["Order", "issue", "issue_many"]
