// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.child;

import io.mitogen.testkit.conformance.peer.Booting;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Peer;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The start of a child, up to its first frame. */
final class BootCases {
    private static final int PIECE_BYTES = 997;

    /** How long a child is watched that should say nothing. */
    private static final Duration MOMENT = Duration.ofMillis(500);

    private BootCases() {}

    static List<Case> cases() {
        return List.of(
                child(
                        "boot.markers",
                        "lines with MITO000, MITO001 and MITO002 come in this order, each once",
                        BootCases::markers),
                child(
                        "boot.silence",
                        "nothing is said between MITO000 and the last byte of what the child boots from",
                        BootCases::silence),
                child("boot.pieces", "what a child boots from may come in pieces", BootCases::pieces),
                child("boot.identity", "a child is who it was told to be", BootCases::identity),
                child(
                        "boot.lost-parent",
                        "a child whose link ends before it has all it boots from ends",
                        BootCases::lostParent));
    }

    private static String markers(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        bench.fence(peer.link());
        List<String> seen = new ArrayList<>();
        for (String line : peer.bootLines()) {
            for (String marker : List.of(Booting.FIRST, Booting.SECOND, Booting.LAST)) {
                if (line.contains(marker)) {
                    seen.add(marker);
                }
            }
        }
        Check.equal("markers", List.of(Booting.FIRST, Booting.SECOND, Booting.LAST), seen);
        return String.join(", ", seen);
    }

    private static String silence(Bench bench) throws Deviation, IOException {
        Booting booting = bench.launch(Wanted.DEFAULT);
        booting.awaitLine(Booting.FIRST);
        byte[] payload = booting.payload();
        booting.write(Arrays.copyOf(payload, payload.length - 1));
        boolean isEarly = booting.says(MOMENT, Booting.SECOND, Booting.LAST);
        Check.that(!isEarly, "no further marker", booting.lines().toString());
        booting.write(Arrays.copyOfRange(payload, payload.length - 1, payload.length));
        bench.fence(booting.framed().link());
        return "MITO001 and MITO002 after the last byte";
    }

    private static String pieces(Bench bench) throws Deviation, IOException {
        Booting booting = bench.launch(Wanted.DEFAULT);
        booting.awaitLine(Booting.FIRST);
        booting.writeInPieces(PIECE_BYTES);
        bench.fence(booting.framed().link());
        return "it booted from pieces of " + PIECE_BYTES + " bytes";
    }

    private static String identity(Bench bench) throws Deviation, IOException {
        Link link =
                bench.fresh(Wanted.DEFAULT.withId(4711).withParents(12, 9, 0)).link();
        Frame answer = link.awaitAnswer(link.call(bench.dialect().add(1, 2)), "an answer");
        Check.equal("src_id", 4711, answer.src());
        Check.equal("dst_id", 12, answer.dst());
        return answer.toString();
    }

    private static String lostParent(Bench bench) throws Deviation, IOException {
        for (int percent : new int[] {0, 50}) {
            Booting booting = bench.launch(Wanted.DEFAULT);
            booting.awaitLine(Booting.FIRST);
            booting.write(Arrays.copyOf(booting.payload(), booting.payload().length * percent / 100));
            booting.closeInput();
            booting.awaitExit();
        }
        return "it ended, with nothing and with half of it";
    }
}
