"""Signal, noise, schedules: the lab's metadata, read when labs are listed (so nothing is imported here)."""

META = {
    "title": "Signal, noise, schedules",
    "sections": ("S8", "S10"),
    "backends": ("none", "tiny"),
    "version": 1,
    "minutes": 25,
}
