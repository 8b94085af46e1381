#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""terminal.py - run a command on a terminal of its own

    terminal.py [--type TEXT] [--resize RxC] [--signal NAME] [--compare] ROWS COLUMNS COMMAND…

What the command prints is printed, its exit code becomes ours. TEXT is typed, the size changed, the
signal sent to the command once it has printed the word "ready". With --compare it is an error when
the terminal's settings are not the same afterwards.
"""

import argparse
import fcntl
import os
import signal
import struct
import sys
import termios
import time

parser = argparse.ArgumentParser()
parser.add_argument("--type", default="")
parser.add_argument("--resize")
parser.add_argument("--signal")
parser.add_argument("--compare", action="store_true")
parser.add_argument("rows", type=int)
parser.add_argument("columns", type=int)
parser.add_argument("command", nargs=argparse.REMAINDER)
args = parser.parse_args()


def resize(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


outer, inner = os.openpty()
resize(inner, args.rows, args.columns)
before = termios.tcgetattr(inner)

child = os.fork()
if child == 0:
    os.setsid()
    fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(inner, fd)
    os.execvp(args.command[0], args.command)

# `inner` stays open here, so that its settings can be read at the end; the end of the command is
# seen by waiting for it, with a read that gives up.
seen, acted = b"", False
os.set_blocking(outer, False)
status = None
while True:
    try:
        data = os.read(outer, 65536)
        seen += data
        sys.stdout.buffer.write(data)
    except BlockingIOError:
        if status is not None:
            break
        done, code = os.waitpid(child, os.WNOHANG)
        if done:
            status = code
            continue
        if not acted and b"ready" in seen:
            acted = True
            if args.type:
                os.write(outer, args.type.encode().decode("unicode_escape").encode())
            if args.resize:
                resize(inner, *map(int, args.resize.split("x")))
            if args.signal:
                os.kill(child, getattr(signal, "SIG" + args.signal))
        time.sleep(0.01)
sys.stdout.flush()

if args.compare and termios.tcgetattr(inner) != before:
    print("terminal.py: the settings of the terminal have changed", file=sys.stderr)
    sys.exit(99)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
