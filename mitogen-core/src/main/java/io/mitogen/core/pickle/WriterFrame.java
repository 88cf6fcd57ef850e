// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.Nullable;
import java.util.Iterator;

/** A container that a writer is in the middle of. Plain fields: a writer re-uses one per level. One thread at a time. */
final class WriterFrame {
    /* Kinds of container on the wire. Numbers, since an enum and switches over it would be three more classes to ship. */
    static final int LIST = 0;
    static final int DICT = 1;
    static final int TUPLE = 2;
    static final int CALL = 3;

    int kind;
    Object container = this;

    /** Elements of a list, entries of a dict; of no use otherwise. */
    @Nullable
    Iterator<?> iterator;

    /** Position of the item in work; -1 before the first. */
    int index;

    /** Items written since the last MARK. */
    int batch;

    /** There is no MARK, since there is only one item. */
    boolean isSingle;

    /** The key of a dict's entry is written or in work, and its value is not yet. */
    boolean isKeyInWork;

    @Nullable
    Object key;

    @Nullable
    Object value;

    /** The class of the keys of a dict so far; this class when they have been compared. */
    @Nullable
    Class<?> keyType;

    void start(int newKind, Object newContainer, @Nullable Iterator<?> newIterator) {
        kind = newKind;
        container = newContainer;
        iterator = newIterator;
        index = -1;
        batch = 0;
        isSingle = false;
        isKeyInWork = false;
        key = null;
        value = null;
        keyType = null;
    }
}
