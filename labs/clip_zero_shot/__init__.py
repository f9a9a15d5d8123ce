"""Shared space, prompts, zero-shot: the lab's metadata, read when labs are listed (so nothing is imported here)."""

META = {
    "title": "Shared space, prompts, zero-shot",
    "sections": ("S3",),
    "backends": ("tiny", "hf"),
    "version": 1,
    "minutes": 18,
}
