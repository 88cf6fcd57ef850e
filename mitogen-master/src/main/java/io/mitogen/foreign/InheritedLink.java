// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/**
 * The link to a parent that started this process, away from its standard input and output: what user code or a process of its own
 * reads from descriptor 0 or writes to descriptor 1 never gets into the link. Closing the input ends a read that waits. Used once,
 * by the main thread, before anything else.
 *
 * @param in from the parent
 * @param out to the parent
 * @param stdout what is written to descriptor 1 from now on; ends at once when that leads nowhere
 */
record InheritedLink(InputStream in, OutputStream out, InputStream stdout) {
    private static final int IN = 3;
    private static final int OUT = 4;

    /**
     * Takes a link that a shell has moved to descriptors 3 and 4, with a FIFO, open for both directions, as descriptor 1. Needs
     * java.base to open java.io to this module.
     */
    static InheritedLink takeMoved() throws IOException {
        InputStream in = interruptible(new FileInputStream(descriptor(IN)));
        return new InheritedLink(in, new FileOutputStream(descriptor(OUT)), new FileInputStream("/dev/fd/1"));
    }

    /** Returns what cannot be opened by a path: a socket. */
    private static FileDescriptor descriptor(int number) throws IOException {
        try {
            Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            return constructor.newInstance(number);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException("descriptor " + number + " cannot be used without --add-opens: " + e, e);
        }
    }

    /**
     * Takes a link that is descriptors 0 and 1, and leads those to /dev/null.
     *
     * <p>A JVM cannot duplicate a descriptor, but for one way: the channel that it was started with, which must be a socket, as
     * the ends are that Python Mitogen gives its children. Closing java.io's stream of a standard descriptor leads that to
     * /dev/null (JDK: fileDescriptorClose in io_util_md.c) and leaves the duplicate alone. Pipes, which Python takes where
     * SELinux is in the way of sockets, can be opened anew by their path. What can be neither is used as it is.
     */
    static InheritedLink takeStandard() throws IOException {
        System.setIn(InputStream.nullInputStream());
        Channel channel = System.inheritedChannel();
        InputStream in;
        OutputStream out;
        if (channel instanceof SocketChannel) {
            SocketLink link = SocketLink.of((SocketChannel) channel);
            in = link.in();
            out = link.out();
        } else {
            try {
                in = interruptible(new FileInputStream("/dev/fd/0"));
                out = new FileOutputStream("/dev/fd/1");
            } catch (FileNotFoundException expected) { // somebody else's
                in = interruptible(new FileInputStream(FileDescriptor.in));
                out = new FileOutputStream(FileDescriptor.out);
                return new InheritedLink(in, out, InputStream.nullInputStream());
            }
        }
        new FileInputStream(FileDescriptor.in).close();
        new FileOutputStream(FileDescriptor.out).close();
        return new InheritedLink(in, out, InputStream.nullInputStream());
    }

    private static InputStream interruptible(FileInputStream in) {
        return Channels.newInputStream(in.getChannel());
    }
}
