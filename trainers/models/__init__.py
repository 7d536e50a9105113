from trainers.models.body import TrainingBody
from trainers.models.material import Material, MaterialReview, MaterialVersion, VersionState
from trainers.models.pool import Appointment, ExpertPool, Field, Nomination

__all__ = [
    "Appointment",
    "ExpertPool",
    "Field",
    "Material",
    "MaterialReview",
    "MaterialVersion",
    "Nomination",
    "TrainingBody",
    "VersionState",
]
