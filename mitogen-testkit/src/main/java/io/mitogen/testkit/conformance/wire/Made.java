// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.util.Map;

/** A global that is to be called with arguments: how everything travels that is no plain value. */
public record Made(Global by, Tuple arguments) {
    public static Made kwargs(Map<String, ?> named) {
        return new Made(Global.KWARGS, Tuple.of(named));
    }

    public static Made context(long id, String name) {
        return new Made(Global.CONTEXT, Tuple.of(id, name));
    }

    public static Made sender(long id, long handle) {
        return new Made(Global.SENDER, Tuple.of(id, handle));
    }
}
