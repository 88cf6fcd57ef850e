// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mitogen.core.wire.Handles;
import io.mitogen.parent.ConnectException;
import io.mitogen.unix.UnixConnectException;
import io.mitogen.unix.UnixListenException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation says of the code is true, as far as a machine can tell. */
final class DocsTest {
    /** A word in backticks that may be a type, with a member or without: {@code Router}, {@code Broker.close()}. */
    private static final Pattern TYPE_NAME =
            Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?(?:\\([^`]*\\))?(?:<[^`]*>)?`");

    private static final Pattern DECLARED_TYPE = Pattern.compile("\\b(?:class|interface|record|enum) ([A-Z]\\w*)");
    private static final Pattern PATH =
            Pattern.compile("`((?:docs|bin|config|mitogen-\\w+|\\.ci|\\.mvn)/[^`\\s]*|[\\w-]+\\.(?:md|xml))`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final List<String> JDK_PACKAGES = List.of(
            "java.lang",
            "java.util",
            "java.util.concurrent",
            "java.util.logging",
            "java.math",
            "java.time",
            "java.io",
            "java.nio.file",
            "java.nio.channels",
            "java.lang.invoke");

    static List<Page> pages() throws IOException {
        return Repository.pages();
    }

    @ParameterizedTest
    @MethodSource("pages")
    @Timeout(120)
    void shouldShowOnlyCodeThatCompiles(Page page, @TempDir Path classes) throws IOException {
        PageCompiler.compile(page, classes);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldNameOnlyTypesThatExist(Page page) throws IOException {
        Map<String, String> sourceByType = sourceByType();
        page.sources().values().forEach(source -> addTypes(source, sourceByType));
        List<String> unknown = new ArrayList<>();
        Matcher matcher = TYPE_NAME.matcher(page.prose());
        while (matcher.find()) {
            String type = matcher.group(1);
            String member = matcher.group(2);
            boolean isKnown = sourceByType.containsKey(type)
                    ? member == null || hasMember(type, member, sourceByType)
                    : isJdkType(type);
            if (!isKnown) {
                unknown.add(matcher.group());
            }
        }
        assertEquals(List.of(), unknown, "named in " + page + ", but in no source");
    }

    private static boolean hasMember(String type, String member, Map<String, String> sourceByType) {
        String source = sourceByType.getOrDefault(type, "");
        if (source.matches("(?s).*\\b" + member + "\\b.*")) {
            return true;
        }
        Matcher parent =
                Pattern.compile("class " + type + "(<.*>)? extends (\\w+)").matcher(source);
        return parent.find() && hasMember(parent.group(2), member, sourceByType);
    }

    private static Map<String, String> sourceByType() throws IOException {
        Map<String, String> sourceByType = new HashMap<>();
        for (Path file : Repository.sources()) {
            addTypes(Files.readString(file), sourceByType);
        }
        addTypes(Files.readString(Repository.ROOT.resolve("docs/examples/Quickstart.java")), sourceByType);
        return sourceByType;
    }

    private static void addTypes(String source, Map<String, String> sourceByType) {
        Matcher declared = DECLARED_TYPE.matcher(source);
        while (declared.find()) {
            sourceByType.merge(declared.group(1), source, String::concat);
        }
    }

    private static boolean isJdkType(String name) {
        for (String inPackage : JDK_PACKAGES) {
            try {
                Class.forName(inPackage + "." + name, false, null);
                return true;
            } catch (ClassNotFoundException expected) {
                // perhaps in the next package
            }
        }
        return false;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldNameOnlyPathsThatExist(Page page) {
        List<String> missing = new ArrayList<>();
        Matcher named = PATH.matcher(page.prose());
        while (named.find()) {
            if (!Files.exists(Repository.ROOT.resolve(named.group(1)))) {
                missing.add(named.group());
            }
        }
        Path folder = Repository.ROOT.resolve(page.name()).getParent();
        Matcher linked = LINK.matcher(page.prose());
        while (linked.find()) {
            if (!Files.exists(folder.resolve(linked.group(1)))) {
                missing.add(linked.group());
            }
        }
        assertEquals(List.of(), missing, "named in " + page);
    }

    @Test
    void shouldDescribeEveryHandle() throws Exception {
        List<String> rows = Files.readString(Repository.ROOT.resolve("docs/protocol.md"))
                .lines()
                .filter(line -> line.startsWith("|"))
                .toList();
        List<String> missing = new ArrayList<>();
        int handles = 0;
        for (Field field : Handles.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                handles++;
                String begin = "| " + field.getInt(null) + " | `" + field.getName() + "` |";
                if (rows.stream().noneMatch(row -> row.startsWith(begin))) {
                    missing.add(begin);
                }
            }
        }
        assertFalse(handles == 0, "Handles has no numbers");
        assertEquals(List.of(), missing, "rows that docs/protocol.md lacks");
    }

    @Test
    void shouldDescribeEveryReasonForWhichAConnectFails() throws IOException {
        checkReasons("docs/connecting.md", ConnectException.Reason.values());
        checkReasons("docs/unix.md", UnixConnectException.Reason.values());
        checkReasons("docs/unix.md", UnixListenException.Reason.values());
    }

    private static void checkReasons(String page, Enum<?>... reasons) throws IOException {
        String rows = Files.readString(Repository.ROOT.resolve(page))
                .lines()
                .filter(line -> line.startsWith("|"))
                .map(line -> line.split("\\|")[1])
                .collect(Collectors.joining("\n"));
        List<Enum<?>> missing = new ArrayList<>();
        for (Enum<?> reason : reasons) {
            if (!rows.contains("`" + reason + "`")) {
                missing.add(reason);
            }
        }
        assertEquals(List.of(), missing, "reasons without a row in " + page);
    }
}
