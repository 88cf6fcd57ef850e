// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Finds class files and resources as contexts need them: from the loader of the function that is called, from the loaders that
 * were added, from those of the other functions that were called, from the context loader and the callers' loaders of the thread
 * that made this finder (which know a program that was run from its source file), and last from the class and module path. Never
 * finds what is the JDK's own. Any thread; reads files, so not on the broker thread.
 */
public final class ClassFinder {
    private final CopyOnWriteArrayList<ClassLoader> loaders;
    private final CopyOnWriteArrayList<ClassLoader> lastLoaders;
    private final CalledLoaders called;
    private final ModuleResources moduleResources;
    private final ConcurrentHashMap<String, Supplier<byte[]>> made;
    private final JarFloor floor;
    private final ModuleProviders providers;
    private final @Nullable World world; // whose loader comes first; null for none

    /** Makes a finder over the calling thread's context loader, its callers' loaders, and the class and module path. */
    public ClassFinder() {
        this(Asker.FLOOR);
    }

    ClassFinder(int release) {
        loaders = new CopyOnWriteArrayList<>();
        lastLoaders = new CopyOnWriteArrayList<>();
        called = new CalledLoaders(loader -> loader == lastLoaders.get(0) && loaders.isEmpty());
        moduleResources = new ModuleResources();
        made = new ConcurrentHashMap<>();
        floor = new JarFloor(release, new JarManifests(), new OpenParts());
        providers = new ModuleProviders(floor);
        world = null;
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

    private ClassFinder(ClassFinder all, int release, @Nullable World world) {
        loaders = all.loaders;
        lastLoaders = all.lastLoaders;
        called = all.called;
        moduleResources = all.moduleResources;
        made = all.made;
        floor = new JarFloor(release, all.floor.manifests(), all.floor.parts());
        providers = new ModuleProviders(floor);
        this.world = world;
    }

    /** Returns what finds, in the same loaders, what {@code asker} is to get; null when the world that it names is not known. */
    @Nullable
    ClassFinder as(Asker asker) {
        World wanted = called.world(asker.world());
        return wanted == null && asker.world() != 0 ? null : new ClassFinder(this, asker.release(), wanted);
    }

    /** Tells whether the loader that would come first is gone. */
    boolean isOfGoneLoader() {
        return world != null && world.loader() == null;
    }

    /** Returns the loaders of the functions that are called. */
    CalledLoaders called() {
        return called;
    }

    /** Returns the files that are being read in parts. */
    OpenParts parts() {
        return floor.parts();
    }

    /** Returns what is known of the manifests of the jars in which something was found. */
    JarManifests manifests() {
        return floor.manifests();
    }

    /**
     * Searches {@code loader} too: after that of the function which is called and those added earlier, before the loaders that are
     * searched anyway.
     */
    public void add(ClassLoader loader) {
        loaders.addIfAbsent(Objects.requireNonNull(loader, "loader"));
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
            URL url = resource(loader, path);
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
            URL url = resource(loader, path);
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
            for (Enumeration<URL> each = resources(loader, path); each.hasMoreElements(); ) {
                URL url = each.nextElement();
                urls.putIfAbsent(url.toExternalForm(), url);
            }
            URL newer = floor.release() > Runtime.version().feature() ? resource(loader, path) : null;
            if (newer != null) {
                urls.putIfAbsent(newer.toExternalForm(), newer);
            }
        }
        Optional<URL> encapsulated = moduleResources.find(path);
        if (encapsulated.isPresent()) {
            urls.putIfAbsent(encapsulated.get().toExternalForm(), encapsulated.get());
        }
        List<FoundFile> found = new ArrayList<>();
        long bytes = 0;
        for (URL url : urls.values()) {
            Optional<FoundFile> copy = isJdk(url)
                    ? Optional.empty()
                    : floor.read(url, path, rules.reading(rules.extent().of(found.size(), bytes)));
            if (copy.isPresent()) {
                found.add(copy.get());
                bytes += copy.get().bytes().length;
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
            if (first(loader, path) != null || providers.has(loader, path)) {
                return true;
            }
        }
        return false;
    }

    /** Returns where a parent of the loader that comes first finds {@code path}, if that loader finds nothing else there. */
    Optional<URL> inherited(String path) {
        ClassLoader own = world == null ? lastLoaders.get(0) : world.loader();
        URL url =
                own == null || own.getParent() == null ? null : own.getParent().getResource(path);
        return Optional.ofNullable(url).filter(each -> {
            URL first = own.getResource(path);
            return first != null && first.toExternalForm().equals(each.toExternalForm());
        });
    }

    /** Returns why contexts of the asker's Java cannot have what there is at {@code path}; empty when that is not so. */
    Optional<String> tooNew(String path) {
        return locate(path).flatMap(url -> floor.tooNew(url));
    }

    /** Returns where {@code loader} has {@code path}, for the asker's Java if that is newer than this one. */
    private @Nullable URL resource(ClassLoader loader, String path) {
        URL url = first(loader, path);
        for (int release = floor.release();
                url == null && release > Runtime.version().feature();
                release--) {
            url = first(loader, JarFloor.VERSIONS + release + "/" + path);
        }
        return url;
    }

    private @Nullable URL first(ClassLoader loader, String path) {
        return isOfAnother(loader) ? World.find(loader, path) : loader.getResource(path);
    }

    private Enumeration<URL> resources(ClassLoader loader, String path) throws IOException {
        try {
            return loader.getResources(path);
        } catch (RuntimeException e) {
            if (isOfAnother(loader)) {
                return Collections.emptyEnumeration();
            }
            throw e;
        }
    }

    /** Tells whether only functions of other programs have that loader: if it refuses to search, these files are found without it. */
    private boolean isOfAnother(ClassLoader loader) {
        return !(world != null && world.isOf(loader)) && !loaders.contains(loader) && !lastLoaders.contains(loader);
    }

    private List<ClassLoader> searchOrder() {
        Set<ClassLoader> order = new LinkedHashSet<>();
        if (world != null && world.loader() != null) {
            order.add(world.loader());
        }
        order.addAll(loaders);
        for (World other : called.worlds()) {
            if (world == null || !world.isRivalOf(other)) {
                order.add(other.loader());
            }
        }
        order.addAll(lastLoaders);
        order.remove(null); // those that are gone
        return new ArrayList<>(order);
    }

    /** Tells whether {@code url} lies in a JDK module of the running image: {@code jrt:/java.base/...}. */
    static boolean isJdk(URL url) {
        return url.getProtocol().equals("jrt")
                && JdkClasses.isJdkModule(url.getPath().substring(1));
    }
}
