// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** The Python modules that are part of this library. Immutable, any thread. */
final class OwnRoot implements ModuleRoot {
    /** Starts JVMs below Python contexts. */
    static final String JVM_BELOW = "mitogen_jvm_below";

    @Override
    public boolean hasSource(String path) {
        return path.equals(JVM_BELOW + SUFFIX);
    }

    @Override
    public boolean hasSourceBelow(String path) {
        return false;
    }

    @Override
    public void addModules(String path, Set<String> names) {
        if (path.isEmpty()) {
            names.add(JVM_BELOW);
        }
    }

    @Override
    @Nullable
    public byte[] read(String path) throws IOException {
        try (InputStream in = hasSource(path) ? OwnRoot.class.getResourceAsStream(path) : null) {
            return in == null ? null : in.readAllBytes();
        }
    }

    @Override
    public String show(String path) {
        return OwnRoot.class.getPackageName().replace('.', '/') + "/" + path;
    }
}
