// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.Nullable;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The allow-list of a reader: Python names, and what makes a value of the arguments that come with each. Nothing a
 * peer sends can create an object that is not made by a factory in here. Immutable, any thread; the factories must be
 * fit for the threads that read.
 */
public final class Globals {
    /** Makes a value from arguments a peer sent. Must check their number and types and not recurse into them. */
    public interface Factory {
        /**
         * Returns the value for {@code arguments}.
         *
         * @throws PickleException with the peer to blame, if they will not do
         */
        Object make(Tuple arguments) throws PickleException;
    }

    /** Refuses every name. */
    public static final Globals NONE = new Globals(new HashMap<>());

    /** Blob, Secret and Kwargs of Mitogen, and what Python sends bytes and bytearrays with. */
    public static final Globals STANDARD = NONE.extend()
            .add(StandardFactory.MITOGEN, StandardFactory.BLOB, new StandardFactory(StandardFactory.BLOB))
            .add(StandardFactory.MITOGEN, StandardFactory.SECRET, new StandardFactory(StandardFactory.SECRET))
            .add(StandardFactory.MITOGEN, StandardFactory.KWARGS, new StandardFactory(StandardFactory.KWARGS))
            .add(StandardFactory.CODECS, StandardFactory.ENCODE, new StandardFactory(StandardFactory.ENCODE))
            .add(StandardFactory.BUILTIN, StandardFactory.BYTES, new StandardFactory(StandardFactory.BYTES))
            .add(StandardFactory.BUILTIN, StandardFactory.BYTEARRAY, new StandardFactory(StandardFactory.BYTEARRAY))
            .build();

    private static final int MAX_SHOWN_NAME = 100;

    private final Map<String, Entry> entries;

    private Globals(Map<String, Entry> entries) {
        this.entries = entries;
    }

    /** Returns a builder that starts with the names in here. */
    public Builder extend() {
        return new Builder(new HashMap<>(entries));
    }

    Entry find(String module, String name) {
        @Nullable Entry entry = entries.get(key(module, name));
        if (entry == null) {
            throw PickleException.peer("cannot unpickle '" + shown(module) + "'/'" + shown(name) + "'");
        }
        return entry;
    }

    private static String key(String module, String name) {
        return module + '\n' + name;
    }

    /** Returns a name from a peer, made harmless for a log. */
    private static String shown(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length() && i < MAX_SHOWN_NAME; i++) {
            char c = name.charAt(i);
            text.append(c < ' ' || c > '~' ? '?' : c);
        }
        return text.append(name.length() > MAX_SHOWN_NAME ? "..." : "").toString();
    }

    /** One allowed name, as it stands on the reader's stack: never a value in itself. */
    static final class Entry {
        private final String title;
        private final Factory factory;

        Entry(String title, Factory factory) {
            this.title = title;
            this.factory = factory;
        }

        Object make(Tuple arguments) {
            try {
                return factory.make(arguments);
            } catch (PickleException e) {
                throw e;
            } catch (RuntimeException e) {
                String message = "cannot unpickle " + title + " from " + arguments.size() + " arguments: " + e;
                throw new PickleException(PickleException.Blame.PEER, message, e);
            }
        }
    }

    /** Collects names for a new list. One thread at a time. */
    public static final class Builder {
        private final Map<String, Entry> entries;

        private Builder(Map<String, Entry> entries) {
            this.entries = entries;
        }

        /** Allows a name, or replaces what makes its values. */
        public Builder add(String module, String name, Factory factory) {
            entries.put(key(module, name), new Entry(module + "." + name, Objects.requireNonNull(factory, "factory")));
            return this;
        }

        /** Returns the list as it is now. */
        public Globals build() {
            return new Globals(new HashMap<>(entries));
        }
    }
}
