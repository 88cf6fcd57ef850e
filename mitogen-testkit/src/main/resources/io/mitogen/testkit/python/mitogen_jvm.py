# SPDX-License-Identifier: BSD-3-Clause
"""
JVM contexts for programs that use Python Mitogen.

    context = mitogen_jvm.local(router, jars=['mitogen-core.jar', 'mitogen-master.jar', 'acme.jar'])
    facts = mitogen_jvm.function('com.acme.Facts', 'uptime')
    print(context.call(facts))

Needs Java 17 or later where the JVM is started, and the jars there. Works with Mitogen 0.3.3 and later, on the versions of
Python that these run on.
"""

import os
import socket
import sys

import mitogen.core
import mitogen.parent


MAIN_CLASS = 'io.mitogen.foreign.ChildOfPython'
OLDEST_JAVA = 17

# Its arguments are the words of the command. The link becomes descriptors 3 and 4, and descriptor 1 a FIFO which the JVM reads
# itself, so that what processes of the context print can be logged and never gets into the link. The FIFO has no name once it
# is open. A collector is added when nobody chose one, in the environment neither: a JVM refuses two.
BOOT_SCRIPT = """\
exec 3<&0 4>&1 </dev/null >&2
d= m=
trap '[ -z "$d" ] || rm -rf "$d"' 0
trap 'exit 1' HUP INT TERM
for f in /dev/shm "$TMPDIR" /tmp /var/tmp "$HOME"; do
  case $f in /*) ;; *) continue;; esac
  d=$f/mitogen.$$.fifo
  if (umask 077; mkdir "$d") 2>/dev/null; then
    (umask 077; mkfifo "$d/out") 2>/dev/null && exec 1<>"$d/out" && m=-m
    rm -rf "$d"
  fi
  d=
  [ -z "$m" ] || break
done
[ -n "$m" ] || { echo 'no folder for a FIFO; looked at /dev/shm, TMPDIR, /tmp, /var/tmp, HOME' >&2; exit 1; }
j=$1 v=-XX:+UseSerialGC
shift
case "$JDK_JAVA_OPTIONS $JAVA_TOOL_OPTIONS" in *-Xlog*|*-verbose*) set -- -Xlog:all=off:stdout -Xlog:all=warning:stderr "$@";; esac
for o in $JDK_JAVA_OPTIONS $JAVA_TOOL_OPTIONS $_JAVA_OPTIONS "$@"; do case $o in -XX:+Use*GC) v=;; esac; done
trap - 0 HUP INT TERM
exec "$j" $v "$@"
"""


# What a JVM logs, it logs on standard error: on standard output it would wait for itself once the FIFO is full.
VERBOSE = {
    '-Xlog': '-Xlog:all=info:stderr',
    '-verbose': '-Xlog:class+load=info,class+unload=info:stderr',
    '-verbose:class': '-Xlog:class+load=info,class+unload=info:stderr',
    '-verbose:gc': '-Xlog:gc:stderr',
    '-verbose:jni': '-Xlog:jni+resolve=debug:stderr',
    '-verbose:module': '-Xlog:module+load=info,module+unload=info:stderr',
}


def to_standard_error(arg):
    """Return an option of the JVM with standard error in the place of standard output, as JvmLogOption does."""
    parts = arg.split(':', 3)
    if parts[0] != '-Xlog' or len(parts) == 1 or parts[1] in ('disable', 'help', 'async'):
        return VERBOSE.get(arg, arg)
    if parts[2:3] in ([], [''], ['stdout']):
        parts[2:3] = ['stderr']
    return ':'.join(parts)


class JvmError(mitogen.core.StreamError):
    """A JVM context could not be started."""


class JavaNotFoundError(JvmError):
    """There is no such program where the JVM was to be started."""


class JavaTooOldError(JvmError):
    """The Java there is older than OLDEST_JAVA."""


class JarNotFoundError(JvmError):
    """A jar is not there, or those that are there lack Mitogen's own."""


class Options(mitogen.parent.Options):
    #: Class path of the JVM: jars and folders on the machine where it is started.
    jars = ()

    #: Path of the program, or a name to be looked for.
    java = 'java'

    #: Options of the JVM.
    jvm_args = ()

    def __init__(self, jars=(), java=None, jvm_args=(), **kwargs):
        super(Options, self).__init__(**kwargs)
        self.jars = [mitogen.core.to_text(jar) for jar in jars]
        self.jvm_args = [mitogen.core.to_text(arg) for arg in jvm_args]
        if java:
            self.java = mitogen.core.to_text(java)


class Connection(mitogen.parent.Connection):
    """
    Starts a JVM where others start a Python interpreter. It takes the same preamble, of which it uses the configuration.
    """
    options_class = Options
    name_prefix = u'jvm'

    # Why a JVM cannot start is on its standard error, and belongs into the exception.
    create_child_args = {'stderr_pipe': True}

    def get_boot_command(self):
        words = ['/bin/sh', '-c', BOOT_SCRIPT, 'mitogen', self._find_java()]
        words += [
            '-XX:-UsePerfData',
            '-XX:+DisplayVMOutputToStderr',
            '-Xshare:auto',
        ]
        words += [to_standard_error(arg) for arg in self.options.jvm_args]
        words += ['--add-opens=java.base/java.io=ALL-UNNAMED', '-cp', self._class_path(), MAIN_CLASS, '-m']
        if self.options.name:
            words += ['-n', self.options.name]
        return words

    def _class_path(self):
        for jar in self.options.jars:
            if os.pathsep in jar:
                raise JarNotFoundError(
                    u'%s cannot be on a class path, because its name has a "%s"' % (jar, os.pathsep)
                )
            if not os.path.exists(jar):
                raise JarNotFoundError(u'there is no %s on %s, which is one of jars=' % (jar, socket.gethostname()))
        return os.pathsep.join(os.path.abspath(jar) for jar in self.options.jars)

    def _find_java(self):
        java = self.options.java
        if os.path.dirname(java):
            candidates = [java]
        else:
            folders = os.environ.get('PATH', os.defpath).split(os.pathsep)
            candidates = [os.path.join(folder, java) for folder in folders if folder]
        for candidate in candidates:
            if os.path.isfile(candidate) and os.access(candidate, os.X_OK):
                return candidate
        raise JavaNotFoundError(
            u'there is no program %s on %s (PATH=%s); install Java %d or later there, or name it with java='
            % (java, socket.gethostname(), os.environ.get('PATH', ''), OLDEST_JAVA)
        )

    def _fail_connection(self, exc):
        super(Connection, self)._fail_connection(self._explain(exc))

    def _explain(self, exc):
        if not isinstance(exc, mitogen.parent.EofError):
            return exc
        text = mitogen.core.to_text(exc.args[0])
        if u'UnsupportedClassVersionError' in text:
            return JavaTooOldError(
                u'%s on %s is too old: a JVM context needs Java %d or later. %s'
                % (self.options.java, socket.gethostname(), OLDEST_JAVA, text)
            )
        if (u'ClassNotFoundException: ' + MAIN_CLASS) in text or u'NoClassDefFoundError' in text:
            return JarNotFoundError(
                u'jars= lacks mitogen-core or mitogen-master, or has different versions of them: %s. %s'
                % (u', '.join(self.options.jars), text)
            )
        return JvmError(u'the JVM ended before it was a context. ' + text)


def local(router, jars, java=None, jvm_args=(), name=None, via=None, **options):
    """
    Start a JVM context and return it when it is ready.

    :param mitogen.parent.Router router: The router of a master, or of a context that starts others.
    :param list jars: Jars and folders of the class path, among them mitogen-core and mitogen-master.
    :param str java: Path of the program, or a name to be looked for in PATH.
    :param list jvm_args: Options of the JVM, as ``-Xmx64m``.
    :param str name: Name of the context; ``jvm.PID`` when there is none.
    :param mitogen.core.Context via: A Python context that starts the JVM. `jars` and `java` are on its machine then.
    :param options: `connect_timeout`, `debug`, `unidirectional`, as for ``router.local()``.
    :raises JvmError: and its subclasses; StreamError.
    """
    if isinstance(jars, (bytes, type(u''))):
        raise TypeError('jars= is a list, not one path')
    options.setdefault('debug', router.debug)
    options.setdefault('profiling', router.profiling)
    options.setdefault('unidirectional', router.unidirectional)
    options.update(jars=list(jars), java=java, jvm_args=list(jvm_args))
    if name:
        name = mitogen.core.to_text(name)
    if via is None:
        return router._connect(Connection, name=name, **mitogen.core.Kwargs(options))

    made = via.call(_connect_here, name, mitogen.core.Kwargs(options))
    if made['error'] is not None:
        raise globals()[made['type']](made['error'])
    context = router.context_class(router, made['id'], name=u'%s.%s' % (via.name, made['name']))
    context.via = via
    with router._write_lock:
        router._context_by_id[context.context_id] = context
    return context


@mitogen.core.takes_econtext
def _connect_here(name, options, econtext):
    """Start a JVM context below this one, for another. Returns a dict of what that needs to know."""
    mitogen.parent.upgrade_router(econtext)
    try:
        context = econtext.router._connect(Connection, name=name, **mitogen.core.Kwargs(options))
    except mitogen.core.StreamError:
        exc = sys.exc_info()[1]
        known = type(exc).__name__ if isinstance(exc, JvmError) else 'JvmError'
        return {u'id': None, u'name': None, u'type': mitogen.core.to_text(known), u'error': mitogen.core.to_text(exc)}
    return {u'id': context.context_id, u'name': context.name, u'type': None, u'error': None}


class Function(object):
    """
    A Java method, for ``call()``, ``call_async()``, ``call_no_reply()`` and call chains. See :func:`function`.
    """
    def __init__(self, class_name, method):
        self.__module__ = mitogen.core.to_text(class_name)
        self.__name__ = mitogen.core.to_text(method)

    def __call__(self, *args, **kwargs):
        raise TypeError('%r runs in a JVM context: context.call(function, ...)' % (self,))

    def __repr__(self):
        return 'mitogen_jvm.function(%r, %r)' % (str(self.__module__), str(self.__name__))

    def __eq__(self, other):
        return isinstance(other, Function) and repr(self) == repr(other)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(repr(self))


def function(class_name, method):
    """
    Return a Java method as something that contexts call.

    :param str class_name: Binary name of the class: ``com.acme.Facts``, ``com.acme.Outer$Inner``.
    :param str method: Name of a static method, ``uptime``; where arguments do not choose among several of that name, with
        its descriptor: ``scale(ID)D``.
    """
    if not class_name or '/' in class_name or not method:
        raise ValueError(
            'want a class as com.acme.Outer$Inner and a method, found %r and %r' % (class_name, method)
        )
    return Function(class_name, method)
