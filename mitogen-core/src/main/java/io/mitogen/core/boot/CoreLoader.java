// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Holds the core in memory and defines its classes when they are needed. In a child, {@link FirstStage} defines this class, which
 * is the first part of the pack, and initializes it; it then hands a loader to {@code FirstStage}.
 *
 * <p>It refers to nothing else of this library. The rest of the core is fetched when a class of it is first needed, through the loader
 * that {@link #accept} is given. Any thread; parallel capable, because a class may be needed to receive the rest.
 */
public final class CoreLoader extends URLClassLoader implements Consumer<Object> {
    /*
     * A pack is deflated. It consists of seven parts, each an int length and as many bytes. Alike data of all classes stands
     * together, because that deflates better; all numbers are big endian:
     *
     *   loader     the file of this class as it is; nothing in the pack of the rest
     *   shared     for each distinct text, sorted, how many of its bytes, at most 255, are the first ones of the text before
     *   texts      the six bytes with which every file begins, then what else each text has, with a NUL behind it
     *   references to texts, u2 each: for each file the one that is its name, then its text constants in order
     *   tags       of all constants but those that are the second half of a long or double
     *   numbers    for each file size:u2 version:u2 constants:u2, then each constant but texts: its fields, without the tag. Each
     *              u2 of them is stored less the index of the constant, since most refer to a constant nearby
     *   rests      what follows the constants of each file
     */
    private static final String CONSTANT_BYTES = "\0\0\0\4\4\10\10\2\2\4\4\4\4\0\0\3\2\4\4\2\2"; // by tag
    private static final int TEXT = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int MAGIC_BYTES = 6;
    private static final int MAX_BLOCK_BYTES = 16 * 1024 * 1024;
    private static final int PACK_BUFFER_BYTES = 32 * 1024;
    private static final String CORE = "io.mitogen.core.";
    private static final String FIRST_STAGE = "FirstStage"; // its name on the command line
    private static final String OWN_FILE = "io/mitogen/core/boot/CoreLoader.class";
    private static final String ENTRY = "io.mitogen.core.boot.Entry";
    private static final String REST = "META-INF/mitogen/core.rest";

    static {
        registerAsParallelCapable();
        handOver();
    }

    private final Map<String, byte[]> files = new ConcurrentHashMap<String, byte[]>();
    private volatile Consumer<Object[]> entry; // set when the class ENTRY is initialized
    private volatile ClassLoader rest; // knows the rest; null before it can be asked, and when all is here

    private CoreLoader(ClassLoader parent) {
        super(new URL[0], parent);
    }

    /**
     * Makes a loader of a core.
     *
     * @param parent knows the JDK, and may know more, but is not asked for classes of the core
     * @param pack what every child needs
     */
    public CoreLoader(ClassLoader parent, byte[] pack) throws IOException {
        this(parent);
        unpack(new ByteArrayInputStream(pack));
    }

    private static void handOver() {
        tellFirstStage(
                new CoreLoader(CoreLoader.class.getClassLoader().getParent())); // which has the JDK's tools, and agents
    }

    /** Hands a loader to the first stage in a child that it started; elsewhere the loader of this class is some other. */
    @SuppressWarnings("unchecked") // FirstStage, which this may not know
    private static void tellFirstStage(Object loader) {
        ClassLoader first = CoreLoader.class.getClassLoader();
        if (first.getClass().getName().equals(FIRST_STAGE)) {
            ((Consumer<Object>) first).accept(loader);
        }
    }

    private static byte[] readBlock(DataInputStream link) throws IOException {
        int length = link.read() << 24 | link.read() << 16 | link.read() << 8 | link.read(); // as in FirstStage
        if (length < 0 || length > MAX_BLOCK_BYTES) {
            throw new IOException("a block of " + length + " bytes is no core of Mitogen");
        }
        byte[] block = new byte[length];
        link.readFully(block);
        return block;
    }

    /**
     * Takes what the core hands over, the way into it or the loader of its rest and of the program, and from the first stage what
     * starts a child, or an agent's jar.
     */
    @Override
    @SuppressWarnings("unchecked") // Entry is what it says
    public void accept(Object given) {
        if (given instanceof ClassLoader) {
            rest = (ClassLoader) given;
            tellFirstStage(given);
        } else if (given instanceof Consumer) {
            entry = (Consumer<Object[]>) given;
        } else if (given instanceof String) {
            addAgent((String) given);
        } else {
            start((Object[]) given);
        }
    }

    private void addAgent(String jar) {
        try {
            addURL(new File(jar).toURI().toURL());
        } catch (IOException e) {
            throw new IllegalArgumentException(jar, e);
        }
    }

    /** Ends the process, sooner or later. */
    private void start(Object[] arguments) {
        try {
            unpack(new ByteArrayInputStream((byte[]) arguments[arguments.length - 1]));
            Class.forName(ENTRY, true, this);
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("the core cannot be read", e);
        }
        entry.accept(arguments);
    }

    private void unpack(InputStream pack) throws IOException {
        DataInputStream parts = new DataInputStream(new InflaterInputStream(pack, new Inflater(), PACK_BUFFER_BYTES));
        keepLoader(readBlock(parts));
        byte[] shared = readBlock(parts);
        byte[] unshared = readBlock(parts);
        byte[][] texts = texts(shared, unshared);
        byte[] references = readBlock(parts);
        byte[] tags = readBlock(parts);
        byte[] numbers = readBlock(parts);
        byte[] rests = readBlock(parts);
        int reference = 0;
        int tag = 0;
        int field = 0;
        int rest = 0;
        while (reference < references.length) {
            String name = new String(texts[number(references, reference)], "UTF-8");
            reference += 2;
            byte[] file = new byte[number(numbers, field)];
            int count = number(numbers, field + 4);
            System.arraycopy(unshared, 0, file, 0, MAGIC_BYTES);
            System.arraycopy(numbers, field + 2, file, MAGIC_BYTES, 4);
            field += 6;
            int end = MAGIC_BYTES + 4;
            for (int i = 1; i < count; i++) {
                file[end++] = tags[tag];
                if (tags[tag] == TEXT) {
                    byte[] text = texts[number(references, reference)];
                    reference += 2;
                    put(file, end, text.length);
                    System.arraycopy(text, 0, file, end + 2, text.length);
                    end += 2 + text.length;
                } else {
                    int length = CONSTANT_BYTES.charAt(tags[tag]);
                    if ((length & 1) != 0) {
                        file[end++] = numbers[field++];
                    }
                    for (; length > 1; length -= 2) {
                        put(file, end, number(numbers, field) + i);
                        end += 2;
                        field += 2;
                    }
                    if (tags[tag] == LONG || tags[tag] == DOUBLE) {
                        i++; // these take two places
                    }
                }
                tag++;
            }
            System.arraycopy(rests, rest, file, end, file.length - end);
            rest += file.length - end;
            files.put(name + ".class", file);
        }
    }

    private static byte[][] texts(byte[] shared, byte[] unshared) {
        byte[][] texts = new byte[shared.length][];
        byte[] text = shared; // for the first, which shares nothing
        int at = MAGIC_BYTES;
        for (int i = 0; i < texts.length; i++) {
            int end = at;
            while (unshared[end] != 0) {
                end++;
            }
            int start = shared[i] & 0xff;
            text = Arrays.copyOf(text, start + end - at);
            System.arraycopy(unshared, at, text, start, end - at);
            texts[i] = text;
            at = end + 1;
        }
        return texts;
    }

    private void keepLoader(byte[] file) {
        if (file.length > 0) {
            files.put(OWN_FILE, file);
        }
    }

    private static void put(byte[] bytes, int at, int number) {
        bytes[at] = (byte) (number >> 8);
        bytes[at + 1] = (byte) number;
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private byte[] file(String path) throws IOException {
        ClassLoader loader = rest; // before the files: another thread adds them all before it sets this to null
        byte[] file = files.get(path);
        if (file == null && loader != null && path.startsWith("io/mitogen/core/")) {
            InputStream pack = loader.getResourceAsStream(REST);
            if (pack != null) {
                unpack(pack);
                rest = null;
                file = files.get(path);
            }
        }
        return file;
    }

    /** Gives a child that starts others the class files that these begin with. */
    @Override
    public InputStream getResourceAsStream(String name) {
        try {
            byte[] bytes = file(name);
            return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks nobody else for classes of the core. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(CORE)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (!name.startsWith(CORE)) {
            return super.findClass(name);
        }
        try {
            byte[] bytes = file(name.replace('.', '/') + ".class");
            if (bytes != null) {
                return defineClass(name, bytes, 0, bytes.length);
            }
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
        throw new ClassNotFoundException(name);
    }
}
