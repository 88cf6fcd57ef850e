// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What OpenSSH asks, recognised by the texts that its client has in its code, which are not translated. Immutable.
 *
 * @param kind what it wants
 * @param subject the path of a key as printed, or a fingerprint; empty where there is none
 */
record SshQuestion(Kind kind, String subject) {
    private static final Pattern PASSWORD = Pattern.compile("[^\\n]+@[^\\n]+'s password: ");

    /* A keyboard-interactive prompt is the server's; since OpenSSH 8.5 the client says before it which server's. */
    private static final Pattern INTERACTIVE_PASSWORD = Pattern.compile(
            "(?:\\([^()\\n]*@[^()\\n]*\\) )?[ \\t\\u00a0]*password(?: for [^\\s:]+)?[ \\t\\u00a0]*[:\\uff1a][ \\t\\u00a0]*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern PASSPHRASE = Pattern.compile("Enter passphrase for key '([^\\n]*)': ");
    private static final Pattern PIN =
            Pattern.compile("Enter PIN(?: and confirm user presence)? for (?:\\S+ key )?'?([^\\n]*?)'?: ");
    private static final Pattern HOST_KEY =
            Pattern.compile("The authenticity of host '.*\\(yes/no(?:/\\[fingerprint])?\\)\\? ", Pattern.DOTALL);
    private static final Pattern FINGERPRINT =
            Pattern.compile("\\S+ key fingerprint is (\\S+?)\\.?$", Pattern.MULTILINE);
    private static final Pattern NEW_PASSWORD = Pattern.compile(
            "(?:new|old|current|change)\\W.*password|password.*(?:expired|change)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** What is wanted. */
    enum Kind {
        /** The password of the account, and nothing else. */
        PASSWORD,
        /** The passphrase of a key: {@code subject} is its path, cut after 100 bytes. */
        PASSPHRASE,
        /** The PIN of a token, or of a key on one: {@code subject} names it. */
        PIN,
        /** Whether to trust a host's key: {@code subject} is its fingerprint. */
        HOST_KEY,
        /** The same again: the answer was neither yes or no, nor the fingerprint. */
        HOST_KEY_AGAIN,
        /** Another password, because the old one has expired. */
        NEW_PASSWORD,
        /** A code, a prompt in another language: what nobody but the user knows. */
        OTHER
    }

    /** Recognises a question. */
    static SshQuestion of(String text) {
        if (PASSWORD.matcher(text).matches()
                || INTERACTIVE_PASSWORD.matcher(text).matches()) {
            return new SshQuestion(Kind.PASSWORD, "");
        }
        Matcher passphrase = PASSPHRASE.matcher(text);
        if (passphrase.matches()) {
            return new SshQuestion(Kind.PASSPHRASE, passphrase.group(1));
        }
        Matcher pin = PIN.matcher(text);
        if (pin.matches()) {
            return new SshQuestion(Kind.PIN, pin.group(1));
        }
        if (HOST_KEY.matcher(text).matches()) {
            Matcher fingerprint = FINGERPRINT.matcher(text);
            return new SshQuestion(Kind.HOST_KEY, fingerprint.find() ? fingerprint.group(1) : "");
        }
        if (text.startsWith("Please type 'yes'")) {
            return new SshQuestion(Kind.HOST_KEY_AGAIN, "");
        }
        return new SshQuestion(NEW_PASSWORD.matcher(text).find() ? Kind.NEW_PASSWORD : Kind.OTHER, "");
    }
}
