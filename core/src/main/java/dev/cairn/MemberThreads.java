// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads of parallel members: virtual where the JVM has them, else daemon threads. None is started before a member needs
 * it; closed, they end when their bodies have ended, and no body is interrupted.
 */
final class MemberThreads implements Executor, AutoCloseable {
    private final ExecutorService threads = create();

    @Override
    public void execute(Runnable member) {
        threads.execute(member);
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    private static ExecutorService create() {
        try {
            Method virtual = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
            return (ExecutorService) virtual.invoke(null);
        } catch (NoSuchMethodException e) {
            AtomicLong number = new AtomicLong();
            return Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "cairn-step-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a JVM with virtual threads gives an executor for them", e);
        }
    }
}
