// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.loop.Broker;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Router;
import io.mitogen.core.testing.QuietLogExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What others told of a context, in names and messages of this process. */
final class ToldNamesTest {
    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    @Test
    void shouldShowNoActiveCharacterOfANameInAValueNorOfTheReasonOfAnEnd() {
        try (Broker broker = Broker.start("names", 1_000, log.sink())) {
            Router child = new Router(broker, new Identity(5, 0), new Router.Settings(1 << 20, false), log.sink());
            Context told = new Contexts(child).received(7, "web\u001b[31m1\rroot");
            assertEquals("web\\u001b[31m1\\u000droot", told.name());
        }
        assertEquals(
                "call: the respondent Context has disconnected: \\u001b[2Jgone\n    INFO: forged",
                ChannelException.gone("call", "\u001b[2Jgone\nINFO: forged").getMessage());
    }
}
