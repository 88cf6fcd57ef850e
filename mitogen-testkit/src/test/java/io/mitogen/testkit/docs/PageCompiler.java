// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles what stands in the blocks of a page. */
final class PageCompiler {
    private PageCompiler() {}

    /** Compiles all {@code java} blocks of {@code page} together into {@code classes}; fails with what the compiler says. */
    static void compile(Page page, Path classes) throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        for (Map.Entry<String, String> source : page.sources().entrySet()) {
            sources.add(new Source(source.getKey(), source.getValue()));
        }
        if (sources.isEmpty()) {
            return;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options =
                List.of("--release", "17", "-proc:none", "-cp", classPath(page), "-d", classes.toString());
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, null)) {
            compiler.getTask(null, files, problems, options, null, sources).call();
        }
        assertEquals(List.of(), problems.getDiagnostics(), "in the blocks of " + page);
    }

    /** What is said about the testkit is for tests: they have it and their framework, which programs do without. */
    static String classPath(Page page) {
        return page.name().equals("docs/testkit.md")
                ? System.getProperty("java.class.path")
                : Repository.libraryClassPath();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String content;

        Source(String className, String content) {
            super(URI.create("string:///" + className + ".java"), Kind.SOURCE);
            this.content = content;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }
    }
}
