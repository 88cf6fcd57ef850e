// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Mitogen for Python, out of an unmodified package. One thread at a time. */
public final class PythonTarget implements Target {
    /**
     * Puts everything where the core expects it, without a process of its own: the source at descriptor 0 and once more at 101, the link's input at
     * 100. Both copies are one deleted file, because a pipe would not take so much without a reader. Takes the bytes of the preamble to read.
     */
    private static final String FIRST_STAGE = String.join(
            "\n",
            "import os, sys, tempfile, zlib",
            "os.write(1, b'MITO000\\n')",
            "left, packed = int(sys.argv[1]), b''",
            "while left:",
            "    piece = os.read(0, left)",
            "    if not piece: sys.exit(1)",
            "    packed += piece",
            "    left -= len(piece)",
            "fd, path = tempfile.mkstemp()",
            "with os.fdopen(fd, 'wb') as source: source.write(zlib.decompress(packed))",
            "os.dup2(0, 100)",
            "for wanted in (0, 101):",
            "    fd = os.open(path, os.O_RDONLY)",
            "    os.dup2(fd, wanted)",
            "    if fd != wanted: os.close(fd)",
            "os.unlink(path)",
            "os.write(1, b'MITO001\\n')",
            "os.environ['ARGV0'] = sys.executable",
            "os.execl(sys.executable, sys.executable + '(mitogen:conformance)')");

    private final String interpreter;
    private final PythonPackage mitogen;
    private final int major;
    private final Session session;

    /** @param folder the package's, with {@code core.py} in it; null for the one of the interpreter */
    public PythonTarget(String interpreter, Path folder, Session session) throws IOException {
        this.interpreter = interpreter;
        this.major = PythonPackage.major(interpreter, session.patience());
        this.mitogen = folder == null ? PythonPackage.of(interpreter, session.patience()) : new PythonPackage(folder);
        this.session = session;
    }

    @Override
    public Kind kind() {
        return Kind.PYTHON;
    }

    @Override
    public boolean readsNewPickles() {
        return major > 2;
    }

    @Override
    public Dialect dialect() {
        return new PythonDialect(major);
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public Booting launch(Wanted wanted) throws IOException {
        byte[] preamble = new Literal(mitogen.version()).preamble(mitogen.core(), wanted);
        List<String> argv = List.of(interpreter, "-c", FIRST_STAGE, Integer.toString(preamble.length));
        return new Booting(this, wanted, new ChildProcess(argv), new Booting.Offer(preamble, mitogen));
    }
}
