# SPDX-License-Identifier: BSD-3-Clause
"""A program that joins the tree at the path that is its argument, through Python Mitogen, and does what its input says.

Prints its own id first. Each line of input is a JSON array, and answered with a line:

    ["call", CONTEXT, MODULE, FUNCTION, ARGUMENT...]    the result's repr, or the error's class and text
    ["begin", CONTEXT, MODULE, FUNCTION, ARGUMENT...]   "begun"
    ["wait"]                                            what the call that was begun came to
    ["gone"]                                            "gone", when the link to the listener is
"""

import json
import sys

import mitogen.core
import mitogen.unix


def begin(router, context_id, module, function, *arguments):
    message = mitogen.core.Message.pickled(
        (None, module, None, function, arguments, mitogen.core.Kwargs({})),
        handle=mitogen.core.CALL_FUNCTION,
    )
    return router.context_by_id(context_id).send_async(message)


def outcome(receiver):
    try:
        return repr(receiver.get(timeout=60).unpickle())
    except Exception as e:
        return '%s: %s' % (type(e).__name__, str(e).split('\n')[0])


def main():
    router, listener = mitogen.unix.connect(sys.argv[1])
    gone = mitogen.core.Latch()
    mitogen.core.listen(listener, 'disconnect', gone.put)
    print(mitogen.context_id, flush=True)
    begun = None
    try:
        for line in sys.stdin:
            words = json.loads(line)
            if words[0] == 'call':
                answer = outcome(begin(router, *words[1:]))
            elif words[0] == 'begin':
                begun = begin(router, *words[1:])
                answer = 'begun'
            elif words[0] == 'wait':
                answer = outcome(begun)
            else:
                gone.get(timeout=60)
                answer = 'gone'
            print(answer, flush=True)
    finally:
        router.broker.shutdown()
        router.broker.join()


if __name__ == '__main__':
    main()
