// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.Nullable;

/** A part of one copy of a resource, for resources that are too large for one message. Immutable; any thread. */
public final class ResourcePart {
    /** Start of the paths under which parts are asked for. */
    static final String PREFIX = "META-INF/mitogen.part/";

    private final int copy;
    private final long offset;
    private final String path;

    /**
     * Names a part.
     *
     * @param copy which copy on the class path, from 0
     * @param offset where the part begins, in bytes; the sender decides how long it is, and an empty one is the end
     */
    public ResourcePart(int copy, long offset, String path) {
        this.copy = copy;
        this.offset = offset;
        this.path = path;
    }

    /** Tells whether {@code name} asks for a part. */
    public static boolean isPart(String name) {
        return name.startsWith(PREFIX);
    }

    /** Returns the part that {@code name} asks for; null when it names none. */
    @Nullable
    public static ResourcePart of(String name) {
        String[] fields = isPart(name) ? name.substring(PREFIX.length()).split("/", 3) : new String[0];
        try {
            int copy = fields.length == 3 ? Integer.parseInt(fields[0]) : -1;
            long offset = copy < 0 ? -1 : Long.parseLong(fields[1]);
            return offset < 0 ? null : new ResourcePart(copy, offset, fields[2]);
        } catch (NumberFormatException expected) { // made up by a hostile context
            return null;
        }
    }

    /** Returns the path under which this part is asked for. */
    public String name() {
        return PREFIX + copy + "/" + offset + "/" + path;
    }

    /** Returns which copy on the class path, from 0. */
    public int copy() {
        return copy;
    }

    /** Returns where it begins, in bytes. */
    public long offset() {
        return offset;
    }

    /** Returns the path of the resource. */
    public String path() {
        return path;
    }
}
