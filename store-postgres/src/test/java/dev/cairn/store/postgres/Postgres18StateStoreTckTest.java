// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import dev.cairn.servers.PostgresServer;
import dev.cairn.tck.StateStoreTck;
import dev.cairn.tck.StoreHarness;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("dev.cairn.store.postgres.ChosenServer#is18")
class Postgres18StateStoreTckTest implements StateStoreTck {
    @Override
    public StoreHarness harness() {
        return PostgresHarness.pooled("postgres18", PostgresServer.shared(PostgresServer.Kind.POSTGRES18));
    }
}
