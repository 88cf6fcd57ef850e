// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.unix;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import io.mitogen.unix.UnixClient;
import io.mitogen.unix.UnixConnectException;
import io.mitogen.unix.UnixListener;
import java.nio.file.Path;

/**
 * {@code listen PATH}: a master with one child, which listens until its input ends, and prints the child's id and process id.
 * {@code join PATH}: a client; prints its id, or why it could not join.
 */
public final class ListeningProgram {
    private ListeningProgram() {}

    public static void main(String[] args) throws Exception {
        Path path = Path.of(args[1]);
        if (args[0].equals("listen")) {
            Mitogen.run(router -> {
                Context child = router.connect(Local.create().name("web"));
                UnixListener.open(router, path);
                System.out.println(child.id() + " " + child.call(Services::pid));
                System.in.read();
            });
        } else {
            try (UnixClient client = UnixClient.connect(path)) {
                System.out.println(client.id());
            } catch (UnixConnectException e) {
                System.out.println(e.reason() + " " + e.getMessage());
            }
        }
    }
}
