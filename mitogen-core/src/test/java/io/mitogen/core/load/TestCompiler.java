// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Compiles the little programs of tests into a folder that is on nobody's class path. */
public final class TestCompiler {
    private TestCompiler() {}

    /** Writes a source file under {@code sources}, making its folders. */
    public static void write(Path sources, String path, String text) {
        try {
            Path file = sources.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles all Java files under {@code sources} into {@code classes}. */
    public static void compile(Path sources, Path classes, String... options) {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
        arguments.addAll(List.of(options));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0]));
        if (status != 0) {
            throw new IllegalStateException("javac " + arguments + " ended with " + status);
        }
    }
}
