"""The messages, the base model and the training of the screening classifier."""
