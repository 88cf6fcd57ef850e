// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.PickleError;
import io.mitogen.testkit.conformance.wire.PickleIn;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What every parent does without being asked twice: modules and ids are given to who wants them. Without it a context waits for ever. Reading thread
 * of the link; a case adds modules on its own.
 */
public final class MasterDuties implements Consumer<Frame> {
    private static final int IDS_AT_A_TIME = 1000;

    private final Link link;
    private final Modules modules;
    private final Map<String, byte[]> added = new ConcurrentHashMap<>();
    private final AtomicInteger nextId = new AtomicInteger(2);

    MasterDuties(Link link, Modules modules) {
        this.link = link;
        this.modules = modules;
    }

    /** Answers requests for {@code name} with this body of a LOAD_MODULE. */
    public void add(String name, byte[] answer) {
        added.put(name, answer);
    }

    /** Adds a module whose request stays without an answer. */
    public void addSilent(String name) {
        add(name, new byte[0]);
    }

    /** Returns the body of the answer to a request for {@code name}. */
    public byte[] answer(String name) {
        byte[] own = added.get(name);
        boolean isSilent = own == null && added.getOrDefault(pathIn(name), new byte[1]).length == 0;
        return isSilent ? new byte[0] : own == null ? modules.answer(name) : own;
    }

    /** Returns the path in the name of a request of a JVM context, before which stands its Java if that is not the oldest: /j25/. */
    public static String pathIn(String name) {
        return name.startsWith("/j") ? name.substring(name.indexOf('/', 1) + 1) : name;
    }

    @Override
    public void accept(Frame frame) {
        if (frame.isDead()) {
            return;
        }
        try {
            if (frame.handle() == Handle.GET_MODULE && frame.dst() == link.ownId()) {
                byte[] answer = answer(frame.text());
                if (answer.length > 0) {
                    link.send(link.frame(Handle.LOAD_MODULE, 0, answer));
                }
            } else if (frame.handle() == Handle.ALLOCATE_ID) {
                int first = nextId.getAndAdd(IDS_AT_A_TIME);
                byte[] range = PickleOut.toBytes(Tuple.of(first, first + IDS_AT_A_TIME));
                link.send(new Frame(Frame.MGC, frame.src(), 0, 0, frame.replyTo(), 0, range));
            } else if (frame.handle() == Handle.GET_RESOURCE) {
                // Two pickles, one after the other: what was asked for, and that it is not there.
                byte[] name = PickleOut.toBytes(PickleIn.read(frame.body()));
                byte[] nothing = PickleOut.toBytes(null);
                byte[] both = java.util.Arrays.copyOf(name, name.length + nothing.length);
                System.arraycopy(nothing, 0, both, name.length, nothing.length);
                link.send(link.frame(Handle.LOAD_RESOURCE, 0, both));
            }
        } catch (Deviation | PickleError expected) {
            return; // the link is gone, or the request is senseless: the case sees that
        }
    }
}
