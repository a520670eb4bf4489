"""How long Hypothesis searches; a test says nothing of it itself.

`fast` (the default) and `ci` search the same examples on every run, so that a change
is judged by what changed. `long` looks further, elsewhere each time.
"""

from hypothesis import settings

from tests.certified import certified as certified

settings.register_profile("fast", max_examples=25, deadline=None, derandomize=True)
settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile("fast")
