// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.ship.Greedy;
import com.acme.ship.Probe;
import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.ImportPolicy;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Contexts that ask for odd things, and for many: they get what the class path has and the rules allow, or a reason. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GreedyChildIT {
    private static final int FLOOD = 100_000;
    private static final int FLOOD_OF_RELAY = 12_000; // more than a context remembers

    @TempDir
    Path folder;

    private final Broker broker = Mitogen.startBroker();
    private final MasterRouter router = new MasterRouter(
            broker,
            RouterOptions.DEFAULT.withImports(new ImportPolicy(List.of("junit-platform.properties"), List.of())));

    @AfterEach
    void close() {
        router.close();
        broker.close();
    }

    @Test
    void shouldServeNothingOutsideTheClassPathWhateverThePath() {
        new Program(folder).resource("secret.txt", "outside");
        String file = folder.resolve("classes/secret.txt").toString();
        List<String> paths = List.of(
                "../../etc/passwd",
                "com/acme/../../../../etc/passwd",
                "/etc/passwd",
                "//etc/passwd",
                file,
                file.substring(1),
                "file:" + file,
                "file://" + file,
                "jar:file:" + file + "!/x",
                "http://127.0.0.1:1/x",
                "..",
                "",
                "com/acme/ship/%2e%2e/%2e%2e/secret.txt",
                "com\\acme",
                "META-INF/mitogen/other",
                "junit-platform.properties",
                "java/lang/String.class",
                "io/mitogen/core/boot/ChildMain.class");
        Context child = router.local();

        List<String> refusals = child.call(Greedy::refusals, paths);

        for (int i = 0; i < paths.size(); i++) {
            assertTrue(!refusals.get(i).isEmpty(), paths.get(i) + " was served");
        }
        assertTrue(refusals.get(paths.indexOf("junit-platform.properties")).contains("by its rule"));
    }

    @Test
    void shouldOutliveAFloodOfRequestsAndNamesOfAnyLengthAtAnyDepth() {
        Context near = router.local();
        Context far = router.connect(Local.create().via(near));

        near.call(Greedy::flood, FLOOD);
        far.call(Greedy::flood, FLOOD_OF_RELAY);
        for (Context each : List.of(near, far)) {
            each.call(Greedy::askForLongNames, 20, 1_000_000);
            assertEquals(each.id(), each.call(Probe::ownId));
            assertEquals("org.junit.jupiter.api.Test", each.call(Probe::load, "org.junit.jupiter.api.Test"));
        }
    }
}
