// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.BootCommand;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchSite;
import io.mitogen.parent.MethodOptions;
import io.mitogen.parent.PythonMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A context in another account of its parent's machine, through sudo. A value; each method returns a changed copy. */
public final class Sudo extends Escalation<Sudo> {
    /** Holds the prompt. Everybody may read the arguments of sudo, but not its environment. */
    private static final String PROMPT = "SUDO_PROMPT";

    private Sudo(MethodOptions options) {
        super("sudo", options);
    }

    /** Returns a context in the account {@code user}, a name or {@code #} and a number, with nothing chosen. */
    public static Sudo to(String user) {
        return new Sudo(MethodOptions.DEFAULT.withUser(user));
    }

    /** Makes the value again that {@link #options} described. */
    public static Sudo fromOptions(Kwargs options) {
        return new Sudo(MethodOptions.fromKwargs(options));
    }

    @Override
    protected Sudo with(MethodOptions changed) {
        return new Sudo(changed);
    }

    /** With the password that sudo asks for: mostly the one of the account that runs it. */
    @Override
    public Sudo password(Secret password) {
        return super.password(password);
    }

    /** With {@code HOME} of the account: {@code -H}. */
    public Sudo setHome() {
        return with(chosen().with("set_home", true));
    }

    /** With the environment of the parent, which the rules must allow: {@code -E}. */
    public Sudo preserveEnvironment() {
        return with(chosen().with("preserve_env", true));
    }

    /** Through the account's login shell, with its environment and in its home folder: {@code -i}. */
    public Sudo login() {
        return with(chosen().with("login", true));
    }

    /** With a terminal of its own to ask on, which rules with {@code requiretty} insist on. */
    public Sudo terminal() {
        return with(chosen().with("terminal", true));
    }

    /** With this SELinux role: {@code -r}. */
    public Sudo selinuxRole(String role) {
        return with(chosen().withWord("selinux_role", role));
    }

    /** With this SELinux type: {@code -t}. */
    public Sudo selinuxType(String type) {
        return with(chosen().withWord("selinux_type", type));
    }

    @Override
    public Launch launch(LaunchSite site) {
        List<String> argv = new ArrayList<>(List.of(program(), "-S", "-u", user()));
        if (chosen().flag("set_home")) {
            argv.add("-H");
        }
        if (chosen().flag("preserve_env")) {
            argv.add("-E");
        }
        boolean login = chosen().flag("login");
        if (login) {
            argv.add("-i");
        }
        if (chosen().text("selinux_role") != null) {
            argv.addAll(List.of("-r", chosen().text("selinux_role")));
        }
        if (chosen().text("selinux_type") != null) {
            argv.addAll(List.of("-t", chosen().text("selinux_type")));
        }
        argv.addAll(arguments());
        argv.add("--");
        BootCommand boot = site.untranslatedBoot(PROMPT);
        argv.addAll(login ? boot.shellWords() : boot.argv());
        return new Launch(
                chosen().flag("terminal") ? site.onTerminal(argv) : argv,
                Map.of(LaunchSite.LANGUAGE, LaunchSite.UNTRANSLATED, PROMPT, SudoDialogue.prompt(site.nonce())),
                new SudoDialogue(site.nonce(), user(), chosen().secret("password"), questionHandler() != null, login),
                Launch.Answers.STANDARD_INPUT);
    }

    @Override
    protected PythonMethod forPython(Map<String, Object> fields) {
        for (String name : List.of("set_home", "preserve_env", "login", "selinux_role", "selinux_type")) {
            chosen().copy(name, fields, name);
        }
        return super.forPython(fields); // which always has a terminal
    }
}
