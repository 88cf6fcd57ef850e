// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core;

/**
 * Names the class loader of the master that the classes of a call come from, since two of them may have different classes of the
 * same name. A world is what one of them sees; a number names it. Any thread.
 */
public interface Worlds {
    /** Returns the world for calls of methods of {@code called}; null leaves the choice to the context. Cheap. */
    @Nullable
    String of(Class<?> called);

    /**
     * Loads classes from the world in {@code name} from now on, {@code /3/com.acme.Facts}, and returns the name of the class. Throws
     * when this context already has another version of a class that a call would use. May wait.
     */
    String enter(String name);
}
