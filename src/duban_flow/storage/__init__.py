"""Places where an office's subjects are kept; each knows the engine's port alone."""
