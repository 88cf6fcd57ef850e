// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.Nullable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.security.PermissionCollection;
import java.security.Permissions;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.Manifest;

/**
 * The loader of user code in a context that was started by another: the JDK and the core first, which the parent loader has,
 * then an extra class path on this machine, then the master. What this JVM has beyond the JDK, such as agents and modules that
 * were linked into it, comes last, and never as a service or as a part of this library. Any thread; several classes load at once.
 */
public final class ImportedClassLoader extends URLClassLoader {
    /*
     * Turns of the broker. A class is loaded under its own lock, and that lock is held while the image, or that of a
     * superclass, is on its way. A turn that took the lock would wait for a message which only a turn can bring. So
     * within a turn nothing is looked for that takes a lock of ours: a class is defined already, or the parent has it,
     * or the load is refused, even when its image lies in the cache. What turns use is linked beforehand.
     *
     * Errors. What is definite is a linkage error or ClassNotFoundException, which the JVM may remember: no such
     * class, too new, malformed. What may end well next time is a ClassRefusedException, which it does not remember.
     *
     * URLs. There are none: of its base this uses what fills in a package from a manifest, and what keeps a domain for each
     * place that classes come from.
     */
    private static final int VERSION_OFFSET = 6;
    private static final int PREVIEW_OFFSET = 4;

    /** Class file version 45 came with Java 1: the major version is the Java release and 44. */
    private static final int VERSION_BASE = 44;

    private static final int PREVIEW = 0xffff;

    static {
        registerAsParallelCapable();
    }

    private final Importer importer;
    private final ShippedResources resources;

    @Nullable
    private final ExtraClassPath extra; // null when there is none: its classes are not even loaded then

    @Nullable
    private volatile Runnable beforeLogging; // null from the moment that somebody runs it

    /**
     * Makes a loader.
     *
     * @param parent loads the core, which it takes from nobody else, and knows the JDK and what else this JVM has
     * @param extraClassPath jars and directories on this machine, searched before the master is asked; may be empty
     */
    public ImportedClassLoader(ClassLoader parent, List<String> extraClassPath, Importer importer) {
        super(new URL[0], parent);
        this.importer = importer;
        this.resources = new ShippedResources(importer);
        this.extra = extraClassPath.isEmpty() ? null : new ExtraClassPath(extraClassPath);
    }

    /** Returns what fetches the classes, for a context that is to feed children of its own. */
    public Importer importer() {
        return importer;
    }

    /**
     * Has {@code action} run once, on the thread that first needs a class of the JDK's logging through this loader, before it
     * gets that class. Others that come meanwhile do not wait for it: they may hold what it needs.
     */
    public void beforeLogging(Runnable action) {
        beforeLogging = action;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (importer.mayWait()) {
            if (beforeLogging != null && isLogging(name)) {
                runBeforeLogging();
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? load(name) : loaded;
            }
        }
        Class<?> loaded = findLoadedClass(name);
        if (loaded == null) {
            loaded = loadFromJvm(name);
        }
        if (loaded == null || !isFirst(loaded) && isOwn(name)) {
            throw new ClassRefusedException(
                    Blame.CALLER, ClassImage.pathOf(name), "the broker thread must not wait for it", null);
        }
        return loaded;
    }

    private Class<?> load(String name) throws ClassNotFoundException {
        Class<?> found = loadFromJvm(name);
        if (found != null && isFirst(found)) {
            return found;
        }
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) {
            if (found == null || isOwn(name)) {
                throw e;
            }
            return found;
        }
    }

    @Nullable
    private Class<?> loadFromJvm(String name) {
        try {
            return getParent().loadClass(name);
        } catch (ClassNotFoundException expected) {
            return null;
        }
    }

    /** Tells whether a class that this JVM has belongs to the JDK or the core. */
    private boolean isFirst(Class<?> found) {
        String module = found.getModule().getName();
        return module == null ? found.getName().startsWith("io.mitogen.core.") : isJdk(module);
    }

    private static boolean isJdk(String module) {
        return module.startsWith("java.") || module.startsWith("jdk.");
    }

    private static boolean isJdk(URL url) {
        return url.getProtocol().equals("jrt") && isJdk(url.getPath().substring(1));
    }

    private static boolean isOwn(String name) {
        return name.startsWith("io.mitogen.");
    }

    private static boolean isLogging(String name) {
        return name.startsWith("java.util.logging.") || name.startsWith("java.lang.System$Logger");
    }

    private void runBeforeLogging() {
        Runnable action;
        synchronized (importer) {
            action = beforeLogging;
            beforeLogging = null;
        }
        if (action != null) {
            action.run();
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.startsWith("[") || name.indexOf('/') >= 0) {
            throw new ClassNotFoundException(name);
        }
        String path = ClassImage.pathOf(name);
        ExtraClassPath.Found found = extra == null ? null : extra.findClass(path);
        if (found != null) {
            return define(name, found.bytes, found.source);
        }
        ClassImage image = importer.find(path);
        if (image.isMissing()) {
            throw new ClassNotFoundException(name + ": " + image.reason());
        }
        byte[] bytes = importer.copiesIn(image).get(0);
        CodeSource source = new CodeSource(resources.place(image.origin()), (Certificate[]) null);
        describePackage(name, importer.cached("META-INF/mitogen/manifest/" + image.origin()), source.getLocation());
        Class<?> defined = define(name, bytes, source);
        importer.onDefined(image.path());
        return defined;
    }

    /** Grants nothing beyond the JVM's policy; the base would open the place of the class to learn what that takes. */
    @Override
    protected PermissionCollection getPermissions(CodeSource source) {
        return new Permissions();
    }

    /** Gives the package of its first class what the manifest says that came ahead of it, if one did. */
    private void describePackage(String name, @Nullable ClassImage manifest, URL place) {
        int end = name.lastIndexOf('.');
        if (manifest != null && end > 0 && getDefinedPackage(name.substring(0, end)) == null) {
            try {
                InputStream said = new ByteArrayInputStream(manifest.copies().get(0));
                definePackage(name.substring(0, end), new Manifest(said), place);
            } catch (IOException | RuntimeException expected) {
                // another thread was first, or it is no manifest: the class is worth more than what that says of it
            }
        }
    }

    @Nullable
    @Override
    public URL getResource(String name) {
        URL found = getParent().getResource(name);
        if (found != null && isJdk(found)) {
            return found;
        }
        URL shipped = findResource(name);
        return shipped == null ? found : shipped;
    }

    /** As that of a loader without URLs; the base would keep what it opens for its own end. */
    @Nullable
    @Override
    public InputStream getResourceAsStream(String name) {
        URL found = getResource(name);
        try {
            return found == null ? null : found.openStream();
        } catch (IOException expected) { // the contract of this method
            return null;
        }
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> urls = new ArrayList<URL>();
        for (Enumeration<URL> all = getParent().getResources(name); all.hasMoreElements(); ) {
            URL url = all.nextElement();
            if (isJdk(url)) {
                urls.add(url);
            }
        }
        urls.addAll(Collections.list(findResources(name)));
        return Collections.enumeration(urls);
    }

    @Nullable
    @Override
    public URL findResource(String name) {
        URL url = extra == null ? null : extra.findResource(name);
        return url == null ? resources.first(name) : url;
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        List<URL> urls = isOnlyOfJdk(name) ? new ArrayList<URL>() : resources.all(name);
        if (extra != null) {
            urls.addAll(0, Collections.list(extra.findResources(name)));
        }
        return Collections.enumeration(urls);
    }

    /**
     * Tells whether a name is that of a service for which nobody waits, since the JDK looks for it on its own behalf: one that it
     * needs only to log or to make a channel; or any, in a turn and after the end of the link.
     */
    private boolean isOnlyOfJdk(String name) {
        return name.startsWith("META-INF/services/java.lang.")
                || name.startsWith("META-INF/services/java.nio.channels.")
                || name.startsWith("META-INF/services/java") && !importer.mayAsk();
    }

    private Class<?> define(String name, byte[] bytes, CodeSource source) {
        checkVersion(name, bytes);
        try {
            return defineClass(name, bytes, 0, bytes.length, source);
        } catch (ClassFormatError e) { // which need not name the class
            ClassFormatError named = new ClassFormatError(
                    name + ", which came from " + source.getLocation() + ", is no valid class: " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    private static void checkVersion(String name, byte[] bytes) {
        if (bytes.length < VERSION_OFFSET + 2) {
            throw new ClassFormatError(name + " came as " + bytes.length + " bytes, which is no class file");
        }
        int runs = Runtime.version().feature();
        int major = uint16(bytes, VERSION_OFFSET);
        if (major > runs + VERSION_BASE) {
            int needs = major - VERSION_BASE;
            throw new UnsupportedClassVersionError(name + " was compiled for Java " + needs + " (class file " + major
                    + "), this context runs Java " + runs + ": compile with --release " + runs
                    + " or give the context a newer Java");
        }
        if (uint16(bytes, PREVIEW_OFFSET) == PREVIEW && major < runs + VERSION_BASE) {
            int needs = major - VERSION_BASE;
            throw new UnsupportedClassVersionError(name + " uses preview features of Java " + needs
                    + ", this context runs Java " + runs + ": give the context Java " + needs);
        }
    }

    private static int uint16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }
}
