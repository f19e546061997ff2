// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StoreOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** Where and how a store is to be opened. */
public final class StoreEnv {
    private final String storage;
    private final Path folder;
    private final StoreOptions options;
    private final Optional<Route> route;
    private final Map<String, String> settings;

    StoreEnv(String storage, Path folder, StoreOptions options, Optional<Route> route) {
        this(storage, folder, options, route, Map.of());
    }

    private StoreEnv(
            String storage, Path folder, StoreOptions options, Optional<Route> route, Map<String, String> settings) {
        this.storage = storage;
        this.folder = folder;
        this.options = options;
        this.route = route;
        this.settings = Map.copyOf(settings);
    }

    /** In a child process, which is never routed. */
    static StoreEnv inChild(String storage, Path folder, StoreOptions options, Map<String, String> settings) {
        return new StoreEnv(storage, folder, options, Optional.empty(), settings);
    }

    /**
     * Names the storage: stores opened with the same name share it. One that was not used before asks for an empty one (a
     * schema, a database, a file). At most 24 lower-case letters and digits, the first one a letter.
     */
    public String storage() {
        return storage;
    }

    /** A folder of this storage's own, empty at first and removed at the end, for stores that keep files. */
    public Path folder() {
        return folder;
    }

    /** The namespace: another one in every clause. */
    public String namespace() {
        return options.namespace();
    }

    /** The options, the namespace among them. */
    public StoreOptions options() {
        return options;
    }

    /**
     * Whether the kit stands between this store and its storage, to count, hold and cut its requests. Then every connection
     * has to be made through {@code route}; a store that waits long for a connection, or for an answer, is better told to
     * wait for a few seconds only.
     */
    public boolean isRouted() {
        return route.isPresent();
    }

    /**
     * Where to connect to in order to reach a server: the address itself, or that of the kit's proxy in front of it. Every
     * connection of the store has to go through it.
     */
    public InetSocketAddress route(String host, int port) {
        InetSocketAddress server = InetSocketAddress.createUnresolved(host, port);
        return route.map(over -> over.to(server)).orElse(server);
    }

    /** The same for a database in this process: the source itself, or the kit's own in front of it. */
    public DataSource route(DataSource source) {
        return route.map(over -> over.over(source)).orElse(source);
    }

    /** In a child process what the harness gave to it with {@link StoreHarness#opensInChild}; nothing anywhere else. */
    public Map<String, String> settings() {
        return settings;
    }
}
