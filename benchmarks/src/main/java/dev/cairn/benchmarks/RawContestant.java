// SPDX-License-Identifier: Apache-2.0
package dev.cairn.benchmarks;

import dev.cairn.spi.Entry;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/** Inserts each step by the plain driver, and resumes by one SELECT and the parse of each row. */
final class RawContestant implements Contestant {
    static final String NAME = "raw";

    private final RawDriver driver;
    private final Queue<RawDriver.Session> idle = new ConcurrentLinkedQueue<>();
    private final Map<String, RawDriver.Run> runs = new ConcurrentHashMap<>();
    private final AtomicInteger lastNumber = new AtomicInteger();
    private final JsonMapper json = JsonMapper.shared();

    RawContestant(RawDriver driver) {
        this.driver = driver;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int ready(int runs) throws Exception {
        int writers = driver.writers(runs);
        while (idle.size() < writers) {
            idle.add(driver.open());
        }
        return writers;
    }

    @Override
    public Laps run(String runId, Load load, Turn turn) throws Exception {
        Payload payload = new Payload(load);
        RawDriver.Run run = known(runId);
        RawDriver.Session session = borrowed();
        LapClock clock = new LapClock(load, turn);
        clock.begin();
        for (int i = 0; i < load.steps(); i++) {
            session.insert(run, i, payload.bytes(i));
            clock.done(i);
        }
        Laps laps = clock.laps();
        idle.add(session);
        return laps;
    }

    /**
     * Inserts, one by one, the entries that Cairn recorded: their bodies, which is timed, and then whole, so that both read
     * the same rows.
     *
     * @return nanoseconds
     */
    long keep(String runId, List<Entry> entries) throws Exception {
        RawDriver.Run run = known(runId);
        RawDriver.Session session = borrowed();
        long begun = System.nanoTime();
        for (int i = 0; i < entries.size(); i++) {
            session.insert(run, i, entries.get(i).body().toArray());
        }
        long nanos = System.nanoTime() - begun;
        for (Entry entry : entries) {
            session.insertWhole(run, entry);
        }
        idle.add(session);
        return nanos;
    }

    @Override
    public long resume(String runId, Load load) throws Exception {
        // A connection of its own, as the process has that resumes.
        try (RawDriver.Session session = driver.open()) {
            AtomicInteger rows = new AtomicInteger();
            long begun = System.nanoTime();
            session.selectWhole(known(runId), body -> {
                json.readTree(body);
                rows.incrementAndGet();
            });
            long nanos = System.nanoTime() - begun;
            if (rows.get() < load.steps()) {
                throw new IllegalStateException("run " + runId + " has " + rows + " rows for " + load.steps()
                        + " steps; the table is not what was written");
            }
            return nanos;
        }
    }

    private RawDriver.Session borrowed() throws Exception {
        RawDriver.Session session = idle.poll();
        return session == null ? driver.open() : session;
    }

    private RawDriver.Run known(String runId) {
        return runs.computeIfAbsent(runId, id -> new RawDriver.Run(id, lastNumber.incrementAndGet()));
    }

    @Override
    public void close() {
        for (RawDriver.Session session = idle.poll(); session != null; session = idle.poll()) {
            session.close();
        }
    }
}
