# SPDX-License-Identifier: BSD-3-Clause
"""What a Python context does beside a JVM context."""

import sys

import mitogen.core

import mitogen_jvm

MAILBOXES = []


@mitogen.core.takes_router
def open_mailbox(router):
    MAILBOXES.append(mitogen.core.Receiver(router))
    return MAILBOXES[0].to_sender()


def take_mail(count):
    return [MAILBOXES[0].get().unpickle() for _ in range(count)]


def post(sender, value):
    sender.send(value)


@mitogen.core.takes_router
def call_java(context, class_name, router):
    """Call a sibling, which must not take it from one; return why not."""
    message = mitogen.core.Message.pickled(
        (None, class_name, None, u'count', (), mitogen.core.Kwargs({})), handle=mitogen.core.CALL_FUNCTION
    )
    answer = mitogen.core.Context(router, context.context_id).send_async(message).get(throw_dead=False)
    return mitogen.core.to_text(answer.data) if answer.is_dead else u'it answered'


def double(value):
    return 2 * value


def policy():
    """Return what this context was told of modules that it may not ask for, by whatever name it is kept."""
    importer = [each for each in sys.meta_path if type(each).__name__ == 'Importer'][0]
    kept = getattr(importer, 'policy', importer)
    names = ('whitelist', 'blacklist', 'overrides', 'blocks')
    return dict((name, sorted(getattr(kept, name))) for name in names if hasattr(kept, name))
