"""What can happen in the registry: the only writers of its tables."""

from registry.actions.close_facility import close_facility
from registry.actions.confirm_roster import confirm_roster
from registry.actions.discard_roster import discard_forgotten_rosters, discard_roster
from registry.actions.edit_facility import edit_facility
from registry.actions.employ import MayNotEmploy, Post, employ, employ_all
from registry.actions.end_employment import end_employment
from registry.actions.exclude import exclude, lift_exclusion, lock_person
from registry.actions.file_facility import file_facility, withdraw_filing
from registry.actions.grant_duty import grant_duty
from registry.actions.hire import hire
from registry.actions.load_divisions import load_divisions
from registry.actions.load_rulebook import load_rulebook
from registry.actions.merge import decide_merge, propose_merge, propose_undo
from registry.actions.open_account import open_account
from registry.actions.open_facility import FacilityRow, open_facilities, open_facility
from registry.actions.record_person import PersonRow, Recorded, add_document, record_people, record_person
from registry.actions.reveal_number import WHY_NAMES, Why, reveal_number
from registry.actions.revoke_duty import revoke_duty
from registry.actions.sync_groups import sync_all_groups
from registry.actions.upload_roster import upload_roster

__all__ = [
    "WHY_NAMES",
    "FacilityRow",
    "MayNotEmploy",
    "PersonRow",
    "Post",
    "Recorded",
    "Why",
    "add_document",
    "close_facility",
    "confirm_roster",
    "decide_merge",
    "discard_forgotten_rosters",
    "discard_roster",
    "edit_facility",
    "employ",
    "employ_all",
    "end_employment",
    "exclude",
    "file_facility",
    "grant_duty",
    "hire",
    "lift_exclusion",
    "load_divisions",
    "load_rulebook",
    "lock_person",
    "open_account",
    "open_facilities",
    "open_facility",
    "propose_merge",
    "propose_undo",
    "record_people",
    "record_person",
    "reveal_number",
    "revoke_duty",
    "sync_all_groups",
    "upload_roster",
    "withdraw_filing",
]
