// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.boot.ChildMain;
import io.mitogen.parent.Parenthood;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What of this library crosses links: the core, whole, and the list of what a parent needs beyond it. Any thread. */
final class ShippedLibrary {
    /** Where a child asks for the rest of the core; {@code CoreLoader} knows it, too. */
    static final String REST_PATH = "META-INF/mitogen/core.rest";

    /** Where the JDK looks for what makes URLs of texts, such as those of shipped resources. */
    static final String URLS_PATH = "META-INF/services/java.net.spi.URLStreamHandlerProvider";

    private static final String CORE = "io/mitogen/core/";
    private static final String LOADER = CORE + "boot/CoreLoader.class";

    /**
     * What only contexts need that call others, start some, are called by names alone or talk to Python 2. All of it is fetched
     * when one is first needed, which must be outside of turns; so a turn must not be the first to need one, except for
     * those that {@code Bundle} links before a context becomes a parent.
     */
    private static final Set<String> REST = Set.of(
            "AnyThread",
            "BrokerThread",
            "Nullable",
            "Printable",
            "boot/ExitStatus",
            "boot/FirstStage",
            "call/CallChain",
            "call/CallInterruptedException",
            "call/Callee",
            "call/ChannelException",
            "call/ConnectionMethod",
            "call/Connector",
            "call/ContextGoneException",
            "call/FailureText",
            "call/GoneListener",
            "call/LambdaExtractor",
            "call/MethodSearch",
            "call/Misfit",
            "call/NoJavaTypeException",
            "call/NoReplyCalls",
            "call/Overloads",
            "call/PendingCall",
            "call/PythonFunction",
            "call/PythonNames",
            "call/Receiver",
            "call/Remote",
            "call/ResultTypes",
            "call/RemoteMethod",
            "call/Select",
            "call/Selectable",
            "call/Sender",
            "call/UnreadableValue",
            "call/Watch",
            "load/FolderConnection",
            "load/FolderJar",
            "load/Mixture",
            "load/PartsStream",
            "load/ResourcePart",
            "load/ResourceUrls",
            "loop/ChannelReceiveSide",
            "loop/ChannelTransmitSide",
            "loop/Channels",
            "loop/Crew",
            "loop/LineProtocol",
            "loop/SelectorPoller",
            "loop/SharedKey",
            "pickle/Erasure",
            "pickle/KeyClash",
            "pickle/Opcode",
            "pickle/TextValues",
            "pickle/WriterPath",
            "route/PeerLog",
            "route/EgressSet",
            "route/ForwardFilter",
            "route/Ancestry",
            "route/RouteTable",
            "route/RouterShutdown");

    private static final byte[] NO_LOADER = {};

    private static final Made PAYLOAD = new Made(() -> corePack(name -> !isRest(name)));
    private static final Made WHOLE_CORE = new Made(() -> corePack(name -> true));
    private static final Made CORE_REST = new Made(() -> corePack(ShippedLibrary::isRest));
    private static final Made PARENT_CLASSES = new Made(ShippedLibrary::listParentClasses);

    private ShippedLibrary() {}

    /** What is made when first needed, for all; where that fails, as when descriptors or memory run out, the next try may do. */
    static final class Made {
        private final Supplier<byte[]> maker;
        private @Nullable byte[] bytes; // guarded by this

        Made(Supplier<byte[]> maker) {
            this.maker = maker;
        }

        synchronized byte[] get() {
            if (bytes == null) {
                bytes = maker.get();
            }
            return bytes;
        }
    }

    /**
     * Returns the part of the core that every child needs, as a pack. Takes some tens of milliseconds the first time; all
     * routers of a process share the array and must not change it.
     */
    static byte[] corePayload() {
        return PAYLOAD.get();
    }

    /** Returns both parts of the core as one pack; shared as the other. */
    static byte[] wholeCore() {
        return WHOLE_CORE.get();
    }

    /** Returns the rest of the core, as a pack; shared as the other. */
    static byte[] coreRest() {
        return CORE_REST.get();
    }

    private static byte[] corePack(Predicate<String> wanted) {
        try {
            Map<String, byte[]> files =
                    OwnClasses.read(ChildMain.class, "mitogen-core", name -> isClass(name, CORE) && wanted.test(name));
            byte[] loader = files.remove(LOADER);
            return CorePack.of(loader == null ? NO_LOADER : loader, files);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot collect the classes of io.mitogen.core that contexts need: " + e, e);
        }
    }

    private static boolean isRest(String name) {
        int end = name.indexOf('$') < 0 ? name.length() - ".class".length() : name.indexOf('$');
        return REST.contains(name.substring(CORE.length(), end));
    }

    /** Returns the binary names of all classes that a child needs before it can be a parent, one a line; shared as the packs. */
    static byte[] parentClasses() {
        return PARENT_CLASSES.get();
    }

    private static byte[] listParentClasses() {
        try {
            Map<String, byte[]> files = OwnClasses.read(
                    Parenthood.class,
                    "mitogen-master",
                    name -> isClass(name, "io/mitogen/parent/")
                            || isClass(name, "io/mitogen/relay/")
                            || isClass(name, "io/mitogen/connect/"));
            StringBuilder names = new StringBuilder();
            for (String file : files.keySet()) {
                names.append(file.substring(0, file.length() - ".class".length())
                                .replace('/', '.'))
                        .append('\n');
            }
            return names.toString().getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the classes that a parent needs: " + e, e);
        }
    }

    private static boolean isClass(String name, String folder) {
        return name.startsWith(folder) && name.endsWith(".class") && !name.endsWith("-info.class");
    }
}
