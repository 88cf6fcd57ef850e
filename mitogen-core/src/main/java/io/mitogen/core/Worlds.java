// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core;

/**
 * Tells class loaders of the master apart that may have different classes of the same name. A world is what one of them sees, and
 * is known by a number. Any thread.
 */
public interface Worlds {
    /** Returns the world in which a call of a method of {@code called} is to run; null leaves it to the context. Cheap. */
    @Nullable
    String of(Class<?> called);

    /**
     * Takes classes from the world in {@code name} from now on, {@code /3/com.acme.Facts}, and returns the class. Throws when a call of
     * it cannot run here, because what it uses is here in another version. May wait.
     */
    String enter(String name);
}
