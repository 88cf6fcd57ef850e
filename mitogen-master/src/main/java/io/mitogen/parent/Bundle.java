// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The rooms that a child needs before it can be a parent: {@code parent}, {@code relay} and {@code connect}. They are fetched and
 * linked whole, because much of them runs inside turns of the broker, where no class can be waited for.
 */
public final class Bundle {
    /** Where the list of the bundle's classes is asked for: one binary name a line. The master makes it up. */
    public static final String LIST = "META-INF/mitogen/parent.classes";

    /** Classes of the core that a parent needs inside turns, and a leaf does not. */
    private static final List<String> CORE = List.of(
            "io.mitogen.core.boot.ExitStatus",
            "io.mitogen.core.pickle.TextValues",
            "io.mitogen.core.route.EgressSet",
            "io.mitogen.core.route.RouteTable",
            "io.mitogen.core.route.RouteTable$Node");

    private Bundle() {}

    /** Loads and links every class of the bundle through {@code loader}. */
    static void link(ClassLoader loader) {
        try (InputStream list = loader.getResourceAsStream(LIST)) {
            if (list == null) {
                throw new IllegalStateException("the master has no list of the classes that a parent needs: " + LIST);
            }
            for (String name : new String(list.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                Class.forName(name, true, loader);
            }
            for (String name : CORE) {
                Class.forName(name, true, loader);
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("cannot load the classes that a parent needs: " + e, e);
        }
    }
}
