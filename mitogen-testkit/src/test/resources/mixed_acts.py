# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of mixed trees do in Python contexts. The master finds it on its class path. Python 2.7 and 3."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time

import mitogen.core
import mitogen.parent

receiver = None
gone = []


def java(class_name, method):
    """Returns what Python Mitogen takes for the name of a static method of Java."""

    def call():
        raise NotImplementedError('runs in a JVM')

    call.__module__ = class_name
    call.__name__ = method
    return call


def pid():
    return os.getpid()


def echo(value):
    return value


def name_of(context):
    return context.name


# == Messages ==


@mitogen.core.takes_router
def open_receiver(router):
    global receiver
    receiver = mitogen.core.Receiver(router)
    return receiver.to_sender()


def take(count):
    return [receiver.get().unpickle() for _ in range(count)]


def send(sender, values):
    for value in values:
        sender.send(value)


def close(sender):
    sender.close()


def reason_of_end():
    try:
        receiver.get()
    except mitogen.core.ChannelError:
        return str(sys.exc_info()[1])
    return 'something came'


# == Contexts ==


@mitogen.core.takes_econtext
def start(name, econtext):
    mitogen.parent.upgrade_router(econtext)
    return econtext.router.local(name=name)


def call_java(context, class_name, method, args):
    return mitogen.parent.CallChain(context).call(java(class_name, method), *args)


def call_python(context, module, function, args):
    return mitogen.parent.CallChain(context).call(java(module, function), *args)


def java_chain(context, class_name, method, good, bad):
    """Returns what a chain says after a failure, and after it was told to forget that."""
    said = []
    with mitogen.parent.CallChain(context, pipelined=True) as chain:
        chain.call_no_reply(java(class_name, method), bad)
        try:
            chain.call(java(class_name, method), good)
        except mitogen.core.CallError:
            said.append(str(sys.exc_info()[1]).split('\n')[0])
        chain.reset()
        said.append(chain.call(java(class_name, method), good))
    return said


@mitogen.core.takes_router
def watch(context, router):
    """Notes when this context is told that another one is gone."""
    known = router.context_by_id(context.context_id)
    mitogen.core.listen(known, 'disconnect', lambda: gone.append(known.context_id))


def gone_ids():
    return gone


# == Ends ==


def hang():
    while True:
        time.sleep(1000)


def exit_with(status):
    sys.exit(status)


def leave_at_once(status):
    os._exit(status)


def interrupt():
    raise KeyboardInterrupt()


def generator():
    return (i for i in range(3))


def large(count):
    return 'x' * count


def kill_self(number):
    os.kill(os.getpid(), number)


def ignore_term():
    """Has this process live through SIGTERM, which is how Python Mitogen ends."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return os.getpid()


def fork_and_leave():
    """Leaves a process with all descriptors of this one, in the same session."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.alarm(60)
        while True:
            signal.pause()
    return child


@mitogen.core.takes_econtext
def detach(path, econtext):
    econtext.detach()
    with open(path + '.new', 'w') as out:
        out.write('%d' % os.getpid())
    os.rename(path + '.new', path)
    signal.alarm(60)
    while True:
        signal.pause()


# == Words ==


def say(text):
    print('out ' + text)
    sys.stdout.flush()
    sys.stderr.write('err ' + text + '\n')
    subprocess.check_call(['sh', '-c', 'echo "shell out $1"; echo "shell err $1" >&2', 'sh', text])
    logging.getLogger('acme.quiet').debug('debug ' + text)
    logging.getLogger('acme').info('info ' + text)
    logging.getLogger('acme').warning('warning ' + text)
    logging.getLogger('acme.deep').error('error ' + text)
    logging.getLogger('acme').critical('critical ' + text)
    try:
        raise ValueError('the cause')
    except ValueError:
        logging.getLogger('acme').exception('traced ' + text)


def write_bytes(data):
    os.write(1, data)


def print_lines(count):
    for i in range(count):
        print('line %d' % i)
    sys.stdout.flush()


def print_long(count):
    print('x' * count)
    print('after')
    sys.stdout.flush()


def log_from_threads(count):
    def one(i):
        logging.getLogger('acme.thread').warning('thread %d', i)

    threads = [threading.Thread(target=one, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
