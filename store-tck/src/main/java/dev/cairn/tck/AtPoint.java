// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.concurrent.atomic.AtomicInteger;

/** A gate at which something happens once: at one point of a process, of two at each of its requests. */
final class AtPoint implements Splitting.Gate {
    private final int point;
    private final Runnable happens;
    private final AtomicInteger passed = new AtomicInteger();
    private volatile boolean dead;

    private AtPoint(int point, Runnable happens) {
        this.point = point;
        this.happens = happens;
    }

    /** At which nothing ever happens. */
    static AtPoint never() {
        return new AtPoint(Integer.MAX_VALUE, () -> {});
    }

    /** Lets something happen there. */
    static AtPoint of(int point, Runnable happens) {
        return new AtPoint(point, happens);
    }

    /** Lets the process die there: from then on it sends nothing. */
    static AtPoint dying(int point) {
        return new AtPoint(point, () -> {
            throw new Death();
        });
    }

    /** Whether the process came as far. */
    boolean isReached() {
        return passed.get() > point;
    }

    private void pass() {
        if (dead) {
            throw new Death();
        }
        if (passed.getAndIncrement() == point) {
            try {
                happens.run();
            } catch (Death death) {
                dead = true;
                throw death;
            }
        }
    }

    @Override
    public void before(String request) {
        pass();
    }

    @Override
    public void after(String request) {
        pass();
    }

    /** The process is no more: an error that nobody handles. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death() {
            super("the process died here, as the clause wants it");
        }
    }
}
