"""The circular 通报: figures that know where they come from, and what must hold of them."""
