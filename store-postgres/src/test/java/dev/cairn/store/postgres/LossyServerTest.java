// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.cairn.servers.PostgresServer;
import dev.cairn.spi.Facts;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.Tier;
import dev.cairn.tck.StoreClauses;
import dev.cairn.tck.StoreEnv;
import dev.cairn.tck.StoreHarness;
import dev.cairn.tck.StoreServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A real server that acknowledges commits before they are on its disk, and what the kit says of it. */
@Timeout(240)
final class LossyServerTest {
    private static final Map<String, String> LOSSY =
            Map.of("synchronous_commit", "off", "wal_writer_delay", "10s", "wal_writer_flush_after", "1GB");

    @TempDir
    private Path certificates;

    /** What becomes of CRASH-05: its report, if it fails. */
    private Optional<String> killed(Class<?> kit) {
        String method = Arrays.stream(kit.getMethods())
                .map(Method::getName)
                .filter(name -> name.startsWith("crash_05_"))
                .findFirst()
                .orElseThrow();
        String before = System.setProperty("tck.certificates", certificates.toString());
        try {
            List<TestExecutionResult> results = new ArrayList<>();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectMethod(kit, method, "dev.cairn.tck.Trial"))
                                    .build(),
                            new TestExecutionListener() {
                                @Override
                                public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                    if (test.isTest()) {
                                        results.add(result);
                                    }
                                }
                            });
            assertThat(results)
                    .singleElement()
                    .matches(result -> result.getStatus() != TestExecutionResult.Status.ABORTED);
            return results.get(0).getThrowable().map(Throwable::getMessage);
        } finally {
            if (before == null) {
                System.clearProperty("tck.certificates");
            } else {
                System.setProperty("tck.certificates", before);
            }
        }
    }

    /** The store as it is: it reads from the server what that does. */
    static class Honest implements StoreClauses {
        @Override
        public StoreHarness harness() {
            PostgresServer server = PostgresServer.shared();
            return StoreHarness.named("postgres-lossy")
                    .opens(env -> PostgresHarness.open(server, server.host() + ":" + server.port(), "", env))
                    .server(() -> serving(PostgresEnding.start(local(), LOSSY)));
        }

        StoreServer serving(PostgresEnding server) {
            return server;
        }

        private static PostgresServer.Kind local() {
            PostgresServer.Kind shared = PostgresServer.shared().kind();
            return shared == PostgresServer.Kind.POSTGRES15 ? shared : PostgresServer.Kind.POSTGRES18;
        }
    }

    /** The same, with a store that states that acknowledged writes outlive the server. */
    static class Boasting extends Honest {
        @Override
        StoreServer serving(PostgresEnding server) {
            return new StoreServer() {
                @Override
                public StateStore open(StoreEnv env) {
                    return boasting(server.open(env));
                }

                @Override
                public void kill() {
                    server.kill();
                }

                @Override
                public void start() {
                    server.start();
                }

                @Override
                public String identity() {
                    return server.identity();
                }

                @Override
                public Map<String, String> settings() {
                    return server.settings();
                }

                @Override
                public void close() {
                    server.close();
                }
            };
        }
    }

    private static StateStore boasting(StateStore store) {
        Class<?>[] types = {StateStore.class, StepCacheStore.class};
        return (StateStore) Proxy.newProxyInstance(types[0].getClassLoader(), types, (proxy, method, args) -> {
            try {
                Object answer = method.invoke(store, args);
                return answer instanceof Facts facts ? boasting(facts) : answer;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private static Facts boasting(Facts facts) {
        return new Facts(
                facts.product(),
                facts.nature(),
                Tier.SERVER_CRASH,
                facts.limits(),
                facts.fenceTime(),
                facts.abilities(),
                facts.settings(),
                List.of());
    }

    @Test
    @DisplayName("CRASH-05 with synchronous_commit=off acknowledged commits are lost, and the clause finds it")
    void lossIsFound() {
        assertThat(killed(Boasting.class))
                .get()
                .asString()
                .contains("[CRASH-05]")
                .contains("acknowledged entries");
    }

    @Test
    @DisplayName("CRASH-05 with synchronous_commit=off the store states a lower tier, and a run loses only its end")
    void honestStoreStatesLowerTier() {
        assertThat(killed(Honest.class)).isEmpty();
    }
}
