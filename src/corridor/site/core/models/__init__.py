"""What is: parties and people, and the records every app writes."""

from .audit import AuditEntry
from .job import Job
from .party import Membership, Party, User
from .records import Consent, RateBucket, Reveal, Upload

__all__ = [
    "AuditEntry",
    "Consent",
    "Job",
    "Membership",
    "Party",
    "RateBucket",
    "Reveal",
    "Upload",
    "User",
]
