// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import dev.cairn.spi.Head;
import dev.cairn.spi.HeadBuilder;
import dev.cairn.spi.LeaseTerm;
import dev.cairn.tck.RawStorage;
import dev.cairn.tck.StoreEnv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** Looks at what a {@link FolderStateStore} keeps and damages it, past the store, as a bad disk or a person would. */
final class FolderRaw implements RawStorage {
    /** The files of the namespace. The locks and the format are the whole folder's, and stay. */
    @Override
    public long objects(StoreEnv env) {
        try (Stream<Path> files = Files.walk(namespace(env))) {
            return files.filter(Files::isRegularFile).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void removeEntry(StoreEnv env, String runId, long place) {
        try {
            Files.delete(entry(env, runId, place));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void flipByte(StoreEnv env, String runId, long place) {
        byte[] bytes = read(entry(env, runId, place));
        bytes[bytes.length - 1] ^= 1;
        write(entry(env, runId, place), bytes);
    }

    @Override
    public void truncate(StoreEnv env, String runId, long place) {
        byte[] bytes = read(entry(env, runId, place));
        write(entry(env, runId, place), Arrays.copyOf(bytes, bytes.length - 1));
    }

    @Override
    public void shiftTimes(StoreEnv env, String runId, Duration by) {
        Head head = head(env, runId);
        HeadBuilder shifted = head.edit()
                .lease(head.lease()
                        .map(term -> new LeaseTerm(term.id(), term.deadline().plus(by), term.ttl())))
                .due(head.due().map(due -> due.plus(by)))
                .created(head.created().plus(by))
                .changed(head.changed().plus(by));
        write(run(env, runId).resolve("head"), FolderFormat.of(shifted.build()));
    }

    @Override
    public void plantForeign(StoreEnv env) {
        write(env.folder().resolve("orders.txt"), utf8("10248"));
    }

    @Override
    public boolean isForeignIntact(StoreEnv env) {
        Path planted = env.folder().resolve("orders.txt");
        return Files.exists(planted) && Arrays.equals(read(planted), utf8("10248"));
    }

    @Override
    public void markNewer(StoreEnv env) {
        write(env.folder().resolve("format"), utf8("2 1"));
    }

    @Override
    public void markUnreadable(StoreEnv env) {
        write(env.folder().resolve("format"), utf8("2 2"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Path entry(StoreEnv env, String runId, long place) {
        String name =
                String.format(Locale.ROOT, "entry-%s-%010d", head(env, runId).incarnation(), place);
        return run(env, runId).resolve(name);
    }

    private static Head head(StoreEnv env, String runId) {
        Path file = run(env, runId).resolve("head");
        return FolderFormat.head("the head " + file, read(file));
    }

    private static Path run(StoreEnv env, String runId) {
        return namespace(env).resolve(FolderStorage.hash(runId));
    }

    private static Path namespace(StoreEnv env) {
        return env.folder().resolve(FolderStorage.hash(env.namespace()));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
