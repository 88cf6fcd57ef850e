// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import io.mitogen.core.Nullable;

/**
 * What was asked and answered in an attempt. Immutable.
 *
 * @param hasPassword whether a password was given as an option
 * @param passwordSent whether it was delivered
 * @param passphraseSent whether the passphrase was delivered
 * @param closedKey the path of a key that stayed closed because nobody knew its passphrase
 * @param hostKeyQuestion the question whether to trust a host's key, if there was one
 * @param asked whether ssh itself has asked anything
 */
record SshTalk(
        boolean hasPassword,
        boolean passwordSent,
        boolean passphraseSent,
        @Nullable String closedKey,
        @Nullable String hostKeyQuestion,
        boolean asked) {
    /** Of an attempt in which nothing was asked. */
    static SshTalk silent(boolean hasPassword) {
        return new SshTalk(hasPassword, false, false, null, null, false);
    }

    SshTalk withAsked() {
        return new SshTalk(hasPassword, passwordSent, passphraseSent, closedKey, hostKeyQuestion, true);
    }

    SshTalk withPasswordSent() {
        return new SshTalk(hasPassword, true, passphraseSent, closedKey, hostKeyQuestion, asked);
    }

    SshTalk withPassphraseSent() {
        return new SshTalk(hasPassword, passwordSent, true, closedKey, hostKeyQuestion, asked);
    }

    SshTalk withClosedKey(String path) {
        return new SshTalk(hasPassword, passwordSent, passphraseSent, path, hostKeyQuestion, asked);
    }

    SshTalk withHostKeyQuestion(String question) {
        return new SshTalk(hasPassword, passwordSent, passphraseSent, closedKey, question, asked);
    }
}
