// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation. Its conventions: a {@code java} block with a top-level class is a program, or a class that the
 * other blocks of the page use; any other {@code java} block, a snippet, is the body of a method that has a {@code router}. An
 * {@code output} block is what the program before it prints, and a {@code stderr} block what it prints on standard error, with
 * a {@code #} for any number.
 */
record Page(String name, String text) {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern TOP_LEVEL_CLASS =
            Pattern.compile("(?m)^(?:public )?(?:final )?(?:class|record|interface|enum) (\\w+)");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*;\\n");
    private static final String SNIPPET_IMPORTS = String.join(
            "\n",
            "import io.mitogen.connect.*;",
            "import io.mitogen.core.*;",
            "import io.mitogen.core.call.*;",
            "import io.mitogen.core.concurrent.*;",
            "import io.mitogen.core.loop.Broker;",
            "import io.mitogen.core.pickle.*;",
            "import io.mitogen.master.*;",
            "import io.mitogen.parent.ConnectException;",
            "import java.nio.file.*;",
            "import java.time.*;",
            "import java.util.*;",
            "import java.util.concurrent.*;",
            "");

    private static final String SNIPPETS_MAIN = "AllSnippets";

    /** A fenced block: its language and what is in it. */
    record Block(String language, String content) {}

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    /** Returns the text without its blocks. */
    String prose() {
        return BLOCK.matcher(text).replaceAll("");
    }

    /** Returns compilable sources by class name, one for each {@code java} block, and one that runs all snippets. */
    Map<String, String> sources() {
        Map<String, String> sources = new LinkedHashMap<>();
        StringBuilder runs = new StringBuilder();
        for (Block block : blocks()) {
            if (block.language().equals("java")) {
                Matcher declared = TOP_LEVEL_CLASS.matcher(block.content());
                if (declared.find()) {
                    sources.put(declared.group(1), block.content());
                } else {
                    String name = "Snippet" + (sources.size() + 1);
                    sources.put(name, wrap(name, block));
                    runs.append("    System.out.println(\"== " + name + "\");\n");
                    runs.append("    io.mitogen.master.Mitogen.run(router -> new " + name + "().run(router));\n");
                }
            }
        }
        if (runs.length() > 0) {
            sources.put(
                    SNIPPETS_MAIN,
                    "final class " + SNIPPETS_MAIN + " {\n  public static void main(String[] args) throws Exception {\n"
                            + runs + "  }\n}\n");
        }
        return sources;
    }

    private static String wrap(String name, Block block) {
        StringBuilder imports = new StringBuilder(SNIPPET_IMPORTS);
        Matcher matcher = IMPORT.matcher(block.content());
        while (matcher.find()) {
            imports.append(matcher.group());
        }
        return imports + "final class " + name + " {\n  void run(MasterRouter router) throws Exception {\n"
                + IMPORT.matcher(block.content()).replaceAll("") + "  }\n}\n";
    }

    /** What a page promises that a program prints; empty where it promises nothing. */
    record Promise(String output, String errors) {
        static final Promise NONE = new Promise("", "");
    }

    /** Returns what can be run of the page, by class name. */
    Map<String, Promise> programs() {
        Map<String, Promise> programs = new LinkedHashMap<>();
        if (sources().containsKey(SNIPPETS_MAIN)) {
            programs.put(SNIPPETS_MAIN, Promise.NONE);
        }
        String last = null;
        for (Block block : blocks()) {
            if (block.language().equals("java")) {
                Matcher declared = TOP_LEVEL_CLASS.matcher(block.content());
                boolean runs = declared.find() && block.content().contains("public static void main(");
                last = runs ? declared.group(1) : null;
                if (runs) {
                    programs.put(last, Promise.NONE);
                }
            } else if (block.language().equals("output") && last != null) {
                programs.put(
                        last, new Promise(block.content(), programs.get(last).errors()));
            } else if (block.language().equals("stderr") && last != null) {
                programs.put(last, new Promise(programs.get(last).output(), block.content()));
            }
        }
        return programs;
    }

    @Override
    public String toString() {
        return name;
    }
}
