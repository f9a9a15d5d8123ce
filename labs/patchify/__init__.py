"""Pixels to patch tokens: the lab's metadata, read when labs are listed (so nothing is imported here)."""

META = {
    "title": "Pixels to patch tokens",
    "sections": ("S1", "S2", "S4"),
    "backends": ("none", "tiny", "hf"),
    "version": 1,
    "minutes": 12,
}
