// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.child;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Repr;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Services, where there are some: calls at handle 110. */
final class ServiceCases {
    /** Python 2 writes texts as {@code u'...'}. */
    private static final Pattern NO_METHOD = Pattern.compile("No such method: u?'kit_method'");

    private static final String FILES = "mitogen.service.FileService";

    private ServiceCases() {}

    static List<Case> cases() {
        return List.of(
                child(
                        "services.answered",
                        "a call at 110 is answered: by a service, or invalid handle where there are none",
                        ServiceCases::answered),
                child(
                        "services.no-tuple",
                        "what is no call of a service makes a CallError: Invalid message format.",
                        ServiceCases::noTuple),
                child(
                        "services.no-method",
                        "a method that is not there makes a CallError: No such method",
                        ServiceCases::noMethod),
                child(
                        "services.file",
                        "FileService answers fetch with what is known of the file, sends it, and ends with: Sender was explicitly closed",
                        ServiceCases::file));
    }

    private static Frame ask(Link link, Object request) throws Deviation {
        int handle = link.newHandle();
        link.send(link.frame(Handle.CALL_SERVICE, handle, PickleOut.toBytes(request)));
        return link.awaitAnswer(handle, "an answer to a call of a service");
    }

    /** As {@link #ask}, when there are services. */
    private static Frame served(Link link, Object request) throws Deviation, NotApplicable {
        Frame answer = ask(link, request);
        if (answer.isDead() && answer.text().equals(Check.INVALID_HANDLE)) {
            throw new NotApplicable("it has no services: " + answer);
        }
        return answer;
    }

    private static String answered(Bench bench) throws Deviation, IOException {
        Frame answer = ask(bench.link(), Tuple.of("kit.NoService", "method", Made.kwargs(Map.of())));
        if (answer.isDead()) {
            Check.dead(answer, Check.INVALID_HANDLE);
            return answer.toString();
        }
        return Check.failure(answer).lines().findFirst().orElse("");
    }

    private static String noTuple(Bench bench) throws Deviation, NotApplicable, IOException {
        List<Object> all = List.of(5, Tuple.of("a", "b"), Tuple.of(1, 2, 3), List.of("a", "b", Map.of()));
        for (Object each : all) {
            String text = Check.failure(served(bench.link(), each));
            Check.that(text.contains("Invalid message format."), "Invalid message format.", text);
        }
        return all.size() + " CallErrors: Invalid message format.";
    }

    private static String noMethod(Bench bench) throws Deviation, NotApplicable, IOException {
        String text = Check.failure(served(bench.link(), Tuple.of(FILES, "kit_method", Made.kwargs(Map.of()))));
        boolean isNamed = NO_METHOD.matcher(text).find();
        Check.that(isNamed, "No such method: 'kit_method'", text);
        return text.lines().findFirst().orElse("");
    }

    private static String file(Bench bench) throws Deviation, NotApplicable, IOException {
        Path path = Files.createTempFile("conformance", ".txt");
        try {
            String content = "a file of the kit ".repeat(20_000);
            Files.writeString(path, content);
            Link link = bench.link();
            int mark = link.mark();
            int chunks = link.newHandle();
            Map<String, Object> arguments =
                    Map.of("path", path.toString(), "sender", Made.sender(link.ownId(), chunks));
            Frame answer = served(link, Tuple.of(FILES, "fetch", Made.kwargs(arguments)));
            Object known = Link.value(answer);
            Object size = known instanceof Map ? Check.item((Map<?, ?>) known, "size") : null;
            Check.equal("size", BigInteger.valueOf(content.length()), size);
            Frame end = link.await(
                    mark, "a dead message behind the file", frame -> frame.handle() == chunks && frame.isDead());
            Check.dead(end, "Sender was explicitly closed");
            Check.equal(
                    "the file", Repr.of(content.getBytes(StandardCharsets.UTF_8)), Repr.of(joined(link, mark, chunks)));
            int first = link.since(mark).stream().map(Frame::handle).toList().indexOf(chunks);
            int told = link.since(mark).stream().map(Frame::handle).toList().indexOf(answer.handle());
            Check.that(told < first, "what is known of the file comes before its bytes", "it came later");
            return content.length() + " bytes, then " + end;
        } finally {
            Files.delete(path);
        }
    }

    /** Returns the bytes of all chunks; before 0.3.41 each is a pickled Blob, later they are the bytes themselves. */
    private static byte[] joined(Link link, int mark, int handle) throws Deviation {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (Frame frame : link.since(mark)) {
            if (frame.handle() == handle && !frame.isDead()) {
                if (frame.enc() == Frame.BIN) {
                    all.writeBytes(frame.body());
                } else if (Link.value(frame) instanceof Made made
                        && made.arguments().get(0) instanceof io.mitogen.testkit.conformance.wire.Bytes bytes) {
                    all.writeBytes(bytes.array());
                }
            }
        }
        return all.toByteArray();
    }
}
