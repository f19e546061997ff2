// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** Leads one opened store over one wire, to however many servers. */
final class Route implements AutoCloseable {
    private final Wire wire = new Wire();
    private final Predicate<byte[]> housekeeping;
    private final Map<InetSocketAddress, WireProxy> proxies = new ConcurrentHashMap<>();

    Route(Predicate<byte[]> housekeeping) {
        this.housekeeping = housekeeping;
    }

    Wire wire() {
        return wire;
    }

    InetSocketAddress to(InetSocketAddress server) {
        return proxies.computeIfAbsent(server, address -> WireProxy.open(address, wire, housekeeping))
                .address();
    }

    DataSource over(DataSource source) {
        return WiredSource.of(source, wire);
    }

    @Override
    public void close() {
        wire.disarm();
        proxies.values().forEach(WireProxy::close);
    }
}
