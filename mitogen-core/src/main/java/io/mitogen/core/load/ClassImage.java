// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Blob;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One class or resource as it travels in LOAD_MODULE, or the news that there is none. Immutable; any thread. The data
 * stays deflated, so that a relay passes it on unopened; {@link #content} and {@link #copies} open it.
 */
public final class ClassImage {
    /*
     * The payload is the tuple of Mitogen's LOAD_MODULE:
     *
     *     (path, None, origin, data, related)      found
     *     (path, None, None,   None, (reason,))    negative; Python ignores the last element
     *
     *     data of a class:     zlib(class file)
     *     data of a resource:  zlib(int32 count, count times (int32 length, bytes)), big endian, in class path order;
     *                          the length is IN_PARTS, without bytes, for what is asked for in parts
     */
    /** Length of a copy that is too large for the message, and is asked for with {@link ResourcePart}. */
    public static final int IN_PARTS = -1;

    /** The most bytes an image may hold once inflated: far above any class file and any sane resource. */
    public static final int CONTENT_LIMIT = 64 << 20;

    /** Longest path of a request: far above the 4,096 bytes of a file's path, and above the name of any sane class. */
    public static final int MAX_PATH_CHARS = 32 * 1024;

    /** Longest request for a file, in bytes of UTF-8: no context asks for more, so nobody waits when it is ignored. */
    public static final int MAX_PATH_BYTES = 3 * MAX_PATH_CHARS + "/2147483647//j99.2147483647/".length();

    private static final String CLASS_SUFFIX = ".class";
    private static final int TUPLE_SIZE = 5;

    private final String path;

    @Nullable
    private final String origin; // null when negative

    @Nullable
    private final byte[] data; // null when negative

    private final List<String> related;

    @Nullable
    private final String reason; // null when found

    private ClassImage(
            String path,
            @Nullable String origin,
            @Nullable byte[] data,
            List<String> related,
            @Nullable String reason) {
        this.path = path;
        this.origin = origin;
        this.data = data;
        this.related = related;
        this.reason = reason;
    }

    /**
     * Returns the image of what was found at {@code path}.
     *
     * @param origin where it came from, for people
     * @param data the deflated content, which now belongs to the image
     * @param related paths of images that whoever needs this one will need too; copied
     */
    public static ClassImage found(String path, String origin, byte[] data, List<String> related) {
        List<String> copy = Collections.unmodifiableList(new ArrayList<String>(related));
        return new ClassImage(path, origin, data, copy, null);
    }

    /** Returns the negative image: there is nothing at {@code path}, because of {@code reason}. */
    public static ClassImage missing(String path, String reason) {
        return new ClassImage(path, null, null, Collections.<String>emptyList(), reason);
    }

    /** Returns this image with another list of related paths. */
    public ClassImage withRelated(List<String> paths) {
        return found(path, origin, data, paths);
    }

    /** Returns this image as the answer to {@code name}, under which it was asked for; one that only goes along stays as it is. */
    public ClassImage answering(String name) {
        return path.equals(pathIn(name)) ? named(name) : this;
    }

    /** Returns this image with another path. */
    public ClassImage named(String name) {
        return new ClassImage(name, origin, data, related, reason);
    }

    /**
     * Reads the payload of a LOAD_MODULE; its path is the one in the name that was asked for.
     *
     * @throws CorruptImageException for anything that is no such payload
     */
    public static ClassImage decode(byte[] payload) {
        Object value;
        try {
            value = PickleReader.fromBytes(payload, Globals.STANDARD);
        } catch (RuntimeException e) {
            throw new CorruptImageException("a LOAD_MODULE of " + payload.length + " bytes is no pickle", e);
        }
        if (!(value instanceof Tuple) || ((Tuple) value).size() != TUPLE_SIZE) {
            throw new CorruptImageException("a LOAD_MODULE holds no tuple of " + TUPLE_SIZE + " elements", null);
        }
        Tuple tuple = (Tuple) value;
        if (!(tuple.get(0) instanceof String)) {
            throw new CorruptImageException("a LOAD_MODULE names nothing", null);
        }
        String path = pathIn((String) tuple.get(0));
        List<String> strings = strings(path, tuple.get(4));
        if (tuple.get(3) == null) {
            return missing(path, strings.isEmpty() ? "the master could not serve it" : strings.get(0));
        }
        String origin = tuple.get(2) instanceof String ? (String) tuple.get(2) : "";
        return found(path, origin, bytes(path, tuple.get(3)), strings);
    }

    /** Returns the payload of the LOAD_MODULE that carries this image. */
    public byte[] encode() {
        if (data == null) {
            return PickleWriter.toBytes(Tuple.of(path, null, null, null, Tuple.of(reason)));
        }
        return PickleWriter.toBytes(Tuple.of(path, null, origin, data, related));
    }

    /** Returns the resource path of a class: {@code com/acme/Facts.class} for {@code com.acme.Facts}. */
    public static String pathOf(String className) {
        return className.replace('.', '/').concat(CLASS_SUFFIX);
    }

    /** Tells whether JVM contexts ask for classes and resources by such a name: a path. No Python module has one. */
    public static boolean isPath(String name) {
        return name.indexOf('/') >= 0 || isClass(name);
    }

    /** Returns what is asked for as {@code name}, in front of which a number may stand: {@code /7/logback.xml}. */
    public static String pathIn(String name) {
        return name.length() > 1 && name.charAt(0) == '/' && name.charAt(1) <= '9'
                ? name.substring(name.indexOf('/', 1) + 1)
                : name;
    }

    /** Returns the binary class name of a class file's path; any other path as it is. */
    public static String nameOf(String path) {
        if (!isClass(path)) {
            return path;
        }
        return path.substring(0, path.length() - CLASS_SUFFIX.length()).replace('/', '.');
    }

    /** Tells whether {@code path} is that of a class file. */
    public static boolean isClass(String path) {
        return path.endsWith(CLASS_SUFFIX);
    }

    /** Returns the resource path. */
    public String path() {
        return path;
    }

    /** Tells whether this is a negative image. */
    public boolean isMissing() {
        return data == null;
    }

    /** Returns why there is nothing; empty when there is something. */
    public String reason() {
        return reason == null ? "" : reason;
    }

    /** Returns where the content came from, for people; empty when unknown or negative. */
    public String origin() {
        return origin == null ? "" : origin;
    }

    /** Returns the paths of images that whoever needs this one will need too. */
    public List<String> related() {
        return related;
    }

    /** Returns the number of deflated bytes; 0 when negative. */
    public int deflatedLength() {
        return data == null ? 0 : data.length;
    }

    /**
     * Returns the class file.
     *
     * @throws CorruptImageException when the data cannot be inflated
     */
    public byte[] content() {
        return Inflation.inflate(path, data);
    }

    /**
     * Returns every copy of the resource, in the order of the sender's class path, null for those that come in parts; for a
     * class, the class file alone.
     *
     * @throws CorruptImageException when the data cannot be inflated or is cut off
     */
    public List<byte[]> copies() {
        if (data == null) {
            return Collections.emptyList();
        }
        byte[] content = content();
        return isClass(path) ? Collections.singletonList(content) : Inflation.split(path, content);
    }

    private static byte[] bytes(String path, @Nullable Object value) {
        if (value instanceof byte[]) {
            return (byte[]) value;
        }
        if (value instanceof Blob) {
            return ((Blob) value).bytes();
        }
        throw new CorruptImageException("the image of " + path + " has data that is no bytes", null);
    }

    private static List<String> strings(String path, @Nullable Object value) {
        List<String> strings = new ArrayList<String>();
        if (value instanceof Iterable) {
            for (Object each : (Iterable<?>) value) {
                if (!(each instanceof String)) {
                    throw new CorruptImageException("the image of " + path + " has a related name that is none", null);
                }
                strings.add((String) each);
            }
        }
        return strings;
    }
}
