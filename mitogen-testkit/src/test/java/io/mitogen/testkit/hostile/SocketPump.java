// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** A program that is all wire: what its test writes to a loopback socket leaves on standard output, and back. */
final class SocketPump {
    private SocketPump() {}

    public static void main(String[] args) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]))) {
            socket.setTcpNoDelay(true);
            Thread up = new Thread(() -> copy(System.in, socket));
            up.setDaemon(true);
            up.start();
            socket.getInputStream().transferTo(System.out);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void copy(InputStream in, Socket socket) {
        try {
            OutputStream out = socket.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (IOException expected) {
            // the test closed the socket
        }
        Runtime.getRuntime().halt(0);
    }
}
