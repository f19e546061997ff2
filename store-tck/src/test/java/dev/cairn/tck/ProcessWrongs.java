// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.StoreUnavailableException;
import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Claim;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Page;
import dev.cairn.spi.Read;
import dev.cairn.spi.Refused;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.spi.Settled;
import dev.cairn.spi.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Stores that keep in their process what belongs into the storage, or leave there what dies with a process. */
final class ProcessWrongs {
    private ProcessWrongs() {}

    /** Acknowledges entries that it writes with the next other call of the process, so that nobody in it sees it. */
    static final class Buffered extends Wrong {
        private static final List<Runnable> BUFFER = new ArrayList<>();

        Buffered(StateStore right) {
            super(right);
        }

        private static void flush() {
            synchronized (BUFFER) {
                BUFFER.forEach(Runnable::run);
                BUFFER.clear();
            }
        }

        @Override
        public List<Appended> append(List<Entry> entries) {
            synchronized (BUFFER) {
                BUFFER.add(() -> super.append(entries));
            }
            return entries.stream()
                    .<Appended>map(entry -> new Appended.Written())
                    .toList();
        }

        @Override
        public Acquired acquire(Acquire request) {
            flush();
            return super.acquire(request);
        }

        @Override
        public List<Granted> claim(Claim request) {
            flush();
            return super.claim(request);
        }

        @Override
        public Settled settle(Settle request) {
            flush();
            return super.settle(request);
        }

        @Override
        public Optional<Page> read(Read request) {
            flush();
            return super.read(request);
        }

        @Override
        public RunPage list(RunQuery query) {
            flush();
            return super.list(query);
        }
    }

    /** Acknowledges entries that are written a while later. */
    static final class Late extends Wrong {
        private static final ScheduledExecutorService LATER = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "late");
            thread.setDaemon(true);
            return thread;
        });

        Late(StateStore right) {
            super(right);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored")
        public List<Appended> append(List<Entry> entries) {
            LATER.schedule(() -> super.append(entries), 100, TimeUnit.MILLISECONDS);
            return entries.stream()
                    .<Appended>map(entry -> new Appended.Written())
                    .toList();
        }
    }

    /** Lets one process write at a time, by a file that the next one does not remove. */
    static final class LockFile extends Wrong {
        private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);
        private final Path lock;

        LockFile(StateStore right, Path folder) {
            super(right);
            lock = folder.resolve("lock");
        }

        @Override
        public List<Appended> append(List<Entry> entries) {
            try {
                take();
                try {
                    LockSupport.parkNanos(2_000_000);
                    return super.append(entries);
                } finally {
                    Files.delete(lock);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void take() throws IOException {
            long deadline = System.nanoTime() + PATIENCE;
            while (System.nanoTime() - deadline < 0) {
                try {
                    Files.createFile(lock);
                    return;
                } catch (FileAlreadyExistsException held) {
                    LockSupport.parkNanos(500_000);
                }
            }
            throw new StoreUnavailableException("locked by another process", new IOException("locked"));
        }
    }

    /** Ties a lease to the process that has it: frees it when that is dead, or never gives it to another one. */
    static final class ByProcess extends Wrong {
        private final Path folder;
        private final boolean frees;

        ByProcess(StateStore right, Path folder, boolean frees) {
            super(right);
            this.folder = folder;
            this.frees = frees;
        }

        @Override
        public Acquired acquire(Acquire asked) {
            if (!isOfTheDead(asked.runId())) {
                return kept(super.acquire(asked));
            }
            if (frees) {
                Acquire.Target over = new Acquire.Take(
                        Condition.open().over(Condition.Over.LIVE).build());
                return kept(
                        super.acquire(new Acquire(asked.runId(), asked.leaseId(), asked.ttl(), over, asked.grant())));
            }
            return new Refused(Refused.Reason.HELD, Optional.empty(), Duration.ofHours(1), List.of());
        }

        private Path file(String runId) {
            return folder.resolve(namespace() + "-" + HexFormat.of().formatHex(runId.getBytes(StandardCharsets.UTF_8)));
        }

        private boolean isOfTheDead(String runId) {
            try {
                Path file = file(runId);
                return Files.exists(file)
                        && ProcessHandle.of(Long.parseLong(Files.readString(file)))
                                .isEmpty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Acquired kept(Acquired answer) {
            if (answer instanceof Granted granted) {
                try {
                    Files.writeString(
                            file(granted.lease().runId()),
                            String.valueOf(ProcessHandle.current().pid()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return answer;
        }
    }

    /** Counts the tokens of a run in a child. */
    static final class OwnTokens extends Wrong {
        private static final Map<String, Long> TOKENS = new HashMap<>();

        OwnTokens(StateStore right) {
            super(right);
        }

        @Override
        public Acquired acquire(Acquire request) {
            Acquired answer = super.acquire(request);
            return answer instanceof Granted granted ? counted(granted) : answer;
        }

        @Override
        public List<Granted> claim(Claim request) {
            return super.claim(request).stream().map(this::counted).toList();
        }

        private Granted counted(Granted granted) {
            Lease lease = granted.lease();
            synchronized (TOKENS) {
                long token = TOKENS.merge(namespace() + "/" + lease.runId(), 1L, Long::sum);
                Lease own = new Lease(lease.runId(), lease.incarnation(), lease.id(), token);
                return new Granted(own, granted.timeLeft(), granted.page());
            }
        }
    }
}
