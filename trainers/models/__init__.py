from trainers.models.body import TrainingBody
from trainers.models.material import Material, MaterialReview, MaterialVersion
from trainers.models.pool import Appointment, ExpertPool, Nomination

__all__ = [
    "Appointment",
    "ExpertPool",
    "Material",
    "MaterialReview",
    "MaterialVersion",
    "Nomination",
    "TrainingBody",
]
