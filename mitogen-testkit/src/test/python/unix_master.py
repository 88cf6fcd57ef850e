# SPDX-License-Identifier: BSD-3-Clause
"""A master of Python Mitogen with one child, which listens at the path that is its argument until its input has a line or ends.

Prints the child's id, the child's process id and its own.
"""

import os
import sys

import mitogen.master
import mitogen.unix


def main():
    broker = mitogen.master.Broker()
    router = mitogen.master.Router(broker)
    try:
        mitogen.unix.Listener.build_stream(router, path=sys.argv[1])
        child = router.local(name='web', python_path=sys.executable)
        print(child.context_id, child.call(os.getpid), os.getpid(), flush=True)
        sys.stdin.readline()
    finally:
        broker.shutdown()
        broker.join()


if __name__ == '__main__':
    main()
