// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchSite;
import io.mitogen.parent.MethodOptions;
import io.mitogen.parent.ProcessMethod;
import io.mitogen.parent.QuestionHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A context on another machine, through the user's own OpenSSH client. A value; each method returns a changed copy. */
public final class Ssh extends ProcessMethod<Ssh> {
    private Ssh(MethodOptions options) {
        super(options);
    }

    /** Returns a context on {@code host}, a name, an address or an alias of {@code ~/.ssh/config}, with nothing chosen. */
    public static Ssh to(String host) {
        if (host.startsWith("-")) {
            throw new IllegalArgumentException("host: " + host + " begins with a hyphen");
        }
        return new Ssh(MethodOptions.DEFAULT.withWord("host", host));
    }

    /** Makes the value again that {@link #options} described. */
    public static Ssh fromOptions(Kwargs options) {
        return new Ssh(MethodOptions.fromKwargs(options));
    }

    @Override
    protected Ssh with(MethodOptions changed) {
        return new Ssh(changed);
    }

    /** In this account; the one that ssh's configuration names when not set. */
    public Ssh user(String user) {
        return with(chosen().withWord("user", user));
    }

    /** With this port, 1 to 65535. */
    public Ssh port(int port) {
        return with(chosen().with("port", port));
    }

    /** With the password of the account. */
    public Ssh password(Secret password) {
        return with(chosen().withSecret("password", password));
    }

    /** With somebody who answers what the options do not. */
    public Ssh questions(QuestionHandler handler) {
        return with(chosen().withQuestionHandler(handler));
    }

    /** With more arguments for ssh, before Mitogen's own, which they prevail over. */
    public Ssh arguments(String... arguments) {
        return with(chosen().withMore("arguments", List.of(arguments)));
    }

    @Override
    public Launch launch(LaunchSite site) {
        List<String> argv = new ArrayList<>(List.of(chosen().text("path", "ssh")));
        argv.addAll(chosen().words("arguments"));
        if (chosen().text("user") != null) {
            argv.addAll(List.of("-l", chosen().text("user")));
        }
        if (chosen().number("port") != null) {
            argv.addAll(List.of("-p", chosen().number("port").toString()));
        }
        argv.addAll(List.of(
                "-T",
                "-o",
                "NumberOfPasswordPrompts=1",
                chosen().text("host"),
                site.boot().shellLine()));
        Map<String, String> environment = new HashMap<>(site.askPass("SSH_ASKPASS"));
        environment.put("SSH_ASKPASS_REQUIRE", "force");
        return new Launch(
                argv, environment, new SshDialogue(chosen().secret("password")), Launch.Answers.STANDARD_INPUT);
    }

    @Override
    public List<Class<?>> parts() {
        return List.of(SshDialogue.class);
    }

    @Override
    public String defaultName(long pid) {
        return "ssh." + chosen().text("host");
    }

    @Override
    public String toString() {
        String user = chosen().text("user");
        Integer port = chosen().number("port");
        return "Ssh " + (user == null ? "" : user + "@") + chosen().text("host") + (port == null ? "" : ":" + port);
    }
}
