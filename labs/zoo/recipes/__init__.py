"""One file a model: architecture, pictures, loss, what is saved and what is measured."""
