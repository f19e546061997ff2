// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StoreOptions;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own that has opened the storage, seen from the one that started it. A call is answered when the store
 * in the child has returned; one that was not answered when the child died ends as {@link Died}. Thread-safe.
 */
final class Child implements AutoCloseable {
    /** Far above what a process takes to start, to answer or to end, on however slow a machine. */
    private static final int PATIENCE_SECONDS = 120;

    private static final int LINES_KEPT = 30;
    private static final int LARGEST = 256 << 20;

    /** The child is dead: nobody knows whether the call was done. */
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;

        Died(String message) {
            super(message);
        }
    }

    private final Process process;
    private final StoreOptions options;
    private final DataOutputStream out;
    private final AtomicLong numbers = new AtomicLong(ChildMain.OPENED);
    private final Map<Long, CompletableFuture<ChildMain.Answer>> asked = new ConcurrentHashMap<>();
    private final CompletableFuture<ChildMain.Answer> opened = new CompletableFuture<>();
    private final Thread answers;
    private final Thread errors;
    private final Deque<String> lastErrors = new ArrayDeque<>();
    private volatile boolean isGone;

    private Child(Process process, StoreOptions options) {
        this.process = process;
        this.options = options;
        this.out = new DataOutputStream(process.getOutputStream());
        asked.put(ChildMain.OPENED, opened);
        answers = new Thread(this::hear, "cairn-tck-child-" + process.pid());
        errors = new Thread(this::hearErrors, "cairn-tck-child-errors-" + process.pid());
        List.of(answers, errors).forEach(thread -> thread.setDaemon(true));
    }

    /** Starts it and goes on; it opens the storage meanwhile. */
    static Child start(ProcessBuilder command, ChildMain.Opening opening) {
        try {
            Child child = new Child(command.start(), opening.options());
            child.answers.start();
            child.errors.start();
            child.send(opening);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException("[META-05] no child process can be started", e);
        }
    }

    private synchronized void send(Object what) throws IOException {
        byte[] bytes = Parcel.packed(what);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    private void hear() {
        try (DataInputStream in = new DataInputStream(process.getInputStream())) {
            while (true) {
                int length = in.readInt();
                if (length < 0 || length > LARGEST) {
                    throw new IOException("what it printed is no answer");
                }
                byte[] bytes = in.readNBytes(length);
                ChildMain.Answer answer = (ChildMain.Answer) Parcel.unpacked(bytes);
                Objects.requireNonNull(asked.remove(answer.number())).complete(answer);
            }
        } catch (EOFException dead) {
            gone("it is dead");
        } catch (IOException e) {
            gone("it cannot be heard: " + e);
        }
    }

    private void gone(String why) {
        isGone = true;
        asked.values().forEach(call -> call.completeExceptionally(new Died(why)));
    }

    private void hearErrors() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keep(line);
            }
        } catch (IOException e) {
            keep("(" + e + ")");
        }
    }

    private void keep(String line) {
        synchronized (lastErrors) {
            lastErrors.add(line);
            if (lastErrors.size() > LINES_KEPT) {
                lastErrors.remove();
            }
        }
    }

    private String errors() {
        synchronized (lastErrors) {
            return lastErrors.isEmpty() ? "" : "; it said: " + String.join(" / ", lastErrors);
        }
    }

    /** Waits until it has opened the storage, and answers whether it keeps a step cache. */
    private boolean awaitOpened() {
        ChildMain.Answer answer;
        try {
            answer = await(opened, "open the storage");
        } catch (Died e) {
            join(errors);
            throw new IllegalStateException(
                    "[META-05] a child process died before it had opened the storage" + errors(), e);
        }
        if (answer.thrown() != null) {
            throw new IllegalStateException(
                    "[META-05] a child process cannot open the storage: " + answer.thrown(), answer.thrown());
        }
        return Boolean.TRUE.equals(answer.value());
    }

    private ChildMain.Answer await(CompletableFuture<ChildMain.Answer> answer, String what) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "[META-05] a child process did not " + what + " within " + PATIENCE_SECONDS + " s" + errors(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        } catch (ExecutionException e) {
            throw Thrown.unchecked(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private @Nullable Object call(String method, List<@Nullable Object> arguments) {
        CompletableFuture<ChildMain.Answer> future = new CompletableFuture<>();
        long number = numbers.incrementAndGet();
        asked.put(number, future);
        try {
            send(new ChildMain.Call(number, method, arguments));
        } catch (IOException dead) {
            asked.remove(number);
            throw new Died("it is dead");
        }
        if (isGone) { // it may have died between the look at all calls and this one
            future.completeExceptionally(new Died("it is dead"));
        }
        ChildMain.Answer answer = await(future, method);
        if (answer.thrown() != null) {
            throw Thrown.unchecked(answer.thrown());
        }
        return answer.value();
    }

    /** The store that it has opened; waits for it. */
    StateStore store() {
        Class<?>[] types = awaitOpened()
                ? new Class<?>[] {StateStore.class, StepCacheStore.class}
                : new Class<?>[] {StateStore.class};
        return (StateStore) Proxy.newProxyInstance(
                Child.class.getClassLoader(), types, (proxy, method, arguments) -> called(proxy, method, arguments));
    }

    private @Nullable Object called(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "child " + process.pid();
            default -> call(method.getName(), arguments == null ? List.of() : Arrays.asList(arguments));
        };
    }

    /** What it says of itself; waits until it has opened the storage. */
    ChildJvm.View view() {
        awaitOpened();
        return (ChildJvm.View) Objects.requireNonNull(call(ChildMain.VIEW, List.of()));
    }

    /** With which it has opened the storage. */
    StoreOptions options() {
        return options;
    }

    /** How many calls were not answered; once it is dead, how many never will be. */
    int unanswered() {
        return asked.size();
    }

    /** Ends it as a crash does; returns when it is gone and all that it had answered is known. */
    void kill() {
        process.toHandle().destroyForcibly(); // that of the process closes the pipe, and its last answers are lost
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("[META-05] a child process does not die when it is killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        }
        join(answers);
    }

    private static void join(Thread thread) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
