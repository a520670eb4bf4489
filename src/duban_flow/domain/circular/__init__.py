"""The circular 通报: figures that know whence they come, and what must hold of them."""
