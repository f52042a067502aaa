"""Keeps numpy's matrix library on one thread; to be imported before numpy is.

The second reader's products are so small that a second thread is waited for longer than it helps:
beside a busy core a verdict took three times as long.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
