// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.StateStore;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A store whose first append waits until it is released; it counts them all. */
final class SlowStore extends SeenStore {
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger appends = new AtomicInteger();

    SlowStore(StateStore store) {
        super(store);
    }

    int appends() {
        return appends.get();
    }

    void releaseWhen(BooleanSupplier ready) {
        while (!ready.getAsBoolean()) {
            Thread.onSpinWait();
        }
        released.countDown();
    }

    @Override
    <T> T send(String name, Supplier<T> request) {
        if (name.equals("append") && appends.incrementAndGet() == 1) {
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return super.send(name, request);
    }
}
