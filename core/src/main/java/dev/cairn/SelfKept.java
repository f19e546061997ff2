// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import java.util.List;

/** A lease without a heartbeat: whoever holds it renews it between two requests, once a third of it is gone. */
final class SelfKept {
    private final Connection connection;
    private final HeldLease held;
    private final String progress;

    SelfKept(Connection connection, HolderClock.Mark sent, Granted granted) {
        this.connection = connection;
        this.held = new HeldLease(
                connection.settings().clock(), sent, connection.settings().leaseTtl(), granted);
        this.progress = granted.page().head().progress();
    }

    Lease lease() {
        return held.lease();
    }

    /**
     * Renews it if that is due.
     *
     * @throws ConflictException if it does not stand any more
     */
    void keep() {
        if (held.remaining().multipliedBy(3).compareTo(held.ttl().multipliedBy(2)) < 0) {
            renew();
        }
    }

    /**
     * Renews it now, also one that ran out and that nobody took.
     *
     * @throws ConflictException if it does not stand any more
     */
    void renew() {
        HolderClock.Mark sent = connection.settings().clock().now();
        Renewal renewal = new Renewal(held.lease(), held.ttl(), progress);
        Renewed answer = connection
                .repeats()
                .untilDone(() -> connection.store().renew(List.of(renewal)))
                .get(0);
        if (!(answer instanceof Renewed.Held left)) {
            throw new ConflictException("run " + held.lease().runId()
                    + " was taken over meanwhile; it is as the other one leaves it. Look again");
        }
        held.renewed(sent, left.timeLeft());
    }
}
