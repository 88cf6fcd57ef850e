// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.log;

import io.mitogen.connect.Local;
import io.mitogen.master.Mitogen;
import java.nio.file.Path;
import java.util.logging.Logger;

/** A program with a context that talks: {@code unconfigured}, {@code stderr}, or {@code file PATH}. */
public final class LogProgram {
    private LogProgram() {}

    /** Runs. */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "stderr" -> Mitogen.logToStderr();
            case "file" -> Mitogen.logToFile(Path.of(args[1]));
            case "unconfigured" -> {}
            default -> throw new IllegalArgumentException(args[0]);
        }
        Mitogen.run(router -> router.connect(Local.create().name("web1")).call(LogProgram::talk));
        System.out.println("done");
    }

    /** Says a few things, one of them meant to look like another record. */
    public static void talk() throws Exception {
        System.out.println("hello");
        Talker.run("echo from the shell >&2");
        System.out.println("\u001b[2J\r12:00:00.000 ERROR   mitogen forged by a return");
        Logger logger = Logger.getLogger("com.acme.App");
        logger.info("two lines\n12:00:00.000 ERROR   mitogen forged by a line");
        logger.fine("detail");
    }
}
