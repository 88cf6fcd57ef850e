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

/** A context in another account of its parent's machine, through su. A value; each method returns a changed copy. */
public final class Su extends ProcessMethod<Su> {
    private Su(MethodOptions options) {
        super(options);
    }

    /** Returns a context in the account {@code user} with nothing chosen. */
    public static Su to(String user) {
        return new Su(MethodOptions.DEFAULT.withUser(user));
    }

    /** Makes the value again that {@link #options} described. */
    public static Su fromOptions(Kwargs options) {
        return new Su(MethodOptions.fromKwargs(options));
    }

    @Override
    protected Su with(MethodOptions changed) {
        return new Su(changed);
    }

    /** With the password of the account {@code user}; root needs none. */
    public Su password(Secret password) {
        return with(chosen().withSecret("password", password));
    }

    /** With somebody who answers what the password does not. */
    public Su questions(QuestionHandler handler) {
        return with(chosen().withQuestionHandler(handler));
    }

    /** With the program at this path, or of this name; {@code su} when not set. */
    public Su path(String program) {
        return with(chosen().withWord("path", program));
    }

    /** With the account's login environment and in its home folder: {@code -l}. */
    public Su login() {
        return with(chosen().with("login", true));
    }

    /** With this shell in place of the account's own, where su allows it: {@code -s}. */
    public Su shell(String program) {
        return with(chosen().withWord("shell", program));
    }

    /** With more arguments for su, before the account. */
    public Su arguments(String... arguments) {
        return with(chosen().withMore("arguments", List.of(arguments)));
    }

    @Override
    public Launch launch(LaunchSite site) {
        List<String> argv = new ArrayList<>(List.of(chosen().text("path", "su")));
        if (chosen().flag("login")) {
            argv.add("-l");
        }
        if (chosen().text("shell") != null) {
            argv.addAll(List.of("-s", chosen().text("shell")));
        }
        argv.addAll(chosen().words("arguments"));
        argv.addAll(List.of("-c", site.untranslatedBoot().shellLine(), user()));
        return new Launch(
                argv,
                LaunchSite.UNTRANSLATED,
                new SuDialogue(user(), chosen().secret("password"), questionHandler() != null),
                Launch.Answers.STANDARD_INPUT);
    }

    private String user() {
        return chosen().text("user");
    }

    @Override
    public String defaultName(long pid) {
        return "su." + user();
    }

    @Override
    public String toString() {
        return "Su " + user();
    }
}
