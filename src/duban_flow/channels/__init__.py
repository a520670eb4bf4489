"""Ways to tell people: each speaks to the engine's port and to nothing else of it."""
