// SPDX-License-Identifier: BSD-3-Clause
package com.acme.ship;

import io.mitogen.core.call.ChildContext;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.ImportedClassLoader;
import io.mitogen.core.load.Importer;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.util.ArrayList;
import java.util.List;

/** A context that asks its parent for what it should not have, past its own loader. Main thread of a child. */
public final class Greedy {
    private Greedy() {}

    /** Asks for every path and returns why each was refused, empty for one that was not. */
    public static List<String> refusals(ChildContext child, List<String> paths) {
        Importer importer = ((ImportedClassLoader) child.loader()).importer();
        List<String> reasons = new ArrayList<>();
        for (String path : paths) {
            ClassImage image = importer.find(path);
            reasons.add(image.isMissing() ? image.reason() : "");
        }
        return reasons;
    }

    /** Sends {@code count} requests for names that nobody has, and waits for none of the answers. */
    public static void flood(ChildContext child, int count) {
        for (int i = 0; i < count; i++) {
            ask(child, "no/such/Class" + i + ".class");
        }
    }

    /** Sends {@code count} requests for a name of {@code length} characters. */
    public static void askForLongNames(ChildContext child, int count, int length) {
        for (int i = 0; i < count; i++) {
            ask(child, "x".repeat(length));
        }
    }

    private static void ask(ChildContext child, String path) {
        child.router().send(Message.text(child.parent().id(), Handles.GET_MODULE, path));
    }
}
