"""What every app stands on: parties and people, who may see what, audit, jobs, uploads, consent."""
