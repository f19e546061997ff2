// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.error.StorageUnusableException;
import dev.cairn.spi.Ability;
import dev.cairn.spi.Facts;
import dev.cairn.spi.OnWeak;
import dev.cairn.spi.SchemaMode;
import dev.cairn.spi.StoreOptions;
import dev.cairn.spi.Tier;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

final class FactsTest {
    private StoreFile file;
    private SqliteStateStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        file = new StoreFile(folder);
        store = file.open();
    }

    @AfterEach
    void close() {
        file.close();
    }

    private SQLiteDataSource source(SQLiteConfig.SynchronousMode mode) {
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(mode);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.path);
        return source;
    }

    @Test
    @DisplayName("CRASH-05 a file of our own is safe against loss of power, as its live connection says")
    void ownFileSurvivesPowerLoss() {
        Facts facts = store.facts();

        assertThat(facts.tier()).isEqualTo(Tier.POWER_LOSS);
        assertThat(facts.nature()).isEqualTo(Facts.Nature.EMBEDDED);
        assertThat(facts.product()).startsWith("SQLite 3.");
        assertThat(facts.settings()).containsEntry("journal_mode", "WAL").containsEntry("synchronous", "FULL");
        assertThat(facts.warnings()).isEmpty();
        assertThat(facts.abilities()).containsExactly(Ability.STEP_CACHE);
        assertThat(facts.limits().lanes()).isEqualTo(1);
    }

    @Test
    @DisplayName("CRASH-05 a DataSource with synchronous=NORMAL is weaker, and the warning names the setting")
    void normalIsWeaker() {
        try (SqliteStateStore weak = SqliteStateStore.builder(source(SQLiteConfig.SynchronousMode.NORMAL))
                .open()) {
            assertThat(weak.facts().tier()).isEqualTo(Tier.SERVER_CRASH);
            assertThat(weak.facts().warnings()).singleElement().asString().contains("PRAGMA synchronous=FULL");
        }
    }

    @Test
    @DisplayName("CRASH-05 what is weaker than asked is refused where the options say so")
    void weakIsRefused() {
        StoreOptions strict = StoreOptions.builder().onWeak(OnWeak.REFUSE).build();
        SqliteStateStore.Builder weak = SqliteStateStore.builder(source(SQLiteConfig.SynchronousMode.OFF))
                .options(strict);

        assertThatThrownBy(weak::open)
                .isInstanceOf(StorageUnusableException.class)
                .hasMessageContaining("PRAGMA synchronous=FULL");
        assertThat(file.open(strict).facts().tier()).isEqualTo(Tier.POWER_LOSS);
    }

    @Test
    @DisplayName("CRASH-05 a database without WAL is weaker, and verifying does not change it")
    void verifyingKeepsTheJournalMode() {
        store.close();
        file.sql("PRAGMA journal_mode = DELETE");

        try (SqliteStateStore verified =
                SqliteStateStore.builder(file.path).schema(SchemaMode.VERIFY).open()) {
            assertThat(verified.facts().tier()).isEqualTo(Tier.SERVER_CRASH);
            assertThat(verified.facts().warnings()).singleElement().asString().contains("PRAGMA journal_mode=WAL");
        }
        assertThat(file.query("PRAGMA journal_mode")).isEqualTo("delete");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "SMBFS"})
    @DisplayName("CRASH-05 file systems over a network are known by their type")
    void networkFileSystemsAreKnown(String type) {
        assertThat(SqliteFacts.isNetworked(type)).isTrue();
        assertThat(SqliteFacts.isNetworked("ext4")).isFalse();
    }

    @Test
    @DisplayName("LIFE-04 a connection of the team's comes back with the wait it had")
    void connectionComesBackAsItWas() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.path);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 1234");

            SqliteStateStore.builder(new OneConnection(connection)).open().close();

            try (ResultSet row = statement.executeQuery("PRAGMA busy_timeout")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(1234);
            }
        }
    }
}
