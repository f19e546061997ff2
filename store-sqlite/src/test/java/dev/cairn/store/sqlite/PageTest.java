// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.LEASE;
import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.creating;
import static dev.cairn.store.sqlite.StoreFile.entries;
import static dev.cairn.store.sqlite.StoreFile.granted;
import static dev.cairn.store.sqlite.StoreFile.newRun;
import static dev.cairn.store.sqlite.StoreFile.read;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.takeOver;
import static dev.cairn.store.sqlite.StoreFile.taking;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.spi.Appended;
import dev.cairn.spi.CommitId;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Due;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Page;
import dev.cairn.spi.Received;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.Revision;
import dev.cairn.spi.Settle;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PageTest {
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

    @Test
    @DisplayName("RT-01 bytes of every size around the page sizes come back identical, after reopening too")
    void sizesSurvive() {
        Lease lease = createRun(store, "a");
        Random random = new Random(3);
        List<Entry> written = new ArrayList<>();
        for (int size : List.of(0, 1, 255, 256, 257, 4095, 4096, 4097, 65_535, 65_536, 65_537, 1 << 20)) {
            byte[] body = new byte[size];
            random.nextBytes(body);
            long place = written.size() + 1L;
            Entry entry = Entry.of(lease, place, EntryKind.PLAIN, CommitId.of(lease.id(), place), Bytes.copyOf(body));
            append(store, entry);
            written.add(entry);
        }
        store.close();

        assertThat(entries(file.open(), "a"))
                .endsWith(written.toArray(Entry[]::new))
                .hasSize(written.size() + 1);
    }

    @Test
    @DisplayName("RT-04 text keeps astral code points, combining marks, spaces and line ends")
    void textSurvives() {
        for (String text : List.of("\uD83D\uDE00 e\u0301 \u05D0", "  both ends  ", "a\r\nb\tc", "'\"\\;--%_?:x")) {
            Labels labels = Labels.of(Map.of("k" + text, text));
            Lease lease = granted(store.acquire(creating(text, newRun(RunStatus.READY, labels))));
            store.renew(List.of(new Renewal(lease, LEASE, text)));
            store.signal(text, new Message(text, text, Bytes.utf8(text)));
            store.settle(Settle.of(lease, HeadChange.blocked(text, Due.never()).build()));

            Page page = read(store, text).orElseThrow();

            assertThat(List.of(
                            page.head().runId(),
                            page.head().progress(),
                            page.head().reason()))
                    .containsOnly(text);
            assertThat(page.head().labels()).isEqualTo(labels);
            assertThat(page.messages()).containsExactly(new Received(new Message(text, text, Bytes.utf8(text)), 0));
        }
    }

    @Test
    @DisplayName("RT-05 a token beyond 2^53 comes back as it was")
    void largeTokenSurvives() {
        createRun(store, "a");
        long large = (1L << 62) + 1;
        file.sql("UPDATE cairn_head SET token = " + large);

        Lease next = takeOver(store, "a");

        assertThat(next.token()).isEqualTo(large + 1);
        assertThat(append(store, step(next, 2))).isEqualTo(new Appended.Written());
        assertThat(entries(store, "a").get(2).lease().token()).isEqualTo(large + 1);
    }

    @Test
    @DisplayName("RT-08 changing a buffer after it was handed over changes nothing that is stored")
    void buffersAreCopied() {
        Lease lease = createRun(store, "a");
        byte[] body = {1, 2, 3};
        Entry entry = Entry.of(lease, 1, EntryKind.PLAIN, CommitId.of(lease.id(), 1), Bytes.copyOf(body));
        append(store, entry);

        body[0] = 9;
        entries(store, "a").get(1).body().toArray()[1] = 9;

        assertThat(entries(store, "a").get(1).body()).isEqualTo(Bytes.copyOf(new byte[] {1, 2, 3}));
    }

    @Test
    @DisplayName("BIG-03 a run of 10,000 steps loads completely and in order")
    void manyStepsLoad() {
        Lease lease = createRun(store, "a");
        file.sql(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) INSERT INTO cairn_entry"
                        + " SELECT id + i, 2, lease, token, commit_id, 0, x'7b7d' FROM cairn_entry, n");
        Entry sample = Entry.of(lease, 10_000, EntryKind.PLAIN, CommitId.of(lease.id(), 1), Bytes.utf8("{}"));

        Appended answer = append(store, sample);

        assertThat(answer).isEqualTo(new Appended.Written());
        assertThat(file.query("SELECT count(*) FROM cairn_entry")).isEqualTo("10001");
        assertThat(((Refused) store.acquire(taking(
                                "a",
                                Condition.open()
                                        .over(Condition.Over.LIVE)
                                        .at(new Revision(lease.incarnation(), 9_999))
                                        .build())))
                        .reason())
                .isEqualTo(Refused.Reason.REVISION);
    }
}
