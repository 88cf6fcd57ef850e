// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.Identity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PythonBootTest {
    private static String config(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("unidirectional", false);
        settings.put("max_message_size", 4096);
        settings.put("log_level", 20);
        settings.putAll(more);
        return PythonBoot.config("(0, 3, 51)", new Identity(7, 2, 0), settings);
    }

    private static void assertHas(String config, String entry) {
        assertTrue(config.contains(entry), config);
    }

    @Test
    void shouldTellAContextWhatEveryVersionWants() {
        assertEquals(
                "{'debug': False, 'profiling': False, 'unidirectional': False, 'log_level': 20,"
                        + " 'log_levels': [20, 20, 20], 'whitelist': [''], 'blacklist': [], 'import_overrides': [],"
                        + " 'import_blocks': [], 'max_message_size': 4096, 'parent_ids': [2, 0], 'context_id': 7,"
                        + " 'in_fd': 30, 'core_src_fd': 31, 'version': (0, 3, 51)}",
                config(Map.of()));
    }

    @Test
    void shouldTellAContextWhatThePythonMasterSaid() {
        Map<String, Object> said = new HashMap<>();
        said.put("import_overrides", List.of("acts", "mitogen"));
        said.put("import_blocks", List.of("evil", "b\u00f6se", "it's\\\n"));
        said.put("whitelist", List.of("acts", "\ud83d\ude00"));
        said.put("debug", true);
        said.put("log_levels", List.of(30L, 10L, 20L));
        said.put("max_message_size", 1L << 40);
        said.put("of_2030", Tuple.of(Tuple.of((Object) null), Map.of("a", -1L)));
        said.put("in_fd", 99L);

        String config = config(Map.of("python_config", said, "log_level", 30));

        assertHas(config, "'import_overrides': ['acts', 'mitogen']");
        assertHas(config, "'import_blocks': ['evil', u'b\\u00f6se', 'it\\'s\\\\\\x0a']");
        assertHas(config, "'whitelist': ['acts', u'\\U0001f600']");
        assertHas(config, "'debug': True");
        assertHas(config, "'log_levels': [30, 10, 20]");
        assertHas(config, "'log_level': 30");
        assertHas(config, "'max_message_size': 1099511627776");
        assertHas(config, "'of_2030': ((None,), {'a': -1})");
        assertHas(config, "'in_fd': 30");
    }

    @Test
    void shouldLowerTheLevelsOfAContextThatIsToSayMore() {
        Map<String, Object> said = Map.of("log_levels", List.of(30L, 5L, 40L), "log_level", 30L);

        assertHas(config(Map.of("python_config", said, "log_level", 10)), "'log_levels': [10, 5, 20]");
    }
}
