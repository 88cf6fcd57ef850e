// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.budget;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ContextOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What crosses the link to start a context: the command, the configuration and the core. */
class PayloadBudgetIT {
    private static final long LIMIT_BYTES = 100 * 1024;

    @Test
    void shouldSendLessThan100KiBToStartALeaf(@TempDir Path folder) throws Exception {
        Path copy = folder.resolve("sent");
        AtomicInteger commandBytes = new AtomicInteger();

        Mitogen.run(router -> {
            Context leaf = router.connect(new CountedLink(ContextOptions.DEFAULT, copy, commandBytes));
            // When the copier has passed on this call, it has written down all that came before.
            leaf.call(System::lineSeparator);
        });

        long linkBytes = Files.size(copy);
        String figures = commandBytes + " bytes of command and " + linkBytes + " bytes on the link";
        System.out.println("start of a leaf: " + figures);
        assertTrue(linkBytes > 10_000, figures);
        assertTrue(commandBytes.get() + linkBytes <= LIMIT_BYTES, figures + ", limit " + LIMIT_BYTES);
    }
}
