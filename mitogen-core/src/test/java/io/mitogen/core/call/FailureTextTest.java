// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.Printable;
import org.junit.jupiter.api.Test;

/** How the texts of failures are taken apart. Those of Python are what its interpreters were seen to send. */
class FailureTextTest {
    private static final String DISPATCH = "  File \"<stdin>\", line 3841, in _dispatch_one\n";

    private static void check(String text, String type, String message, String stack) {
        CallException e = FailureText.exception("call of f", text);
        assertEquals(type, e.remoteType());
        assertEquals(message, e.remoteMessage());
        assertEquals(stack, e.remoteStack());
        String said = Printable.indented("call of f failed: " + type + (message.isEmpty() ? "" : ": " + message));
        assertEquals(said, e.getMessage());
        String name = CallException.class.getName() + ": " + said;
        String traced = Printable.indented(name + "\n" + stack) + "\n  called by";
        assertEquals(stack.isEmpty() ? name : traced, e.toString());
    }

    /** Checks a text that ends with a traceback of Python. */
    private static void checkPython(String head, String traceback, String type, String message) {
        check(head + "\n" + traceback, type, message, traceback.substring(0, traceback.length() - 1));
    }

    @Test
    void shouldSeparateTypeMessageAndTracebackOfPython3() {
        checkPython(
                "builtins.KeyError: 'k'",
                DISPATCH + "  File \"/srv/facts.py\", line 2, in key\n    def key(): return {}['k']\n"
                        + "                      ~~^^^^^\n",
                "builtins.KeyError",
                "'k'");
        checkPython("builtins.OSError: a: b: c", DISPATCH, "builtins.OSError", "a: b: c");
        checkPython(
                "builtins.SyntaxError: invalid syntax (errsyn.py, line 1)",
                DISPATCH + "  File \"/srv/facts.py\", line 6, in syntax\n    def syntax(): import errsyn\n",
                "builtins.SyntaxError",
                "invalid syntax (errsyn.py, line 1)");
        checkPython("facts.Mine: mine", DISPATCH, "facts.Mine", "mine");
        checkPython("builtins.ValueError: \u00e9\ud83d\ude00", DISPATCH, "builtins.ValueError", "\u00e9\ud83d\ude00");
    }

    @Test
    void shouldSeparateThoseOfPython2() {
        checkPython(
                "exceptions.KeyError: 'k'",
                "  File \"<stdin>\", line 3841, in _dispatch_one\n  File \"master:/srv/facts.py\", line 3, in key\n",
                "exceptions.KeyError",
                "'k'");
    }

    @Test
    void shouldFindNoMessageWhereThereIsNone() {
        checkPython("builtins.RuntimeError: ", DISPATCH, "builtins.RuntimeError", "");
        check("builtins.ValueError: ", "builtins.ValueError", "", "");
        check("java.lang.IllegalStateException: ", "java.lang.IllegalStateException", "", "");
        check("java.lang.Error:", "java.lang.Error", "", "");
        check("java.lang.Error", "java.lang.Error", "", "");
    }

    @Test
    void shouldLeaveAllLinesOfAMessageInIt() {
        checkPython(
                "builtins.ValueError: one\ntwo: three\n\nfour",
                DISPATCH,
                "builtins.ValueError",
                "one\ntwo: three\n\nfour");
        String lookalike = "cannot find:\n  File x is missing\n  File \"a.py\", line 3, in nothing";
        checkPython("builtins.RuntimeError: " + lookalike, DISPATCH, "builtins.RuntimeError", lookalike);
        String javaInside = "java failed:\nException in thread \"main\" java.lang.Foo: bar\n\tat a.B.c(B.java:1)\n"
                + "Caused by: x.Y: z\n\t... 3 more";
        checkPython("builtins.RuntimeError: " + javaInside, DISPATCH, "builtins.RuntimeError", javaInside);
    }

    @Test
    void shouldTakeRepeatedFramesForAPartOfTheTraceback() {
        checkPython(
                "builtins.RecursionError: too deep for\n  File \"a.py\", line 3, in nothing",
                DISPATCH + "  File \"/srv/facts.py\", line 20, in recursion\n    def recursion(): return recursion()\n"
                        + "                            ^^^^^^^^^^^\n  [Previous line repeated 991 more times]\n",
                "builtins.RecursionError",
                "too deep for\n  File \"a.py\", line 3, in nothing");
    }

    @Test
    void shouldTakeATracebackThatDoesNotBeginInTheDispatcher() {
        checkPython(
                "_pickle.PicklingError: Can't pickle <function f>: not the same object",
                "  File \"<stdin>\", line 903, in pickled\n",
                "_pickle.PicklingError",
                "Can't pickle <function f>: not the same object");
    }

    @Test
    void shouldTakeATracebackThatWasCut() {
        check(
                "builtins.KeyError: 'k'\n  File \"<stdin>\", line 3841, in _dispatch_one\n  Fi",
                "builtins.KeyError",
                "'k'",
                "  File \"<stdin>\", line 3841, in _dispatch_one\n  Fi");
    }

    @Test
    void shouldJoinTheTracebacksOfAFailureThatPythonPassedOn() {
        String inner = DISPATCH + "  File \"f.py\", line 2, in key\n    return {}[1]\n";
        String outer = DISPATCH + "  File \"/srv/facts.py\", line 11, in again\n    raise e\n";
        check(
                "mitogen.core.CallError: builtins.KeyError: 'k'\n" + inner + "\n" + outer,
                "mitogen.core.CallError",
                "builtins.KeyError: 'k'",
                inner + "\n" + outer.substring(0, outer.length() - 1));
        check(
                "mitogen.core.CallError: java.lang.Foo: bar\n\tat a.B.c(B.java:1)\n" + outer,
                "mitogen.core.CallError",
                "java.lang.Foo: bar",
                "\tat a.B.c(B.java:1)\n\n" + outer.substring(0, outer.length() - 1));
    }

    @Test
    void shouldPrintWhatTheOtherSideSaidWithoutItsControlCharactersAndOnlyBelowItsFirstLine() {
        String raw = "java.lang.Foo: \u001b[2Jone\r\nINFO: \u202etwo\n\tat a.B\u009b.c(B.java:1)\nSEVERE: three";
        CallException e = FailureText.exception("call of f", raw);
        assertEquals("call of f failed: java.lang.Foo: \\u001b[2Jone\n    INFO: \\u202etwo", e.getMessage());
        assertEquals(
                CallException.class.getName() + ": " + e.getMessage().replace("\n", "\n    ")
                        + "\n    \tat a.B\\u009b.c(B.java:1)\n    SEVERE: three\n  called by",
                e.toString());
        assertEquals("\u001b[2Jone\r\nINFO: \u202etwo", e.remoteMessage());
    }

    @Test
    void shouldTakeProseForTheMessageOfACallError() {
        check("could not do it: no time", "mitogen.core.CallError", "could not do it: no time", "");
        check("", "mitogen.core.CallError", "", "");
    }

    @Test
    void shouldSeparateThoseOfJava() {
        check(
                "java.io.IOException: no: no\nmore\n\tat a.B.c(B.java:1)\nCaused by: x.Y: z\n\tat d.E.f(E.java:2)",
                "java.io.IOException",
                "no: no\nmore",
                "\tat a.B.c(B.java:1)\nCaused by: x.Y: z\n\tat d.E.f(E.java:2)");
        String traceback = "  File \"<stdin>\", line 3841, in _dispatch_one";
        check(
                "io.mitogen.core.call.CallException: call of f failed\n\tat a.B.c(B.java:1)\nCaused by:"
                        + " builtins.KeyError: 'k'\n" + traceback,
                "io.mitogen.core.call.CallException",
                "call of f failed",
                "\tat a.B.c(B.java:1)\nCaused by: builtins.KeyError: 'k'\n" + traceback);
        check(
                "io.mitogen.core.call.CallException: call of f failed\nCaused by: builtins.KeyError: 'k'\n" + traceback,
                "io.mitogen.core.call.CallException",
                "call of f failed",
                "Caused by: builtins.KeyError: 'k'\n" + traceback);
    }
}
