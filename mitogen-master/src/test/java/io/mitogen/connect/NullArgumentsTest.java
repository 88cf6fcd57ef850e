// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mitogen.core.call.Context;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What is null by mistake, as the value of a map that lacks a key, is refused where it is given. */
final class NullArgumentsTest {
    @Test
    void shouldNotStartHereWhatIsToBeStartedByAnotherContext() {
        assertRefusesNull("context", () -> Sudo.to("root").via(null));
        assertRefusesNull("context", () -> InProcess.create().via(null));
    }

    @Test
    void shouldNotTakeNothingForAChoice() {
        assertRefusesNull("interpreter", () -> Local.create().python(null));
        assertRefusesNull("program", () -> Local.create().java(null));
        assertRefusesNull("name", () -> Local.create().name(null));
        assertRefusesNull("name", () -> InProcess.create().name(null));
        assertRefusesNull("handler", () -> Sudo.to("root").questions(null));
        assertRefusesNull("imports", () -> RouterOptions.DEFAULT.withImports(null));
        assertRefusesNull("python", () -> RouterOptions.DEFAULT.withPython(null));
    }

    @Test
    void shouldNotFailLaterOnAThreadOfItsOwn() {
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker)) {
            Context context = router.context(7);
            assertRefusesNull("loader", () -> router.classes().add(null));
            assertRefusesNull("listener", () -> context.onGone(null));
            assertRefusesNull("function", () -> context.call((PythonFunction<Object>) null));
        }
    }

    private static void assertRefusesNull(String name, Executable giving) {
        assertEquals(name, assertThrows(NullPointerException.class, giving).getMessage());
    }
}
