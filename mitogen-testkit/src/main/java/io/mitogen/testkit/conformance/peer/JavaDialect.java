// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.served.Served;
import io.mitogen.testkit.conformance.wire.Made;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Static methods of the JDK; a function is a name with its descriptor. Immutable. */
public final class JavaDialect implements Dialect {
    private static final int CONNECT_MS = 60_000;

    @Override
    public Call echo(Object value) {
        return Call.of(
                "java.util.Objects",
                "requireNonNull(Ljava/lang/Object;)Ljava/lang/Object;",
                Collections.singletonList(value));
    }

    @Override
    public Call add(int a, int b) {
        return Call.of("java.lang.Math", "addExact(II)I", a, b);
    }

    @Override
    public Call addNamed() {
        return null;
    }

    @Override
    public Call fail(String word) {
        return Call.of("java.lang.Integer", "parseInt(Ljava/lang/String;)I", word);
    }

    @Override
    public String failureStart() {
        return "java.lang.NumberFormatException: ";
    }

    @Override
    public Call missingFunction() {
        return Call.of("java.lang.Math", "noSuchMethodOfTheKit(I)I", 1);
    }

    @Override
    public Call callInto(String module) {
        return Call.of(module, "anything");
    }

    @Override
    public String requestFor(String module) {
        return module.replace('.', '/') + ".class";
    }

    @Override
    public String servedName() {
        return requestFor(Served.class.getName());
    }

    @Override
    public byte[] servedContent() {
        try (InputStream in = Served.class.getResourceAsStream("Served.class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the kit lacks its own class " + servedName(), e);
        }
    }

    @Override
    public Call served() {
        return Call.of(Served.class.getName(), "answer()Ljava/lang/String;");
    }

    @Override
    public Call detach() {
        return null;
    }

    @Override
    public Call print() {
        return Call.of("java.lang.Thread", "dumpStack()V");
    }

    @Override
    public String printLogger() {
        return "stderr";
    }

    @Override
    public String printed() {
        return "Stack trace";
    }

    @Override
    public Call hang() {
        return Call.of("java.lang.Thread", "sleep(J)V", 600_000);
    }

    @Override
    public Call pause() {
        return Call.of("java.lang.Thread", "sleep(J)V", 1000);
    }

    @Override
    public Call waitFor(int id) {
        return Call.of(Served.class.getName(), "waitFor(Ljava/lang/Object;)Ljava/lang/String;", Made.context(id, null));
    }

    @Override
    public Call large(int bytes) {
        return Call.of("java.util.Collections", "nCopies(ILjava/lang/Object;)Ljava/util/List;", bytes, 1);
    }

    @Override
    public Call unsendable() {
        return Call.of("java.lang.Thread", "currentThread()Ljava/lang/Thread;");
    }

    @Override
    public int linkIn() {
        return 3;
    }

    @Override
    public int linkOut() {
        return 4;
    }

    @Override
    public int connect(Link link, String program, boolean unidirectional) throws Deviation {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("name", "kit");
        options.put("java", program);
        options.put("jvm_options", List.of());
        options.put("class_path", List.of());
        options.put("debug", false);
        options.put("connect_timeout_ms", CONNECT_MS);
        options.put("own", Map.of());
        int outcome = link.newHandle();
        link.call(Call.of(
                "io.mitogen.parent.Parenthood",
                "connectFor",
                Made.context(link.ownId(), null),
                outcome,
                0,
                "io.mitogen.connect.Local",
                Made.kwargs(options)));
        return outcome;
    }

    @Override
    public Told boot(Link.Streams link) throws IOException, Deviation {
        return Told.likeJvm(link);
    }
}
