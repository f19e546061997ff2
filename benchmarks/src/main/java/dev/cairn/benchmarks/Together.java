// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does one thing on many threads at a time. */
final class Together {
    /** What each thread does. */
    interface Work {
        void on(int thread) throws Exception;
    }

    private Together() {}

    /**
     * Releases all threads at once and waits for all.
     *
     * @return nanoseconds from the release to the end of the last one
     * @throws Exception what one of them threw
     */
    static long nanos(int threads, Work work) throws Exception {
        CountDownLatch ready = new CountDownLatch(threads);
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Void>> ends = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                Callable<Void> call = () -> {
                    ready.countDown();
                    release.await();
                    work.on(thread);
                    return null;
                };
                ends.add(pool.submit(call));
            }
            ready.await();
            long begun = System.nanoTime();
            release.countDown();
            for (Future<Void> end : ends) {
                end.get();
            }
            return System.nanoTime() - begun;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            pool.shutdownNow();
        }
    }
}
