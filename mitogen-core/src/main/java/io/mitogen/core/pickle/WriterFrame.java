// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.Nullable;
import java.util.IdentityHashMap;
import java.util.Iterator;

/** A container that a writer is in the middle of. Plain fields: a writer re-uses one per level. One thread at a time. */
final class WriterFrame {
    /* Kinds of container on the wire. Numbers, since an enum and switches over it would be three more classes to ship. */
    static final int LIST = 0;
    static final int DICT = 1;
    static final int TUPLE = 2;
    static final int CALL = 3;

    private static final int MAX_SHOWN_KEY = 80;

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
    private Class<?> keyType;

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

    /** Tells, once for a dict, that another key may become equal to this one; of one of the usual types alone none does. */
    boolean mayClash(@Nullable Object newKey) {
        Class<?> type = newKey == null ? null : newKey.getClass();
        boolean isUsual = type == String.class || type == Integer.class || type == Long.class;
        if (keyType == WriterFrame.class
                || isUsual && (index == 0 ? !(container instanceof IdentityHashMap) : type == keyType)) {
            keyType = index == 0 ? type : keyType;
            return false;
        }
        keyType = WriterFrame.class;
        return true;
    }

    /** Appends the Java expression that leads from the container to the item in work. */
    void appendTo(StringBuilder path) {
        switch (kind) {
            case CALL:
                path.append(container instanceof Kwargs ? "" : ".arguments()");
                break;
            case DICT:
                appendKeyTo(path);
                break;
            default:
                if (index >= 0) {
                    path.append('[').append(index).append(']');
                }
        }
    }

    private void appendKeyTo(StringBuilder path) {
        if (isKeyInWork) {
            path.append(".keySet()");
            return;
        }
        if (index < 0) {
            return;
        }
        path.append(".get(");
        if (key instanceof String) {
            String text = (String) key;
            path.append('"').append(text, 0, Math.min(text.length(), MAX_SHOWN_KEY));
            path.append(text.length() > MAX_SHOWN_KEY ? "...\"" : "\"");
        } else if (key == null || key instanceof Number || key instanceof Boolean) {
            path.append(key);
        } else {
            path.append('<').append(key.getClass().getTypeName()).append('>');
        }
        path.append(')');
    }
}
