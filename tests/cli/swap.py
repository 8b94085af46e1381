#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""swap.py - exchange two names for each other, again and again, until killed

    swap.py ONE OTHER

renameat2(2) with RENAME_EXCHANGE: at no moment is either name missing.
"""

import ctypes
import sys

AT_FDCWD = -100
RENAME_EXCHANGE = 2

libc = ctypes.CDLL(None, use_errno=True)
one, other = (name.encode() for name in sys.argv[1:])
while libc.renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0:
    pass
sys.exit(f"swap.py: {ctypes.get_errno()}")
