// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

/**
 * A type that knows how it travels: as the name of a Python callable and the arguments that call needs. The reader calls
 * nothing; it looks the name up in its {@link Globals}. Implementations answer on the thread that writes.
 */
public interface Reducible {
    /** Returns the Python module, for example {@code mitogen.core}; printable, no line break. */
    String module();

    /** Returns the name inside the module, for example {@code _unpickle_context}; printable, no line break. */
    String name();

    /** Returns the arguments. They must not lead back to this object. */
    Tuple arguments();
}
