// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.boot.ChildConfig;
import io.mitogen.core.pickle.Kwargs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignConfigTest {
    private static ChildConfig config(String text) throws IOException {
        Preamble preamble = Preamble.read(Preambles.stream(new ByteArrayInputStream(Preambles.of(text))));
        return ForeignConfig.childConfig(preamble, "local.1", List.of("/a.jar"));
    }

    private static String refusal(String from, String to) {
        String text = Preambles.OLD_CONFIG.replace(from, to);
        assertTrue(!text.equals(Preambles.OLD_CONFIG), from);
        return assertThrows(PreambleException.class, () -> config(text)).getMessage();
    }

    @Test
    void shouldBecomeTheConfigurationOfAJvmChild() throws IOException {
        ChildConfig config = config(Preambles.OLD_CONFIG);

        assertEquals(7, config.identity().id());
        assertArrayEquals(new int[] {2, 0}, config.identity().parentIds());
        Kwargs settings = config.settings();
        assertEquals("local.1", settings.get("name"));
        assertEquals(List.of("/a.jar"), settings.get("class_path"));
        assertEquals(true, settings.get("unidirectional"));
        assertEquals(134217728, settings.get("max_message_size"));
        assertEquals(20, settings.get("log_level"));
        assertEquals(true, settings.get("python_parent"));
        assertEquals("(0, 3, 3)", settings.get("python_version"));
        assertTrue(((byte[]) settings.get("python_core")).length > 0);
    }

    @Test
    void shouldTakeTheLevelOfTheRootLoggerFromALaterMitogen() throws IOException {
        Kwargs settings = config(Preambles.NEW_CONFIG).settings();

        assertEquals(30, settings.get("log_level"));
        assertEquals("(0, 3, 52, 'dev')", settings.get("python_version"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4096, 4096", "2147483648, 2147483647", "12345678901234567890, 2147483647"})
    void shouldTakeEverySizeOfMessages(String told, int longest) throws IOException {
        Kwargs settings =
                config(Preambles.OLD_CONFIG.replace("134217728", told)).settings();

        assertEquals(longest, settings.get("max_message_size"));
        assertEquals(told, String.valueOf(toldBelow(settings).get("max_message_size")));
    }

    @Test
    void shouldKeepForContextsBelowWhatIsNotOfThisOneAlone() throws IOException {
        Map<?, ?> old = toldBelow(config(Preambles.OLD_CONFIG.replace("'blacklist': []", "'blacklist': ['evil']"))
                .settings());
        Map<?, ?> later = toldBelow(
                config(Preambles.NEW_CONFIG.replace("{", "{'core_src_fd': 9, 'of_2030': [(None, {'a': -1})], "))
                        .settings());

        assertEquals(
                Map.of(
                        "debug",
                        false,
                        "unidirectional",
                        true,
                        "log_level",
                        20L,
                        "whitelist",
                        List.of(""),
                        "blacklist",
                        List.of("evil"),
                        "max_message_size",
                        134217728L),
                old);
        assertEquals(
                Set.of(
                        "debug",
                        "unidirectional",
                        "log_levels",
                        "import_blocks",
                        "import_overrides",
                        "max_message_size",
                        "of_2030"),
                later.keySet());
        assertEquals(List.of(30L, 10L, 20L), later.get("log_levels"));
    }

    private static Map<?, ?> toldBelow(Kwargs settings) {
        return (Map<?, ?>) settings.get("python_config");
    }

    @Test
    void shouldLogAllWhenItIsDebugged() throws IOException {
        String debugged = Preambles.OLD_CONFIG.replace("'debug': False", "'debug': True");
        assertEquals(10, config(debugged).settings().get("log_level"));
        assertEquals(
                5,
                config(debugged.replace("'log_level': 20", "'log_level': 5"))
                        .settings()
                        .get("log_level"));
    }

    @Test
    void shouldRefuseWhatIsMissingOrWrongByName() {
        assertEquals(
                "the configuration has nothing for context_id, not a number from 1 to 4294967295",
                refusal("'context_id': 7, ", ""));
        assertTrue(refusal("'context_id': 7", "'context_id': 0").contains("has 0 for context_id"));
        assertTrue(refusal("'context_id': 7", "'context_id': True").contains("has true for context_id"));
        assertTrue(refusal("'context_id': 7", "'context_id': 4294967296").contains("context_id"));
        assertTrue(refusal("[2, 0]", "[]").contains("no parents"));
        assertTrue(refusal("[2, 0]", "['2']").contains("for parent_ids"));
        assertTrue(refusal("[2, 0]", "None").contains("for parent_ids, not a list"));
        assertTrue(refusal("'unidirectional': True", "'unidirectional': 1").contains("for unidirectional, not a bool"));
        assertTrue(refusal("134217728", "-1").contains("max_message_size"));
        assertTrue(refusal("134217728", "0").contains("max_message_size, not a number from 1 to"));
        assertTrue(refusal("134217728", "-12345678901234567890").contains("max_message_size"));
        assertTrue(refusal("'log_level': 20", "'log_level': 'INFO'").contains("has INFO for log_level"));
        assertTrue(refusal("'log_level': 20", "'log_levels': []").contains("log_level"));
        assertTrue(refusal("(0, 3, 3)", "'0.3.3'").contains("for version, not a tuple"));
        assertTrue(refusal("'debug': False, ", "").contains("nothing for debug"));
        String shown = refusal("'version': (0, 3, 3)", "'version': '" + "x".repeat(1000) + "'");
        assertTrue(shown.length() < 200, shown);
    }
}
