// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.Cairn;
import dev.cairn.RunInterruptedException;
import dev.cairn.Workflow;
import dev.cairn.error.CorruptException;
import dev.cairn.error.SchemaTooNewException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.error.StoreClosedException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.memory.CrashAt;
import dev.cairn.memory.SimulatedCrash;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Message;
import dev.cairn.spi.Read;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStateStoreTest {
    @TempDir
    private Path folder;

    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final AtomicBoolean courierIsAway = new AtomicBoolean();
    private final Workflow<String, String> fulfil = Workflow.named("fulfil")
            .input(String.class)
            .output(String.class)
            .define((run, order) -> {
                String receipt = run.step("charge", String.class, step -> said("charge"));
                String parcel = run.step("book", String.class, step -> {
                    if (courierIsAway.get()) {
                        throw new IOException("the courier is away");
                    }
                    return said("book");
                });
                return receipt + " " + parcel + " " + order;
            });

    private String said(String step) {
        bodies.add(step);
        return step;
    }

    @Test
    @DisplayName("a run that an exception ended midway goes on in another store on the same folder")
    void resumes() {
        courierIsAway.set(true);
        assertThatThrownBy(() -> run("order-1")).isInstanceOf(RunInterruptedException.class);
        courierIsAway.set(false);

        assertThat(run("order-1")).isEqualTo("charge book order-1");
        assertThat(run("order-1")).isEqualTo("charge book order-1");
        assertThat(bodies).containsExactly("charge", "book");
    }

    @Test
    @DisplayName("a run whose process died goes on once its lease ran out, and runs no recorded step again")
    void resumesAfterDeath() {
        FolderStateStore store = open();
        try (Cairn dying = Cairn.using(CrashAt.afterCommit("charge").on(store))) {
            assertThatThrownBy(() -> dying.run(fulfil, "order-1", "order-1")).isInstanceOf(SimulatedCrash.class);
        }
        new FolderRaw(folder).shiftTimes("default", "order-1", Duration.ofSeconds(-20));

        assertThat(run("order-1")).isEqualTo("charge book order-1");
        assertThat(bodies).containsExactly("charge", "book");
    }

    @Test
    @DisplayName("two stores on one folder race for a run: each gets its output, each body ran once")
    void race() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 5; i++) {
                String id = "order-" + i;
                List<Callable<String>> both = List.of(() -> run(id), () -> run(id));

                for (var output : threads.invokeAll(both)) {
                    assertThat(output.get()).isEqualTo("charge book " + id);
                }
            }
        } finally {
            threads.shutdown();
        }
        assertThat(bodies).hasSize(10);
    }

    @Test
    @DisplayName(
            "BAD-03 a hole, a flipped byte and a cut entry are corrupt, to a reader and to whoever wants to run it")
    void damage() {
        FolderRaw raw = new FolderRaw(folder);
        for (String id : List.of("hole", "flipped", "cut")) {
            courierIsAway.set(true);
            assertThatThrownBy(() -> run(id)).isInstanceOf(RunInterruptedException.class);
        }
        courierIsAway.set(false);
        raw.removeEntry("default", "hole", 1);
        raw.flipByte("default", "flipped", 1);
        raw.truncate("default", "cut", 1);

        for (String id : List.of("hole", "flipped", "cut")) {
            assertThatThrownBy(() -> open().read(new Read(id, new Cursor.Start(), 1 << 20)))
                    .isInstanceOf(CorruptException.class);
            assertThatThrownBy(() -> run(id)).isInstanceOf(CorruptException.class);
        }
        assertThat(raw.objects("default")).isEqualTo(3 * 4 - 1);
    }

    @Test
    @DisplayName("names of 255 bytes, with any sign in them, are apart, and so are namespaces")
    void names() {
        String longest = "/..\n%é".repeat(36) + "abc";
        for (String id : List.of(longest, "../x", "a", "A", "a/b")) {
            assertThat(run(id)).isEqualTo("charge book " + id);
        }
        StoreOptions other = StoreOptions.builder().namespace("Default").build();

        assertThat(open().list(RunQuery.all().build()).runs()).hasSize(5);
        assertThat(FolderStateStore.open(folder, other)
                        .list(RunQuery.all().build())
                        .runs())
                .isEmpty();
    }

    @Test
    @DisplayName("LIFE-02 a closed store says so; closing it again does nothing")
    void closed() {
        FolderStateStore store = open();
        store.close();
        store.close();

        assertThatThrownBy(store::facts).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.append(List.of())).isInstanceOf(StoreClosedException.class);
    }

    @Test
    @DisplayName("LEASE-13 where somebody holds the locks of the files, a call does nothing and says so")
    void locked() throws IOException {
        courierIsAway.set(true);
        assertThatThrownBy(() -> run("order-1")).isInstanceOf(RunInterruptedException.class);
        Message message = new Message("1", "paid", Bytes.empty());
        long files = new FolderRaw(folder).objects("default");
        List<FileChannel> held = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            held.add(FileChannel.open(
                    folder.resolve("locks/" + i), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            assertThat(held.get(i).lock().isValid()).isTrue();
        }

        assertThatThrownBy(() -> run("order-2")).isInstanceOf(StoreUnavailableException.class);
        assertThat(new FolderRaw(folder).objects("default")).isEqualTo(files);

        for (FileChannel channel : held) {
            channel.close();
        }
        assertThat(open().signal("order-1", message)).isEqualTo(Signalled.STORED);
    }

    @Test
    @DisplayName("SCHEMA-05 a folder that is missing, or asks for a newer reader, is refused")
    void unusable() throws IOException {
        open().close();
        Files.writeString(folder.resolve("format"), "2 1");
        open().close();
        Files.writeString(folder.resolve("format"), "2 2");

        assertThatThrownBy(this::open).isInstanceOf(SchemaTooNewException.class);
        assertThatThrownBy(() -> FolderStateStore.open(folder.resolve("none"), StoreOptions.defaults()))
                .isInstanceOf(StorageUnusableException.class);
    }

    private String run(String id) {
        try (Cairn cairn = Cairn.using(open())) {
            return cairn.run(fulfil, id, id);
        }
    }

    private FolderStateStore open() {
        return FolderStateStore.open(folder, StoreOptions.defaults());
    }
}
