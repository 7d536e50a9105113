from trainers.actions.accredit import accredit_body, end_accreditation
from trainers.actions.appoint import announce_term_ending, appoint, end_appointment, unseat_banned
from trainers.actions.create_pool import create_pool
from trainers.actions.nominate import decline, nominate, nominate_by_document
from trainers.actions.review_material import review_material
from trainers.actions.upload_material import upload_material

__all__ = [
    "accredit_body",
    "announce_term_ending",
    "appoint",
    "create_pool",
    "decline",
    "end_accreditation",
    "end_appointment",
    "nominate",
    "nominate_by_document",
    "review_material",
    "unseat_banned",
    "upload_material",
]
