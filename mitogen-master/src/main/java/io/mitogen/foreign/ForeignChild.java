// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import io.mitogen.core.boot.ChildConfig;
import io.mitogen.core.boot.ChildMain;
import io.mitogen.core.boot.CoreLoader;
import io.mitogen.core.route.Identity;
import io.mitogen.master.ProgramClasses;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes this process a JVM context of a Python parent: plays the first stage that the parent expects, then starts the same core as
 * any other JVM context has, in a loader of its own. The main thread.
 */
public final class ForeignChild {
    private static final String FIRST_STAGE_READY = "MITO000\n";
    private static final String PREAMBLE_TAKEN = "MITO001\n";

    private ForeignChild() {}

    /**
     * Runs the context. Returns when its main thread has nothing more to do, while the process ends in order; at once when the
     * parent is gone before it said anything.
     *
     * @param name of the context; null for {@code local.PID}, as Python calls it
     * @param isMoved whether the link is descriptors 3 and 4, and descriptor 1 a FIFO that is open for both directions; else the
     *     link is the standard input and output
     * @throws IOException when the parent is none, or the link is no link
     */
    public static void run(String name, boolean isMoved) throws IOException {
        InheritedLink link = isMoved ? InheritedLink.takeMoved() : InheritedLink.takeStandard();
        say(link.out(), FIRST_STAGE_READY);
        PushbackInputStream in = new PushbackInputStream(link.in(), Preamble.BUFFER_BYTES);
        Preamble preamble;
        try {
            preamble = Preamble.read(in);
        } catch (EOFException expected) { // whoever started this is gone
            return;
        }
        String chosen = name == null ? "local." + ProcessHandle.current().pid() : name;
        ChildConfig config = ForeignConfig.childConfig(preamble, chosen, classPath());
        say(link.out(), PREAMBLE_TAKEN);
        Identity identity = config.identity();
        int maxMessageBytes = ((Number) config.settings().get("max_message_size")).intValue();
        ProgramClasses classes = new ProgramClasses(maxMessageBytes);
        ClassRelay relay = new ClassRelay(
                new InheritedLink(in, link.out(), link.stdout()),
                classes,
                identity.id(),
                identity.parentId(),
                maxMessageBytes);
        start(relay, link.stdout(), config, classes.corePayload(maxMessageBytes));
    }

    private static void start(ClassRelay relay, InputStream stdout, ChildConfig config, byte[] core)
            throws IOException {
        CoreLoader loader = new CoreLoader(ClassLoader.getPlatformClassLoader(), core); // knows the JDK's tools as well
        try {
            loader.loadClass(ChildMain.class.getName())
                    .getMethod(
                            "main",
                            InputStream.class,
                            OutputStream.class,
                            InputStream.class,
                            byte[].class,
                            byte[].class)
                    .invoke(null, relay.in(), relay.out(), stdout, config.toBytes(), core);
        } catch (InvocationTargetException e) {
            throw new IOException("the context cannot start: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IOException("the core cannot be started: " + e, e);
        }
    }

    /** Returns the class path of this JVM, from any folder that user code may change to. */
    private static List<String> classPath() {
        List<String> paths = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
            paths.add(new File(path).getAbsolutePath()); // an empty one is the working directory
        }
        return paths;
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write(line.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
