"""How each kind of model is loaded, a file a kind; labs/zoo/load.py is the door."""
