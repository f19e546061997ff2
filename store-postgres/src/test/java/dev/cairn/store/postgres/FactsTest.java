// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.StorageUnusableException;
import dev.cairn.spi.Facts;
import dev.cairn.spi.OnWeak;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.Tier;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(60)
@DisplayName("What the store says of its server")
final class FactsTest {
    @ParameterizedTest(name = "synchronous_commit={0} fsync={1} full_page_writes={2} standbys={3}: {4}")
    @CsvSource({
        "on,on,on,'',POWER_LOSS",
        "local,on,on,'',POWER_LOSS",
        "off,on,on,'',CLIENT_CRASH",
        "off,on,on,'*',CLIENT_CRASH",
        "on,off,on,'*',SERVER_CRASH",
        "on,on,off,'',SERVER_CRASH",
        "on,on,on,'*',NODE_LOSS",
        "remote_apply,on,on,'*',NODE_LOSS",
        "remote_write,on,on,'*',POWER_LOSS",
        "local,on,on,'*',POWER_LOSS"
    })
    @DisplayName("the settings give the tier, and what falls short is named with the setting to change")
    void tiers(String commit, String fsync, String pages, String standbys, Tier tier) {
        TreeMap<String, String> settings = new TreeMap<>();
        settings.put("server_version", "15.1");
        settings.put("synchronous_commit", commit);
        settings.put("fsync", fsync);
        settings.put("full_page_writes", pages);
        settings.put("synchronous_standby_names", standbys);
        settings.put("client_min_messages", "notice");
        PostgresFacts.Server server = new PostgresFacts.Server(settings, 1, false);

        for (Tier asked : Tier.values()) {
            Facts facts = PostgresFacts.of(
                    server, false, StoreOptions.builder().tier(asked).build());

            assertThat(facts.tier()).isEqualTo(tier);
            assertThat(facts.warnings().isEmpty()).isEqualTo(tier.compareTo(asked) >= 0);
            assertThat(facts.warnings()).allMatch(warning -> warning.contains("set "));
        }
    }

    @Test
    @DisplayName("a server that hides warnings is told, since a cancelled wait for the standby is one")
    void hiddenWarnings() {
        TreeMap<String, String> settings = new TreeMap<>();
        settings.put("synchronous_commit", "on");
        settings.put("fsync", "on");
        settings.put("full_page_writes", "on");
        settings.put("synchronous_standby_names", "*");
        settings.put("client_min_messages", "error");

        assertThat(PostgresFacts.of(new PostgresFacts.Server(settings, 1, false), false, StoreOptions.defaults())
                        .warnings())
                .singleElement()
                .asString()
                .contains("set client_min_messages=warning");
    }

    @Test
    @DisplayName(
            "they are read live, from the connections that the pool gives; too weak is refused before anything is made")
    void live() {
        try (TestSchema schema = new TestSchema()) {
            PGSimpleDataSource weak = schema.source();
            weak.setOptions("-c synchronous_commit=off");
            PostgresStateStore.Builder builder =
                    PostgresStateStore.builder(weak).schemaName(schema.name);

            assertThatThrownBy(() -> builder.options(
                                    StoreOptions.builder().onWeak(OnWeak.REFUSE).build())
                            .open())
                    .isInstanceOf(StorageUnusableException.class)
                    .hasMessageContaining("set synchronous_commit=on");
            assertThat(schema.query("select 1 from pg_namespace where nspname = '" + schema.name + "'"))
                    .isEmpty();
            PostgresStateStore store =
                    schema.keep(builder.options(StoreOptions.defaults()).open());
            assertThat(store.facts().tier()).isEqualTo(Tier.CLIENT_CRASH);
            weak.setOptions("-c synchronous_commit=on");
            assertThat(store.facts().tier()).isEqualTo(Tier.POWER_LOSS);
            assertThat(store.facts().warnings()).isEmpty();
            assertThat(store.facts().product()).startsWith("PostgreSQL 1");
            assertThat(store.facts().settings()).containsEntry("fsync", "on").containsEntry("pooler", "no");
        }
    }
}
