// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.reference;

import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.wire.Bytes;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleError;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.InflaterInputStream;

/** What a context knows of modules. Under the lock of the context. */
final class MiniModules {
    private final MiniContext context;
    private final Map<String, Tuple> known = new HashMap<>();
    private final Map<String, byte[]> bodies = new HashMap<>();
    private final Set<String> requested = new HashSet<>();
    private final Map<String, List<MiniLink>> wanted = new HashMap<>();

    MiniModules(MiniContext context) {
        this.context = context;
    }

    void onLoaded(Frame frame) {
        Object value;
        try {
            value = MiniPickles.read(frame.body(), Mutation.NONE);
        } catch (PickleError | IllegalArgumentException expected) { // it names nothing
            return;
        }
        if (value instanceof Tuple module && module.size() == 5 && module.get(0) instanceof String name) {
            known.put(name, module);
            bodies.put(name, frame.body());
            requested.remove(name);
            context.notifyAll();
            List<MiniLink> links = wanted.remove(name);
            if (links != null) {
                links.forEach(link -> send(name, link));
            }
        }
    }

    /** Waits for a module; returns whether there is one. */
    boolean find(String name) throws InterruptedException {
        synchronized (context) {
            if (context.mutation == Mutation.ASKS_AGAIN
                    && known.get(name) != null
                    && known.get(name).get(3) == null) {
                known.remove(name);
            }
            request(name);
            while (!known.containsKey(name)) {
                context.wait();
            }
            return known.get(name).get(3) != null;
        }
    }

    /** Returns the content of a module that was found, as text. */
    String text(String name) {
        synchronized (context) {
            Object data = known.get(name).get(3);
            byte[] deflated =
                    ((Bytes) (data instanceof Made blob ? blob.arguments().get(0) : data)).array();
            try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void request(String name) {
        if (!known.containsKey(name) && requested.add(name)) {
            context.text(context.parentId(), Handle.GET_MODULE, name);
        }
    }

    void onRequest(String name, MiniLink link) {
        if (context.mutation == Mutation.FORWARDS_TWICE) {
            context.text(context.parentId(), Handle.GET_MODULE, name);
        } else {
            request(name);
        }
        if (known.containsKey(name)) {
            send(name, link);
        } else {
            wanted.computeIfAbsent(name, each -> new ArrayList<>()).add(link);
        }
    }

    void send(String name, MiniLink link) {
        Tuple module = known.get(name);
        if (module == null) {
            return;
        }
        List<?> related = module.get(4) instanceof List<?> list ? list : List.of();
        if (context.mutation == Mutation.RELATED_LAST) {
            sendOne(name, link);
        }
        for (Object each : related) {
            if (known.containsKey(each)) {
                if (context.mutation == Mutation.RELATED_TWICE) {
                    link.sentModules.remove(each);
                }
                sendOne((String) each, link);
            }
        }
        sendOne(name, link);
    }

    private void sendOne(String name, MiniLink link) {
        if (link.sentModules.add(name)) {
            context.send(link.peerId, Handle.LOAD_MODULE, 0, bodies.get(name));
        }
    }
}
