"""Measures what a commit must wait for: how long the disk takes to have 8 KiB for certain.

Prints one line of JSON. The argument is a folder on the disk.
"""

import json
import os
import sys
import tempfile
import time

WRITES = 200
BLOCK = bytes(8192)


def main():
    times_us = []
    with tempfile.TemporaryFile(dir=sys.argv[1], buffering=0) as file:
        for _ in range(WRITES):
            begun = time.perf_counter()
            file.write(BLOCK)
            os.fdatasync(file.fileno())
            times_us.append((time.perf_counter() - begun) * 1e6)
    times_us.sort()
    print(json.dumps({"median_us": times_us[WRITES // 2], "p99_us": times_us[WRITES * 99 // 100]}))


main()
