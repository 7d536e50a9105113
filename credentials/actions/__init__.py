"""What can happen in this room. Other rooms come in by these doors."""

from credentials.actions.acknowledge import acknowledge
from credentials.actions.check import check_certificate, check_staff
from credentials.actions.correct import correct
from credentials.actions.decide_ban import decide_ban
from credentials.actions.interim import renew_suspension
from credentials.actions.issue import Order, issue, issue_many
from credentials.actions.open_case import open_case
from credentials.actions.overturn_ban import Overturned, decide_overturn, propose_overturn
from credentials.actions.propose_ban import edit_proposal, propose_ban, record_answer
from credentials.actions.render import render
from credentials.actions.revoke import revoke
from credentials.actions.suspend import reinstate, suspend

__all__ = [
    "Order",
    "Overturned",
    "acknowledge",
    "check_certificate",
    "check_staff",
    "correct",
    "decide_ban",
    "decide_overturn",
    "edit_proposal",
    "issue",
    "issue_many",
    "open_case",
    "propose_ban",
    "propose_overturn",
    "record_answer",
    "reinstate",
    "render",
    "renew_suspension",
    "revoke",
    "suspend",
]
