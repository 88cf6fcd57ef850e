// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.boot;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.parent.ContextOptions;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchMethod;
import io.mitogen.parent.LaunchSite;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A context whose boot command is put in a form of its own behind the words of some tool. */
public record Through(ContextOptions common, Form form, List<String> tool) implements LaunchMethod {
    /** The forms that a boot command has. */
    public enum Form {
        ARGV,
        SHELL_LINE,
        SHELL_WORDS
    }

    public static Through of(Form form, String... tool) {
        return new Through(ContextOptions.DEFAULT, form, List.of(tool));
    }

    /** With a chosen {@code java} instead of one that is looked for. */
    public Through java(String program) {
        return new Through(common.withJava(program), form, tool);
    }

    /** With more words before those of the tool, as those of {@code env}. */
    public Through behind(String... words) {
        List<String> all = new ArrayList<>();
        Collections.addAll(all, words);
        all.addAll(tool);
        return new Through(common, form, all);
    }

    @Override
    public String java() {
        return common.java();
    }

    @Override
    public Launch launch(LaunchSite site) {
        List<String> argv = new ArrayList<>(tool);
        switch (form) {
            case ARGV -> argv.addAll(site.boot().argv());
            case SHELL_LINE -> argv.add(site.boot().shellLine());
            case SHELL_WORDS -> argv.addAll(site.boot().shellWords());
        }
        return new Launch(argv);
    }

    @Override
    public String defaultName(long pid) {
        return "through." + pid;
    }

    @Override
    public Kwargs options() {
        return common.toKwargs();
    }
}
