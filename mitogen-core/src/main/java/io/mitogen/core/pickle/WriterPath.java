// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

/** Names the place of a value that may not be sent, as the Java expression that leads there. Any thread. */
final class WriterPath {
    private static final int MAX_PATH_ENDS = 16;
    private static final int MAX_SHOWN_KEY = 80;

    private WriterPath() {}

    /** Returns the path to the item in work in the innermost of the first {@code depth} frames. */
    static String of(String rootName, WriterFrame[] frames, int depth) {
        StringBuilder path = new StringBuilder(rootName);
        for (int i = 0; i < depth; i++) {
            if (i == MAX_PATH_ENDS && depth > 2 * MAX_PATH_ENDS) {
                path.append("...");
                i = depth - MAX_PATH_ENDS;
            }
            append(path, frames[i]);
        }
        return path.toString();
    }

    private static void append(StringBuilder path, WriterFrame frame) {
        switch (frame.kind) {
            case WriterFrame.CALL:
                path.append(frame.container instanceof Kwargs ? "" : ".arguments()");
                break;
            case WriterFrame.DICT:
                appendKey(path, frame);
                break;
            default:
                if (frame.index >= 0) {
                    path.append('[').append(frame.index).append(']');
                }
        }
    }

    private static void appendKey(StringBuilder path, WriterFrame frame) {
        if (frame.isKeyInWork) {
            path.append(".keySet()");
            return;
        }
        if (frame.index < 0) {
            return;
        }
        Object key = frame.key;
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
