// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.StoreUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A PostgreSQL that a URL names, and the pool of our own that it asks for. Never shows the password. */
final class PostgresUrl {
    /** What may be said to the driver: how to reach the server, never how statements are sent or what they mean. */
    private static final List<String> DRIVER = List.of(
            "sslmode",
            "sslrootcert",
            "sslcert",
            "sslkey",
            "sslpassword",
            "channelBinding",
            "gssEncMode",
            "connectTimeout",
            "loginTimeout",
            "socketTimeout",
            "tcpKeepAlive",
            "targetServerType",
            "loadBalanceHosts",
            "ApplicationName",
            "prepareThreshold");

    private static final String KNOWN =
            "namespace, fence-time, lock-bound, page-bytes, payload-limit, on-weak, tier, schema=apply|verify, schema-name,"
                    + " pool-size, pool-timeout, user, password, " + String.join(", ", DRIVER);

    private static final Pattern REST =
            Pattern.compile("//(?:([^:@/]*)(?::([^@/]*))?@)?([A-Za-z0-9._:,\\[\\]-]+)/([^/?#]+)");

    private static final int LEAST_POOL = PostgresConnections.LANES + 1;
    private static final int MOST_POOL = 1000;
    private static final int DEFAULT_POOL = 6;

    private final String hosts;
    private final String database;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final int poolSize;
    private final Duration poolTimeout;

    private PostgresUrl(StoreUrl url) {
        Matcher parts = REST.matcher(url.rest());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "a PostgreSQL URL is postgresql://user:password@host:5432/database, with several hosts separated by"
                            + " commas; this one is not. Characters such as @ / : in user or password are written as %40 %2F %3A");
        }
        hosts = parts.group(3);
        database = decode(parts.group(4));
        properties.put("connectTimeout", "10");
        properties.put("tcpKeepAlive", "true");
        properties.put("ApplicationName", "cairn");
        put(
                "user",
                Optional.ofNullable(parts.group(1))
                        .filter(user -> !user.isEmpty())
                        .map(PostgresUrl::decode));
        put("password", Optional.ofNullable(parts.group(2)).map(PostgresUrl::decode));
        put("user", url.take("user"));
        put("password", url.take("password"));
        for (String name : DRIVER) {
            put(name, url.take(name));
        }
        poolSize = url.takeInt("pool-size").orElse(DEFAULT_POOL);
        poolTimeout = url.takeDuration("pool-timeout").orElse(Duration.ofSeconds(10));
        if (poolSize < LEAST_POOL || poolSize > MOST_POOL) {
            throw new IllegalArgumentException(
                    "pool-size must be " + LEAST_POOL + " to " + MOST_POOL + ", was " + poolSize);
        }
        if (poolTimeout.compareTo(Duration.ofMillis(250)) < 0 || poolTimeout.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("pool-timeout must be 250 ms to 10 minutes, was " + poolTimeout);
        }
        url.requireNoMore(KNOWN);
    }

    /**
     * Takes what is left of a URL.
     *
     * @throws IllegalArgumentException if it is not one, or has an option that is not known
     */
    static PostgresUrl take(StoreUrl url) {
        return new PostgresUrl(url);
    }

    private void put(String name, Optional<String> value) {
        value.ifPresent(given -> properties.put(name, given));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** For messages. */
    String where() {
        return "PostgreSQL " + hosts + "/" + database;
    }

    /** Whether the URL itself says when the driver may prepare statements in the server. */
    boolean saysWhatToPrepare() {
        return properties.containsKey("prepareThreshold");
    }

    /** A pool that opens connections as they are needed. */
    HikariDataSource pool(StoreOptions options) {
        HikariConfig config = new HikariConfig();
        // Longer than any request of ours waits, so that only a line that is dead is cut.
        properties.putIfAbsent(
                "socketTimeout", Long.toString(30 + options.lockBound().toSeconds()));
        config.setJdbcUrl(
                "jdbc:postgresql://" + hosts + "/" + java.net.URLEncoder.encode(database, StandardCharsets.UTF_8));
        properties.forEach(config::addDataSourceProperty);
        config.setPoolName("cairn-" + options.namespace());
        config.setMaximumPoolSize(poolSize);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(poolTimeout.toMillis());
        config.setInitializationFailTimeout(-1); // the first request says what is wrong, in our words
        return new HikariDataSource(config);
    }
}
