// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.Cairn;
import dev.cairn.RunInterruptedException;
import dev.cairn.Workflow;
import dev.cairn.error.SchemaTooNewException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Message;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StoreOptions;
import dev.cairn.state.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
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
    @DisplayName("LEASE-13 where somebody holds the locks of the files, a call does nothing and says so")
    void locked() throws IOException {
        courierIsAway.set(true);
        assertThatThrownBy(() -> run("order-1")).isInstanceOf(RunInterruptedException.class);
        Message message = new Message("1", "paid", Bytes.empty());
        long before = files();
        List<FileChannel> held = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            held.add(FileChannel.open(
                    folder.resolve("locks/" + i), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            assertThat(held.get(i).lock().isValid()).isTrue();
        }

        assertThatThrownBy(() -> run("order-2")).isInstanceOf(StoreUnavailableException.class);
        assertThat(files()).isEqualTo(before);

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

    private long files() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(FolderStorage.hash("default")))) {
            return files.filter(Files::isRegularFile).count();
        }
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
