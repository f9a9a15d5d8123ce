"""The commands: one file each or a family; they work through `studyapp.api` alone."""

SCHEMA = 1  # of every --json object
