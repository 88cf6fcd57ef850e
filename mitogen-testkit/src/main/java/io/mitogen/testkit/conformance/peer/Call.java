// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.util.Map;

/**
 * A function with its arguments, as CALL_FUNCTION carries it.
 *
 * @param chain name of the chain that it belongs to; null for none
 * @param type name of the class in the module; null for none
 * @param named arguments by their names
 */
public record Call(String chain, String module, String type, String function, Tuple arguments, Map<String, ?> named) {
    public static Call of(String module, String function, Object... arguments) {
        return new Call(null, module, null, function, Tuple.of(arguments), Map.of());
    }

    /** Returns the same with a named argument. */
    public Call with(String name, Object value) {
        return new Call(chain, module, type, function, arguments, Map.of(name, value));
    }

    public Call in(String newChain) {
        return new Call(newChain, module, type, function, arguments, named);
    }

    /** Returns the order to forget that a call in {@code chain} failed; its name is the same for every implementation. */
    public static Call forget(String chain) {
        return new Call(null, "mitogen.core", "Dispatcher", "forget_chain", Tuple.of(chain), Map.of());
    }

    /** Returns the 6-tuple that travels. */
    public byte[] toBytes() {
        return PickleOut.toBytes(Tuple.of(chain, module, type, function, arguments, Made.kwargs(named)));
    }
}
