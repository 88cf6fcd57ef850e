// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchSite;
import io.mitogen.parent.MethodOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A context in another account of its parent's machine, through doas. A value; each method returns a changed copy. */
public final class Doas extends Escalation<Doas> {
    private Doas(MethodOptions options) {
        super("doas", options);
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
    @Override
    public Doas password(Secret password) {
        return super.password(password);
    }

    @Override
    public Launch launch(LaunchSite site) {
        boolean asks = chosen().secret("password") != null || questionHandler() != null;
        List<String> argv = new ArrayList<>(List.of(program(), "-u", user()));
        if (!asks) {
            argv.add("-n");
        }
        argv.addAll(arguments());
        argv.add("--");
        argv.addAll(site.untranslatedBoot().argv());
        return new Launch(
                asks ? site.onTerminal(argv) : argv,
                Map.of(LaunchSite.LANGUAGE, LaunchSite.UNTRANSLATED),
                new DoasDialogue(
                        System.getProperty("user.name"),
                        user(),
                        chosen().secret("password"),
                        questionHandler() != null),
                asks ? Launch.Answers.TERMINAL : Launch.Answers.STANDARD_INPUT);
    }
}
