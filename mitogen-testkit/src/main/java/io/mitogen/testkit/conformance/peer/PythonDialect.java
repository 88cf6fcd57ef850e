// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/** Functions of Python's own library. Immutable. */
public final class PythonDialect implements Dialect {
    @Override
    public Call echo(Object value) {
        return Call.of("operator", "getitem", List.of(Collections.singletonList(value)), 0);
    }

    @Override
    public Call add(int a, int b) {
        return Call.of("operator", "add", a, b);
    }

    @Override
    public Call fail(String word) {
        return Call.of("builtins", "int", word);
    }

    @Override
    public String failureStart() {
        return "builtins.ValueError: ";
    }

    @Override
    public Call missingFunction() {
        return Call.of("operator", "no_such_function_of_the_kit");
    }

    @Override
    public Call callInto(String module) {
        return Call.of(module, "anything");
    }

    @Override
    public String requestFor(String module) {
        return module;
    }

    @Override
    public String servedName() {
        return "conformance_served";
    }

    @Override
    public byte[] servedContent() {
        String text = String.join(
                "\n",
                "import mitogen.core",
                "def answer():",
                "    return u'served'",
                "@mitogen.core.takes_econtext",
                "def detach(econtext):",
                "    econtext.detach()",
                "");
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Call served() {
        return Call.of(servedName(), "answer");
    }

    @Override
    public Call detach() {
        return Call.of(servedName(), "detach");
    }

    @Override
    public Call print() {
        return Call.of("builtins", "print", printed());
    }

    @Override
    public String printLogger() {
        return "stdout";
    }

    @Override
    public String printed() {
        return "a line of the conformance kit";
    }

    @Override
    public Call hang() {
        return Call.of("time", "sleep", 600);
    }

    @Override
    public Call large(int bytes) {
        return Call.of("operator", "mul", "x", bytes + 1);
    }

    @Override
    public Call unsendable() {
        return Call.of("threading", "Lock");
    }

    @Override
    public List<Integer> moreHandles() {
        return List.of(Handle.CALL_SERVICE);
    }
}
