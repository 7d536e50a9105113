from audit.models.entry import ChainHead, Entry
from audit.models.work import Work

__all__ = ["ChainHead", "Entry", "Work"]
