// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.Reducible;
import io.mitogen.core.pickle.Tuple;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
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

    /** Longest message of one exception, so that the stack still has room behind it. */
    private static final int MAX_MESSAGE_CHARS = 5_000;

    /** Its name only: the class itself is fetched when it is first needed. */
    private static final String OVERLOADS = "io.mitogen.core.call.Overloads";

    private static final String CUT = "\n... (cut)";
    private static final String CAUSED_BY = "Caused by: ";
    private static final String SUPPRESSED = "\tSuppressed: ";
    private static final String NEXT = "\tNext: ";

    /** Longest chain of next exceptions that is followed; a chain may be endless. */
    private static final int MAX_NEXT = 100;

    private final String text;

    CallError(String text) {
        this.text = cut(text, MAX_CHARS);
    }

    /**
     * Returns the error for an exception, with its causes, suppressed and next exceptions, and its stack down to {@code below}, the
     * class that made the call. Exceptions are users' code: whatever their methods throw or return, this returns.
     */
    static CallError of(Throwable thrown, Class<?> below) {
        StringBuilder text = new StringBuilder();
        append(text, "", "", thrown, below.getName(), Collections.newSetFromMap(new IdentityHashMap<>()));
        return new CallError(text.toString());
    }

    /** Appends {@code t}, unless it was appended before, and the exceptions that it leads to, in the form of the JDK's traces. */
    private static void append(
            StringBuilder text, String caption, String indent, Throwable t, String below, Set<Throwable> seen) {
        if (t == null || text.length() >= MAX_CHARS || !seen.add(t)) {
            return;
        }
        String type = t.getClass().getName();
        text.append(caption).append(type).append(": ").append(message(t, type));
        try {
            appendStack(text, indent, t.getStackTrace(), below);
        } catch (Throwable expected) { // as if it had no stack
        }
        if (t instanceof CallException) {
            appendRemote(text, (CallException) t);
        }
        for (Throwable suppressed : t.getSuppressed()) {
            append(text, '\n' + indent + SUPPRESSED, indent + '\t', suppressed, below, seen);
        }
        try {
            append(text, '\n' + indent + CAUSED_BY, indent, t.getCause(), below, seen);
        } catch (Throwable expected) { // as if it had no cause
        }
        try {
            if (t instanceof Iterable) { // a chain, as of java.sql.SQLException
                int left = MAX_NEXT;
                for (Iterator<?> all = ((Iterable<?>) t).iterator(); left > 0 && all.hasNext(); left--) {
                    Object next = all.next();
                    if (next instanceof Throwable) {
                        append(text, '\n' + indent + NEXT, indent + '\t', (Throwable) next, below, seen);
                    }
                }
            }
        } catch (Throwable expected) { // as if the chain ended here
        }
    }

    /** Returns the text of an exception without its type. An overridden toString may say more than the message. */
    private static String message(Throwable t, String type) {
        String said = null;
        try {
            said = t instanceof CallException ? t.getMessage() : t.toString();
        } catch (Throwable broken) {
            try {
                said = t.getMessage();
            } catch (Throwable expected) {
                said = "(no message: its getMessage() threw "
                        + expected.getClass().getName() + ")";
            }
        }
        if (said == null || said.equals(type)) {
            return "";
        }
        return cut(said.startsWith(type + ": ") ? said.substring(type.length() + 2) : said, MAX_MESSAGE_CHARS);
    }

    private static void appendStack(StringBuilder text, String indent, StackTraceElement[] frames, String below) {
        int end = 0;
        while (end < frames.length && !frames[end].getClassName().equals(below)) {
            end++;
        }
        while (end > 0 && end < frames.length && isPartOfTheCall(frames[end - 1].getClassName())) {
            end--;
        }
        for (int i = 0; i < end && text.length() < MAX_CHARS; i++) {
            text.append('\n').append(indent).append("\tat ").append(frames[i]);
        }
    }

    /** Tells whether a frame is of the way from the message to the function, which is of no interest to a user. */
    private static boolean isPartOfTheCall(String className) {
        return className.equals(MethodTable.class.getName())
                || className.equals(OVERLOADS)
                || className.equals(Target.class.getName())
                || className.startsWith("java.lang.reflect.")
                || className.startsWith("jdk.internal.reflect.");
    }

    /** A failure that came from yet another context: its stack there is what a reader looks for. */
    private static void appendRemote(StringBuilder text, CallException e) {
        text.append('\n')
                .append(CAUSED_BY)
                .append(e.remoteType())
                .append(": ")
                .append(cut(e.remoteMessage(), MAX_MESSAGE_CHARS));
        if (!e.remoteStack().isEmpty()) {
            text.append('\n').append(e.remoteStack());
        }
    }

    private static String cut(String text, int maxChars) {
        if (text.length() <= maxChars) {
            return text;
        }
        int end = maxChars - CUT.length();
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
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
