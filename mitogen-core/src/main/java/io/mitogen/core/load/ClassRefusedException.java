// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Nullable;

/**
 * A class or resource could not even be asked for, or the answer cannot come any more. Says nothing about whether it
 * exists: a later attempt may succeed. Not a {@link LinkageError} on purpose, because the JVM remembers those for good
 * in the class that needed the missing one.
 */
public final class ClassRefusedException extends MitogenException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String reason;

    ClassRefusedException(Blame blame, String path, String reason, @Nullable Throwable cause) {
        super(blame, ClassImage.nameOf(plain(path)) + " was not loaded: " + reason, cause);
        this.path = plain(path);
        this.reason = reason;
    }

    /** Returns the path in the name of a request, without what says who asks. */
    private static String plain(String name) {
        return name.startsWith("/") ? name.substring(name.indexOf('/', 1) + 1) : name;
    }

    /** Returns why, without the name. */
    public String reason() {
        return reason;
    }

    /** Returns the resource path of what was wanted, such as {@code com/acme/Facts.class}. */
    public String path() {
        return path;
    }
}
