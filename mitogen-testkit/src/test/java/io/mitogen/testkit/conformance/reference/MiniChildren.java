// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.reference;

import io.mitogen.testkit.conformance.peer.Booting;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Modules;
import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleIn;
import io.mitogen.testkit.conformance.wire.Repr;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a context gets children. Thread of the calls. */
final class MiniChildren {
    private final MiniContext context;
    private final MiniContext.Launcher launcher;
    private int next;
    private int end;

    MiniChildren(MiniContext context, MiniContext.Launcher launcher) {
        this.launcher = launcher;
        this.context = context;
    }

    Map<String, Object> connect(Map<?, ?> options) {
        context.becomeParent();
        int id = allocate();
        Map<?, ?> inner = (Map<?, ?>) ((Made) options.get("kwargs")).arguments().get(0);
        try {
            MiniContext.Started started = launcher.start((String) inner.get("python_path"));
            Link.Streams child = started.link();
            await(child.in(), Booting.FIRST);
            child.out().write(preamble(id, inner.get("unidirectional")));
            child.out().flush();
            await(child.in(), Booting.LAST);
            context.addChild(new MiniLink(id, child, started.process()), (String) options.get("name"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Object> outcome = new LinkedHashMap<>();
        outcome.put("id", id);
        outcome.put("name", options.get("name"));
        outcome.put("msg", null);
        return outcome;
    }

    private int allocate() {
        if (next == end) {
            Tuple block = (Tuple)
                    PickleIn.read(context.ask(0, Handle.ALLOCATE_ID).join().body());
            next = ((BigInteger) block.get(0)).intValue();
            end = ((BigInteger) block.get(1)).intValue();
        }
        return next++;
    }

    private byte[] preamble(int id, Object unidirectional) {
        Map<Object, Object> configuration = new HashMap<>(context.told.configuration());
        List<Object> parents = new ArrayList<>(List.of(context.id()));
        parents.addAll(context.told.parentIds());
        configuration.put("context_id", id);
        configuration.put("parent_ids", parents);
        configuration.put("unidirectional", unidirectional);
        String text = "# a core\nExternalContext(" + Repr.of(configuration) + ").main()\n";
        return Modules.deflated(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void await(InputStream in, String marker) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the child ended before " + marker);
            }
            if (next == '\n') {
                if (line.indexOf(marker) >= 0) {
                    return;
                }
                line.setLength(0);
            } else {
                line.append((char) next);
            }
        }
    }
}
