# SPDX-License-Identifier: BSD-3-Clause
"""Measures Python Mitogen for bin/compare: `compare.py CONNECTS CALLS` prints one `name value` a line."""

import sys
import time

import mitogen.master
import mitogen.parent


def add(a, b):
    return a + b


def resident_kib(pid):
    with open("/proc/%d/status" % pid) as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise ValueError("no VmRSS for process %d" % pid)


def payload_bytes(router):
    options = mitogen.parent.Options(max_message_size=router.max_message_size)
    connection = mitogen.parent.Connection(options, router)
    connection.context = mitogen.parent.Context(router, 1, name="x")
    return len(" ".join(connection.get_boot_command())) + len(connection.get_preamble())


def main():
    connects, calls = int(sys.argv[1]), int(sys.argv[2])
    broker = mitogen.master.Broker()
    router = mitogen.master.Router(broker)
    try:
        print("payload_bytes %d" % payload_bytes(router))
        for i in range(connects + 1):
            start = time.perf_counter()
            context = router.local()
            taken = time.perf_counter() - start
            if i:  # the first one warms up
                print("connect_ms %.3f" % (taken * 1e3))
            else:
                print("rss_kib %d" % resident_kib(int(context.name.split(".")[-1])))
            if i < connects:
                context.shutdown(wait=True)
        for i in range(2 * calls):
            start = time.perf_counter()
            context.call(add, i, 1)
            if i >= calls:
                print("call_us %.1f" % ((time.perf_counter() - start) * 1e6))
    finally:
        broker.shutdown()
        broker.join()


if __name__ == "__main__":
    main()
