// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.Reducible;
import io.mitogen.core.pickle.Tuple;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * How a failure travels: a text whose first line is {@code type: message}, followed by the stack. The same form as Python's,
 * {@code CallError} of {@code mitogen/core.py}. Immutable.
 */
public final class CallError implements Reducible {
    /** Longest text, in characters, that Python Mitogen accepts. */
    static final int MAX_CHARS = 9_999;

    static final Globals.Factory FACTORY = new Globals.Factory() {
        @Override
        public Object make(Tuple arguments) {
            if (arguments.size() != 1 || !(arguments.get(0) instanceof String)) {
                throw PickleException.peer("a CallError is made of one str, not of " + arguments.size() + " values");
            }
            String text = (String) arguments.get(0);
            if (text.codePointCount(0, text.length()) > MAX_CHARS) {
                throw PickleException.peer("a CallError of " + text.length() + " characters is too long");
            }
            return new CallError(text);
        }
    };

    private static final String CUT = "\n... (cut)";

    private final String text;

    CallError(String text) {
        this.text = text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS - CUT.length()) + CUT;
    }

    /** Returns the error for an exception, with its stack down to {@code below}, the class that made the call. */
    static CallError of(Throwable thrown, Class<?> below) {
        StringBuilder text = new StringBuilder();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable t = thrown; t != null && seen.add(t) && text.length() < MAX_CHARS; t = t.getCause()) {
            text.append(t == thrown ? "" : "\nCaused by: ").append(t.getClass().getName());
            text.append(": ").append(t.getMessage() == null ? "" : t.getMessage());
            for (StackTraceElement frame : t.getStackTrace()) {
                if (frame.getClassName().equals(below.getName())) {
                    break;
                }
                text.append("\n\tat ").append(frame);
            }
        }
        return new CallError(text.toString());
    }

    /** Returns the whole text. */
    public String text() {
        return text;
    }

    @Override
    public String globalModule() {
        return "mitogen.core";
    }

    @Override
    public String globalName() {
        return "_unpickle_call_error";
    }

    @Override
    public Tuple arguments() {
        return Tuple.of(text);
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CallError && ((CallError) other).text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
