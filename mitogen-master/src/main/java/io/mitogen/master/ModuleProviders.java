// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.lang.module.InvalidModuleDescriptorException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Provides;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/**
 * Makes service files of the {@code provides} clauses of modules, wherever a jar or folder has no service file. Contexts have
 * no modules, so {@code ServiceLoader} looks for service files only. Any thread; reads the descriptors of each loader once.
 */
final class ModuleProviders {
    private static final String SERVICES = "META-INF/services/";
    private static final String VERSIONS = "META-INF/versions/";
    private static final String DESCRIPTOR = "module-info.class";

    /** Descriptors are read for the master itself and never leave it. */
    private static final FolderRules RULES = new FolderRules(ImportPolicy.ALLOW_ALL, path -> true);

    private final JarFloor floor;
    private final Map<ClassLoader, List<Described>> modulesByLoader = Collections.synchronizedMap(new WeakHashMap<>());

    /** A module and the URL of the jar or folder that it is in. */
    private record Described(String root, ModuleDescriptor module) {
        List<String> providers(String service) {
            for (Provides each : module.provides()) {
                if (each.service().equals(service)) {
                    return each.providers();
                }
            }
            return List.of();
        }
    }

    ModuleProviders(JarFloor floor) {
        this.floor = floor;
    }

    /** Tells whether {@code path} is that of a service file for which a module that {@code loader} knows has providers. */
    boolean has(ClassLoader loader, String path) {
        return path.startsWith(SERVICES)
                && modules(loader).stream()
                        .anyMatch(each -> !each.providers(serviceOf(path)).isEmpty());
    }

    /**
     * Returns a service file for each module that {@code loader} knows and that has providers, but not for those in the jars and folders of
     * {@code files}.
     *
     * @param path of the service file; others have none
     * @param files URLs of the service files that exist
     * @param rules are told of the providers that are left out
     */
    Map<String, FoundFile> make(ClassLoader loader, String path, Collection<URL> files, FolderRules rules) {
        Map<String, FoundFile> made = new LinkedHashMap<>();
        if (!path.startsWith(SERVICES)) {
            return made;
        }
        for (Described each : modules(loader)) {
            boolean hasFile = files.stream().anyMatch(url -> rootOf(url, path).equals(each.root));
            StringBuilder lines = new StringBuilder();
            for (String provider : hasFile ? List.<String>of() : each.providers(serviceOf(path))) {
                String reason = unusable(loader, serviceOf(path), provider);
                if (reason == null) {
                    lines.append(provider).append('\n');
                } else {
                    rules.note(path, new FolderRules.Refusal(FolderRules.Rule.PROVIDER, reason));
                }
            }
            if (lines.length() > 0) {
                byte[] file = lines.toString().getBytes(StandardCharsets.UTF_8);
                made.put(
                        each.root,
                        new FoundFile(
                                "module " + each.module.name(), rules.extent().of(file)));
            }
        }
        return made;
    }

    /** Returns why the class cannot be named in a service file, where it would end the whole iteration; null when it can. */
    private static @Nullable String unusable(ClassLoader loader, String service, String provider) {
        try {
            Class<?> type = Class.forName(provider, false, loader);
            if (!Modifier.isStatic(type.getMethod("provider").getModifiers()) || isUsable(type, service, loader)) {
                return null;
            }
        } catch (ReflectiveOperationException | LinkageError expected) {
            return null; // it has no such method, or the context will be told what it lacks
        }
        return "its provider " + provider
                + " is left out, because a method provider() is called for modules only, and contexts"
                + " have none. Name a class with a public constructor in a file " + SERVICES + service;
    }

    private static boolean isUsable(Class<?> type, String service, ClassLoader loader) {
        try {
            type.getConstructor();
            return Class.forName(service, false, loader).isAssignableFrom(type);
        } catch (ReflectiveOperationException expected) {
            return false;
        }
    }

    private List<Described> modules(ClassLoader loader) {
        return modulesByLoader.computeIfAbsent(loader, this::read);
    }

    private List<Described> read(ClassLoader loader) {
        List<Described> modules = new ArrayList<>();
        try {
            for (URL url : Collections.list(loader.getResources(DESCRIPTOR))) {
                if (!ClassFinder.isJdk(url)) {
                    read(url).ifPresent(module -> modules.add(new Described(rootOf(url, DESCRIPTOR), module)));
                }
            }
        } catch (IOException | RuntimeException expected) {
            // a loader that cannot say what it has
        }
        return modules;
    }

    private Optional<ModuleDescriptor> read(URL url) {
        try {
            return floor.read(url, DESCRIPTOR, RULES)
                    .map(file -> ModuleDescriptor.read(ByteBuffer.wrap(file.bytes())))
                    .filter(module -> !module.provides().isEmpty());
        } catch (IOException | InvalidModuleDescriptorException expected) {
            return Optional.empty(); // no descriptor that this Java can read
        }
    }

    private static String serviceOf(String path) {
        return path.substring(SERVICES.length());
    }

    /** Returns the URL of the jar or folder in which {@code url} has {@code path}, in whatever version. */
    private static String rootOf(URL url, String path) {
        String text = url.toExternalForm();
        String root = text.endsWith(path) ? text.substring(0, text.length() - path.length()) : text;
        int versions = root.lastIndexOf(VERSIONS);
        return versions < 0 ? root : root.substring(0, versions);
    }
}
