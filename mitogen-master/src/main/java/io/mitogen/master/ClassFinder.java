// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Finds class files and resources as contexts need them: from the loaders that were added, then from those of the functions
 * that were called, then from the context loader and the callers' loaders of the thread that made this finder (which know a program that was run from its source file),
 * then from the class and module path. Never finds what is the JDK's own. Any thread; reads files, so not on the broker thread.
 */
public final class ClassFinder {
    /** The oldest Java a context may run: of multi-release jars it gets what this release would see. */
    static final int FLOOR = 17;

    private final CopyOnWriteArrayList<ClassLoader> loaders = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<WeakReference<ClassLoader>> calledLoaders = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<ClassLoader> lastLoaders = new CopyOnWriteArrayList<>();
    private final ModuleResources moduleResources = new ModuleResources();
    private final ConcurrentHashMap<String, Supplier<byte[]>> made = new ConcurrentHashMap<>();
    private final JarFloor floor;
    private final ModuleProviders providers;

    /** Makes a finder over the calling thread's context loader, its callers' loaders, and the class and module path. */
    public ClassFinder() {
        this(FLOOR);
    }

    ClassFinder(int release) {
        floor = new JarFloor(release);
        providers = new ModuleProviders(floor);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null) {
            lastLoaders.addIfAbsent(context);
        }
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).forEach(frame -> {
            ClassLoader caller = frame.getDeclaringClass().getClassLoader();
            if (caller != null) {
                lastLoaders.addIfAbsent(caller);
            }
        });
        lastLoaders.addIfAbsent(ClassLoader.getSystemClassLoader());
    }

    /** Searches {@code loader} too, before the loaders that are searched anyway, after those added earlier. */
    public void add(ClassLoader loader) {
        loaders.addIfAbsent(Objects.requireNonNull(loader, "loader"));
    }

    /** Notes the loader of a function that is called; does not keep it alive. Cheap when it is known. */
    void onLoaderUsed(ClassLoader loader) {
        if (loaders.contains(loader) || lastLoaders.contains(loader)) {
            return;
        }
        for (WeakReference<ClassLoader> known : calledLoaders) {
            if (known.refersTo(loader)) {
                return;
            }
        }
        calledLoaders.removeIf(known -> known.refersTo(null));
        calledLoaders.add(new WeakReference<>(loader)); // twice, if two threads race: harmless
    }

    /** Makes what {@code content} gives, when it is asked for, the only copy of the resource at {@code path}. */
    void add(String path, Supplier<byte[]> content) {
        made.put(path, content);
    }

    /**
     * Returns the class file at {@code path}, from the first loader that has one which {@code rules} let go.
     *
     * @throws IOException when it is there but cannot be read
     */
    Optional<FoundFile> findClass(String path, FolderRules rules) throws IOException {
        for (ClassLoader loader : searchOrder()) {
            URL url = loader.getResource(path);
            if (url != null && !isJdk(url)) {
                Optional<FoundFile> found = floor.read(url, path, rules);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** Returns where {@link #findClass} finds the class file at {@code path}. */
    Optional<URL> locate(String path) {
        for (ClassLoader loader : searchOrder()) {
            URL url = loader.getResource(path);
            if (url != null && !isJdk(url)) {
                return Optional.of(url);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns all copies of the resource at {@code path} that {@code rules} let go, in search order, each once. The copy
     * of a folder is a listing. Service files are made of the descriptors of modules that have none.
     *
     * @throws IOException when one is there but cannot be read
     */
    List<FoundFile> findResources(String path, FolderRules rules) throws IOException {
        Supplier<byte[]> content = made.get(path);
        if (content != null) {
            return rules.extent().isDeep()
                    ? List.of()
                    : List.of(new FoundFile("the master", rules.extent().of(content.get())));
        }
        Map<String, URL> urls = new LinkedHashMap<>();
        for (ClassLoader loader : searchOrder()) {
            for (Enumeration<URL> each = loader.getResources(path); each.hasMoreElements(); ) {
                URL url = each.nextElement();
                urls.putIfAbsent(url.toExternalForm(), url);
            }
        }
        Optional<URL> encapsulated = moduleResources.find(path);
        if (encapsulated.isPresent()) {
            urls.putIfAbsent(encapsulated.get().toExternalForm(), encapsulated.get());
        }
        List<FoundFile> found = new ArrayList<>();
        for (URL url : urls.values()) {
            if (!isJdk(url)) {
                floor.read(url, path, rules).ifPresent(found::add);
            }
        }
        Map<String, FoundFile> serviceFiles = new LinkedHashMap<>();
        for (ClassLoader loader : searchOrder()) {
            providers.make(loader, path, urls.values(), rules).forEach(serviceFiles::putIfAbsent);
        }
        found.addAll(serviceFiles.values());
        return found;
    }

    /** Tells whether any loader has {@code path}, or a module from which it is made. */
    boolean hasResource(String path) {
        for (ClassLoader loader : searchOrder()) {
            if (loader.getResource(path) != null || providers.has(loader, path)) {
                return true;
            }
        }
        return false;
    }

    private List<ClassLoader> searchOrder() {
        List<ClassLoader> order = new ArrayList<>(loaders);
        for (WeakReference<ClassLoader> called : calledLoaders) {
            ClassLoader loader = called.get();
            if (loader != null) {
                order.add(loader);
            }
        }
        order.addAll(lastLoaders);
        return order;
    }

    /** Tells whether {@code url} lies in a JDK module of the running image: {@code jrt:/java.base/...}. */
    static boolean isJdk(URL url) {
        return url.getProtocol().equals("jrt")
                && JdkClasses.isJdkModule(url.getPath().substring(1));
    }
}
