# SPDX-License-Identifier: BSD-3-Clause
"""A master of Python Mitogen that listens at a unix socket until its input ends.

Arguments: the path of the socket, and what is broken in this master, or `nothing`. Prints the id of its only child.
"""

import os
import sys

import mitogen.core
import mitogen.master
import mitogen.unix


def let_everybody_in():
    os.chmod = lambda path, mode: None
    os.umask(0)


def stamp_nothing():
    build = mitogen.core.MitogenProtocol.build_stream.__func__

    def patched(cls, *args, **kwargs):
        kwargs.pop('auth_id', None)
        return build(cls, *args, **kwargs)

    mitogen.core.MitogenProtocol.build_stream = classmethod(patched)


DEFECTS = {
    'nothing': lambda: None,
    'mode': let_everybody_in,
    'stamp': stamp_nothing,
}


def main():
    broker = mitogen.master.Broker()
    router = mitogen.master.Router(broker)
    try:
        child = router.local(name='web', python_path=sys.executable)
        DEFECTS[sys.argv[2]]()
        mitogen.unix.Listener.build_stream(router, path=sys.argv[1])
        print(child.context_id, flush=True)
        sys.stdin.read()
    finally:
        broker.shutdown()
        broker.join()


if __name__ == '__main__':
    main()
