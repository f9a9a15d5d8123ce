"""The one picture world of the labs: seeded scenes with exact ground truth, drawn alike by a plain rasteriser and by a torch renderer."""
