// SPDX-License-Identifier: BSD-3-Clause
package com.acme.ship;

import io.mitogen.core.call.ChildContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;

/** What user code asks of its class loader, as functions to call in contexts. Any thread. */
public final class Probe {
    private Probe() {}

    /** Returns how loading {@code className} ended: its name, or the exception. */
    public static String load(String className) {
        try {
            return Class.forName(className, true, loader()).getName();
        } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
            return e.toString();
        }
    }

    /** Returns the text of every copy of a resource, in order. */
    public static List<String> copies(String path) throws IOException {
        List<String> texts = new ArrayList<>();
        for (URL url : Collections.list(loader().getResources(path))) {
            try (InputStream in = url.openStream()) {
                texts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
            }
        }
        return texts;
    }

    /** Returns the text of the first copy of a resource, null when there is none. */
    public static String text(String path) throws IOException {
        try (InputStream in = loader().getResourceAsStream(path)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    /** Returns the names of the providers of a service, and what each one says of itself. */
    public static List<String> providers(String service) throws ClassNotFoundException {
        List<String> names = new ArrayList<>();
        for (Object provider : ServiceLoader.load(Class.forName(service, true, loader()))) {
            names.add(provider.getClass().getName() + ": " + provider);
        }
        return names;
    }

    /** Loads {@code className} from many threads at once and returns how many ended with the same class. */
    public static int loadAtOnce(String className, int threads) throws InterruptedException {
        List<Class<?>> loaded = Collections.synchronizedList(new ArrayList<>());
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                try {
                    loaded.add(Class.forName(className, true, loader()));
                } catch (ClassNotFoundException e) {
                    throw new IllegalStateException(e);
                }
            });
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        return (int) loaded.stream().filter(each -> each == loaded.get(0)).count();
    }

    /** Returns the id of the context where this is called. */
    public static int ownId(ChildContext child) {
        return child.self().id();
    }

    /** Returns the id of the process where this is called. */
    public static long ownPid() {
        return ProcessHandle.current().pid();
    }

    private static ClassLoader loader() {
        return Probe.class.getClassLoader();
    }
}
