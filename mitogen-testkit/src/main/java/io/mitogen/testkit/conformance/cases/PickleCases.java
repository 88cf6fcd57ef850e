// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.child;

import io.mitogen.testkit.conformance.cases.Vectors.Vector;
import io.mitogen.testkit.conformance.peer.Call;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Global;
import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleIn;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.RawPickle;
import io.mitogen.testkit.conformance.wire.Repr;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Values: everything that may travel goes there and back unchanged, and nothing else gets in. */
final class PickleCases {
    /**
     * What Mitogen for Python reads and cannot send back, what becomes something that nobody means ({@code True} as an id, bytes as a secret), and
     * what it reads only where it is a router.
     */
    private static final Set<String> UNUSED = Set.of(
            "EMPTY_SET_proto4",
            "proto5_bytearray8",
            "class_object_itself",
            "Context_bool_id",
            "Secret_bytes_arg",
            "Sender_no_router",
            "x_partially_bad_pickling_error");

    /** What Python 2 reads, because its str is bytes as well, or because it does not look at types. */
    static final Set<String> READ_BY_PYTHON_2 =
            new TreeSet<>(Set.of("Blob_unicode_arg", "Kwargs_list_arg", "codecs_encode_bytes_arg"));

    /** Whole messages whose end, or what comes after it, is what they are about: they cannot be put into another pickle. */
    private static final Set<String> WHOLE = Set.of(
            "empty",
            "no_STOP",
            "truncated",
            "trailing_garbage_after_STOP",
            "two_pickles_first_returned",
            "leftover_stack",
            "PROTO_midstream");

    /** All that any Mitogen writes, as byte values. */
    private static final Set<Integer> WRITTEN = new TreeSet<>(List.of(
            0x80, 0x2e, 0x28, 0x4e, 0x88, 0x89, 0x4b, 0x4d, 0x4a, 0x8a, 0x8b, 0x49, 0x47, 0x58, 0x55, 0x54, 0x29, 0x85,
            0x86, 0x87, 0x74, 0x5d, 0x61, 0x65, 0x7d, 0x73, 0x75, 0x71, 0x72, 0x68, 0x6a, 0x63, 0x52, 0x30, 0x31));

    private PickleCases() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String version :
                List.of("python-3.11-0.3.3", "python-3.11-0.3.52dev", "python-2.7-0.3.3", "python-2.7-0.3.52dev")) {
            cases.add(child(
                    "pickles." + version,
                    "every value that " + version + " wrote goes there and comes back the same",
                    bench -> accepted(bench, Vectors.writtenBy(version), vector -> true)));
            cases.add(child(
                    "pickles.refused-" + version,
                    "what " + version + " wrote and receivers refuse makes a CallError, and nothing else",
                    bench -> refused(bench, Vectors.writtenBy(version))));
        }
        cases.addAll(List.of(
                child(
                        "pickles.opcodes",
                        "opcodes that no Mitogen writes, but Python reads, are read the same",
                        bench -> accepted(bench, Vectors.opcodes(), vector -> !WHOLE.contains(vector.name()))),
                child(
                        "pickles.refused-opcodes",
                        "opcodes and arguments that Python refuses make a CallError",
                        bench -> refused(bench, Vectors.opcodes())),
                child(
                        "pickles.written-opcodes",
                        "answers have the opcodes that every version reads",
                        PickleCases::written),
                child(
                        "pickles.globals",
                        "no global but those of Mitogen is found, and none is called",
                        PickleCases::globals),
                child("pickles.recursion", "a list that is 100 000 lists deep ends nothing", PickleCases::recursion),
                child("pickles.doubling", "a list that doubles itself 60 times ends nothing", PickleCases::doubling),
                child("pickles.lengths", "lengths far beyond the end of the message end nothing", PickleCases::lengths),
                child("pickles.trailing-bytes", "what stands after STOP is ignored", PickleCases::trailing),
                child(
                        "pickles.proto-anywhere",
                        "PROTO may stand anywhere, and values below the result",
                        PickleCases::proto),
                child(
                        "pickles.plain-call",
                        "a dict is as good as Kwargs, a list as good as a tuple of arguments",
                        PickleCases::plain)));
        return cases;
    }

    private static String accepted(Bench bench, List<Vector> vectors, Predicate<Vector> chosen)
            throws Deviation, IOException {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Vector vector : vectors) {
            if (!vector.accepted()
                    || !chosen.test(vector)
                    || UNUSED.contains(vector.name())
                    || !bench.target().readsNewPickles() && vector.isNew()) {
                continue;
            }
            count++;
            Link link = bench.link();
            int handle = link.call(bench.dialect().echo(RawPickle.inside(vector.pickle())));
            Frame answer = link.awaitAnswer(handle, "an answer to " + vector.name());
            String sent = withoutNames(Collections.singletonList(PickleIn.read(vector.pickle())));
            String came = answer.isDead() ? answer.toString() : withoutNames(Link.value(answer));
            if (!sent.equals(came)) {
                wrong.add(vector.name() + ": " + brief(came) + " for " + brief(sent));
            }
        }
        Check.that(wrong.isEmpty(), count + " values come back the same", wrong.size() + " do not: " + wrong);
        return count + " values came back the same";
    }

    /** Returns the text of a value in which a context is its id: what it is called is everybody's own business. */
    private static String withoutNames(Object value) {
        return Repr.sorted(value).replaceAll("(Context\\(\\d+), (None|'[^']*')\\)", "$1)");
    }

    private static String brief(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "..." : text;
    }

    private static String refused(Bench bench, List<Vector> vectors) throws Deviation, IOException {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Vector vector : vectors) {
            if (vector.accepted()
                    || UNUSED.contains(vector.name())
                    || !bench.target().readsNewPickles() && READ_BY_PYTHON_2.contains(vector.name())) {
                continue;
            }
            count++;
            byte[] payload = WHOLE.contains(vector.name())
                    ? vector.pickle()
                    : bench.dialect().echo(RawPickle.inside(vector.pickle())).toBytes();
            Frame answer = answer(bench.link(), payload, vector.name());
            try {
                Check.failure(answer);
            } catch (Deviation e) {
                wrong.add(vector.name() + ": " + e.seen());
            }
        }
        Check.that(wrong.isEmpty(), count + " values are refused", wrong.size() + " are not: " + wrong);
        return count + " values were refused";
    }

    private static Frame answer(Link link, byte[] payload, String what) throws Deviation {
        int handle = link.newHandle();
        link.send(link.frame(Handle.CALL_FUNCTION, handle, payload));
        return link.awaitAnswer(handle, "an answer to " + what);
    }

    private static String written(Bench bench) throws Deviation, IOException {
        Map<Object, Object> dict = new LinkedHashMap<>();
        dict.put("k", List.of(1, -1, 70000, 1L << 40, true, false));
        dict.put(7, 1.5);
        List<Object> value = Arrays.asList(
                null,
                "text",
                new byte[300],
                new byte[3],
                dict,
                Tuple.of(),
                Tuple.of(1),
                Tuple.of(1, 2, 3, 4),
                BigInteger.TWO.pow(2100),
                Made.context(0, "c"),
                new Made(Global.SECRET, Tuple.of("s")),
                new Made(Global.BLOB, Tuple.of(new byte[] {-1})),
                Made.kwargs(Map.of("k", 1)));
        Link link = bench.link();
        Frame answer = link.awaitAnswer(link.call(bench.dialect().echo(value)), "an answer");
        byte[] body = answer.body();
        Check.that(
                body.length > 2 && body[0] == (byte) 0x80 && body[1] == 2,
                "a pickle of protocol 2",
                "one that begins with " + HexFormat.of().formatHex(body, 0, Math.min(2, body.length)));
        Set<Integer> more = new TreeSet<>(PickleIn.opcodes(body));
        more.removeAll(WRITTEN);
        Check.that(more.isEmpty(), "opcodes of the table", "others as well: " + more);
        return "an answer of " + PickleIn.opcodes(body).size() + " opcodes, all of them known to every version";
    }

    /** A global that is called leaves a file behind, or ends the process. */
    private static String globals(Bench bench) throws Deviation, IOException {
        java.io.File trace = java.io.File.createTempFile("conformance", ".trace");
        Check.that(trace.delete(), "a temporary file can be deleted", trace + " cannot");
        String path = trace.getPath();
        List<Made> made = List.of(
                new Made(new Global("os", "mkdir"), Tuple.of(path)),
                new Made(new Global("posix", "mkdir"), Tuple.of(path)),
                new Made(new Global("__builtin__", "open"), Tuple.of(path, "w")),
                new Made(new Global("builtins", "open"), Tuple.of(path, "w")),
                new Made(new Global("os", "_exit"), Tuple.of(3)),
                new Made(new Global("mitogen.core", "os.mkdir"), Tuple.of(path)),
                new Made(new Global("mitogen.core", "Importer"), Tuple.of()),
                new Made(new Global("mitogen.parent", "Context"), Tuple.of(1, "x")),
                new Made(new Global("java.io.FileOutputStream", ""), Tuple.of(path)),
                new Made(new Global("java.io", "FileOutputStream"), Tuple.of(path)),
                new Made(new Global("java.lang", "Runtime"), Tuple.of()),
                new Made(new Global("", ""), Tuple.of()));
        try {
            for (Made each : made) {
                Object name = each.by().module() + "/" + each.by().name();
                Check.failure(answer(bench.link(), bench.dialect().echo(each).toBytes(), "the global " + name));
                Check.failure(
                        answer(bench.link(), bench.dialect().echo(each.by()).toBytes(), "the global " + name));
                Check.that(!trace.exists(), "nothing of " + name + " is called", "it made " + path);
            }
        } finally {
            trace.delete();
        }
        return made.size() + " globals were refused, called and uncalled, and left nothing";
    }

    private static String recursion(Bench bench) throws Deviation, IOException {
        int depth = 100_000;
        byte[] pickle = new byte[2 + 2 * depth];
        pickle[0] = (byte) 0x80;
        pickle[1] = 2;
        Arrays.fill(pickle, 2, 2 + depth, (byte) ']');
        Arrays.fill(pickle, 2 + depth, 1 + 2 * depth, (byte) 'a');
        pickle[1 + 2 * depth] = '.';
        Check.failure(answer(bench.link(), pickle, "a list " + depth + " deep in place of a call"));
        bench.fence();
        return "a CallError";
    }

    private static String doubling(Bench bench) throws Deviation, IOException {
        StringBuilder ops = new StringBuilder("]q\0");
        for (int i = 1; i <= 60; i++) {
            ops.append("]q")
                    .append((char) i)
                    .append("(h")
                    .append((char) (i - 1))
                    .append('h')
                    .append((char) (i - 1));
            ops.append('e');
        }
        byte[] pickle = ("\u0080\2" + ops + ".").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Check.failure(answer(bench.link(), pickle, "a list of 2**60 lists in place of a call"));
        bench.fence();
        return "a CallError";
    }

    private static String lengths(Bench bench) throws Deviation, IOException {
        List<String> all = List.of(
                "800258ffffff7f6162",
                "800258ffffffff6162",
                "800254ffffff7f6162",
                "800254ffffffff6162",
                "80028bffffff7f0102",
                "80028bffffffff0102",
                "80028bff",
                "800242ffffff7f61",
                "80048d00000000ffffff7f61",
                "8004950000000000ffff7f4e2e",
                "80058effffffffffffff7f61",
                "8002724e",
                "80024e72ffffff7f2e",
                "80026affffff7f2e");
        for (String hex : all) {
            Check.failure(answer(bench.link(), HexFormat.of().parseHex(hex), "the bytes " + hex));
        }
        bench.fence();
        return all.size() + " messages were refused";
    }

    private static String trailing(Bench bench) throws Deviation, IOException {
        byte[] call = bench.dialect().add(1, 2).toBytes();
        byte[] longer = Arrays.copyOf(call, call.length + 7);
        Arrays.fill(longer, call.length, longer.length, (byte) 0xf0);
        Object sum = Link.value(answer(bench.link(), longer, "a call with bytes after STOP"));
        Check.equal("1 + 2", BigInteger.valueOf(3), sum);
        return "the call was run";
    }

    private static String proto(Bench bench) throws Deviation, IOException {
        byte[] call = bench.dialect().add(1, 2).toBytes();
        // What Python 2 leaves in front when it gives a pickle up and writes a failure.
        byte[] rest = HexFormat.of().parseHex("80025d28");
        byte[] both = Arrays.copyOf(rest, rest.length + call.length);
        System.arraycopy(call, 0, both, rest.length, call.length);
        Object sum = Link.value(answer(bench.link(), both, "a call behind the beginning of another pickle"));
        Check.equal("1 + 2", BigInteger.valueOf(3), sum);
        return "the call was run";
    }

    private static String plain(Bench bench) throws Deviation, IOException {
        Call call = bench.dialect().add(1, 2);
        List<Object> forms = Stream.of(
                        new Object[] {call.arguments(), Map.of()},
                        new Object[] {call.arguments().items(), Made.kwargs(Map.of())})
                .map(form -> (Object) Tuple.of(null, call.module(), null, call.function(), form[0], form[1]))
                .toList();
        for (Object form : forms) {
            Object sum = Link.value(answer(bench.link(), PickleOut.toBytes(form), "the call " + Repr.brief(form)));
            Check.equal("1 + 2", BigInteger.valueOf(3), sum);
        }
        return "both forms were run";
    }
}
