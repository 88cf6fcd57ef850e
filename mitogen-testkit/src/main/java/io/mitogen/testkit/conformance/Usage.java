// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

/** A command line that cannot be followed; says why. */
final class Usage extends Exception {
    private static final long serialVersionUID = 1L;

    static final String TEXT = String.join(
            "\n",
            "usage: conformance MODE [OPTION...]",
            "",
            "  --command CMD            a child of any implementation: /bin/sh -c CMD, the link on its standard input and output",
            "  --python INTERPRETER     a child of Mitogen for Python",
            "  --package DIR            with --python: the folder of the package mitogen, with core.py in it",
            "  --jvm [JAVA]             a child of this library",
            "",
            "  --child                  the parent that has started this command in the place of a Python interpreter",
            "  --unix PATH              the listener at this socket",
            "",
            "  --relay                  the same implementation, when it has children",
            "  --dialect NAME           with --command: whose functions there are to call: python (unless told), neutral or java",
            "  --of python|jvm          with --child and --unix: whose it is, where that is known; nothing is excused unless told",
            "  --context ID             with --child and --unix: another context, which is tried to be reached; --unix ends it at last",
            "  --end WAY                with --child: the last thing on the link: shutdown, bad-magic, oversize or detach",
            "  --report FILE            with --child: where the lines go; standard error unless told",
            "  --timeout SECONDS        how long to wait for anything whose rule sets no time; 20 unless told otherwise",
            "",
            "  --only GLOB              the cases whose names match, with * and ?; may be given more than once",
            "  --level LEVEL            the rules that bind at least so much: MUST, SHOULD or MAY",
            "  --skip GLOB=REASON       do not run these cases; may be given more than once",
            "  --expect FILE            lines of GLOB=REASON: these cases fail, and that one of them passes is a failure",
            "",
            "  --verbose                bytes and processes of every case, not only of those that fail",
            "  --junit FILE             write the report of JUnit, too",
            "  --json FILE              write a report in JSON, too",
            "",
            "  --list                   print names and rules, run nothing",
            "  --explain CASE           print rule, reason and usual mistake of a case, run nothing",
            "  --vectors DIR            write the recorded pickles into this folder, run nothing",
            "  --help                   print this text",
            "",
            "The exit status is 0 when no case failed, 1 when one did or not all could be run, and 2 when the command line is wrong.");

    Usage(String message) {
        super(message);
    }
}
