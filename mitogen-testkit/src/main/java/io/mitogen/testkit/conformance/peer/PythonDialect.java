// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Functions of Python's own library, under the names that they have in Python 3 or 2. Immutable. */
public final class PythonDialect implements Dialect {
    private final boolean isTwo;

    /** Names of Python 3, which implementations in other languages use, too. */
    public PythonDialect() {
        this(3);
    }

    /** @param major the interpreter's version: 2 or 3 */
    PythonDialect(int major) {
        this.isTwo = major == 2;
    }

    private String builtins() {
        return isTwo ? "__builtin__" : "builtins";
    }

    @Override
    public String oddWord() {
        return isTwo ? "word" : Dialect.super.oddWord(); // str() of such an exception fails in Python 2
    }

    @Override
    public Call echo(Object value) {
        return Call.of("operator", "getitem", List.of(Collections.singletonList(value)), 0);
    }

    @Override
    public Call add(int a, int b) {
        return Call.of("operator", "add", a, b);
    }

    @Override
    public Call addNamed() {
        return Call.of(builtins(), "int", "11").with("base", 2);
    }

    @Override
    public Call fail(String word) {
        return Call.of(builtins(), "int", word);
    }

    @Override
    public String failureStart() {
        return (isTwo ? "exceptions" : "builtins") + ".ValueError: ";
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
                "@mitogen.core.takes_router",
                "def wait_for(ident, router):",
                "    context = router.context_by_id(ident)",
                "    receiver = context.send_async(mitogen.core.Message(handle=mitogen.core.CALL_FUNCTION))",
                "    return mitogen.core.to_text(receiver.get(throw_dead=False).data)",
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
        return Call.of(builtins(), "print", printed());
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
    public Call pause() {
        return Call.of("time", "sleep", 1);
    }

    @Override
    public Call waitFor(int id) {
        return Call.of(servedName(), "wait_for", id);
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
    public int linkIn() {
        return 0;
    }

    @Override
    public int linkOut() {
        return 1;
    }

    @Override
    public int connect(Link link, String program, boolean unidirectional) throws Deviation {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("python_path", program);
        options.put("debug", false);
        options.put("profiling", false);
        options.put("unidirectional", unidirectional);
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("name", "kit");
        named.put("method_name", "local");
        named.put("kwargs", Made.kwargs(options));
        Object call = Tuple.of(null, "mitogen.parent", null, "_proxy_connect", Tuple.of(), Made.kwargs(named));
        int outcome = link.newHandle();
        link.send(link.frame(Handle.CALL_FUNCTION, outcome, PickleOut.toBytes(call)));
        return outcome;
    }

    @Override
    public Told boot(Link.Streams link) throws IOException, Deviation {
        return Told.likePython(link);
    }
}
