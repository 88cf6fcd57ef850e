# SPDX-License-Identifier: BSD-3-Clause
"""
A Python Mitogen master with JVM children: PythonMasterIT runs one case of it at a time.

    jvm_children.py CASE HOW CLASS_PATH

HOW is `module`, which starts JVMs by mitogen_jvm, `plain`, which puts a command in the place of the interpreter, or `pipes`, which
puts one there that has pipes and no socket. The module must be importable, and so must Mitogen, of any version. Prints `passed`
in the end.
"""

from __future__ import print_function

import logging
import os
import signal
import subprocess
import sys
import threading
import time

import mitogen.core
import mitogen.master
import mitogen.parent
import mitogen.utils

import mitogen_jvm
import odd.config
import python_side

WORKER = 'com.acme.worker.Worker'
DEADLINE_S = 20
IS_PYTHON2 = sys.version_info < (3,)
unichr = chr if not IS_PYTHON2 else unichr


class Records(logging.Handler):
    """What is logged here."""

    def __init__(self):
        logging.Handler.__init__(self)
        self.seen = []

    def emit(self, record):
        self.seen.append((record.name, record.levelno, record.getMessage()))

    def wait(self, name, level, text):
        """Wait for a record of a logger whose name begins with `name`."""
        wait_until(
            lambda: any(n.startswith(name) and l == level and text in t for n, l, t in list(self.seen)),
            lambda: 'no record %r; seen: %r' % ((name, level, text), self.seen),
        )


RECORDS = Records()


def worker(method, class_name=WORKER):
    return mitogen_jvm.function(class_name, method)


def wait_until(condition, describe):
    deadline = time.time() + DEADLINE_S
    while not condition():
        if time.time() > deadline:
            raise AssertionError(describe() if callable(describe) else describe)
        threading.Event().wait(0.01)


def start(router, name=None, **kwargs):
    """Start a JVM in the way that this run has."""
    if HOW == 'module':
        return mitogen_jvm.local(router, CLASS_PATH.split(':'), name=name, **kwargs)
    command = ['java', '-XX:+UseSerialGC', '-cp', CLASS_PATH, mitogen_jvm.MAIN_CLASS]
    if HOW == 'pipes':
        command = [sys.executable, os.path.abspath(__file__), 'through_pipes'] + command
    return router.local(python_path=command, name=name, **kwargs)


def check(found, expected):
    assert found == expected, 'found %r, expected %r' % (found, expected)


def failure(of, function, *args, **kwargs):
    """Return the exception of a call."""
    try:
        result = function(*args, **kwargs)
    except of:
        return sys.exc_info()[1]
    raise AssertionError('no %r, but %r' % (of, result))


def alive(pid):
    try:
        os.kill(pid, 0)
        return True
    except OSError:
        return False


def wait_gone(pid):
    wait_until(lambda: not alive(pid), 'process %d is still there' % (pid,))


# == Values ==

def same(one, other):
    """Whether two values are equal and of equal types, to their depth. Python 2 has two types for integers."""
    types = [int if IS_PYTHON2 and type(value) is type(2 ** 64) else type(value) for value in (one, other)]
    if types[0] is not types[1]:
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other))
    if isinstance(one, dict):
        def entries(d):
            return sorted(d.items(), key=repr)
        return len(one) == len(other) and all(same(a, b) for a, b in zip(entries(one), entries(other)))
    if isinstance(one, float):
        return repr(one) == repr(other)
    return one == other


def case_values(router):
    context = start(router)
    all_bytes = bytes(bytearray(range(256)))
    integers = [0, 1, -1, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, -2 ** 31, -2 ** 31 - 1, 2 ** 63 - 1, 2 ** 63, -2 ** 63,
                -2 ** 63 - 1, 2 ** 2039, -2 ** 2039, 2 ** 2048 - 1, -2 ** 2048]
    texts = [u'', u'plain', u'\x00', u'\u20ac', u'a\r\nb', u'x' * 70000]
    if not IS_PYTHON2:  # which has no lone surrogates in its builds with wide characters, and no others in the rest
        texts += [u'\U0001f600 \U0010ffff', u'\ud800', u'a\udfffb', u'\udc00\ud800']
    floats = [0.0, -0.0, 1.5, -1e300, 5e-324, float('inf'), float('-inf'), float('nan')]
    nested = {u'a': [1, (2, [3, {u'b': (None, b'\xff')}])], (1, u'x'): {}, None: [], 7: (), 9: [[[[]]]], b'k': 1.0}
    values = integers + texts + floats + [None, True, False, b'', all_bytes, all_bytes * 1000, (), (1,), (1, 2), (1, 2, 3),
                                          (1, 2, 3, 4), [], [[]], [()], ([],), {}, nested, list(range(5000)),
                                          dict((n, u'%d' % n) for n in range(3000))]
    for value in values:
        back = context.call(worker('echo'), value)
        assert same(value, back), 'sent %s, came back %s' % (repr(value)[:200], repr(back)[:200])
    back = context.call(worker('echo'), values)
    assert same(values, back)
    check(context.call(worker('echo'), mitogen.core.Blob(all_bytes)), mitogen.core.Blob(all_bytes))
    secret = context.call(worker('echo'), mitogen.core.Secret(u'hunter2'))
    assert isinstance(secret, mitogen.core.Secret) and secret == u'hunter2'
    check(context.call(worker('self')), context)


def case_types(router):
    context = start(router)
    for value, name in [
        (None, 'null'), (True, 'java.lang.Boolean'), (1, 'java.lang.Integer'), (2 ** 40, 'java.lang.Long'),
        (2 ** 70, 'java.math.BigInteger'), (1.0, 'java.lang.Double'), (u'x', 'java.lang.String'), (b'x', '[B'),
        ([1], 'java.util.ArrayList'), ((1,), 'io.mitogen.core.pickle.Tuple'), ({}, 'java.util.LinkedHashMap'),
    ]:
        check(context.call(worker('typeOf'), value), name)
    check(context.call(worker('join'), [u'a', u'b'], {u'c': 1}), u'[a, b] {c=1}')
    check(context.call(worker('lineSeparator', 'java.lang.System')), u'\n')
    for refused in set([1]), complex(1, 2):
        error = failure(mitogen.core.CallError, context.call, worker('echo'), refused)
        assert 'cannot unpickle' in str(error), error
    error = failure(mitogen.core.CallError, context.call, worker('join'), [1], {})
    assert 'ConversionException' in str(error) and 'args[0][0]' in str(error), error
    error = failure(mitogen.core.CallError, context.call, worker('join'), words=[], counts={})
    assert 'takes no keyword arguments' in str(error), error


def case_overloads(router):
    context = start(router)
    check(context.call(worker('scale'), 2, 1.5), u'ID 3.0')
    check(context.call(worker('scale'), 2 ** 40, 1.0), u'JD 1.099511627776E12')
    check(context.call(worker('scale(JD)Ljava/lang/String;'), 2, 1.5), u'JD 3.0')
    error = failure(mitogen.core.CallError, context.call, worker('scale(F)V'), 2)
    assert 'only scale(int, double), scale(long, double)' in str(error), error


# == Failures ==

def case_errors(router):
    context = start(router)
    error = str(failure(mitogen.core.CallError, context.call, worker('fail'), u'cafe'))
    lines = error.splitlines()
    assert lines[0].startswith('java.lang.IllegalStateException: failed for caf'), error
    assert lines[1].startswith('\tat com.acme.worker.Worker.fail(Worker.java:'), error
    assert any(line.startswith('Caused by: java.io.IOException: caf') for line in lines), error
    assert any(line.startswith('\tat com.acme.worker.Worker.dig(Worker.java:') for line in lines), error

    error = failure(mitogen.core.CallError, context.call, worker('x', 'com.acme.Missing'))
    assert 'class com.acme.Missing was not found' in str(error) and 'the class path of this JVM lacks it' in str(error), error
    error = failure(mitogen.core.CallError, context.call, worker('x', 'com.acme.Missing'))
    assert 'was not found' in str(error), error
    error = failure(mitogen.core.CallError, context.call, worker('counts'))
    assert 'no such method; it has count' in str(error), error
    error = failure(mitogen.core.CallError, context.call, os.getpid)
    assert 'was not found' in str(error), error
    error = failure(mitogen.core.CallError, context.call, worker('fail'), u'x' * 20000)
    assert len(str(error)) < 10000, len(str(error))

    error = failure(mitogen.core.CallError, router.local, via=context)
    assert 'class mitogen.parent was not found' in str(error), error
    check(context.call(worker('count')), 1)


def case_too_large(router):
    router.max_message_size = 1 << 20
    context = start(router)
    error = failure(mitogen.core.ChannelError, context.call, worker('large'), 2 << 20)
    assert 'message too large' in str(error), error
    check(len(context.call(worker('large'), 1 << 19)), 1 << 19)


def case_chain(router):
    context = start(router)
    chain = mitogen.parent.CallChain(context, pipelined=True)
    chain.call_no_reply(worker('fail'), u'first')
    error = failure(mitogen.core.CallError, chain.call, worker('count'))
    assert 'failed for first' in str(error), error
    first = chain.call_async(worker('count'))
    assert 'failed for first' in str(failure(mitogen.core.CallError, lambda: first.get().unpickle()))
    chain.reset()
    check(chain.call(worker('count')), 1)
    with mitogen.parent.CallChain(context, pipelined=True) as other:
        check([message.get().unpickle() for message in [other.call_async(worker('count')) for _ in range(50)]],
              list(range(2, 52)))
    context.call_no_reply(worker('fail'), u'unheard')
    RECORDS.wait('mitogen.[', logging.ERROR, 'No-reply function call failed: java.lang.IllegalStateException: failed for unheard')


# == What it prints ==

def case_logs(router):
    context = start(router, name=u'talker')
    code = context.call(worker('print'), u'caf\xe9')
    RECORDS.wait('stdout.[talker]', logging.INFO, u'out caf\xe9')
    RECORDS.wait('stderr.[talker]', logging.INFO, u'err caf\xe9')
    RECORDS.wait('com.acme.[talker]', logging.WARNING, u'log caf\xe9')
    if HOW == 'module':
        check(code, 0)
        RECORDS.wait('stdout.[talker]', logging.INFO, u'sub caf\xe9')
        context.call(worker('shell'), u'echo to stderr >&2')
        RECORDS.wait('mitogen.parent', logging.INFO, u'talker: to stderr')
    else:
        assert not [record for record in RECORDS.seen if 'sub caf' in record[2]]


def case_log_level(router):
    logging.getLogger().setLevel(logging.WARNING)
    context = start(router)
    context.call(worker('print'), u'quiet')
    RECORDS.wait('com.acme.[', logging.WARNING, u'log quiet')
    assert not [record for record in RECORDS.seen if 'out quiet' in record[2]], RECORDS.seen


def case_stray_output(router):
    """What its processes write and read never gets into the link."""
    context = start(router)
    frames = u"i=0; while [ $i -lt 2000 ]; do printf 'MITO002\\nMI\\0\\0 frame %d' $i; i=$((i+1)); done"
    for _ in range(3):
        context.call(worker('shell'), frames)
        replies = [context.call_async(worker('echo'), n) for n in range(200)]
        context.call(worker('shell'), u'cat >/dev/null; head -c 1000000 /dev/zero')
        check([reply.get().unpickle() for reply in replies], list(range(200)))


def case_surroundings(router):
    """It is started as any program is here: with the umask and the options for JVMs that there are."""
    os.umask(0o27)
    os.environ['JAVA_TOOL_OPTIONS'] = '-Da=b -XX:+UseParallelGC'
    context = start(router)
    context.call(worker('shell'), u'umask')
    RECORDS.wait('', logging.INFO, u'0027')


def case_jvm_logs(router):
    """More than the FIFO takes, before its JVM reads it."""
    for arg, there in (
        ('-Xlog', '-Xlog:all=info:stderr'),
        ('-Xlog:gc*', '-Xlog:gc*:stderr'),
        ('-Xlog:gc::uptime,level', '-Xlog:gc:stderr:uptime,level'),
        ('-Xlog:gc:file=/tmp/a:b:none', '-Xlog:gc:file=/tmp/a:b:none'),
        ('-Xlog:disable', '-Xlog:disable'),
        ('-verbose:gc', '-Xlog:gc:stderr'),
        ('-Xmx64m', '-Xmx64m'),
    ):
        check(mitogen_jvm.to_standard_error(arg), there)
    check(start(router, jvm_args=['-verbose:class', '-Xlog:class*=debug']).call(worker('echo'), 1), 1)
    os.environ['JAVA_TOOL_OPTIONS'] = '-Xlog:class*=debug'
    check(start(router).call(worker('echo'), 2), 2)


def case_interrupts(router):
    context = start(router)
    for size in 1, 100, 3000000, 10:
        check(len(context.call(worker('interrupted'), size)), size)


def case_resources(router):
    """Nothing that a JVM looks for waits for an answer that a Python parent does not give."""
    context = start(router)
    names = [u'logback-test.xml', u'simplelogger.properties', u'META-INF/services/com.acme.None', u'no.such.module', u'plain',
             u'a b', u'a..b']
    check(context.call(worker('findResources'), names), 0)
    check(context.call(worker('findResources'), [u'com/acme/worker/Worker.class']), 2)
    check(context.call(worker('findResources'), [u'no.such.module%d' % n for n in range(12000)]), 0)
    check(context.call(worker('compilerClass')), u'jdk.compiler')
    check([name for name in sys.modules if name.startswith(('logback', 'simplelogger'))], [])


# == Others in the tree ==

def case_siblings(router):
    java = start(router, name=u'java')
    python = router.local(name=u'python')
    to_java = java.call(worker('openMailbox'), u'mail')
    for value in (u'text', [1, (2,)], 2 ** 100):
        python.call(python_side.post, to_java, value)
    check(java.call(worker('takeMail'), u'mail', 3), [u'text', [1, (2,)], 2 ** 100])
    to_python = python.call(python_side.open_mailbox)
    for value in (u'\u20ac', {u'k': b'\x00\xff'}, None):
        java.call(worker('post'), to_python, value)
    check(python.call(python_side.take_mail, 3), [u'\u20ac', {u'k': b'\x00\xff'}, None])
    refused = python.call(python_side.call_java, java, WORKER)
    assert 'refused by policy' in refused, refused
    python.shutdown(wait=True)
    check(java.call(worker('count')), 1)


def case_trees(router):
    child = start(router, name=u'child')
    pids = [child.call(worker('pid'))]
    below = [child.call(worker('startChild'), u'grandchild%d' % n) for n in range(2)]
    for context in below:
        pid = context.call(worker('pid'))
        assert pid not in pids
        pids.append(pid)
        check(context.call(worker('count')), 1)
        check(child.call(worker('callChild'), context, u'count'), 2)
        check(child.call(worker('callLambda'), context, u'hello'), u'hello from %d' % pid)
        for _ in range(2):
            error = failure(mitogen.core.CallError, context.call, worker('x', 'com.acme.Missing'))
            assert 'com.acme.Missing was not found' in str(error), error
        check(context.call(worker('findResources'), [u'no.such.module', u'logback.xml', u'META-INF/none']), 0)
        context.call(worker('print'), u'deep')
    RECORDS.wait('stdout.[', logging.INFO, u'out deep')
    for parent in (child, below[1]):
        snake = parent.call(worker('startPython'))
        check(snake.call(os.getppid), parent.call(worker('pid')))
        check(snake.call(python_side.double, 21), 42)
        check(snake.call(odd.config.answer), 42)
        pids.append(snake.call(os.getpid))
    great = below[0].call(worker('startChild'), u'great')
    pids.append(great.call(worker('pid')))
    os.kill(pids[1], signal.SIGKILL)
    error = failure(mitogen.core.ChannelError, great.call, worker('hang'))
    wait_gone(pids[1])
    wait_gone(pids[-1])
    check(below[1].call(worker('count')), 3)
    child.shutdown(wait=True)
    for pid in pids:
        wait_gone(pid)


def case_import_policy(router):
    """Python contexts below JVMs are told the master's policy, as those below Python contexts are."""
    router.responder.whitelist_prefix('python_side')
    router.responder.whitelist_prefix('mitogen_jvm')
    router.responder.blacklist_prefix('odd')
    child = start(router, name=u'child')
    beside = router.local(name=u'beside')
    told = beside.call(python_side.policy)
    assert any('odd' in names for names in told.values()), told
    for parent in (child, child.call(worker('startChild'), u'grandchild')):
        snake = parent.call(worker('startPython'))
        check(snake.call(python_side.policy), told)
        error = failure(mitogen.core.CallError, snake.call, odd.config.answer)
        assert 'odd' in str(error), error


def case_small_messages(router):
    """A limit that is smaller than many class files, and much of the library."""
    router.max_message_size = 6000
    child = start(router, name=u'child')
    for context in (child, child.call(worker('startChild'), u'grandchild')):
        check(context.call(worker('echo'), u'x' * 4000), u'x' * 4000)
        error = failure(mitogen.core.ChannelError, context.call, worker('large'), 7000)
        assert 'message too large (max 6000 bytes)' in str(error), error
        error = failure(mitogen.core.ChannelError, context.call, worker('echo'), u'x' * 7000)
        assert 'message too large (max 6000 bytes)' in str(error), error
    snake = child.call(worker('startPython'))
    check(snake.call(os.getppid), child.call(worker('pid')))
    child.call(worker('print'), u'w' * 3000)
    RECORDS.wait('stdout.[', logging.INFO, u'more characters were too many')
    error = failure(mitogen.core.CallError, child.call, worker('fail'), u'wanted')
    assert 'wanted' in str(error), error


def case_java_grandchild_of_python(router):
    """A Python child starts a JVM."""
    python = router.local(name=u'python')
    java = mitogen_jvm.local(router, CLASS_PATH.split(':'), name=u'java', via=python)
    check(java.name, u'python.java')
    check(java.call(worker('echo'), u'far'), u'far')
    java.call(worker('print'), u'far')
    RECORDS.wait('stdout.[', logging.INFO, u'out far')
    pid = java.call(worker('pid'))
    error = failure(mitogen_jvm.JarNotFoundError, mitogen_jvm.local, router, ['/no/such.jar'], via=python)
    assert '/no/such.jar' in str(error), error
    below = java.call(worker('startChild'), u'below')
    check(below.call(worker('count')), 1)
    python.shutdown(wait=True)
    wait_gone(pid)
    failure(mitogen.core.ChannelError, java.call, worker('count'))


def case_many(router):
    contexts = []
    failures = []

    def run(n):
        try:
            context = start(router, name=u'jvm%d' % n, connect_timeout=120)
            check(context.call(worker('echo'), n), n)
            contexts.append(context)
        except Exception:
            failures.append(sys.exc_info()[1])

    threads = [threading.Thread(target=run, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(failures, [])
    check(len(set(context.call(worker('pid')) for context in contexts)), 20)


# == Ends ==

def case_shutdown(router):
    context = start(router)
    pid = context.call(worker('pid'))
    reply = context.call_async(worker('hang'))
    context.shutdown(wait=True)
    error = failure(mitogen.core.ChannelError, reply.get)
    assert 'disconnected' in str(error), error
    wait_gone(pid)


def case_kill(router):
    logging.getLogger('mitogen').setLevel(logging.DEBUG)
    context = start(router)
    other = start(router)
    pid = context.call(worker('pid'))
    reply = context.call_async(worker('hang'))
    os.kill(pid, signal.SIGKILL)
    error = failure(mitogen.core.ChannelError, reply.get)
    assert 'disconnected' in str(error), error
    wait_gone(pid)
    RECORDS.wait('mitogen', logging.DEBUG, 'exited due to signal 9 (SIGKILL)')
    check(other.call(worker('count')), 1)
    other.shutdown(wait=True)
    RECORDS.wait('mitogen', logging.DEBUG, 'exited with return code 0')


def case_hold(router):
    """Waits for its own end, which comes from outside."""
    context = start(router)
    below = context.call(worker('startChild'), u'below')
    below.call_no_reply(worker('hang'))
    print('pids', context.call(worker('pid')))
    sys.stdout.flush()
    context.call(worker('hang'))


# == Starts that fail ==

def case_bad_starts(router):
    def local(jars=CLASS_PATH.split(':'), **kwargs):
        return mitogen_jvm.local(router, jars, **kwargs)

    error = failure(mitogen_jvm.JavaNotFoundError, local, java='no-such-java')
    assert 'no program no-such-java' in str(error) and 'PATH=' in str(error), error
    error = failure(mitogen_jvm.JavaNotFoundError, local, java='/etc/passwd')
    assert '/etc/passwd' in str(error), error
    error = failure(mitogen_jvm.JarNotFoundError, local, jars=['/no/such.jar'])
    assert 'there is no /no/such.jar' in str(error), error
    error = failure(mitogen_jvm.JarNotFoundError, local, jars=['/a:b.jar'])
    assert 'cannot be on a class path' in str(error), error
    error = failure(mitogen_jvm.JarNotFoundError, local, jars=['/'])
    assert 'mitogen-core or mitogen-master' in str(error), error
    error = failure(mitogen_jvm.JavaTooOldError, local, java=os.environ['OLD_JAVA'])
    assert 'Java 17 or later' in str(error) and 'class file version 61.0' in str(error), error
    error = failure(mitogen_jvm.JvmError, local, jvm_args=['-Xmx1k'])
    assert 'heap' in str(error).lower(), error
    assert type(error) is mitogen_jvm.JvmError, error
    assert isinstance(error, mitogen.core.StreamError)
    error = failure(mitogen.core.StreamError, local, java=os.environ['MUTE_JAVA'], connect_timeout=0.5)
    assert 'timed out' in str(error), error
    failure(TypeError, local, jars=CLASS_PATH)
    failure(ValueError, mitogen_jvm.function, 'com/acme/Worker', 'count')
    failure(TypeError, worker('count'))
    check(repr(worker('count')), "mitogen_jvm.function('com.acme.worker.Worker', 'count')")
    check(local().call(worker('count')), 1)


def main(router):
    CASE(router)


def through_pipes(command):
    """Run a command with pipes for its standard input and output, as sshd may."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def pump(source, sink):
        data = os.read(source, 65536)
        while data:
            while data:
                data = data[os.write(sink, data):]
            data = os.read(source, 65536)
        os.close(sink)

    down = threading.Thread(target=pump, args=(0, process.stdin.fileno()))
    down.daemon = True
    down.start()
    pump(process.stdout.fileno(), 1)
    process.wait()
    os._exit(0)


if __name__ == '__main__':
    if sys.argv[1] == 'through_pipes':
        through_pipes(sys.argv[2:])
    CASE = globals()['case_' + sys.argv[1]]
    HOW = sys.argv[2]
    CLASS_PATH = sys.argv[3]
    logging.getLogger().addHandler(RECORDS)
    logging.getLogger().setLevel(logging.INFO)
    mitogen.utils.run_with_router(main)
    print('passed')
