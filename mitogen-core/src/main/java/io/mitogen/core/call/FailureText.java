// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

/**
 * The text of a {@link CallError} taken apart: {@code type: message}, and behind it the stack, in the form of Java or of Python.
 * Immutable.
 */
final class FailureText {
    /*
     * A message is free text, and may look like a stack. Python's stack always ends the text, so it is looked for from there:
     * lines that are a frame, or belong to one, up to the frame of the function in mitogen/core.py that makes every call. Java's
     * begins at the first line that looks like it, unless Python's comes behind it: then it was part of a message in Python, or
     * Python's is that of a cause in Java.
     */
    private static final String JAVA_FRAME = "\n\tat ";
    private static final String JAVA_CAUSE = "\nCaused by: ";
    private static final String JAVA_SUPPRESSED = "\n\tSuppressed: ";
    private static final String JAVA_NEXT = "\n\tNext: ";
    private static final String PYTHON_FRAME = "  File \"";
    private static final String REPEATED = "  [Previous line repeated ";
    private static final String FIRST_PYTHON_FRAME = ", in _dispatch_one";

    /** The class whose instances Python raises for failures that came from yet another context, and for errors without a class. */
    private static final String RAISED_AGAIN = "mitogen.core.CallError";

    private final String type;
    private final String message;
    private final String stack;

    private FailureText(String type, String message, String stack) {
        this.type = type;
        this.message = message;
        this.stack = stack;
    }

    /** Returns the exception for the text of a failure; {@code what} says what was called where. */
    static CallException exception(String what, String text) {
        FailureText parts = of(text);
        return new CallException(what, parts.type, parts.message, parts.stack);
    }

    private static FailureText of(String text) {
        int stackAt = stackAt(text);
        String head = stackAt == 0 ? text : text.substring(0, stackAt - 1);
        String stack = stackAt == 0 ? "" : withoutLineEnd(text.substring(stackAt));
        int colon = head.indexOf(": ");
        if (colon < 0 && head.endsWith(":")) {
            colon = head.length() - 1;
        }
        String type = colon < 0 ? head : head.substring(0, colon);
        if (!isName(type)) {
            return new FailureText(RAISED_AGAIN, head, stack);
        }
        String message = colon < 0 ? "" : head.substring(Math.min(head.length(), colon + 2));
        return type.equals(RAISED_AGAIN) ? raisedAgain(message, stack) : new FailureText(type, message, stack);
    }

    /** Separates the two stacks of a failure that Python passed on: that of the other context is a part of the message. */
    private static FailureText raisedAgain(String message, String stack) {
        int innerAt = stackAt(message);
        if (innerAt == 0) {
            return new FailureText(RAISED_AGAIN, message, stack);
        }
        String inner = withoutLineEnd(message.substring(innerAt));
        return new FailureText(
                RAISED_AGAIN, message.substring(0, innerAt - 1), stack.isEmpty() ? inner : inner + "\n\n" + stack);
    }

    /** Returns where the first line of the stack begins, 0 when there is none. */
    private static int stackAt(String text) {
        int java = firstOf(
                firstOf(text.indexOf(JAVA_FRAME), text.indexOf(JAVA_CAUSE)),
                firstOf(text.indexOf(JAVA_SUPPRESSED), text.indexOf(JAVA_NEXT)));
        int python = pythonStackAt(text);
        if (python == 0) { // one that was cut does not end the text as one does
            return firstOf(java, text.indexOf('\n' + PYTHON_FRAME)) + 1;
        }
        boolean isOfCause = text.lastIndexOf(JAVA_CAUSE, python) > text.lastIndexOf("\n\t", python);
        return isOfCause ? java + 1 : python;
    }

    private static int pythonStackAt(String text) {
        int found = 0;
        for (int end = withoutLineEnd(text).length(); end > 0; ) {
            int start = text.lastIndexOf('\n', end - 1) + 1;
            String line = text.substring(start, end);
            if (line.startsWith(PYTHON_FRAME) && line.contains("\", line ")) {
                found = start;
            } else if (!line.startsWith("    ") && !line.startsWith(REPEATED)) {
                return found;
            }
            if (line.endsWith(FIRST_PYTHON_FRAME)) {
                return found;
            }
            end = start - 1;
        }
        return found;
    }

    private static String withoutLineEnd(String text) {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private static int firstOf(int one, int two) {
        return one < 0 || two >= 0 && two < one ? two : one;
    }

    private static boolean isName(String type) {
        for (int i = 0; i < type.length(); i++) {
            if (Character.isWhitespace(type.charAt(i))) {
                return false;
            }
        }
        return !type.isEmpty();
    }
}
