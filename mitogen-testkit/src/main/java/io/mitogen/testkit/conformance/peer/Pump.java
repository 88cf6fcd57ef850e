// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The process in the place of an interpreter: its standard input and output are a socket's. Arguments: port,
 * a word that proves who it is, and the process that the implementation started.
 */
final class Pump {
    private Pump() {}

    public static void main(String[] words) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(words[0]))) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            out.write((words[1] + " " + words[2] + "\n").getBytes(StandardCharsets.US_ASCII));
            Thread up = new Thread(
                    () -> {
                        copy(System.in, out);
                        shutdownOutput(socket);
                    },
                    "up");
            up.setDaemon(true);
            up.start();
            copy(socket.getInputStream(), new java.io.FileOutputStream(java.io.FileDescriptor.out));
        }
    }

    private static void copy(InputStream in, OutputStream out) {
        byte[] some = new byte[65536];
        try {
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                out.write(some, 0, count);
                out.flush();
            }
        } catch (IOException expected) { // one of both is gone, which is the end
            return;
        }
    }

    private static void shutdownOutput(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException expected) { // it is closed already
            return;
        }
    }
}
