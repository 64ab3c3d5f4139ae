"""What is: parties and people, and the records every app writes."""

from .audit import AuditEntry
from .job import Job
from .joining import Invitation, MembershipRequest
from .party import Membership, Party, User
from .records import Consent, OnceToken, RateBucket, Reveal, Upload

__all__ = [
    "AuditEntry",
    "Consent",
    "Invitation",
    "Job",
    "Membership",
    "MembershipRequest",
    "OnceToken",
    "Party",
    "RateBucket",
    "Reveal",
    "Upload",
    "User",
]
