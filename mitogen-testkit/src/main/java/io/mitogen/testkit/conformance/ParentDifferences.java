// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.Differences.Difference;
import io.mitogen.testkit.conformance.peer.Kind;
import java.util.List;
import java.util.regex.Pattern;

/** Where parents and listeners that are known differ. Any thread. */
final class ParentDifferences {
    static final List<Difference> ALL = List.of(
            python(
                    "parent.add-route.parent",
                    "^\\[dst_id 0, src_id \\d+, auth_id 0, handle 998.* got .*invalid handle",
                    "a Python master lets a child claim the master's own id, and with it its authority"),
            python(
                    "parent.add-route.sibling",
                    "^the child gets what is for that context$",
                    "a Python context that is no master lets a child claim what lives elsewhere in the tree"),
            python(
                    "parent.get-module.repeated",
                    "^nothing was answered to it$",
                    "a Python master answers each name once for each link"),
            python(
                    "unix.hello-none",
                    "^it waits$",
                    "a Python listener reads a client's four bytes on the thread that serves all others"));

    private ParentDifferences() {}

    private static Difference python(String name, String seen, String reason) {
        return new Difference(Kind.PYTHON, name, Pattern.compile(seen), reason);
    }
}
