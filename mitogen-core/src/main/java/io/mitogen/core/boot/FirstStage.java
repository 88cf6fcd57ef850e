// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The first class of a child: reads the core from the link, defines it in memory and starts it.
 *
 * <p>It is compiled for Java 8 and refers to nothing else of this library, so that an old Java can still say how old it is.
 * The shell that started it moved the link to descriptors 3 and 4 and made a folder, given as the first argument, with two
 * FIFOs: {@code out}, to which descriptor 1 leads, and {@code gone}, whose reader deletes the folder. The link carries
 * two blocks, each an int length and as many bytes: the configuration, and the part of the core that every child needs.
 *
 * <p>The rest of the core is fetched when a class of it is first needed, through the loader that {@link #accept} is given. Any
 * thread; parallel capable, because a class may be needed to receive the rest.
 */
public final class FirstStage extends ClassLoader implements Consumer<Object> {
    /*
     * A pack is deflated. It consists of five parts, each an int length and as many bytes. Alike data of all classes stands
     * together, because that deflates better; all numbers are big endian:
     *
     *   texts      count:u2, the six bytes with which every file begins, then each distinct text, sorted, with a NUL behind it
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
    private static final int FIRST_TEXT = 8;
    private static final int MAGIC_BYTES = 6;
    private static final int NEEDED_JAVA = 17;
    private static final int MAX_BLOCK_BYTES = 16 * 1024 * 1024;
    private static final int PACK_BUFFER_BYTES = 32 * 1024;
    private static final String ENTRY = "io.mitogen.core.boot.Entry";
    private static final String REST = "META-INF/mitogen/core.rest";

    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> files = new ConcurrentHashMap<String, byte[]>();
    private volatile Consumer<Object[]> entry; // set when the class ENTRY is initialized
    private volatile ClassLoader rest; // knows the rest; null before it can be asked, and when all is here

    /**
     * Makes a loader of a core.
     *
     * @param parent knows the JDK
     * @param pack what every child needs
     */
    public FirstStage(ClassLoader parent, byte[] pack) throws IOException {
        super(parent);
        unpack(new ByteArrayInputStream(pack));
    }

    /** Boots a child, which ends the process; returns at once when it cannot begin, with the reason on the link. */
    public static void main(String[] args) throws Exception {
        OutputStream out = output();
        int java = featureVersion(System.getProperty("java.specification.version"));
        InputStream stdout = null;
        if (java >= NEEDED_JAVA) {
            stdout = new FileInputStream(args[0] + "/out");
        }
        OutputStream gone = new FileOutputStream(args[0] + "/gone");
        gone.write('\n');
        gone.close();
        if (stdout == null) {
            say(
                    out,
                    "\nMITOERR java-old " + System.getProperty("java.version") + " in "
                            + System.getProperty("java.home"));
            System.exit(1);
        }
        InputStream in = input();
        say(out, "MITO000");
        byte[] config;
        byte[] pack;
        try {
            DataInputStream link = new DataInputStream(in);
            config = readBlock(link);
            pack = readBlock(link);
        } catch (EOFException expected) { // whoever started this is gone
            return;
        }
        say(out, "MITO001");
        // The system's loader has the JDK's tools, and otherwise this class only.
        FirstStage core = new FirstStage(getSystemClassLoader(), pack);
        Class.forName(ENTRY, true, core);
        core.entry.accept(new Object[] {in, out, stdout, config, pack});
    }

    private static InputStream input() throws Exception {
        try {
            return new FileInputStream("/dev/fd/3");
        } catch (FileNotFoundException expected) { // a socket, or somebody else's pipe
            return new FileInputStream(inherited(3));
        }
    }

    private static OutputStream output() throws Exception {
        try {
            return new FileOutputStream("/dev/fd/4");
        } catch (FileNotFoundException expected) { // as above
            return new FileOutputStream(inherited(4));
        }
    }

    /** Returns what cannot be opened by a path; the shell that started this saw that, and opened java.io to this class. */
    private static FileDescriptor inherited(int number) throws Exception {
        Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
        constructor.setAccessible(true);
        return constructor.newInstance(number);
    }

    private static int featureVersion(String specification) {
        return Integer.parseInt(specification.startsWith("1.") ? specification.substring(2) : specification);
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes("UTF-8"));
    }

    private static byte[] readBlock(DataInputStream link) throws IOException {
        int length = link.readInt();
        if (length < 0 || length > MAX_BLOCK_BYTES) {
            throw new IOException("a block of " + length + " bytes is no core of Mitogen");
        }
        byte[] block = new byte[length];
        link.readFully(block);
        return block;
    }

    /** Takes what the core hands over: the way into it, or the loader through which its rest is fetched from now on. */
    @Override
    @SuppressWarnings("unchecked") // Entry is what it says
    public void accept(Object given) {
        if (given instanceof ClassLoader) {
            rest = (ClassLoader) given;
        } else {
            entry = (Consumer<Object[]>) given;
        }
    }

    private void unpack(InputStream pack) throws IOException {
        DataInputStream parts = new DataInputStream(new InflaterInputStream(pack, new Inflater(), PACK_BUFFER_BYTES));
        byte[] texts = readBlock(parts);
        byte[] references = readBlock(parts);
        byte[] tags = readBlock(parts);
        byte[] numbers = readBlock(parts);
        byte[] rests = readBlock(parts);
        int[] starts = new int[number(texts, 0) + 1];
        starts[0] = FIRST_TEXT;
        for (int at = FIRST_TEXT, i = 0; at < texts.length; at++) {
            if (texts[at] == 0) {
                starts[++i] = at + 1;
            }
        }
        int reference = 0;
        int tag = 0;
        int field = 0;
        int rest = 0;
        while (reference < references.length) {
            int text = number(references, reference);
            reference += 2;
            String name = new String(texts, starts[text], starts[text + 1] - 1 - starts[text], "UTF-8");
            byte[] file = new byte[number(numbers, field)];
            int count = number(numbers, field + 4);
            System.arraycopy(texts, 2, file, 0, MAGIC_BYTES);
            System.arraycopy(numbers, field + 2, file, MAGIC_BYTES, 4);
            field += 6;
            int end = MAGIC_BYTES + 4;
            for (int i = 1; i < count; i++) {
                file[end++] = tags[tag];
                if (tags[tag] == TEXT) {
                    text = number(references, reference);
                    reference += 2;
                    int length = starts[text + 1] - 1 - starts[text];
                    put(file, end, length);
                    System.arraycopy(texts, starts[text], file, end + 2, length);
                    end += 2 + length;
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

    /** Gives a child that starts others its own class file. */
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
        if (!name.startsWith("io.mitogen.core.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    public URL getResource(String name) {
        URL url = super.getResource(name);
        return url == null || isInOwnJar(url) ? null : url;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> urls = new ArrayList<URL>();
        for (Enumeration<URL> all = super.getResources(name); all.hasMoreElements(); ) {
            URL url = all.nextElement();
            if (!isInOwnJar(url)) {
                urls.add(url);
            }
        }
        return Collections.enumeration(urls);
    }

    /** Tells what lies in this class's own jar, which is deleted by now and could not be opened. */
    private static boolean isInOwnJar(URL url) {
        CodeSource source = FirstStage.class.getProtectionDomain().getCodeSource();
        return source != null && url.toString().startsWith("jar:" + source.getLocation() + "!/");
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
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
