// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import io.mitogen.core.Nullable;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Ending;
import io.mitogen.parent.Reply;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why ssh ended before the context was ready, found in its last lines, its exit status and the talk before. One thread. */
final class SshExplanation {
    /*
     * ssh exits with 255 when it failed itself, and else with the status of the remote command. Its messages are not translated.
     * They are looked for from the most special to the most general, because a jump host's failure is followed by the general
     * complaint of the ssh that needed it. A host may print any of them in its banner, before anybody has logged in: they only
     * choose between explanations, and nothing that they name is ever opened.
     */
    static final String PASSWORD_NOT_ACCEPTED =
            "the password was not accepted; it is wrong, or the account does not exist, is"
                    + " locked or may not log in, which sshd does not tell apart";

    static final String KEY_NOT_KNOWN = "the host's key is not known";

    private static final int OWN_FAILURE = 255;
    private static final int LAST_STATUS_OF_SHELLS = 128; // more: killed by a signal

    private static final Pattern CHANGED = Pattern.compile(".*REMOTE HOST IDENTIFICATION HAS CHANGED.*");
    private static final Pattern KEY_OF = Pattern.compile("Host key for (.*) has changed .*");
    private static final Pattern OFFENDING = Pattern.compile("Offending .*key.* in (.+):(\\d+)");
    private static final Pattern SENT_FINGERPRINT = Pattern.compile("(SHA256:[A-Za-z0-9+/]{43})\\.?");
    private static final Pattern REMOVE = Pattern.compile("\\s*(ssh-keygen -f .* -R .*)");
    private static final Pattern REVOKED = Pattern.compile("The .* host key for (.*) is marked as revoked\\.");
    private static final Pattern STRICT_UNKNOWN =
            Pattern.compile("No .* host key is known for (.*) and you have requested strict checking\\.");
    private static final Pattern NOT_VERIFIED = Pattern.compile("Host key verification failed\\.");
    private static final Pattern NAME = Pattern.compile("ssh: Could not resolve hostname (.*): (.*)");
    private static final Pattern BIND = Pattern.compile("(?:bind|getifaddrs)[: ].*: .*");
    private static final Pattern CONNECT = Pattern.compile("ssh: connect to host (.*) port (\\d+): (.*)");
    private static final Pattern NOT_OPENED = Pattern.compile("channel \\d+: open failed: (.*)");
    private static final Pattern NOT_FORWARDED = Pattern.compile("stdio forwarding failed");
    private static final Pattern MASTER_FULL =
            Pattern.compile("mux_client_request_session: session request failed: Session open refused by peer");
    private static final Pattern CONFIGURATION = Pattern.compile(
            "(?:.*line \\d+: .*|.*: terminating, \\d+ bad configuration options|unknown option -- .*"
                    + "|option requires an argument -- .*|Bad owner or permissions on .*|Can't open user config file .*"
                    + "|Bad .* specification.*|Cannot execute command-line and remote command\\.|No user exists for uid .*"
                    + "|KnownHostsCommand.* failed.*|ControlPath too long .*|unix_listener: .* too long .*|You don't exist, go away!)");
    private static final Pattern DENIED =
            Pattern.compile("(?:(?:.*@)?(?<host>[^@ ]+): )?Permission denied \\((?<methods>.*)\\)\\.");
    private static final Pattern OTHER_ACCOUNT = Pattern.compile("(?i).*please log ?in as .*");

    // the shell that runs a ProxyCommand speaks the user's language, but always names the program
    private static final Pattern NO_PROXY = Pattern.compile(
            "(?:\\S*sh: (?:line )?\\d+: |\\S*sh:\\d+: |\\S*sh: )(?:exec: )?(\\S+: .+|.+: \\S+)|fish: .*|\\S+: Command not found\\.");
    private static final Pattern EXPIRED = Pattern.compile(
            "(?:.*account has expired.*|WARNING: Your password has expired\\.|Password change required but no TTY available\\.)");
    private static final Pattern NO_LOGINS =
            Pattern.compile(".*not permitted to log in.*|.*pam_nologin.*|There were too many logins for .*");
    private static final Pattern TOO_MANY = Pattern.compile(".*Too many authentication failures.*");
    private static final Pattern NO_ALGORITHM =
            Pattern.compile("Unable to negotiate with .*: no matching (.*) found\\. Their offer: (.*)");
    private static final Pattern SILENT =
            Pattern.compile("Connection timed out during banner exchange|Connection to .* port \\d+ timed out");
    private static final Pattern NO_SSH =
            Pattern.compile("(?:kex_exchange_identification|ssh_exchange_identification): .*"
                    + "|banner exchange: .*|Protocol major versions differ: .*");
    private static final Pattern TURNED_AWAY =
            Pattern.compile("(?:kex|ssh)_exchange_identification: (?:read: )?Connection (?:closed|reset) by .*");
    private static final Pattern PROXY_ENDED =
            Pattern.compile(".*Connection (?:closed|reset|to|by)\\b.* UNKNOWN port \\d+\\b.*");
    private static final Pattern CLOSED = Pattern.compile("(?:Connection (?:closed|reset) by .*"
            + "|Connection to .* (?:closed by remote host|closed)\\.|Received disconnect from .*|Disconnected from .*"
            + "|Timeout, server .* not responding\\.|client_loop: .*|packet_write_wait: .*|ssh_dispatch_run_fatal: .*"
            + "|mux_client_.*|.*: Broken pipe|Bad packet length .*|Read from remote host .*)");

    private final Ending ending;
    private final SshTalk talk;

    SshExplanation(Ending ending, SshTalk talk) {
        this.ending = ending;
        this.talk = talk;
    }

    /** Returns what it was; null when nothing tells. */
    @Nullable
    Reply.Failure failure() {
        int status = ending.exitStatus();
        if (status == OWN_FAILURE || status == Ending.UNKNOWN) {
            Reply.Failure found = hostKey();
            found = found == null ? network() : found;
            found = found == null ? refusal() : found;
            found = found == null ? disconnected() : found;
            found = found == null && !ending.commandRan() ? withoutComplaint() : found;
            return found == null || first(MASTER_FULL) == null ? found : masterFull(found);
        }
        if (ending.commandRan()
                || status > LAST_STATUS_OF_SHELLS && ending.heard().isEmpty()) {
            return null;
        }
        Reply.Failure expired = expired();
        return expired != null ? expired : otherCommand(status);
    }

    /** Explains an end of which ssh says nothing that comes from the network, before the command ran. */
    private @Nullable Reply.Failure withoutComplaint() {
        Reply.Failure found = configuration();
        found = found == null ? otherAccount() : found;
        return found != null
                        || ending.exitStatus() == Ending.UNKNOWN
                        || !ending.heard().isEmpty()
                ? found
                : new Reply.Failure(
                        Reason.EXITED,
                        "ssh ended with exit status 255 and said nothing: -q, -y, -E or LogLevel among Ssh.arguments may keep"
                                + " it quiet, or the host ran a command of its own, which a signal ended; run it by hand"
                                + " with ssh -v");
    }

    private @Nullable Reply.Failure otherAccount() {
        Matcher otherAccount = first(OTHER_ACCOUNT);
        return otherAccount == null
                ? null
                : new Reply.Failure(Reason.ACCOUNT_REFUSED, "the host said: " + otherAccount.group());
    }

    /** Explains the end of a shell that refuses commands, or of a command that the host forces. */
    private Reply.Failure otherCommand(int status) {
        Reply.Failure otherAccount = otherAccount();
        if (otherAccount != null) {
            return otherAccount;
        }
        String who = status > LAST_STATUS_OF_SHELLS
                ? "the host ran a command of its own, which"
                : "the login shell of the account";
        String last = ending.heard().isEmpty()
                ? ""
                : ", and said: " + ending.heard().get(ending.heard().size() - 1).strip();
        return new Reply.Failure(
                Reason.SHELL_REFUSED,
                who + " ended with exit status " + status + " and did not run the command that it was given" + last);
    }

    // == Host keys ==

    private @Nullable Reply.Failure hostKey() {
        if (first(CHANGED) != null) {
            return new Reply.Failure(Reason.HOST_KEY_CHANGED, changed());
        }
        Matcher revoked = first(REVOKED);
        if (revoked != null) {
            return new Reply.Failure(
                    Reason.HOST_KEY_CHANGED,
                    "the key of " + revoked.group(1) + " is marked as revoked: do not trust it");
        }
        Matcher strict = first(STRICT_UNKNOWN);
        if (strict != null) {
            return new Reply.Failure(
                    Reason.HOST_KEY_UNKNOWN,
                    "the key of " + strict.group(1) + " is not known, and ssh was told not to ask"
                            + " (StrictHostKeyChecking yes); " + HOW_TO_ACCEPT);
        }
        if (first(NOT_VERIFIED) == null) {
            return null;
        }
        return talk.hostKeyQuestion() != null
                ? hostKeyUnknown(KEY_NOT_KNOWN, talk.hostKeyQuestion(), true)
                : new Reply.Failure(
                        Reason.HOST_KEY_UNKNOWN,
                        "the host's key is not known, and ssh did not ask; " + HOW_TO_ACCEPT + "; " + NEVER_ASKED);
    }

    private static final String HOW_TO_ACCEPT = "compare its fingerprint with the host's (there: ssh-keygen -lf"
            + " /etc/ssh/ssh_host_ed25519_key.pub), then accept it by ssh by hand, HostKeys.ACCEPT_NEW or Ssh.questions";

    private static final String NEVER_ASKED = "ssh cannot ask under BatchMode, and before OpenSSH 8.4";

    /** Returns the failure that a question for a host's key becomes when nobody answers it. */
    static Reply.Failure hostKeyUnknown(String found, String question, boolean fromCommand) {
        String fingerprint = SshQuestion.of(question).subject();
        return new Reply.Failure(
                Reason.HOST_KEY_UNKNOWN,
                found + "; the fingerprint of the key is " + (fingerprint.isEmpty() ? "not shown" : fingerprint)
                        + " (" + question.lines().findFirst().orElse("").strip() + "); " + HOW_TO_ACCEPT
                        + (fromCommand ? "" : "; it is the key of a jump host, which HostKeys does not concern"));
    }

    private String changed() {
        Matcher sent = first(SENT_FINGERPRINT);
        Matcher place = first(OFFENDING);
        Matcher remove = first(REMOVE);
        Matcher of = first(KEY_OF);
        return "the key of " + (of == null ? "the host" : of.group(1))
                + " is another one than the known one: either it was changed, or somebody is in between"
                + (sent == null ? "" : "; its fingerprint is " + sent.group(1))
                + (place == null ? "" : "; the known one is in " + place.group(1) + ":" + place.group(2))
                + "; when the new one is the host's, forget the old one: "
                + (remove == null ? "ssh-keygen -R HOST" : remove.group(1));
    }

    // == On the way ==

    private @Nullable Reply.Failure network() {
        Matcher name = first(NAME);
        if (name != null) {
            return new Reply.Failure(
                    Reason.HOST_UNKNOWN, "the host name " + name.group(1) + " is not known: " + name.group(2));
        }
        Matcher connect = first(CONNECT);
        if (connect != null) {
            String where = connect.group(1) + " port " + connect.group(2);
            String why = connect.group(3);
            if (why.equals("Connection reset by peer")) {
                return new Reply.Failure(Reason.DISCONNECTED, "the connection ended: " + connect.group());
            }
            Matcher bind = first(BIND);
            if (bind != null) {
                return new Reply.Failure(
                        Reason.START_REFUSED,
                        "ssh cannot connect from the address that BindAddress or BindInterface names: " + bind.group());
            }
            return why.equals("Connection refused")
                    ? new Reply.Failure(
                            Reason.REFUSED, "nothing listens at " + where + ", or a firewall refuses: " + why)
                    : new Reply.Failure(Reason.UNREACHABLE, where + " cannot be reached: " + why);
        }
        Matcher notOpened = first(NOT_OPENED);
        if (notOpened != null && first(NOT_FORWARDED) == null) {
            return new Reply.Failure(
                    Reason.SESSION_REFUSED,
                    "the host let ssh in and opens no session: " + notOpened.group()
                            + "; its sshd may be for forwarding only (MaxSessions 0): use it as a jump host then (ProxyJump)");
        }
        if (notOpened != null) {
            String why = notOpened.group(1);
            Reason reason = why.contains("not known") || why.contains("resol")
                    ? Reason.HOST_UNKNOWN
                    : why.endsWith("Connection refused") ? Reason.REFUSED : Reason.UNREACHABLE;
            return new Reply.Failure(reason, "the jump host cannot connect to the host: " + why);
        }
        if (first(SILENT) != null) {
            return new Reply.Failure(
                    Reason.UNREACHABLE, "the port accepts connections, but no ssh server answered there in time");
        }
        Matcher algorithm = first(NO_ALGORITHM);
        if (algorithm != null) {
            return new Reply.Failure(
                    Reason.DISCONNECTED,
                    "ssh and the host have no " + algorithm.group(1) + " in common; the host offers "
                            + algorithm.group(2));
        }
        return null;
    }

    // == Who may log in ==

    private @Nullable Reply.Failure refusal() {
        Reply.Failure expired = expired();
        if (expired != null) {
            return expired;
        }
        Matcher tooMany = first(TOO_MANY);
        if (tooMany != null && isOnTheWay()) {
            return refusedOnTheWay("a jump host hears fewer keys than ssh offers (MaxAuthTries): " + tooMany.group());
        }
        if (tooMany != null) {
            return new Reply.Failure(
                    Reason.KEY_REFUSED,
                    "ssh offered more keys than the host hears (MaxAuthTries): "
                            + (talk.hasPassword() && !talk.passwordSent()
                                    ? "it never came to the password, which follows the keys that ssh's configuration names;"
                                            + " have it offer none with Ssh.arguments(\"-o\", \"PubkeyAuthentication=no\")"
                                    : "choose one with Ssh.identity"));
        }
        Matcher denied = first(DENIED);
        if (denied == null) {
            return null;
        }
        return isOnTheWay()
                ? refusedOnTheWay("the jump host " + denied.group("host") + " lets nobody in: " + denied.group())
                : denied(denied.group("methods"));
    }

    /** Tells whether it was a jump host that refused: the host itself does so only after it has named its ssh. */
    private boolean isOnTheWay() {
        return first(NO_SSH) != null;
    }

    /** Explains the refusal of a jump host, to which ssh connects by itself, without these options and answers. */
    private static Reply.Failure refusedOnTheWay(String what) {
        return new Reply.Failure(
                Reason.KEY_REFUSED,
                what
                        + "; options do not concern it: connect the jump host as a context and use Ssh.via, or give its key"
                        + " in ssh's configuration");
    }

    private @Nullable Reply.Failure expired() {
        Matcher expired = first(EXPIRED);
        if (expired != null) {
            return accountExpired(expired.group());
        }
        Matcher noLogins = first(NO_LOGINS);
        return noLogins == null
                ? null
                : new Reply.Failure(
                        Reason.ACCOUNT_REFUSED,
                        "the host lets this account log in no more for now: " + noLogins.group());
    }

    /** Returns whether a line that follows a password says that the account has expired, or the password. */
    static boolean tellsOfExpiry(String line) {
        return EXPIRED.matcher(line).matches();
    }

    static Reply.Failure accountExpired(String line) {
        return new Reply.Failure(Reason.ACCOUNT_REFUSED, "the account or its password has expired: " + line);
    }

    private Reply.Failure denied(String methods) {
        if (talk.passwordSent()) {
            return new Reply.Failure(Reason.PASSWORD_WRONG, PASSWORD_NOT_ACCEPTED);
        }
        if (talk.closedKey() != null) {
            return passphraseRequired(talk.closedKey());
        }
        for (String line : ending.heard()) {
            String problem = SshKeyProblem.of(line);
            if (!problem.isEmpty()) {
                return new Reply.Failure(Reason.KEY_REFUSED, problem + ", and the host did not accept another");
            }
        }
        if (talk.passphraseSent()) {
            return new Reply.Failure(
                    Reason.KEY_REFUSED, "the host did not accept the key, or the passphrase did not open it");
        }
        boolean takesPassword = methods.contains("password") || methods.contains("keyboard-interactive");
        if (takesPassword && !talk.asked()) {
            return new Reply.Failure(
                    Reason.PASSWORD_REQUIRED,
                    "the host accepted no key, and ssh did not ask for a password"
                            + (talk.hasPassword() ? " though one was given" : "") + "; " + NEVER_ASKED
                            + ", or where its configuration forbids passwords");
        }
        return new Reply.Failure(
                Reason.KEY_REFUSED,
                "the host accepted no key that ssh offered; it wants one of: " + methods
                        + (talk.hasPassword() && !takesPassword ? ", and no password" : ""));
    }

    static Reply.Failure passphraseRequired(String path) {
        return new Reply.Failure(
                Reason.PASSPHRASE_REQUIRED,
                "the key " + path
                        + " has a passphrase or a PIN, and none was given: see Ssh.identity and Ssh.questions, or add the key to"
                        + " ssh-agent");
    }

    // == The rest ==

    private @Nullable Reply.Failure disconnected() {
        Matcher noSsh = first(NO_SSH);
        Matcher noProxy = first(NO_PROXY);
        if (noProxy != null && noSsh != null) {
            return new Reply.Failure(
                    Reason.START_REFUSED,
                    "the command that shall connect ssh to the host (ProxyCommand) did not run: " + noProxy.group());
        }
        if (noSsh != null && first(PROXY_ENDED) != null) {
            return new Reply.Failure(Reason.DISCONNECTED, proxyEnded(noSsh.group()));
        }
        if (noSsh != null) {
            return new Reply.Failure(
                    Reason.DISCONNECTED,
                    "the connection ended before the host named its ssh: it has too many connections (MaxStartups), keeps this"
                            + " machine out, or is no ssh server; " + noSsh.group());
        }
        Matcher closed = first(CLOSED);
        return closed == null
                ? null
                : new Reply.Failure(Reason.DISCONNECTED, "the connection ended: " + closed.group());
    }

    /** Says what the command on the way said last: a banner perhaps, but mostly why it ended. */
    private String proxyEnded(String complaint) {
        String said = "";
        for (String line : ending.heard()) {
            boolean isOfSsh = NO_SSH.matcher(line).matches()
                    || CLOSED.matcher(line).matches()
                    || line.startsWith("debug")
                    || line.startsWith("Warning: Permanently added ");
            said = isOfSsh ? said : line;
        }
        return "what connects ssh to the host (ProxyCommand, or the ssh of ProxyJump) ended before the host named its ssh, "
                + (said.isEmpty()
                        ? "without a word; Ssh.debugLevel(1) shows what it printed"
                        : "and said: " + said.strip())
                + "; if it works by hand, the host has too many connections (MaxStartups) or keeps this machine out; "
                + complaint;
    }

    /** Tells whether this line says that a master connection has as many sessions as the host allows. */
    static boolean tellsOfFullMaster(String line) {
        return MASTER_FULL.matcher(line).matches();
    }

    /** Explains a connection that ssh made because the shared one takes no more, and that failed as well. */
    static Reply.Failure masterFull(Reply.Failure own) {
        return new Reply.Failure(
                Reason.SESSION_REFUSED,
                "the master connection (ControlPath) has as many sessions as the host allows (MaxSessions, 10 when not set), and"
                        + " a connection of its own failed: " + own.text()
                        + "; give what that one needs, raise MaxSessions on"
                        + " the host, or connect one context and start the others via it");
    }

    /** Tells whether the host, or a jump host, ended the connection before it named its ssh, and nothing else went wrong. */
    boolean isTurnedAway() {
        return ending.exitStatus() == OWN_FAILURE
                && !ending.commandRan()
                && first(TURNED_AWAY) != null
                && first(NO_PROXY) == null
                && hostKey() == null
                && network() == null
                && refusal() == null;
    }

    private @Nullable Reply.Failure configuration() {
        Matcher configuration = first(CONFIGURATION);
        return configuration == null
                ? null
                : new Reply.Failure(
                        Reason.START_REFUSED,
                        "ssh does not accept its options: "
                                + configuration.group().strip());
    }

    /** Returns the first line that has this form, null when none has. */
    private @Nullable Matcher first(Pattern pattern) {
        for (String line : ending.heard()) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.matches()) {
                return matcher;
            }
        }
        return null;
    }
}
