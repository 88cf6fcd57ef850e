// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchSite;
import io.mitogen.parent.MethodOptions;
import io.mitogen.parent.ProcessMethod;
import io.mitogen.parent.PythonMethod;
import io.mitogen.parent.QuestionHandler;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A context on another machine, through the user's own OpenSSH client, 8.4 or later: its configuration files and its agent are in
 * force. A value; each method returns a changed copy.
 */
public final class Ssh extends ProcessMethod<Ssh> {
    private static final int MAX_PORT = 65_535;
    private static final int DEFAULT_PORT = 22;
    private static final int MAX_DEBUG_LEVEL = 3;

    private Ssh(MethodOptions options) {
        super(options);
    }

    /**
     * Returns a context on {@code host}, with nothing chosen.
     *
     * @param host a name, an address or an alias of {@code ~/.ssh/config}; see {@link #user} and {@link #port} for the rest
     * @throws IllegalArgumentException when ssh could take it for something else
     */
    public static Ssh to(String host) {
        return new Ssh(MethodOptions.DEFAULT.withWord("host", SshWords.checkHost(host)));
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
        return with(chosen().withWord("user", SshWords.checkUser(user)));
    }

    /** With this port, 1 to 65535. */
    public Ssh port(int port) {
        checkRange("port", port, 1, MAX_PORT);
        return with(chosen().with("port", port));
    }

    /**
     * With the password of the account, for the questions {@code user@host's password:} and {@code Password:} of the host itself.
     * It is given once; keys are tried before it.
     */
    public Ssh password(Secret password) {
        return with(chosen().withSecret("password", password));
    }

    /** With the private key in this file, where ssh runs; {@code ~} is the home folder. It may be one that the agent has opened. */
    public Ssh identity(String path) {
        return with(chosen().withWord("identity", path).without("passphrase"));
    }

    /**
     * With the private key in this file, which this passphrase opens.
     *
     * @throws IllegalArgumentException when ssh would expand something in the path: its question would not name that path
     */
    public Ssh identity(String path, Secret passphrase) {
        if (path.indexOf('%') >= 0 || path.contains("${")) {
            throw new IllegalArgumentException("identity: " + path + " has a % or a ${, which ssh replaces");
        }
        return with(chosen().withWord("identity", path).withSecret("passphrase", passphrase));
    }

    /**
     * Whether only the chosen and configured keys are offered, and no others that the agent has. When not set: only those where
     * an identity or a password is chosen, else as ssh's configuration says.
     */
    public Ssh identitiesOnly(boolean only) {
        return with(chosen().with("identities_only", yesOrNo(only)));
    }

    /** With this policy for the host's key; when not set, ssh's configuration decides, whose own default is as ENFORCE. */
    public Ssh hostKeys(HostKeys policy) {
        return with(chosen().with("host_keys", policy.name()));
    }

    /** Whether ssh compresses; when not set, its configuration decides. Code is sent compressed anyway. */
    public Ssh compression(boolean compressed) {
        return with(chosen().with("compression", yesOrNo(compressed)));
    }

    /**
     * Asking the host for a sign of life after each {@code interval} of silence, and giving it up after {@code count} such
     * questions without an answer; every 15 seconds and three when not set.
     *
     * @param interval at least a second; zero never to ask
     * @param count at least one
     */
    public Ssh keepAlive(Duration interval, int count) {
        if (interval.isNegative() || !interval.isZero() && interval.toSeconds() == 0) {
            throw new IllegalArgumentException("interval: " + interval + " is less than a second");
        }
        checkRange("count", count, 1, Integer.MAX_VALUE);
        return with(chosen().with("keep_alive_seconds", Math.toIntExact(interval.toSeconds()))
                .with("keep_alive_count", count));
    }

    /** With ssh's own reports as lines on its standard error: 1, 2 or 3, the most; 0 for none. */
    public Ssh debugLevel(int level) {
        checkRange("level", level, 0, MAX_DEBUG_LEVEL);
        return with(chosen().with("debug_level", level));
    }

    /** With the program at this path, or of this name; {@code ssh} when not set. A script must {@code exec} the real one. */
    public Ssh path(String program) {
        return with(chosen().withWord("path", program));
    }

    /** With somebody who answers what the options do not: one-time codes, host keys, questions of jump hosts. */
    public Ssh questions(QuestionHandler handler) {
        return with(chosen().withQuestionHandler(handler));
    }

    /**
     * With more arguments for ssh, as {@code "-o", "ProxyJump=bastion"}. They prevail over Mitogen's own, but for {@code -T}:
     * the link does not go through a terminal.
     *
     * @throws IllegalArgumentException when ssh would take one of them for the host, or runs no command with it ({@code -N})
     */
    public Ssh arguments(String... arguments) {
        List<String> more = List.of(arguments);
        SshWords.checkArguments(more);
        return with(chosen().withMore("arguments", more));
    }

    private static String yesOrNo(boolean yes) {
        return yes ? "yes" : "no";
    }

    private static void checkRange(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + ": " + value + " is not within " + least + " to " + most);
        }
    }

    @Override
    public Set<String> peers() {
        return new SshPeers(chosen()).names();
    }

    @Override
    public Launch launch(LaunchSite site) {
        Map<String, String> environment = new HashMap<>();
        boolean asks = true;
        try {
            environment.putAll(site.askPass("SSH_ASKPASS"));
            environment.put("SSH_ASKPASS_REQUIRE", "force");
        } catch (UncheckedIOException e) {
            if (mustAsk()) {
                throw e;
            }
            asks = false; // keys do without
        }
        return new Launch(
                new SshArgv(chosen(), SshVersion.of(chosen().text("path", "ssh")))
                        .words(asks, site.boot().shellLine()),
                environment,
                new SshDialogue(chosen()),
                Launch.Answers.HELPER);
    }

    @Override
    protected PythonMethod forPython(Map<String, Object> fields) {
        refuseForPython("passphrase");
        fields.putIfAbsent("python_path", "python3");
        chosen().copy("host", fields, "hostname");
        chosen().copy("user", fields, "username");
        chosen().copy("port", fields, "port");
        chosen().copy("password", fields, "password");
        chosen().copy("identity", fields, "identity_file");
        chosen().copy("path", fields, "ssh_path");
        chosen().copy("arguments", fields, "ssh_args");
        chosen().copy("debug_level", fields, "ssh_debug_level");
        chosen().copy("keep_alive_seconds", fields, "keepalive_interval");
        chosen().copy("keep_alive_count", fields, "keepalive_count");
        fields.put("keepalive_enabled", chosen().number("keep_alive_seconds", 1) > 0);
        fields.put("compression", "yes".equals(chosen().text("compression", "no")));
        fields.put("identities_only", "yes".equals(chosen().text("identities_only", "yes")));
        String policy = chosen().text("host_keys", HostKeys.ENFORCE.name());
        fields.put("check_host_keys", HostKeys.valueOf(policy).pythonName());
        return new PythonMethod("ssh", fields);
    }

    private boolean mustAsk() {
        return chosen().secret("password") != null
                || chosen().secret("passphrase") != null
                || chosen().questionHandler() != null;
    }

    @Override
    public List<Class<?>> parts() {
        return List.of(
                HostKeys.class,
                SshArgv.class,
                SshDialogue.class,
                SshExplanation.class,
                SshKeyProblem.class,
                SshPeers.class,
                SshQuestion.class,
                SshQuestion.Kind.class,
                SshTalk.class,
                SshVersion.class,
                SshWords.class);
    }

    @Override
    public String defaultName(long pid) {
        Integer port = chosen().number("port");
        return "ssh." + chosen().text("host") + (port == null || port == DEFAULT_PORT ? "" : ":" + port);
    }

    @Override
    public String toString() {
        String user = chosen().text("user");
        Integer port = chosen().number("port");
        return "Ssh " + (user == null ? "" : user + "@") + chosen().text("host") + (port == null ? "" : ":" + port);
    }
}
