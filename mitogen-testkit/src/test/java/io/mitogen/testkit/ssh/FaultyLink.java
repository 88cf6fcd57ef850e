// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.FaultProxy;
import io.mitogen.testkit.LocalSshd;
import java.util.ArrayList;
import java.util.List;

/** A bad network with a good server behind it, and a method that connects through it. */
final class FaultyLink implements AutoCloseable {
    private final LocalSshd sshd;
    private final FaultProxy proxy;

    FaultyLink(LocalSshd sshd) {
        this.sshd = sshd;
        this.proxy = FaultProxy.to(sshd.host(), sshd.port());
    }

    FaultProxy proxy() {
        return proxy;
    }

    /** Returns a method through the proxy, with more arguments for ssh. */
    Ssh ssh(String... more) {
        List<String> words = new ArrayList<>(List.of(more)); // of two values for one option, ssh takes the first
        words.addAll(List.of("-p", Integer.toString(proxy.port())));
        words.addAll(sshd.sshArguments());
        return Ssh.to(sshd.host())
                .arguments(words.toArray(new String[0]))
                .jvmOptions("-Xmx64m", "-XX:TieredStopAtLevel=1");
    }

    @Override
    public void close() {
        proxy.close();
    }
}
