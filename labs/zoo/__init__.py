"""The models that labs run on. `load.py` is the one loader, used in worker processes only."""
