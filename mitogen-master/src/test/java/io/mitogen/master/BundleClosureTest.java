// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Much of the bundle runs inside turns of the broker, where no class can be waited for: so none of its classes may name a
 * class of this library that is neither in the bundle nor in the core.
 */
class BundleClosureTest {
    private final Set<String> bundle = Set.of(new String(ShippedLibrary.parentClasses(), UTF_8).split("\n"));

    @Test
    void shouldNameNothingOutsideTheBundleAndTheCore() throws IOException {
        List<String> outside = new ArrayList<>();
        for (String name : bundle) {
            for (String reference : ConstantPool.of(classFile(name)).references()) {
                String other = reference.replace('/', '.');
                if (other.startsWith("io.mitogen.")
                        && !other.startsWith("io.mitogen.core.")
                        && !bundle.contains(other)) {
                    outside.add(name + " names " + other);
                }
            }
        }
        assertEquals(List.of(), outside);
    }

    @Test
    void shouldNeedNoModuleButTheOneThatEveryJavaHas() throws IOException {
        JdkClasses jdk = new JdkClasses();
        List<String> others = new ArrayList<>();
        for (String name : bundle) {
            for (String reference : ConstantPool.of(classFile(name)).references()) {
                jdk.moduleOf(reference + ".class")
                        .filter(module -> !module.equals("java.base"))
                        .ifPresent(module -> others.add(name + " names " + reference + " of " + module));
            }
        }
        assertEquals(List.of(), others);
    }

    @Test
    void shouldHoldTheRoomsOfAParent() {
        for (String each : List.of(
                "io.mitogen.parent.Parenthood",
                "io.mitogen.relay.ClassForwarder",
                "io.mitogen.relay.ClassForwarder$Answer",
                "io.mitogen.connect.Local")) {
            assertTrue(bundle.contains(each), each + " not in " + bundle);
        }
    }

    private static byte[] classFile(String name) throws IOException {
        try (InputStream in = BundleClosureTest.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }
}
