"""The timetable of a conference: who meets whom, when, and at which table."""
