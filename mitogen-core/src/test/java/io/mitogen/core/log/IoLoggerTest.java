// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.Log;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IoLoggerTest {
    private final LogLines sink = new LogLines();
    private final IoLogger logger = new IoLogger("stdout", sink);

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        logger.write(bytes, 0, bytes.length);
    }

    @Test
    void shouldLogOneRecordALine() {
        write("one\ntwo\r\n\nfour");

        assertEquals(List.of("stdout 20 one", "stdout 20 two", "stdout 20 "), sink.lines);
    }

    @Test
    void shouldJoinThePiecesOfALine() {
        write("in ");
        logger.write('a');
        write(" piece\n");

        assertEquals(List.of("stdout 20 in a piece"), sink.lines);
    }

    @Test
    void shouldLogTheRestOnceWhenClosed() {
        write("rest");
        logger.close();
        logger.close();

        assertEquals(List.of("stdout 20 rest"), sink.lines);
    }

    @Test
    void shouldCutWhatIsTooLongForALine() {
        write("x".repeat(IoLogger.MAX_LINE_BYTES) + "\n");
        write("y".repeat(IoLogger.MAX_LINE_BYTES + 1) + "\n");

        assertEquals(
                List.of(
                        "stdout 20 " + "x".repeat(IoLogger.MAX_LINE_BYTES),
                        "stdout 20 " + "y".repeat(IoLogger.MAX_LINE_BYTES),
                        "stdout 20 y"),
                sink.lines);
    }

    @Test
    void shouldCutBetweenCharactersOfAnyLength() {
        for (String character : List.of("\u00e4", "\u20ac", "\ud83d\ude00")) {
            sink.lines.clear();
            write("x" + character.repeat(IoLogger.MAX_LINE_BYTES) + "\n");

            StringBuilder joined = new StringBuilder();
            sink.lines.forEach(line -> joined.append(line.substring("stdout 20 ".length())));
            assertEquals("x" + character.repeat(IoLogger.MAX_LINE_BYTES), joined.toString());
        }
    }

    @Test
    void shouldReplaceWhatIsNoText() {
        logger.write(new byte[] {'a', (byte) 0xff, 'b', '\n'}, 0, 4);

        assertEquals(List.of("stdout 20 a\ufffdb"), sink.lines);
    }

    @Test
    void shouldDropLinesThatNobodyWants() {
        sink.minLevel = Log.WARNING;
        write("quiet\n");
        logger.close();

        assertEquals(List.of(), sink.lines);
    }

    @Test
    void shouldServeAPrintStream() {
        try (PrintStream out = new PrintStream(logger, true, StandardCharsets.UTF_8)) {
            out.printf("%d%n", 5);
            out.print('\u20ac');
            out.println(true);
            out.print("end");
        }
        assertEquals(List.of("stdout 20 5", "stdout 20 \u20actrue", "stdout 20 end"), sink.lines);
    }
}
