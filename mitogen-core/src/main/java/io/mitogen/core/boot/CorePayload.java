// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * The core as it crosses a link: every class of this module but the first stage, deflated, in the form that
 * {@link FirstStage} reads. A master builds it from its own classes, once; a child hands on what it was given. Never used on a
 * child's boot path.
 */
public final class CorePayload {
    private static final String PREFIX = "io/mitogen/core/";

    private CorePayload() {}

    /** Reads the classes of the core from wherever this class came from, and deflates them. Takes some tens of milliseconds. */
    public static byte[] build() {
        try {
            Map<String, byte[]> files = read();
            if (!files.containsKey("io/mitogen/core/boot/ChildMain.class")) {
                throw new IOException("no class of io.mitogen.core found beside " + CorePayload.class);
            }
            return deflate(files);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot collect the classes of io.mitogen.core that children need", e);
        }
    }

    /** Returns the bytes of the first stage's class file. */
    public static byte[] firstStage() {
        try (InputStream in = CorePayload.class.getResourceAsStream("FirstStage.class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read FirstStage.class", e);
        }
    }

    private static byte[] deflate(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater best = new Deflater(Deflater.BEST_COMPRESSION);
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, best))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.writeUTF(file.getKey());
                out.writeInt(file.getValue().length);
                out.write(file.getValue());
            }
            out.writeUTF("");
        } finally {
            best.end();
        }
        return bytes.toByteArray();
    }

    private static boolean belongs(String name) {
        return name.startsWith(PREFIX) && name.endsWith(".class") && !name.endsWith("package-info.class");
    }

    private static Map<String, byte[]> read() throws IOException {
        Module module = CorePayload.class.getModule();
        if (module.isNamed()) {
            Optional<ModuleReference> reference =
                    module.getLayer().configuration().findModule(module.getName()).map(found -> found.reference());
            if (reference.isPresent()) {
                return readModule(reference.get());
            }
        }
        try {
            URI source = CorePayload.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            Path path = Path.of(source);
            if (Files.isDirectory(path)) {
                return readTree(path);
            }
            try (FileSystem jar = FileSystems.newFileSystem(path)) {
                return readTree(jar.getPath("/"));
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static Map<String, byte[]> readModule(ModuleReference reference) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ModuleReader reader = reference.open()) {
            List<String> names = reader.list().filter(CorePayload::belongs).collect(Collectors.toList());
            for (String name : names) {
                try (InputStream in = reader.open(name).orElseThrow()) {
                    files.put(name, in.readAllBytes());
                }
            }
        }
        return files;
    }

    private static Map<String, byte[]> readTree(Path root) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        Path core = root.resolve(PREFIX);
        try (Stream<Path> paths = Files.walk(core)) {
            for (Path path : paths.collect(Collectors.toList())) {
                String name = root.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
                if (belongs(name)) {
                    files.put(name, Files.readAllBytes(path));
                }
            }
        }
        return files;
    }
}
