// SPDX-License-Identifier: Apache-2.0
package dev.cairn.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports of the loopback address. */
final class Ports {
    static final String HOST = "127.0.0.1";

    /** Below the ports that systems hand to outgoing connections, so that none takes it while a server is down. */
    private static final int FIRST = 20_000;

    private static final int BEYOND = 32_000;
    private static final int ATTEMPTS = 100;

    private Ports() {}

    /** Returns a port that was free just now. */
    static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no free port found between " + FIRST + " and " + (BEYOND - 1) + " in " + ATTEMPTS + " attempts");
    }

    /** Returns whether nobody listens there; connections that are still being closed do not count. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false; // this is how a taken port answers
        }
    }
}
