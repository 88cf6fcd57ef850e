// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchSite;
import io.mitogen.parent.MethodOptions;
import io.mitogen.parent.ProcessMethod;
import io.mitogen.parent.QuestionHandler;
import java.util.ArrayList;
import java.util.List;

/** A context in another account of its parent's machine, through doas. A value; each method returns a changed copy. */
public final class Doas extends ProcessMethod<Doas> {
    private Doas(MethodOptions options) {
        super(options);
    }

    /** Returns a context in the account {@code user} with nothing chosen. */
    public static Doas to(String user) {
        return new Doas(MethodOptions.DEFAULT.withUser(user));
    }

    /** Makes the value again that {@link #options} described. */
    public static Doas fromOptions(Kwargs options) {
        return new Doas(MethodOptions.fromKwargs(options));
    }

    @Override
    protected Doas with(MethodOptions changed) {
        return new Doas(changed);
    }

    /** With the password of the account that runs doas, for which it is given a terminal of its own. */
    public Doas password(Secret password) {
        return with(chosen().withSecret("password", password));
    }

    /** With somebody who answers what the password does not. */
    public Doas questions(QuestionHandler handler) {
        return with(chosen().withQuestionHandler(handler));
    }

    /** With the program at this path, or of this name; {@code doas} when not set. */
    public Doas path(String program) {
        return with(chosen().withWord("path", program));
    }

    /** With more arguments for doas, before the command. */
    public Doas arguments(String... arguments) {
        return with(chosen().withMore("arguments", List.of(arguments)));
    }

    @Override
    public Launch launch(LaunchSite site) {
        boolean asks = chosen().secret("password") != null || questionHandler() != null;
        List<String> argv = new ArrayList<>(List.of(chosen().text("path", "doas"), "-u", user()));
        if (!asks) {
            argv.add("-n");
        }
        argv.addAll(chosen().words("arguments"));
        argv.add("--");
        argv.addAll(site.untranslatedBoot().argv());
        return new Launch(
                asks ? site.onTerminal(argv) : argv,
                LaunchSite.UNTRANSLATED,
                new DoasDialogue(
                        System.getProperty("user.name"),
                        user(),
                        chosen().secret("password"),
                        questionHandler() != null),
                asks ? Launch.Answers.TERMINAL : Launch.Answers.STANDARD_INPUT);
    }

    private String user() {
        return chosen().text("user");
    }

    @Override
    public String defaultName(long pid) {
        return "doas." + user();
    }

    @Override
    public String toString() {
        return "Doas " + user();
    }
}
