// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way between one opened store and its storage: numbers the requests that go over it, from 1 since it was armed, and
 * says what happens to each. What carries them, a {@link WireProxy} or a {@link WiredSource}, asks it. Thread-safe.
 */
final class Wire {
    /** Far above what anybody waits for here, on however slow a machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final long LOOK_MILLIS = 1;

    /** Something that can be cut: a connection. */
    interface Line {
        void cut();
    }

    /** What happens at which request. */
    private static final class Armed {
        private final int request;
        private final boolean andLater;
        private final Fault fault;
        private final AtomicInteger passed = new AtomicInteger();
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        Armed(int request, boolean andLater, Fault fault) {
            this.request = request;
            this.andLater = andLater;
            this.fault = fault;
        }

        boolean befalls(int number) {
            return number == request || (andLater && number > request);
        }
    }

    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private volatile Armed armed = new Armed(0, false, Fault.NONE);
    private volatile boolean refusing;
    private volatile Duration latency = Duration.ZERO;
    private volatile boolean slicing;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile @Nullable Pattern listensFor;

    // --- for clauses

    /** From now on requests are counted from 1, and this happens to the one of this number. */
    void arm(int request, Fault fault) {
        arm(new Armed(request, false, fault));
    }

    /** The same to that one and to all later ones: a process that is dead, or cut off. */
    void armFrom(int request, Fault fault) {
        arm(new Armed(request, true, fault));
    }

    private void arm(Armed next) {
        Armed before = armed;
        armed = next;
        before.released.countDown();
    }

    /** Nothing happens any more, and what is held goes on; the number of requests since it was armed. */
    int disarm() {
        int passed = armed.passed.get();
        arm(0, Fault.NONE);
        return passed;
    }

    /** Waits until the request of that number is there; false if the call ended without it. */
    boolean isReached(BooleanSupplier ended) {
        Armed now = armed;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!awaits(now.reached)) {
            if (ended.getAsBoolean()) {
                return now.reached.getCount() == 0;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("a call neither ended nor sent its next request within " + PATIENCE);
            }
        }
        return true;
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the kit was interrupted while it waited", e);
        }
    }

    /** Whether the request of that number was there. */
    boolean isReached() {
        return armed.reached.getCount() == 0;
    }

    /** Lets what is held go on; later requests are counted on. */
    void release() {
        armed.released.countDown();
    }

    /** Cuts every connection, and lets no new one through. */
    void refuse() {
        refusing = true;
        cutAll();
    }

    /** Lets connections through again. */
    void mend() {
        refusing = false;
        disarm();
    }

    void cutAll() {
        lines.forEach(Line::cut);
    }

    /** Delays every request by this, on a way that has lines. */
    void delay(Duration each) {
        latency = each;
    }

    /** Whether bytes go one by one. */
    void slice(boolean whether) {
        slicing = whether;
    }

    /** Connections that were made since it was opened. */
    long connections() {
        return connections.get();
    }

    /** Connections that are there now. */
    int live() {
        return lines.size();
    }

    /** Round trips since it was opened. */
    long requests() {
        return requests.get();
    }

    /** Bytes from the store; 0 on a way that has none. */
    long sent() {
        return sent.get();
    }

    /** Bytes to the store; 0 on a way that has none. */
    long received() {
        return received.get();
    }

    /** From now on keeps what is sent and looks so. */
    void listen(Pattern words) {
        listensFor = words;
    }

    /** What was sent and looked so. */
    List<String> heard() {
        return List.copyOf(heard);
    }

    // --- for what carries the requests

    boolean isRefusing() {
        return refusing;
    }

    Duration latency() {
        return latency;
    }

    boolean isSlicing() {
        return slicing;
    }

    void opened(Line line) {
        connections.incrementAndGet();
        lines.add(line);
        if (refusing) {
            line.cut();
        }
    }

    void closed(Line line) {
        lines.remove(line);
    }

    void sent(int bytes) {
        sent.addAndGet(bytes);
    }

    void received(int bytes) {
        received.addAndGet(bytes);
    }

    /** A request is on its way: what happens to it. Holds it here if it is to be held. */
    Fault next() {
        requests.incrementAndGet();
        Armed now = armed;
        int number = now.passed.incrementAndGet();
        if (!now.befalls(number)) {
            return Fault.NONE;
        }
        if (now.fault == Fault.HOLD_REPLY) {
            return now.fault; // reached when its reply is there
        }
        now.reached.countDown();
        if (now.fault == Fault.HOLD) {
            held(now);
            return Fault.NONE;
        }
        boolean isDead = number > now.request && now.fault == Fault.CUT_AFTER;
        return isDead ? Fault.CUT_BEFORE : now.fault;
    }

    /** The reply to a request is there that is to be held: holds it here. */
    void replied() {
        Armed now = armed;
        if (now.fault == Fault.HOLD_REPLY) {
            now.reached.countDown();
            held(now);
        }
    }

    /** Words on their way to the storage; on a connection that does not speak in words, whatever they look like. */
    void spoken(String words) {
        Pattern listened = listensFor;
        if (listened != null) {
            listened.matcher(words).results().map(MatchResult::group).forEach(heard::add);
        }
    }

    /** Whether somebody listens. */
    boolean isListening() {
        return listensFor != null;
    }

    /** Not for ever: a clause that failed lets nobody go. */
    private static void held(Armed point) {
        try {
            if (!point.released.await(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("a request was held for longer than any clause does");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
