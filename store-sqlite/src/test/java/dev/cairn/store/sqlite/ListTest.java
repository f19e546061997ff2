// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.sqlite;

import static dev.cairn.store.sqlite.StoreFile.LEASE;
import static dev.cairn.store.sqlite.StoreFile.append;
import static dev.cairn.store.sqlite.StoreFile.complete;
import static dev.cairn.store.sqlite.StoreFile.createRun;
import static dev.cairn.store.sqlite.StoreFile.creating;
import static dev.cairn.store.sqlite.StoreFile.granted;
import static dev.cairn.store.sqlite.StoreFile.newRun;
import static dev.cairn.store.sqlite.StoreFile.read;
import static dev.cairn.store.sqlite.StoreFile.release;
import static dev.cairn.store.sqlite.StoreFile.step;
import static dev.cairn.store.sqlite.StoreFile.superseding;
import static dev.cairn.store.sqlite.StoreFile.taking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.spi.Due;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Labels;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Refused;
import dev.cairn.spi.Renewal;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Signalled;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListTest {
    private static final List<RunStatus> STATUSES = List.copyOf(EnumSet.allOf(RunStatus.class));

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

    private List<String> all(RunQuery.Builder query) {
        List<String> ids = new ArrayList<>();
        RunPage page = store.list(query.build());
        page.runs().forEach(head -> ids.add(head.runId()));
        while (page.next().isPresent()) {
            page = store.list(query.after(page.next().get()).build());
            page.runs().forEach(head -> ids.add(head.runId()));
        }
        return ids;
    }

    private void createAll(String... ids) {
        for (String id : ids) {
            createRun(store, id);
        }
    }

    @Test
    @DisplayName("LIST-01 for every page size, paging gives each run exactly once")
    void everyPageSizeGivesEachRunOnce() {
        createAll("a", "b", "c", "d", "e", "f", "g");
        file.sql("UPDATE cairn_head SET created = created / 10 * 10");
        List<String> expected = all(RunQuery.all());

        for (int limit = 1; limit <= 8; limit++) {
            assertThat(all(RunQuery.all().limit(limit))).isEqualTo(expected).hasSize(7);
        }
    }

    @Test
    @DisplayName("LIST-02 runs that come and go between pages do not move an untouched run")
    void comingAndGoingMovesNothing() {
        createAll("a", "b", "c", "d");
        file.sql("UPDATE cairn_head SET created = 1000 + unicode(run_id)");
        RunPage first = store.list(RunQuery.all().limit(2).build());
        createAll("new");
        file.sql("DELETE FROM cairn_head WHERE run_id = 'd'");

        List<String> rest = all(RunQuery.all().limit(2).after(first.next().orElseThrow()));

        assertThat(first.runs()).extracting(Head::runId).containsExactly("d", "c");
        assertThat(rest).containsExactly("b", "a");
    }

    @Test
    @DisplayName("LIST-03 the newest comes first, then the id in the order of its UTF-8 bytes")
    void orderIsByCreationThenBytes() {
        createAll("\uFF5E", "\uD83D\uDE00", "z", "Z", "é", "older");
        file.sql("UPDATE cairn_head SET created = 2000");
        file.sql("UPDATE cairn_head SET created = 1000 WHERE run_id = 'older'");

        assertThat(all(RunQuery.all())).containsExactly("Z", "z", "é", "\uFF5E", "\uD83D\uDE00", "older");
    }

    @Test
    @DisplayName("LIST-04 a page token works on another instance, and not on another query or namespace or damaged")
    void tokenBelongsToItsQuery() {
        createAll("a", "b");
        String token = store.list(RunQuery.all().limit(1).build()).next().orElseThrow();
        SqliteStateStore other = file.open();
        SqliteStateStore elsewhere = file.open("elsewhere");

        assertThat(other.list(RunQuery.all().limit(5).after(token).build()).runs())
                .hasSize(1);
        List.of(
                        RunQuery.all().after(token + "x").build(),
                        RunQuery.all().after("x").build(),
                        RunQuery.all().workflow("flow").after(token).build())
                .forEach(query -> assertThatThrownBy(() -> store.list(query))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("page token"));
        assertThatThrownBy(() -> elsewhere.list(RunQuery.all().after(token).build()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("LIST-05 the end is said also when the last page is full, and no match is an empty page")
    void endIsSaid() {
        createAll("a", "b");

        RunPage full = store.list(RunQuery.all().limit(2).build());
        RunPage none = store.list(RunQuery.all().workflow("other").build());

        assertThat(full.runs()).hasSize(2);
        assertThat(full.next()).isEmpty();
        assertThat(none.runs()).isEmpty();
        assertThat(none.next()).isEmpty();
    }

    @Test
    @DisplayName("LIST-06 every combination of filters gives exactly the runs whose head matches")
    void filtersAgreeWithHeads() {
        Random random = new Random(7);
        List<String> texts = List.of("a", "a%", "a_b", "A", "'\";--", "é\uD83D\uDE00", "$.x", "[0]");
        for (int i = 0; i < 60; i++) {
            Map<String, String> labels = new TreeMap<>();
            for (int l = random.nextInt(3); l > 0; l--) {
                labels.put(pick(random, texts), pick(random, texts));
            }
            String id = pick(random, texts) + i;
            Lease lease = granted(store.acquire(creating(id, newRun(RunStatus.READY, Labels.of(labels)))));
            switch (random.nextInt(5)) {
                case 0 -> release(store, lease);
                case 1 -> complete(store, lease, 1);
                case 2 -> store.settle(Settle.of(lease, HeadChange.gone(0).build()));
                case 3 ->
                    store.settle(Settle.of(
                            lease, HeadChange.blocked("why", Due.never()).build()));
                default -> {}
            }
        }
        file.sql("UPDATE cairn_head SET created = 1000 + abs(random() % 5), changed = 1000 + abs(random() % 5)");
        List<Head> heads = store.list(RunQuery.all().limit(1000).build()).runs();

        for (int i = 0; i < 300; i++) {
            RunQuery query = query(random, texts);
            List<Head> expected = heads.stream()
                    .filter(head -> query.matches(head, Instant.ofEpochMilli(2000)))
                    .toList();
            assertThat(store.list(query).runs()).as(query.fingerprint()).isEqualTo(expected);
        }
    }

    private static RunQuery query(Random random, List<String> texts) {
        RunQuery.Builder query = RunQuery.all().limit(1000);
        if (random.nextInt(3) == 0) {
            query.status(pick(random, STATUSES), pick(random, STATUSES));
        }
        if (random.nextInt(3) == 0) {
            query.label(pick(random, texts), pick(random, texts));
        }
        if (random.nextInt(3) == 0) {
            query.prefix(pick(random, texts));
        }
        if (random.nextInt(4) == 0) {
            query.created(at(random), at(random).plusMillis(5));
        }
        if (random.nextInt(4) == 0) {
            query.changed(at(random), at(random).plusMillis(5));
        }
        if (random.nextInt(5) == 0) {
            query.workflow(random.nextBoolean() ? "flow" : "Flow");
        }
        return query.build();
    }

    private static Instant at(Random random) {
        return Instant.ofEpochSecond(1, random.nextInt(5_000_001));
    }

    private static <T> T pick(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    @Test
    @DisplayName("LIST-09 a heartbeat and a step move neither labels nor when a run changed")
    void onlySettlesMoveAListing() {
        Lease lease = createRun(store, "a");
        Head before = store.list(RunQuery.all().build()).runs().get(0);

        append(store, step(lease, 1));
        store.renew(List.of(new Renewal(lease, LEASE, "half")));

        Head after = store.list(RunQuery.all().build()).runs().get(0);
        assertThat(after.changed()).isEqualTo(before.changed());
        assertThat(after.labels()).isEqualTo(before.labels());
        assertThat(after.progress()).isEqualTo("half");
    }

    @Test
    @DisplayName("SEC-02 no listing, read, signal or lease of one namespace sees another's runs")
    void namespacesSeeNothingOfEachOther() {
        createRun(store, "a");
        SqliteStateStore other = file.open("Default");
        String before = file.everything();

        assertThat(other.list(RunQuery.all().build()).runs()).isEmpty();
        assertThat(read(other, "a")).isEmpty();
        assertThat(other.signal("a", new Message("1", "x", Bytes.empty()))).isEqualTo(Signalled.ABSENT);
        assertThat(other.acquire(taking("a", superseding()))).isInstanceOf(Refused.class);
        assertThat(file.everything()).isEqualTo(before);
    }
}
