// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import java.util.function.Consumer;
import java.util.zip.InflaterInputStream;

/**
 * The first class of a child: reads configuration and core from the link, and hands them to the {@code CoreLoader} that is in front of
 * the core. It travels on the command line, so it does nothing else but be the system class loader of the JVM, which stands for
 * the program's own loader from when that is there.
 *
 * <p>It is compiled for Java 8 and refers to nothing else of this library, so that an old Java can still say how old it is.
 * The shell that started it moved the link to descriptors 3 and 4 and made a folder, given as the first argument, with two
 * FIFOs: {@code out}, to which descriptor 1 leads, and {@code gone}, whose reader deletes the folder. The link carries
 * two blocks, each an int length and as many bytes: the configuration, and the part of the core that every child needs.
 *
 * <p>On the command line it has no package, because a module that is linked into the target's JVM might have this one: its classes
 * would be taken from there. The main thread boots; any thread loads classes.
 */
public final class FirstStage extends ClassLoader implements Consumer<Object> {
    /*
     * Constants are local variables, because the name of a field would cross the link.
     */
    static {
        registerAsParallelCapable();
    }

    private static Consumer<Object> core; // set when the class CoreLoader is initialized
    private static volatile ClassLoader program; // until there is one, what the JVM has with its agents

    /**
     * Makes the system class loader; called by the JVM, and once more for a loader of {@code CoreLoader}.
     *
     * @param jvm the loader that the JVM has for it otherwise
     */
    public FirstStage(ClassLoader jvm) {
        super(jvm);
        program = jvm;
    }

    /** Boots a child; ends the process when it cannot begin, with the reason on the link or on standard error, whatever threads an agent has started. */
    public static void main(String[] args) {
        try {
            boot(args);
        } catch (Exception e) { // mostly, whoever started this is gone; else the last lines heard say why
            e.printStackTrace();
        }
        System.exit(1);
    }

    private static void boot(String[] args) throws Exception {
        OutputStream out = output();
        String java = System.getProperty("java.specification.version");
        InputStream stdout = null;
        int neededJava = 17;
        if (!java.startsWith("1.") && Integer.parseInt(java) >= neededJava) {
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
            return;
        }
        InputStream in = input();
        say(out, "MITO000");
        DataInputStream link = new DataInputStream(in);
        byte[] config = block(link);
        byte[] pack = block(link);
        say(out, "MITO001");
        byte[] file = block(new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(pack))));
        FirstStage first = new FirstStage(program);
        String coreLoader = "io.mitogen.core.boot.CoreLoader";
        first.defineClass(coreLoader, file, 0, file.length);
        Class.forName(coreLoader, true, first);
        core.accept(new Object[] {in, out, stdout, config, pack});
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

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes("UTF-8"));
    }

    /** Reads a block. Its length comes byte by byte: for {@code readInt()} a newer JVM makes method handles first. */
    private static byte[] block(DataInputStream link) throws IOException {
        int length = link.read() << 24 | link.read() << 16 | link.read() << 8 | link.read();
        int mostBytes = 16 * 1024 * 1024;
        if (length < 0 || length > mostBytes) {
            throw new IOException(); // no core of Mitogen
        }
        byte[] block = new byte[length];
        link.readFully(block);
        return block;
    }

    /** Takes the loader of the core, without a reflective call, the first of which takes a newer JVM some 10 ms; then the program's. */
    @Override
    @SuppressWarnings("unchecked") // CoreLoader is what it says
    public void accept(Object loader) {
        if (core == null) {
            core = (Consumer<Object>) loader;
        } else {
            program = (ClassLoader) loader;
        }
    }

    /** Takes the jar of an agent; the JVM calls this by its name. */
    void appendToClassPathForInstrumentation(String jar) throws IOException {
        if (core == null) {
            program = new URLClassLoader(new URL[] {new File(jar).toURI().toURL()}, program);
        } else {
            core.accept(jar);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return program.loadClass(name);
    }

    @Override
    public URL getResource(String name) {
        return program.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return program.getResources(name);
    }
}
