// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

/** Who this context is: its id and those of its ancestors. Immutable. */
public final class Identity {
    /** The master's id. */
    public static final int MASTER = 0;

    private final int id;
    private final int[] parentIds;

    /** @param parentIds nearest first, ending with 0; empty in a master */
    public Identity(int id, int... parentIds) {
        this.id = id;
        this.parentIds = parentIds.clone();
    }

    public int id() {
        return id;
    }

    /** Returns the ids of the ancestors, nearest first. */
    public int[] parentIds() {
        return parentIds.clone();
    }

    /** Returns the id of the context that started this one; only in a child. */
    public int parentId() {
        return parentIds[0];
    }

    public boolean isMaster() {
        return parentIds.length == 0;
    }

    /** Tells whether {@code contextId} is this context or one of its ancestors: those whose orders it obeys. */
    public boolean isSelfOrParent(int contextId) {
        return contextId == id || isParent(contextId);
    }

    /** Tells whether {@code contextId} is an ancestor. */
    public boolean isParent(int contextId) {
        for (int parent : parentIds) {
            if (parent == contextId) {
                return true;
            }
        }
        return false;
    }
}
