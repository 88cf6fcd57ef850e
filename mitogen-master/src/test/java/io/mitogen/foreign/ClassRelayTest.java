// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.wire.Handles;
import io.mitogen.master.ProgramClasses;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ClassRelayTest {
    private static final String OWN = ClassImage.pathOf(ClassRelayTest.class.getName());
    private static final int LIMIT = 1 << 20;

    private final PipedOutputStream parent = new PipedOutputStream();
    private final ByteArrayOutputStream sentUp = new ByteArrayOutputStream();
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();
    private ClassRelay relay;
    private OutputStream out;

    @BeforeEach
    void greet() throws IOException {
        relay = relay(parent, LIMIT);
        out = relay.out();
        out.write("MITO002\n".getBytes(StandardCharsets.US_ASCII));
        expected.write("MITO002\n".getBytes(StandardCharsets.US_ASCII));
    }

    private ClassRelay relay(PipedOutputStream parent, int limit) throws IOException {
        InputStream in = new PipedInputStream(parent);
        InheritedLink link = new InheritedLink(in, sentUp, InputStream.nullInputStream());
        return new ClassRelay(link, new ProgramClasses(), Frames.CHILD, Frames.PARENT, limit);
    }

    private static byte[] request(String name) {
        return Frames.frame(Handles.GET_MODULE, Frames.PARENT, name);
    }

    /** Reads images until the one of {@code path} comes. */
    private List<ClassImage> imagesUntil(String path) throws IOException {
        List<ClassImage> images = new ArrayList<>();
        do {
            ByteBuffer header = ByteBuffer.wrap(relay.in().readNBytes(26));
            assertEquals(0x4d49, header.getShort());
            assertEquals(Frames.CHILD, header.getInt());
            assertEquals(Frames.PARENT, header.getInt());
            assertEquals(Frames.PARENT, header.getInt());
            assertEquals(Handles.LOAD_MODULE, header.getInt());
            assertEquals(0, header.getInt());
            byte[] body = relay.in().readNBytes(header.getInt());
            Tuple tuple = (Tuple) PickleReader.fromBytes(body, Globals.STANDARD);
            images.add(ClassImage.decode(body).answering((String) tuple.get(0)));
        } while (!images.get(images.size() - 1).path().equals(path));
        return images;
    }

    private ClassImage imageOf(String path) throws IOException {
        List<ClassImage> images = imagesUntil(path);
        return images.get(images.size() - 1);
    }

    private void checkSentUp() throws IOException {
        out.flush();
        assertArrayEquals(expected.toByteArray(), sentUp.toByteArray());
    }

    @Test
    void shouldAnswerRequestsForClassesAndPassAllElse() throws IOException {
        byte[] log = Frames.frame(Handles.FORWARD_LOG, 0, "a\0" + "20\0b");
        byte[] large = Frames.frame(1000, 0, new byte[500_000]);
        byte[] empty = Frames.frame(Handles.ALLOCATE_ID, 0, "");
        for (byte[] frame : List.of(log, request(OWN), large, request("META-INF/no"), empty)) {
            out.write(frame);
        }
        for (byte[] frame : List.of(log, large, empty)) {
            expected.write(frame);
        }
        checkSentUp();
        byte[] own;
        try (InputStream file = ClassRelayTest.class.getResourceAsStream("ClassRelayTest.class")) {
            own = file.readAllBytes();
        }
        assertArrayEquals(own, imageOf(OWN).content());
        assertEquals(
                "the class path of this JVM lacks it, and a Python master has no classes",
                imageOf("META-INF/no").reason());
    }

    @Test
    void shouldAnswerFromFramesThatComeByteByByte() throws IOException {
        byte[] route = Frames.frame(Handles.ADD_ROUTE, Frames.PARENT, "9:nine");
        for (byte[] frame : List.of(request(OWN), route, request("a/b"))) {
            for (byte each : frame) {
                out.write(each);
            }
        }
        expected.write(route);
        checkSentUp();
        assertFalse(imageOf(OWN).isMissing());
        assertTrue(imageOf("a/b").isMissing());
    }

    @Test
    void shouldServeWhatAParentNeedsWithItsBundle() throws IOException {
        out.write(request("io/mitogen/parent/Parenthood.class"));
        List<ClassImage> images = imagesUntil("io/mitogen/parent/Parenthood.class");
        assertTrue(images.size() > 10, () -> images.size() + " images");
        out.write(request("META-INF/mitogen/core.rest"));
        out.write(request("META-INF/mitogen/parent.classes"));
        assertFalse(imageOf("META-INF/mitogen/core.rest").isMissing());
        assertFalse(imageOf("META-INF/mitogen/parent.classes").isMissing());
    }

    @Test
    void shouldPassRequestsForPythonModules() throws IOException {
        for (String name : List.of("io", "pkg.module", "pkg.module", "x.xml")) {
            out.write(request(name));
            expected.write(request(name));
        }
        checkSentUp();
    }

    @Test
    void shouldAnswerWhatIsAskedForWithANumber() throws IOException {
        out.write(request("/0/no.properties"));
        out.write(request("/1/" + OWN));
        checkSentUp();
        assertTrue(imageOf("/0/no.properties").isMissing());
        assertFalse(imageOf("/1/" + OWN).isMissing());
    }

    @Test
    void shouldNotTakeWhatIsMeantForOthers() throws IOException {
        byte[] toAnother = Frames.frame(Handles.GET_MODULE, 0, OWN);
        byte[] dead = request(OWN);
        ByteBuffer.wrap(dead).putInt(18, Handles.DEAD);
        out.write(toAnother);
        out.write(dead);
        expected.write(toAnother);
        expected.write(dead);
        checkSentUp();
    }

    @Test
    void shouldRefuseWhatIsTooLargeForAMessage() throws IOException {
        relay = relay(new PipedOutputStream(), 200);
        relay.out().write('\n');
        relay.out().write(request(OWN));
        ClassImage image = imageOf(OWN);
        assertTrue(image.isMissing() && image.reason().contains("a message may have 200"), image.reason());
    }
}
