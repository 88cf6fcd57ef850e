// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.IOException;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.net.URL;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the resources that a named module of the program keeps to itself, which no loader hands out: in a context there
 * are no modules, and the module's own code expects to find them. Any thread.
 */
final class ModuleResources {
    private final Map<String, ResolvedModule> moduleByFolder = new HashMap<>();

    ModuleResources() {
        for (ResolvedModule module : ModuleLayer.boot().configuration().modules()) {
            if (!JdkClasses.isJdkModule(module.name())) {
                module.reference()
                        .descriptor()
                        .packages()
                        .forEach(each -> moduleByFolder.put(each.replace('.', '/'), module));
            }
        }
    }

    Optional<URL> find(String path) throws IOException {
        int end = path.lastIndexOf('/');
        ResolvedModule module = end < 0 ? null : moduleByFolder.get(path.substring(0, end));
        if (module == null) {
            return Optional.empty();
        }
        try (ModuleReader reader = module.reference().open()) {
            Optional<URI> uri = reader.find(path);
            return uri.isPresent() ? Optional.of(uri.get().toURL()) : Optional.empty();
        }
    }
}
