"""Video drift: the lab's metadata, read when labs are listed (so nothing is imported here)."""

META = {
    "title": "Identity drift and the metrics that miss it",
    "sections": ("S11", "S12", "S13"),
    "backends": ("none", "tiny", "hf", "human"),
    "version": 1,
    "minutes": 15,
}
