// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.Nullable;
import io.mitogen.core.Worlds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks upstream for what this context lacks, once per path however many threads want it, and remembers the answers.
 * Any thread, except where a method says otherwise.
 */
public final class Importer implements Worlds {
    /*
     * Why nobody waits for ever, and nothing is poisoned. A path is either cached, or pending, or neither; all of it
     * changes under one lock, which is never held while calling out. Who finds neither makes it pending and sends the
     * request; who finds it pending joins. A pending entry ends in exactly one of three ways, each of which takes it
     * out of the table first and wakes everybody then: the image came, the request could not be sent, upstream is
     * lost. Only the first is remembered for the path. Waiting ignores interrupts and gives them back afterwards: an
     * interrupt that ended the load would surface as a linkage error, which the JVM keeps for good in the class that
     * needed the other. An entry need not have been asked for: images sent ahead go to the cache and end a pending
     * entry just the same.
     */
    private final Upstream upstream;
    private final Object lock = new Object();
    private final ImageCache cache = new ImageCache(); // guarded by lock
    private final Map<String, Pending> pending = new HashMap<String, Pending>(); // guarded by lock

    @Nullable
    private String lostReason; // guarded by lock; null while there is an upstream

    @Nullable
    private volatile String world; // whose classes the last call was to run with; null when none said

    private final int release;
    private volatile String prefix;

    @Nullable
    private Mixture mixture; // on the thread that runs calls; null until classes of several worlds may be defined

    /** @param release the Java of this context, as 17: what it gets of multi-release jars */
    public Importer(Upstream upstream, int release) {
        this.upstream = upstream;
        this.release = release;
        this.prefix = prefix("0");
    }

    /**
     * Returns the image at {@code path}, negative if the master has none; waits for it if need be, whatever interrupts
     * come meanwhile.
     *
     * @throws ClassRefusedException in a turn of the broker, unless the image is here already; when upstream is lost
     */
    public ClassImage find(String path) {
        ClassImage refusal = path.startsWith("/")
                ? ClassImage.missing(path, "no path on a class path begins with a slash")
                : refuseLocally(path);
        boolean isOwn = path.startsWith("io/mitogen/") || path.startsWith("META-INF/mitogen/");
        return refusal != null ? refusal : await(isOwn ? path : prefix + path);
    }

    /** Returns the image of that name, as {@link #find} does. */
    ClassImage await(String path) {
        boolean mayWait = upstream.mayWait();
        Pending entry;
        boolean first;
        synchronized (lock) {
            ClassImage image = cache.get(path);
            if (image != null) {
                return image;
            }
            if (!mayWait) {
                throw new ClassRefusedException(Blame.CALLER, path, "the broker thread must not wait for it", null);
            }
            if (lostReason != null) {
                throw new ClassRefusedException(Blame.PEER, path, lostReason, null);
            }
            entry = pending.get(path);
            first = entry == null;
            if (first) {
                entry = new Pending();
                pending.put(path, entry);
            }
        }
        // Taken away before anything is sent: an interruptible channel would close itself under the request.
        boolean interrupted = Thread.interrupted();
        try {
            if (first) {
                request(path, entry);
            }
            interrupted |= entry.await();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return entry.result(path);
    }

    /**
     * Calls {@code listener} once with the image at {@code path}: at once if it is here, else when it comes. When
     * upstream is or gets lost, the image is a negative one with that reason. Never waits; the broker thread may call.
     */
    public void whenAvailable(String path, ImageListener listener) {
        ClassImage image = refuseLocally(path);
        Pending entry = null;
        boolean first = false;
        synchronized (lock) {
            if (image == null) {
                image = cache.get(path);
            }
            if (image == null && lostReason != null) {
                image = ClassImage.missing(path, lostReason);
            }
            if (image == null) {
                entry = pending.get(path);
                first = entry == null;
                if (first) {
                    entry = new Pending();
                    pending.put(path, entry);
                }
                entry.listeners.add(listener);
            }
        }
        if (image != null) {
            listener.onImage(image);
        } else if (first) {
            request(path, entry);
        }
    }

    /** Returns the image at {@code path} if it is here, else null. */
    @Nullable
    public ClassImage cached(String path) {
        synchronized (lock) {
            return cache.get(path);
        }
    }

    /** Takes an image from upstream, asked for or sent ahead. Never waits, calls waiting listeners. Broker thread. */
    public void onImage(ClassImage image) {
        Pending entry;
        synchronized (lock) {
            cache.put(image);
            entry = pending.remove(image.path());
        }
        if (entry != null) {
            entry.complete(image, image, null);
        }
    }

    /**
     * Fails all pending requests, and later ones for images that are not cached, with {@code reason}. Called again when it threw an
     * error. Broker thread.
     */
    public void onUpstreamLost(String reason) {
        while (true) {
            String path;
            Pending entry;
            synchronized (lock) {
                if (lostReason == null) {
                    lostReason = reason;
                }
                if (pending.isEmpty()) {
                    return;
                }
                path = pending.keySet().iterator().next();
                entry = pending.get(path);
            }
            fail(path, entry, reason, null);
            synchronized (lock) {
                pending.remove(path);
            }
        }
    }

    /** From now on keeps the images of defined classes too, for the children this context will have. */
    public void keepForChildren() {
        synchronized (lock) {
            cache.keepForChildren();
        }
    }

    @Nullable
    @Override
    public String of(Class<?> called) {
        return world;
    }

    @Override
    public String enter(String name) {
        int end = name.indexOf('/', 1);
        String given = name.substring(1, end);
        if (!given.equals(world)) {
            if (mixture == null && !cache.defined().isEmpty()) {
                mixture = new Mixture(this, cache.defined());
            }
            prefix = prefix(given);
            world = given;
        }
        String className = name.substring(end + 1);
        if (mixture != null) {
            mixture.check(prefix, className);
        }
        return className;
    }

    /**
     * Returns what stands in front of the names under which a context asks for classes and resources: its Java and the world; nothing
     * if both are the first.
     */
    private String prefix(String world) {
        String suffix = world.equals("0") ? "/" : "." + world + "/";
        return release == 17 && suffix.equals("/") ? "" : "/j" + release + suffix;
    }

    /** Tells whether the calling thread may wait for an image. */
    boolean mayWait() {
        return upstream.mayWait();
    }

    /** Tells whether the calling thread may wait, and there is somebody to wait for. */
    boolean mayAsk() {
        if (!upstream.mayWait()) {
            return false;
        }
        synchronized (lock) {
            return lostReason == null;
        }
    }

    /** Notes that the class whose image has {@code path} is defined: see {@link ImageCache}. */
    void onDefined(String path) {
        synchronized (lock) {
            cache.onDefined(path);
        }
    }

    /** Returns what {@link ClassImage#copies} does; forgets an image that is unusable, so that the next who wants it asks again. */
    List<byte[]> copiesIn(ClassImage image) {
        try {
            return image.copies();
        } catch (CorruptImageException e) {
            synchronized (lock) {
                cache.remove(image.path());
            }
            throw e;
        }
    }

    /** Returns the negative answer for what no context may take from another, or null. */
    @Nullable
    private static ClassImage refuseLocally(String path) {
        if (path.length() > ClassImage.MAX_PATH_CHARS) {
            String start = path.substring(0, 40);
            return ClassImage.missing(path, start + "... has " + path.length() + " characters, too many");
        }
        if (path.startsWith("io/mitogen/core/")) {
            return ClassImage.missing(path, "Mitogen's core is never fetched, and the core of this context lacks it");
        }
        return null;
    }

    /** Sends the request; whatever keeps it from being sent, a full stack or memory included, ends the entry. */
    private void request(String path, Pending entry) {
        try {
            upstream.request(path);
        } catch (RuntimeException | Error e) {
            synchronized (lock) {
                if (pending.get(path) != entry) {
                    return; // completed meanwhile: upstream got lost, or the image came unasked
                }
                pending.remove(path);
            }
            fail(path, entry, "it could not be asked for: " + e.getMessage(), e);
        }
    }

    private static void fail(String path, Pending entry, String reason, @Nullable Throwable cause) {
        entry.complete(
                null, ClassImage.missing(path, reason), new ClassRefusedException(Blame.PEER, path, reason, cause));
    }

    /** One request on its way, and those who wait for its answer. */
    private static final class Pending {
        /** Guarded by the importer's lock until this entry has left its table; then nobody adds any more. */
        final List<ImageListener> listeners = new ArrayList<ImageListener>(0);

        private boolean done; // guarded by this

        @Nullable
        private ClassImage image; // guarded by this

        @Nullable
        private ClassRefusedException failure; // guarded by this

        /** Waits for the end, ignoring interrupts; tells whether there was one. */
        synchronized boolean await() {
            boolean interrupted = false;
            while (!done) {
                try {
                    wait();
                } catch (InterruptedException expected) {
                    interrupted = true; // given back by the caller, once the class is whole
                }
            }
            return interrupted;
        }

        /** Returns the image, or throws why there is none; each caller gets an exception with its own stack. */
        synchronized ClassImage result(String path) {
            if (failure != null) {
                throw new ClassRefusedException(failure.blame(), path, failure.reason(), failure);
            }
            return image;
        }

        void complete(@Nullable ClassImage forWaiters, ClassImage forListeners, @Nullable ClassRefusedException why) {
            synchronized (this) {
                done = true;
                image = forWaiters;
                failure = why;
                notifyAll();
            }
            for (int i = 0; i < listeners.size(); i++) {
                listeners.get(i).onImage(forListeners);
            }
        }
    }
}
