// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.servers.PostgresServer;
import dev.cairn.servers.PostgresServer.Kind;

/** Which servers the kit runs on: those that {@code -Dcairn.servers} names, else the one that the order picks. */
final class ChosenServer {
    private ChosenServer() {}

    static boolean is15() {
        return PostgresServer.chosen().contains(Kind.POSTGRES15);
    }

    static boolean is18() {
        return PostgresServer.chosen().contains(Kind.POSTGRES18);
    }

    /** A server that was given from outside, by a URL or by Docker. */
    static boolean isGiven() {
        return PostgresServer.chosen().stream().anyMatch(kind -> kind == Kind.ENVIRONMENT || kind == Kind.DOCKER);
    }
}
