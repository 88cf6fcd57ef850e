// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.docker.Account;
import io.mitogen.testkit.docker.DockerHost;

/** Ways to hosts in containers, which leave the files and the agent of the user who runs the tests alone. */
final class DockerSsh {
    private DockerSsh() {}

    /** Returns the way to this account, with the host's key known and no other secret. */
    static Ssh to(DockerHost host, Account account) {
        return host.sshWithoutKey(account).connectTimeout(SshContract.SOON);
    }

    /** Returns the same without the host's key. */
    static Ssh strangeTo(DockerHost host, Account account) {
        return Ssh.to(host.host())
                .port(host.port())
                .user(account.login())
                .connectTimeout(SshContract.SOON)
                .arguments("-F", "none", "-o", "IdentityAgent=none", "-o", "GlobalKnownHostsFile=/dev/null");
    }
}
