// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JvmLogOptionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "-Xlog -Xlog:all=info:stderr",
                "-Xlog: -Xlog::stderr",
                "-Xlog:gc* -Xlog:gc*:stderr",
                "-Xlog:gc*,safepoint=debug:stdout -Xlog:gc*,safepoint=debug:stderr",
                "-Xlog:gc::uptime,level -Xlog:gc:stderr:uptime,level",
                "-Xlog:gc:stdout:none -Xlog:gc:stderr:none",
                "-Xlog:gc:stdout:none:foldmultilines=true -Xlog:gc:stderr:none:foldmultilines=true",
                "-verbose -Xlog:class+load=info,class+unload=info:stderr",
                "-verbose:class -Xlog:class+load=info,class+unload=info:stderr",
                "-verbose:gc -Xlog:gc:stderr",
                "-verbose:jni -Xlog:jni+resolve=debug:stderr",
                "-verbose:module -Xlog:module+load=info,module+unload=info:stderr",
            })
    void shouldLogToStandardError(String option, String expected) {
        assertEquals(expected, JvmLogOption.toStandardError(option));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xlog:gc:stderr",
                "-Xlog:gc:file=/tmp/a:b:none",
                "-Xlog:gc:gc.log",
                "-Xlog:disable",
                "-Xlog:async",
                "-Xloggc:gc.log",
                "-Xmx64m",
                "-Da=-Xlog:gc"
            })
    void shouldLeaveOthersAsTheyAre(String option) {
        assertEquals(option, JvmLogOption.toStandardError(option));
    }
}
