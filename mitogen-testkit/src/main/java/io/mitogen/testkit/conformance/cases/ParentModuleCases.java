// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.parent;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.wire.Bytes;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Global;
import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleError;
import io.mitogen.testkit.conformance.wire.PickleIn;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Repr;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;

/** What a parent gives to a child that asks: modules, files beside them, ids; and what it takes: log records. */
final class ParentModuleCases {
    private static final String PARENT = "mitogen.parent";
    private static final String SSH = "mitogen.ssh";
    private static final int BLOCK = 1000;
    private static final int LONG_NAME = 3000;

    private ParentModuleCases() {}

    static List<Case> cases() {
        return List.of(
                parent(
                        "parent.ids.block",
                        "ids come in blocks of 1000: the first, and the one behind the last, above the child's own",
                        ParentModuleCases::block),
                parent("parent.ids.disjoint", "no id is given out twice", ParentModuleCases::disjoint),
                parent(
                        "parent.get-module.unknown",
                        "a module that is nowhere is answered, too: its name, then None, None, None and nothing related",
                        ParentModuleCases::unknown),
                parent(
                        "parent.get-module.form",
                        "the answer goes to handle 107 of the child that asks, with the parent's authority, and wants no answer",
                        ParentModuleCases::form),
                parent(
                        "parent.get-module.stdlib",
                        "modules of the interpreter itself are answered as if they were nowhere",
                        ParentModuleCases::stdlib),
                parent(
                        "parent.get-module.related",
                        "what a module needs comes before it, each once: mitogen.parent before mitogen.ssh",
                        ParentModuleCases::related),
                parent(
                        "parent.get-module.mitogen",
                        "mitogen.parent is served: a path, zlib of a text, names of related modules, and None for what is no package",
                        ParentModuleCases::mitogen),
                parent(
                        "parent.get-module.repeated",
                        "every request is answered, also a repeated one",
                        ParentModuleCases::repeated),
                parent(
                        "parent.get-module.odd-names",
                        "names that no module has are answered",
                        ParentModuleCases::oddNames),
                parent(
                        "parent.get-module.no-text",
                        "a request that is no text ends nothing",
                        ParentModuleCases::noText),
                parent(
                        "parent.get-resource.absent",
                        "a file that is nowhere is answered, too, in the form of the parent's version: its name and None in two pickles, before 0.3.41 in one; a parent before 0.3.37 has no such handle",
                        ParentModuleCases::resource),
                parent("parent.logs.record", "a record is taken without an answer", ParentModuleCases::record),
                parent("parent.logs.garbage", "a record that is none ends nothing", ParentModuleCases::logGarbage));
    }

    // == Ids ==

    private static String block(ParentStand stand) throws Deviation, NotApplicable {
        int[] block = stand.allocate();
        Check.equal("ids in a block", BLOCK, block[1] - block[0]);
        Check.that(block[0] > stand.link().ownId(), "ids above " + stand.link().ownId(), "a block from " + block[0]);
        return "from " + block[0] + " to " + (block[1] - 1);
    }

    private static String disjoint(ParentStand stand) throws Deviation, NotApplicable {
        int[] first = stand.allocate();
        int[] second = stand.allocate();
        Check.that(
                second[0] >= first[1] || second[1] <= first[0],
                "no id of both blocks",
                "from " + first[0] + " and from " + second[0]);
        return "from " + first[0] + " and from " + second[0];
    }

    // == Modules ==

    private static void request(ParentStand stand, byte[] name) throws Deviation, NotApplicable {
        stand.link().send(stand.link().frame(Handle.GET_MODULE, 0, name));
    }

    /** Asks for a module and waits for what comes under this name. */
    private static Frame ask(ParentStand stand, String name) throws Deviation, NotApplicable {
        int mark = stand.link().mark();
        request(stand, name.getBytes(StandardCharsets.UTF_8));
        return await(stand, mark, name);
    }

    private static Frame await(ParentStand stand, int mark, String name) throws Deviation, NotApplicable {
        return stand.link()
                .await(mark, "an answer to the request for " + Repr.brief(name), frame -> isAbout(frame, name));
    }

    private static boolean isAbout(Frame frame, String name) {
        return frame.handle() == Handle.LOAD_MODULE
                && !frame.isDead()
                && name.equals(tuple(frame).get(0));
    }

    private static Tuple tuple(Frame frame) {
        try {
            return PickleIn.read(frame.body()) instanceof Tuple tuple && tuple.size() == 5
                    ? tuple
                    : Tuple.of("no 5-tuple");
        } catch (PickleError e) {
            return Tuple.of("no pickle");
        }
    }

    private static void checkMissing(String name, Frame answer) throws Deviation {
        Tuple tuple = tuple(answer);
        Check.that(
                tuple.size() == 5 && tuple.get(1) == null && tuple.get(2) == null && tuple.get(3) == null,
                "(" + Repr.brief(name) + ", None, None, None, ...)",
                Repr.brief(tuple));
    }

    private static String unknown(ParentStand stand) throws Deviation, NotApplicable {
        Frame answer = ask(stand, "conformance_missing_1");
        checkMissing("conformance_missing_1", answer);
        Check.equal(
                "the answer",
                Repr.of(Tuple.of("conformance_missing_1", null, null, null, Tuple.of())),
                Repr.of(tuple(answer)));
        return Repr.brief(tuple(answer));
    }

    private static String form(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        Frame answer = ask(stand, "conformance_missing_2.below");
        Check.equal("dst_id", link.ownId(), answer.dst());
        Check.equal("src_id", link.peerId(), answer.src());
        Check.equal("auth_id", link.peerId(), answer.auth());
        Check.equal("reply_to", 0, answer.replyTo());
        return answer.toString();
    }

    private static String stdlib(ParentStand stand) throws Deviation, NotApplicable {
        List<String> names = List.of("nt", "_winapi", "sys", "conformance_missing.sys");
        for (String name : names) {
            checkMissing(name, ask(stand, name));
        }
        return String.join(", ", names);
    }

    private static Frame mitogenParent(ParentStand stand) throws Deviation, NotApplicable {
        for (Frame frame : stand.link().since(0)) {
            if (isAbout(frame, PARENT)) {
                return frame;
            }
        }
        return ask(stand, PARENT);
    }

    private static String mitogen(ParentStand stand) throws Deviation, NotApplicable {
        Tuple tuple = tuple(mitogenParent(stand));
        Check.equal("children", null, tuple.get(1));
        Check.that(tuple.get(2) instanceof String, "a path", Repr.brief(tuple.get(2)));
        String text = source(tuple.get(3));
        Check.that(
                text.contains("def _proxy_connect("),
                "a text with _proxy_connect",
                text.length() + " characters without");
        Check.that(names(tuple.get(4)) != null, "related names", Repr.brief(tuple.get(4)));
        return text.length() + " characters from " + tuple.get(2) + ", related: " + Repr.brief(tuple.get(4));
    }

    private static String source(Object data) throws Deviation {
        Object bytes = data instanceof Made made && made.by().equals(Global.BLOB)
                ? made.arguments().get(0)
                : data;
        if (bytes instanceof Bytes packed) {
            try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed.array()))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new Deviation("zlib of a text", e.toString());
            }
        }
        throw new Deviation("zlib of a text", Repr.brief(data));
    }

    private static List<?> names(Object related) {
        Object list = related instanceof Tuple tuple ? tuple.items() : related;
        return list instanceof List<?> names && names.stream().allMatch(String.class::isInstance) ? names : null;
    }

    private static String related(ParentStand stand) throws Deviation, NotApplicable {
        Frame wanted = ask(stand, SSH);
        List<?> related = names(tuple(wanted).get(4));
        Check.that(
                related != null && related.contains(PARENT),
                PARENT + " as related",
                Repr.brief(tuple(wanted).get(4)));
        List<Object> before = new ArrayList<>();
        for (Frame frame : stand.link().since(0)) {
            if (frame == wanted) {
                break;
            }
            if (frame.handle() == Handle.LOAD_MODULE
                    && String.valueOf(tuple(frame).get(0)).startsWith("mitogen.")) {
                before.add(tuple(frame).get(0));
            }
        }
        for (Object name : related) {
            boolean isThere = name.equals("mitogen.core") || before.contains(name);
            boolean isOfMitogen = name.toString().startsWith("mitogen.");
            Check.that(isThere || !isOfMitogen, name + " before " + SSH, String.valueOf(before));
        }
        long different = before.stream().distinct().count();
        Check.equal("modules that came, each once", (int) different, before.size());
        return before.stream().filter(related::contains).toList() + " came before";
    }

    private static String repeated(ParentStand stand) throws Deviation, NotApplicable {
        ask(stand, "conformance_missing_3");
        int mark = stand.link().mark();
        request(stand, "conformance_missing_3".getBytes(StandardCharsets.UTF_8));
        ask(stand, "conformance_missing_4"); // answers keep their order
        Check.that(
                stand.link().since(mark).stream().anyMatch(frame -> isAbout(frame, "conformance_missing_3")),
                "a second answer to a second request",
                "nothing was answered to it");
        return "two answers to two requests";
    }

    private static String oddNames(ParentStand stand) throws Deviation, NotApplicable {
        List<String> names = List.of(
                ".conformance",
                "conformance.",
                "conformance..x",
                "../../../../etc/passwd",
                "/etc/passwd",
                "conformance x",
                "conformance_m\u00f6dul_\u20ac_\ud83d\ude00",
                "conformance\nx",
                "conformance:x",
                "conformance" + "_x".repeat(LONG_NAME),
                "conformance" + ".x".repeat(LONG_NAME / 100));
        for (String name : names) {
            checkMissing(name, ask(stand, name));
        }
        return names.size() + " negative answers";
    }

    private static String noText(ParentStand stand) throws Deviation, NotApplicable {
        List<byte[]> all =
                List.of(new byte[0], new byte[] {0}, new byte[] {(byte) 0xff, (byte) 0xfe}, new byte[100_000]);
        for (byte[] each : all) {
            request(stand, each);
        }
        checkMissing("conformance_missing_6", ask(stand, "conformance_missing_6"));
        return all.size() + " requests changed nothing";
    }

    private static String resource(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        int mark = link.mark();
        Frame request = link.frame(
                Handle.GET_RESOURCE,
                link.newHandle(),
                PickleOut.toBytes(
                        Tuple.of(nameOfResource(stand, "mitogen"), nameOfResource(stand, "no_such_file_of_the_kit"))));
        link.send(request);
        Frame answer = link.await(
                mark,
                "an answer to GET_RESOURCE",
                frame -> frame.handle() == Handle.LOAD_RESOURCE || frame.handle() == request.replyTo());
        if (answer.isDead() && !stand.preamble().isSince(0, 3, 37)) {
            Check.dead(answer, Check.INVALID_HANDLE);
            return answer.toString();
        }
        Check.equal("handle", Handle.LOAD_RESOURCE, answer.handle());
        List<Object> values = PickleIn.readAll(answer.body());
        String expected = stand.preamble().isSince(0, 3, 41)
                ? "[('mitogen', 'no_such_file_of_the_kit'), None]"
                : "[('mitogen', 'no_such_file_of_the_kit', None)]";
        Check.equal("the answer", expected, Repr.of(values));
        return Repr.of(values);
    }

    /** Returns a name as a child of the parent's version writes it. */
    private static Object nameOfResource(ParentStand stand, String name) throws Deviation, NotApplicable {
        return stand.preamble().isSince(0, 3, 39) || !stand.preamble().isSince(0, 3, 37)
                ? name
                : name.getBytes(StandardCharsets.US_ASCII);
    }

    // == Logs ==

    private static void log(ParentStand stand, byte[] body) throws Deviation, NotApplicable {
        stand.link().send(stand.link().frame(Handle.FORWARD_LOG, 0, body).to(0));
    }

    private static String record(ParentStand stand) throws Deviation, NotApplicable {
        int mark = stand.link().mark();
        for (int level : new int[] {10, 20, 30}) {
            String record = "conformance\0" + level + "\0a record of the conformance kit, at level " + level
                    + ": w\u00f6rd \u20ac\0, and a line feed\nin it";
            log(stand, record.getBytes(StandardCharsets.UTF_8));
        }
        stand.fence();
        Check.none(stand.link(), mark, "answer at handle 0", frame -> frame.handle() == 0);
        return "nothing but the answer to the next frame";
    }

    private static String logGarbage(ParentStand stand) throws Deviation, NotApplicable {
        List<String> all = List.of(
                "",
                "\0",
                "\0\0",
                "conformance",
                "conformance\0" + "20",
                "conformance\0level\0text",
                "conformance\0\0text",
                "\0" + "20\0text",
                "conformance\0" + "99999999999999999999\0text",
                "conformance\0-1\0text");
        for (String each : all) {
            log(stand, each.getBytes(StandardCharsets.UTF_8));
        }
        log(stand, new byte[] {'k', 0, '2', '0', 0, (byte) 0xff, (byte) 0xc0});
        stand.fence();
        Check.dead(
                stand.ask(stand.link()
                        .frame(ParentStand.UNUSED, stand.link().newHandle(), new byte[0])
                        .to(0)),
                Check.INVALID_HANDLE);
        return (all.size() + 1) + " records changed nothing";
    }
}
