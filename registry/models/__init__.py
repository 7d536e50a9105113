from registry.models.account import Account
from registry.models.division import Division
from registry.models.duty import Duty
from registry.models.employment import Employment
from registry.models.exclusion import Exclusion
from registry.models.facility import Facility, Filing
from registry.models.merge import Merge
from registry.models.person import IdentityDocument, Person
from registry.models.roster import RosterImport
from registry.models.standard import Standard, StandardVersion

__all__ = [
    "Account",
    "Division",
    "Duty",
    "Employment",
    "Exclusion",
    "Facility",
    "Filing",
    "IdentityDocument",
    "Merge",
    "Person",
    "RosterImport",
    "Standard",
    "StandardVersion",
]
