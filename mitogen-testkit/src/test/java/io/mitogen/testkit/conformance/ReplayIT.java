// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.JavaDialect;
import io.mitogen.testkit.conformance.peer.JvmTarget;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Peer;
import io.mitogen.testkit.conformance.peer.Session;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Json;
import io.mitogen.testkit.conformance.wire.PickleIn;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What newer versions of Mitogen for Python said to each other, said to our child, and held against the rules. */
@Timeout(120)
final class ReplayIT {
    private static final String NEWER = "sessions_mitogen-0.3.52dev";

    /** All reasons that the protocol knows, as their beginnings. */
    private static final List<String> REASONS = List.of(
            "invalid handle",
            "refused by policy",
            "reply from unexpected context",
            "no route to ",
            "routing mode prevents forward of message from context ",
            "message too large (max ",
            "the respondent Context has disconnected",
            "Broker has exitted",
            "Sender was explicitly closed");

    private static List<Frame> frames(String file, String direction) throws IOException {
        List<Frame> frames = new ArrayList<>();
        try (InputStream in = ReplayIT.class.getResourceAsStream("/vectors/" + file + ".json")) {
            Map<?, ?> all = (Map<?, ?>) Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            for (Object session : ((Map<?, ?>) all.get("sessions")).values()) {
                for (Object each : (List<?>) session) {
                    Map<?, ?> frame = (Map<?, ?>) each;
                    if (frame.get("dir").equals(direction) && frame.get("data_hex") != null) {
                        frames.add(frame(frame));
                    }
                }
            }
        }
        assertFalse(frames.size() < 20, direction + ": only " + frames.size() + " frames");
        return frames;
    }

    private static Frame frame(Map<?, ?> fields) {
        return new Frame(
                Integer.parseInt((String) fields.get("enc"), 16),
                number(fields, "dst_id"),
                number(fields, "src_id"),
                number(fields, "auth_id"),
                number(fields, "handle"),
                number(fields, "reply_to"),
                HexFormat.of().parseHex((String) fields.get("data_hex")));
    }

    private static int number(Map<?, ?> fields, String name) {
        return ((Number) fields.get(name)).intValue();
    }

    @Test
    void shouldAnswerEachCallAndLiveWhenANewerParentSpeaks() throws Exception {
        try (Peer peer = new JvmTarget(null, Session.of(Duration.ofSeconds(30))).start(Wanted.DEFAULT)) {
            Link link = peer.link();
            List<Integer> calls = new ArrayList<>();
            for (Frame frame : frames(NEWER, "parent->child")) {
                if (frame.handle() != Handle.SHUTDOWN && !frame.isDead()) {
                    int answer = frame.replyTo() == 0 ? 0 : link.newHandle();
                    link.send(new Frame(frame.enc(), 1, 0, 0, frame.handle(), answer, frame.body()));
                    if (answer != 0) {
                        calls.add(answer);
                    }
                }
            }
            for (int call : calls) {
                link.awaitAnswer(call, "an answer to a recorded frame");
            }
            assertEquals(BigInteger.valueOf(3), link.result(new JavaDialect().add(1, 2)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessions_mitogen-0.3.3", NEWER, "sessions_mitogen-0.3.52dev_py27-children"})
    void shouldKeepTheRulesWhenPythonSpoke(String file) throws Exception {
        for (String direction : List.of("parent->child", "child->parent")) {
            for (Frame frame : frames(file, direction)) {
                check(frame);
            }
        }
    }

    private static void check(Frame frame) throws Deviation {
        if (frame.isDead()) {
            assertEquals(Frame.MGC, frame.enc());
            assertFalse(REASONS.stream().noneMatch(frame.text()::startsWith), frame::toString);
        } else if (frame.handle() == Handle.FORWARD_LOG) {
            assertEquals(0, frame.dst());
            assertEquals(3, frame.text().split("\0", 3).length, frame::toString);
        } else if (frame.handle() == Handle.ADD_ROUTE) {
            assertFalse(!frame.text().matches("\\d+(:.*)?"), frame::text);
        } else if (frame.handle() == Handle.DEL_ROUTE) {
            assertFalse(!frame.text().matches("\\d+"), frame::text);
        } else if (frame.handle() == Handle.CALL_FUNCTION || frame.enc() == Frame.PKL) {
            PickleIn.readAll(frame.body());
        }
    }
}
