// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import io.mitogen.core.pickle.Secret;
import java.time.Instant;

/**
 * The accounts of a {@link DockerHost}. Unless it is said otherwise, an account takes the key and its password over ssh, has
 * the shell {@code bash}, a home folder, and no right to become anybody else by sudo or doas. sudo asks for a password every
 * time: it remembers none. Immutable.
 */
public enum Account {
    /** Takes the key over ssh, and its password from su only. */
    ROOT("root"),

    /** The ordinary account: key or password; a member of nothing, allowed nothing by sudo and doas. */
    OPS("ops"),

    /** sshd offers nothing but the key. */
    KEY_ONLY("key-only"),

    /** sshd offers nothing but {@code password}. */
    PASSWORD_ONLY("password-only"),

    /** sshd offers nothing but {@code keyboard-interactive}, in which PAM asks for the password. */
    INTERACTIVE("interactive"),

    /** sshd wants the key first and then the password. */
    TWO_STEPS("two-steps"),

    /**
     * PAM asks for the password and then for a {@code Verification code: }, see {@link #verificationCode}: over ssh
     * (always keyboard-interactive), in su, and in sudo and doas, which allow everything.
     */
    CODE("code"),

    /**
     * Its password has quotes, a dollar sign, a backslash, backquotes and a letter that is not ASCII. sudo allows
     * everything with it.
     */
    ODD_PASSWORD("odd-password", "it's_\"$HOME\"\\n`\u00fc`%"),

    /** The account has expired: key and password are right and do not help. doas would allow everything. */
    EXPIRED("expired"),

    /** The password is too old: whoever logs in must change it first, which needs a terminal. doas would allow everything. */
    STALE("stale"),

    /** Its password is locked, none is right; the key opens it. */
    LOCKED("locked"),

    /** sshd refuses it in its configuration, as if the key or password were wrong. */
    DENIED("denied"),

    /** The login shell is {@code nologin}: says that the account is not available, and ends with 1. */
    NO_LOGIN("no-login"),

    /** The login shell is {@code /bin/false}: ends with 1, in silence. */
    FALSE_SHELL("false-shell"),

    /** The login shell does not exist: sshd refuses, as if the key or password were wrong. */
    NO_SHELL("no-shell"),

    /** The home folder does not exist. */
    NO_HOME("no-home"),

    /** The home folder belongs to root, and nobody else may enter. */
    DARK_HOME("dark-home"),

    /** The login shell is {@code sh}. */
    WITH_SH("with-sh"),

    /** The login shell is {@code dash}. */
    WITH_DASH("with-dash"),

    /** The login shell is {@code bash}. */
    WITH_BASH("with-bash"),

    /** The login shell is {@code zsh}. */
    WITH_ZSH("with-zsh"),

    /** The login shell is {@code fish}. */
    WITH_FISH("with-fish"),

    /** The login shell is the {@code csh} of the BSDs. */
    WITH_CSH("with-csh"),

    /** The login shell is {@code tcsh}. */
    WITH_TCSH("with-tcsh"),

    /** The login shell is the {@code ash} of busybox. */
    WITH_ASH("with-ash"),

    /**
     * bash, whose profile prints on both streams, text with {@code password:} in it, and ends without an end of line.
     * sudo allows everything with the password.
     */
    NOISY("noisy"),

    /** The same noise from {@code zsh}; nothing is allowed by sudo. */
    NOISY_ZSH("noisy-zsh"),

    /** The same noise from {@code csh}; nothing is allowed by sudo. */
    NOISY_CSH("noisy-csh"),

    /** The same noise from {@code fish}; nothing is allowed by sudo. */
    NOISY_FISH("noisy-fish"),

    /** sshd shows a banner before it asks anything; its last line is {@code Password:}. */
    BANNER("banner"),

    /**
     * PAM prints notices that look like questions, when it asks for the password and when a session begins; su and doas show
     * them. sudo and doas allow everything with the password.
     */
    PAM_NOISE("pam-noise"),

    /** There is no Java on its PATH. */
    NO_JAVA("no-java"),

    /** The first {@code java} on its PATH behaves like a Java 8. */
    OLD_JAVA("old-java"),

    /** Everything that can speaks French. sudo and doas allow everything with the password. */
    FRENCH("french"),

    /** Everything that can speaks Chinese. sudo allows everything with the password. */
    CHINESE("chinese"),

    /** sudo allows everything, without a password. */
    SUDO_FREE("sudo-free"),

    /** sudo allows everything with the password. */
    SUDO_PASSWORD("sudo-password"),

    /** sudo allows nothing but {@code id}, with the password. */
    SUDO_LIMITED("sudo-limited"),

    /** sudo wants a terminal and the password: {@code requiretty}. */
    SUDO_TTY("sudo-tty"),

    /** sudo wants a terminal, and no password. */
    SUDO_TTY_FREE("sudo-tty-free"),

    /** sudo shows stars for what is typed: {@code pwfeedback}. */
    SUDO_STARS("sudo-stars"),

    /** sudo gives its lecture every time before it asks. */
    SUDO_LECTURE("sudo-lecture"),

    /** sudo runs commands in a terminal of its own ({@code use_pty}) and wants the password. */
    SUDO_PTY("sudo-pty"),

    /** sudo runs commands in a terminal of its own, without a password. */
    SUDO_PTY_FREE("sudo-pty-free"),

    /** sudo allows everything, with a {@code secure_path} on which there is no Java. */
    SUDO_PATH("sudo-path"),

    /** sudo allows everything, and keeps the variable {@code KEPT}. */
    SUDO_KEEP("sudo-keep"),

    /** Member of the group whose members may become {@link #GUARDED} by su. */
    GUARD("guard"),

    /** su to it is refused before a question, unless {@link #GUARD} asks. */
    GUARDED("guarded"),

    /** doas allows everything, without a password. */
    DOAS_FREE("doas-free"),

    /** doas allows everything with the password. */
    DOAS_PASSWORD("doas-password"),

    /** doas allows everything, without a password, and keeps the environment. */
    DOAS_KEEP("doas-keep");

    private final String login;
    private final Secret password;

    Account(String login) {
        this(login, "pw-of-" + login);
    }

    Account(String login, String password) {
        this.login = login;
        this.password = Secret.of(password);
    }

    /** Returns the login name. */
    public String login() {
        return login;
    }

    /** Returns the password, another one for each account. */
    public Secret password() {
        return password;
    }

    /** Returns what {@link #CODE} answers to {@code Verification code: } within the next minute. */
    public static Secret verificationCode() {
        return Secret.of(VerificationCode.at(Instant.now()));
    }
}
