// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchSite;
import io.mitogen.parent.MethodOptions;
import io.mitogen.parent.PythonMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A context in another account of its parent's machine, through su. A value; each method returns a changed copy. */
public final class Su extends Escalation<Su> {
    private Su(MethodOptions options) {
        super("su", options);
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
    @Override
    public Su password(Secret password) {
        return super.password(password);
    }

    /** With the account's login environment and in its home folder: {@code -l}. */
    public Su login() {
        return with(chosen().with("login", true));
    }

    /** With this shell in place of the account's own, where su allows it: {@code -s}. */
    public Su shell(String program) {
        return with(chosen().withWord("shell", program));
    }

    @Override
    public Launch launch(LaunchSite site) {
        List<String> argv = new ArrayList<>(List.of(program()));
        if (chosen().flag("login")) {
            argv.add("-l");
        }
        if (chosen().text("shell") != null) {
            argv.addAll(List.of("-s", chosen().text("shell")));
        }
        argv.addAll(arguments());
        argv.addAll(List.of("-c", site.untranslatedBoot().shellLine(), user()));
        return new Launch(
                argv,
                Map.of(LaunchSite.LANGUAGE, LaunchSite.UNTRANSLATED),
                new SuDialogue(user(), chosen().secret("password"), questionHandler() != null),
                Launch.Answers.STANDARD_INPUT);
    }

    @Override
    protected PythonMethod forPython(Map<String, Object> fields) {
        refuseForPython("login", "shell");
        return super.forPython(fields);
    }
}
