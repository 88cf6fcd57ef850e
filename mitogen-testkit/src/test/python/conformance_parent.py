# SPDX-License-Identifier: BSD-3-Clause
"""A master of Python Mitogen whose child is the conformance kit.

Arguments: what is broken in this master, or `nothing`; how the kit is its child: `directly`, `unidirectional` or `below` a Python context;
then the command of the kit, which gets the id of another context as its last word. Prints what the kit answers to a call.
"""

import os
import sys

import mitogen.core
import mitogen.master
import mitogen.parent


def take_forged(field):
    route = mitogen.core.Router._async_route

    def patched(self, msg, in_stream=None):
        if in_stream is not None and getattr(msg, field) == 0:
            setattr(msg, field, in_stream.protocol.remote_id)
        return route(self, msg, in_stream)

    mitogen.core.Router._async_route = patched


def forget_nt():
    send = mitogen.master.ModuleResponder._send_load_module

    def patched(self, stream, fullname):
        if fullname != 'nt':
            send(self, stream, fullname)

    mitogen.master.ModuleResponder._send_load_module = patched


def give_ids_twice():
    mitogen.master.IdAllocator.allocate_block = lambda self: (5000, 6000)


def refuse_in_other_words():
    mitogen.core.Router.refused_msg = 'go away'


def end_in_silence():
    mitogen.parent.MitogenProtocol.on_shutdown = (
        lambda self, broker: self.stream.on_disconnect(broker))


def answer_detaching_always():
    mitogen.parent.Router._on_detaching = (
        lambda self, msg: msg.is_dead or msg.reply(None))


def leave_out_a_key():
    config = mitogen.parent.Connection.get_econtext_config

    def patched(self):
        result = config(self)
        if isinstance(self.options.python_path, list):  # the kit
            del result['profiling']
        return result

    mitogen.parent.Connection.get_econtext_config = patched


def lose_the_link_for_a_record():
    forward = mitogen.master.LogForwarder._on_forward_log

    def patched(self, msg):
        try:
            forward(self, msg)
        except ValueError:
            stream = self._router.stream_by_id(msg.src_id)
            stream.on_disconnect(self._router.broker)

    mitogen.master.LogForwarder._on_forward_log = patched


DEFECTS = {
    'nothing': lambda: None,
    'auth': lambda: take_forged('auth_id'),
    'src': lambda: take_forged('src_id'),
    'stdlib': forget_nt,
    'ids': give_ids_twice,
    'reason': refuse_in_other_words,
    'shutdown': end_in_silence,
    'detach': answer_detaching_always,
    'keys': leave_out_a_key,
    'logs': lose_the_link_for_a_record,
}


def main():
    defect, manner, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    DEFECTS[defect]()
    broker = mitogen.master.Broker()
    router = mitogen.master.Router(broker)
    router.unidirectional = manner == 'unidirectional'
    gone = mitogen.core.Latch()
    try:
        other = router.local(name='other', python_path=sys.executable)
        options = {'python_path': command + ['--context', str(other.context_id)]}
        if manner == 'below':
            options['via'] = router.local(name='relay', python_path=sys.executable)
        kit = router.local(**options)
        mitogen.core.listen(kit, 'disconnect', lambda: gone.put(None))
        try:
            print(kit.call(os.getpid), flush=True)
        except mitogen.core.Error as e:
            print('%s: %s' % (type(e).__name__, e), flush=True)
        if '--end' in command:
            gone.get(timeout=60)
    finally:
        broker.shutdown()
        broker.join()


if __name__ == '__main__':
    main()
