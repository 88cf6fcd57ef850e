# SPDX-License-Identifier: BSD-3-Clause
"""Measures Python Mitogen for bin/compare-hosts.

`compare_hosts.py PORT IDENTITY KNOWN_HOSTS CONNECTS AT_ONCE` prints one `name value` a line.
"""

import concurrent.futures
import os
import sys
import threading
import time

import mitogen.master

PYTHON = "/usr/bin/python3"
THREADS = 32  # as many connect at a time as with our library


class Hosts:
    def __init__(self, router, port, identity, known_hosts):
        self.router = router
        self.options = dict(
            hostname="127.0.0.1",
            port=port,
            identity_file=identity,
            python_path=PYTHON,
            ssh_args=["-F", "none", "-o", "UserKnownHostsFile=" + known_hosts, "-o", "IdentityAgent=none"],
        )

    def ssh(self, user):
        return self.router.ssh(username=user, **self.options)

    def sudo(self, via, password=None):
        return self.router.sudo(username="root", password=password, via=via, python_path=PYTHON)


def timed(connect, *args):
    start = time.perf_counter()
    context = connect(*args)
    return context, (time.perf_counter() - start) * 1e3


def resident_kib():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise ValueError("no VmRSS in /proc/self/status")


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def measure_some(hosts, connects):
    for i in range(connects + 1):
        free, ssh_ms = timed(hosts.ssh, "sudo-free")
        _, sudo_ms = timed(hosts.sudo, free)
        _, sudo_again_ms = timed(hosts.sudo, free)
        asked, _ = timed(hosts.ssh, "sudo-password")
        _, sudo_password_ms = timed(hosts.sudo, asked, "pw-of-sudo-password")
        free.shutdown(wait=True)
        asked.shutdown(wait=True)
        if i:  # the first time warms up
            print("ssh_ms %.3f" % ssh_ms)
            print("sudo_ms %.3f" % sudo_ms)
            print("sudo_again_ms %.3f" % sudo_again_ms)
            print("sudo_password_ms %.3f" % sudo_password_ms)


def measure_many(hosts, at_once):
    before = descriptors()
    start = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        contexts = list(pool.map(lambda i: hosts.ssh("ops"), range(at_once)))
        print("many_ms %.3f" % ((time.perf_counter() - start) * 1e3))
    print("many_descriptors %d" % (descriptors() - before))
    print("many_threads %d" % (threading.active_count() - 1))  # but for the one that calls
    print("many_rss_kib %d" % resident_kib())
    for context in contexts:
        context.shutdown(wait=True)


def main():
    port, identity, known_hosts = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    connects, at_once = int(sys.argv[4]), int(sys.argv[5])
    broker = mitogen.master.Broker()
    try:
        hosts = Hosts(mitogen.master.Router(broker), port, identity, known_hosts)
        measure_some(hosts, connects)
        measure_many(hosts, at_once)
    finally:
        broker.shutdown()
        broker.join()


if __name__ == "__main__":
    main()
