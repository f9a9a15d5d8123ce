"""Where vision-language models break: the lab's metadata, read when labs are listed (so nothing is imported here)."""

META = {
    "title": "Where vision-language models break",
    "sections": ("S7", "S12", "S13"),
    "backends": ("tiny", "hf", "openai", "human", "none", "replay"),
    "version": 1,
    "minutes": 20,
}
