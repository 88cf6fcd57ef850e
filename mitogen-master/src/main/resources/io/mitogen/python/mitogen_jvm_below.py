# SPDX-License-Identifier: BSD-3-Clause
"""Starts a JVM below a Python context, with any connection method of Python Mitogen, for a master that is a JVM.

The master is asked for this module when a Python context is first told to. Python 2.7 and 3, Mitogen 0.3.3 and later.
"""

import pickle
import socket
import struct
import sys

import mitogen.core
import mitogen.parent


def block(data):
    return struct.pack('>L', len(data)) + data


class JvmBoot(mitogen.parent.Connection):
    """What every method asks for the command of the new context, and for what its first stage is sent: here, a JVM's."""

    argv = ()
    settings = {}
    core = b''

    def get_boot_command(self):
        return list(self.argv)

    def get_preamble(self):
        config = dict(self.settings)
        config[u'name'] = mitogen.core.to_text(self.stdio_stream.name)
        config[u'context_id'] = self.context.context_id
        config[u'parent_ids'] = [mitogen.context_id] + list(mitogen.parent_ids)
        return block(pickle.dumps(config, protocol=2)) + block(self.core)


@mitogen.core.takes_econtext
def connect(name, method_name, options, argv, settings, core, econtext):
    """Connects as ``mitogen.parent._proxy_connect`` does, and returns the same."""
    mitogen.parent.upgrade_router(econtext)
    method = mitogen.parent.get_connection_class(method_name)
    bases = (JvmBoot,) if method is mitogen.parent.Connection else (method, JvmBoot)
    klass = type('Jvm', bases, {'argv': argv, 'settings': settings, 'core': core})
    try:
        context = econtext.router._connect(klass=klass, name=name, **options)
    except mitogen.core.StreamError:
        text = 'error occurred on host %s: %s' % (socket.gethostname(), sys.exc_info()[1])
        return {u'id': None, u'name': None, u'msg': text}
    return {u'id': context.context_id, u'name': context.name, u'msg': None}
