# SPDX-License-Identifier: BSD-3-Clause
"""Measures Python Mitogen on command, for the benchmark suite, until its standard input ends.

A command is a line: a name and numbers. The answer is a line: `ok` and numbers, or `failed` and the reason.
"""

import concurrent.futures
import platform
import signal
import sys
import time

import mitogen
import mitogen.core
import mitogen.master
import mitogen.parent

import peer_functions


class Traffic:
    """Counts the bytes that pass between this process and its children."""

    def __init__(self):
        self.read = self.written = 0
        read, write = mitogen.core.Side.read, mitogen.core.Side.write

        def counting_read(side, *args):
            data = read(side, *args)
            if is_link(side):
                self.read += len(data or b"")
            return data

        def counting_write(side, data):
            count = write(side, data)
            if is_link(side):
                self.written += count or 0
            return count

        mitogen.core.Side.read, mitogen.core.Side.write = counting_read, counting_write
        self.undo = lambda: (setattr(mitogen.core.Side, "read", read), setattr(mitogen.core.Side, "write", write))

    def take(self):
        taken = self.written, self.read
        self.read = self.written = 0
        return taken


def is_link(side):
    """Tells whether a side leads to a child; others wake the broker up."""
    return getattr(side.stream, "conn", None) is not None


class Bench:
    def __init__(self, router):
        self.router = router
        self.chain = []  # contexts, each but the first started by the one before

    def context(self, hops=1):
        while len(self.chain) < hops:
            via = self.chain[-1] if self.chain else None
            self.chain.append(self.router.local(via=via))
        return self.chain[hops - 1]

    def end(self):
        """Ends the contexts that commands share."""
        for context in reversed(self.chain):
            context.shutdown(wait=True)
        self.chain = []
        return []

    def connect(self, count):
        return [self.timed_connect(lambda context: None) for _ in range(count)]

    def connect_first_call(self, count):
        return [self.timed_connect(lambda context: context.call(peer_functions.nothing)) for _ in range(count)]

    def timed_connect(self, first):
        start = time.perf_counter()
        context = self.router.local()
        first(context)
        taken = time.perf_counter() - start
        context.shutdown(wait=True)
        return taken * 1e3

    def burst(self, count):
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            start = time.perf_counter()
            contexts = list(pool.map(lambda i: self.router.local(), range(count)))
            taken = time.perf_counter() - start
        for context in contexts:
            context.shutdown(wait=True)
        return [taken * 1e3 / count]

    def call(self, hops, warm, count):
        context = self.context(hops)
        samples = []
        for i in range(warm + count):
            start = time.perf_counter()
            context.call(peer_functions.nothing)
            if i >= warm:
                samples.append((time.perf_counter() - start) * 1e6)
        return samples

    def pipelined(self, count):
        context = self.context()
        start = time.perf_counter()
        for receiver in [context.call_async(peer_functions.nothing) for _ in range(count)]:
            receiver.get()
        return [(time.perf_counter() - start) * 1e6 / count]

    def threads(self, threads, ms):
        """Calls one context from some threads for a while; returns calls each second."""
        context = self.context()
        start = time.perf_counter()

        def work(_):
            calls = 0
            while time.perf_counter() - start < ms / 1e3:
                context.call(peer_functions.nothing)
                calls += 1
            return calls

        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            calls = sum(pool.map(work, range(threads)))
        return [calls / (time.perf_counter() - start)]

    def blob_there(self, size, count):
        data = b"x" * size
        return [size / self.timed(peer_functions.length, data) for _ in range(count)]

    def blob_back(self, size, count):
        return [size / self.timed(peer_functions.data, size) for _ in range(count)]

    def timed(self, function, *args):
        context = self.context()
        start = time.perf_counter()
        context.call(function, *args)
        return time.perf_counter() - start

    def resident(self, count):
        return self.memory(count, "status", "VmRSS:")

    def proportional(self, count):
        return self.memory(count, "smaps_rollup", "Pss:")

    def memory(self, count, file, field):
        contexts = [self.router.local() for _ in range(count)]
        samples = [kib(int(context.name.split(".")[-1]), file, field) for context in contexts]
        for context in contexts:
            context.shutdown(wait=True)
        return samples

    def traffic(self):
        """Returns the bytes of the command, and those down and up of a connect, of a first call and of another call."""
        options = mitogen.parent.Options(max_message_size=self.router.max_message_size)
        connection = mitogen.parent.Connection(options, self.router)
        connection.context = mitogen.parent.Context(self.router, 1, name="x")
        numbers = [len(" ".join(connection.get_boot_command()))]
        traffic = Traffic()
        try:
            context = self.router.local()
            numbers.extend(traffic.take())
            for _ in range(2):
                context.call(peer_functions.nothing)
                numbers.extend(traffic.take())
            context.shutdown(wait=True)
        finally:
            traffic.undo()
        return numbers


def kib(pid, file, field):
    with open("/proc/%d/%s" % (pid, file)) as lines:
        for line in lines:
            if line.startswith(field):
                return int(line.split()[1])
    raise ValueError("no %s in %s of process %d" % (field, file, pid))


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal, which reaches the suite, too; that closes the input
    broker = mitogen.master.Broker()
    try:
        bench = Bench(mitogen.master.Router(broker))
        print("ok Python", platform.python_version(), "Mitogen", ".".join(map(str, mitogen.__version__)), flush=True)
        for line in sys.stdin:
            name, *numbers = line.split()
            try:
                samples = getattr(bench, name)(*map(int, numbers))
                print("ok", *samples, flush=True)
            except Exception as e:
                print("failed", repr(e).replace("\n", " "), flush=True)
    finally:
        broker.shutdown()
        broker.join()


if __name__ == "__main__":
    main()
