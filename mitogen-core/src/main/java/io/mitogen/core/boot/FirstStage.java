// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.InflaterInputStream;

/**
 * The first class of a child, alone in its jar: reads the core from the link, defines it in memory and starts it.
 *
 * <p>It is compiled for Java 8 and refers to nothing else of this library, so that an old Java can still say how old it is.
 * The shell that started it moved the link to descriptors 3 and 4 and made a folder, given as the first argument, with two
 * FIFOs: {@code out}, to which descriptor 1 leads, and {@code gone}, whose reader deletes the folder. The link carries
 * two blocks, each an int length and as many bytes: the configuration, and the deflated core, a series of names and bytes
 * ended by an empty name.
 */
public final class FirstStage extends ClassLoader {
    private static final int NEEDED_JAVA = 17;
    private static final int MAX_BLOCK_BYTES = 16 * 1024 * 1024;
    private static final String MAIN_CLASS = "io.mitogen.core.boot.ChildMain";

    private final Map<String, byte[]> classes;

    private FirstStage(Map<String, byte[]> classes) {
        super(ClassLoader.getSystemClassLoader()); // which knows the JDK's tools, and otherwise this class only
        this.classes = classes;
    }

    /** Boots; returns when the child has ended, or at once with the reason on the link when it cannot begin. */
    public static void main(String[] args) throws Exception {
        OutputStream out = new FileOutputStream("/dev/fd/4");
        int java = featureVersion(System.getProperty("java.specification.version"));
        InputStream stdout = null;
        if (java >= NEEDED_JAVA) {
            stdout = new FileInputStream(args[0] + "/out");
        }
        OutputStream gone = new FileOutputStream(args[0] + "/gone");
        gone.write('\n');
        gone.close();
        if (stdout == null) {
            say(out, "MITOERR java-old " + System.getProperty("java.version") + " " + System.getProperty("java.home"));
            System.exit(1);
        }
        InputStream in = new FileInputStream("/dev/fd/3");
        say(out, "MITO000");
        byte[] config;
        byte[] payload;
        try {
            DataInputStream link = new DataInputStream(in);
            config = readBlock(link);
            payload = readBlock(link);
        } catch (EOFException expected) { // whoever started this is gone
            return;
        }
        say(out, "MITO001");
        new FirstStage(inflate(payload))
                .loadClass(MAIN_CLASS)
                .getMethod("main", InputStream.class, OutputStream.class, InputStream.class, byte[].class, byte[].class)
                .invoke(null, in, out, stdout, config, payload);
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

    /** Returns the files in a payload by name. */
    private static Map<String, byte[]> inflate(byte[] payload) throws IOException {
        Map<String, byte[]> files = new HashMap<String, byte[]>();
        DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(payload)));
        for (String name = in.readUTF(); !name.isEmpty(); name = in.readUTF()) {
            byte[] file = new byte[in.readInt()];
            in.readFully(file);
            files.put(name, file);
        }
        return files;
    }

    /** Gives a child that starts others its own class file. */
    @Override
    public InputStream getResourceAsStream(String name) {
        byte[] bytes = classes.get(name);
        return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
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
        byte[] bytes = classes.get(name.replace('.', '/') + ".class");
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }
}
