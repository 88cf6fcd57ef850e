// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

/** What is done with a host's key that is not known. A key that is known and has changed is never accepted but by IGNORE. */
public enum HostKeys {
    /** It is asked for, and refused unless a question handler accepts it. */
    ENFORCE("ask", "enforce"),
    /** It is accepted and written down. */
    ACCEPT_NEW("accept-new", "accept"),
    /** Any key is accepted and none is written down: nobody knows who is at the other end. */
    IGNORE("no", "ignore");

    private final String strictChecking;
    private final String pythonName;

    HostKeys(String strictChecking, String pythonName) {
        this.strictChecking = strictChecking;
        this.pythonName = pythonName;
    }

    /** Returns the value of ssh's option {@code StrictHostKeyChecking}. */
    String strictChecking() {
        return strictChecking;
    }

    /** Returns the value of Python Mitogen's option {@code check_host_keys}. */
    String pythonName() {
        return pythonName;
    }
}
