// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;

/**
 * Functions of a module {@code conformance} that an implementation in any language has for the kit alone: {@code docs/conformance.md} tells what each
 * does. A module is a text, and its only function returns it. Immutable.
 */
public class NeutralDialect implements Dialect {
    private static final String MODULE = "conformance";
    private static final int HANG_S = 600;

    private final PythonDialect children = new PythonDialect();

    private static Call function(String name, Object... arguments) {
        return Call.of(MODULE, name, arguments);
    }

    @Override
    public Call echo(Object value) {
        return function("echo", Collections.singletonList(value));
    }

    @Override
    public Call add(int a, int b) {
        return function("add", a, b);
    }

    @Override
    public Call addNamed() {
        return function("add", 1).with("b", 2);
    }

    @Override
    public Call fail(String word) {
        return function("fail", word);
    }

    @Override
    public String failureStart() {
        return "conformance.Failure: ";
    }

    @Override
    public Call missingFunction() {
        return function("no_such_function_of_the_kit");
    }

    @Override
    public Call callInto(String module) {
        return function("load", module);
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
        return "served".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Call served() {
        return function("load", servedName());
    }

    @Override
    public Call detach() {
        return function("detach");
    }

    @Override
    public Call print() {
        return function("print", printed());
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
        return function("sleep", HANG_S);
    }

    @Override
    public Call pause() {
        return function("sleep", 1);
    }

    @Override
    public Call waitFor(int id) {
        return function("wait_for", id);
    }

    @Override
    public Call large(int bytes) {
        return function("large", bytes + 1);
    }

    @Override
    public Call unsendable() {
        return function("unsendable");
    }

    @Override
    public int linkIn() {
        return children.linkIn();
    }

    @Override
    public int linkOut() {
        return children.linkOut();
    }

    @Override
    public int connect(Link link, String program, boolean unidirectional) throws Deviation {
        return children.connect(link, program, unidirectional);
    }

    @Override
    public Told boot(Link.Streams link) throws IOException, Deviation {
        return children.boot(link);
    }
}
