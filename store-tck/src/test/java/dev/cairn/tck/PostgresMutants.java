// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.ArrayList;
import java.util.List;

/** PostgreSQL's own SQL, wrong in one place: in what it locks and when, and in what it compares. */
final class PostgresMutants {
    private static final String ERASE = "PostgresErase.java";
    private static final String CACHE = "PostgresCache.java";
    private static final String CLAIMS = "PostgresClaims.java";
    private static final String JOURNAL = "PostgresJournal.java";
    private static final String LEASES = "PostgresLeases.java";
    private static final String LISTING = "PostgresListing.java";
    private static final String RUNS = "PostgresRuns.java";
    private static final String SQL = "PostgresSql.java";

    private static final String BEGIN_OF_TRANSACTION = "floor(extract(epoch from now()) * 1000)::bigint";

    private PostgresMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>(locks());
        all.addAll(clocks());
        all.addAll(acquires());
        all.addAll(heads());
        all.addAll(claims());
        all.addAll(others());
        return all;
    }

    /** What only those find who queue behind a lock. */
    private static List<Mutant> locks() {
        String settleLooks = "                    and lease_id = :lease::uuid\n";
        String settleLocks = settleLooks + "                for update\n";
        String list = "                as e (run_id, journal, place, kind, token, lease_id, commit_id, checksum, body";
        String where = """
                where (select set_config('lock_timeout', ?, true)) is not null and exists (
                    select 1 from @entry as before where before.journal = e.journal and before.place = e.place - 1
                        and before.token = e.token and before.lease_id = e.lease_id and before.kind <= 2
                )
                """.indent(12);
        return List.of(
                Mutant.postgres(
                        "LEASE-02",
                        "an acquire decides before it has the head",
                        LEASES,
                        "'yes' from @head where namespace = :namespace and run_id = :run for update), 'no')",
                        "'yes' from @head where namespace = :namespace and run_id = :run), 'no')"),
                Mutant.postgres(
                        "LEASE-13",
                        "hands over the journal as it was before it waited for its place",
                        LEASES,
                        "\"e.journal = \" + HELD.formatted(\"@journal(h)\"), \"cairn.bytes\"",
                        "\"e.place <= coalesce(nullif(current_setting('cairn.place', true), '')::bigint, 9223372036854775807)"
                                + " and e.journal = \" + HELD.formatted(\"@journal(h)\"), \"cairn.bytes\""),
                Mutant.postgres(
                        "CLAIM-04",
                        "a claim hands over the journals as they were before it waited for a place",
                        CLAIMS,
                        "CHOOSE + GRANT + GRANT + HEADS + ANSWER);",
                        "CHOOSE + \"select set_config('cairn.seen', coalesce((select max(e.place)::text from @head as h"
                                + " join @entry as e on e.journal = @journal(h) where h.namespace = :namespace and h.run_id in"
                                + " \" + CLAIMED + \"), '-1'), true) as _;\\n\" + GRANT + GRANT + HEADS +"
                                + " ANSWER.replace(\"e.place >= :place\", \"e.place >= :place and e.place <= 1 +"
                                + " current_setting('cairn.seen')::bigint\"));"),
                Mutant.postgres(
                        "VER-03",
                        "grants behind whatever stands there, not behind what it compared",
                        LEASES,
                        "case when :count::bigint is null then 1 + %1$s",
                        "case when true then 1 + %1$s"),
                Mutant.postgres(
                        "LEASE-07",
                        "a settle looks at its lease and does not lock the head",
                        RUNS,
                        settleLocks,
                        settleLooks),
                Mutant.postgres("CANCEL-01", "an end locks its place before the head", RUNS, settleLocks, settleLooks),
                Mutant.postgres(
                        "SIG-07",
                        "a signal does not lock the head",
                        RUNS,
                        "and status in ('READY', 'SUSPENDED', 'BLOCKED') for update",
                        "and status in ('READY', 'SUSPENDED', 'BLOCKED')"),
                Mutant.postgres(
                        "BATCH-01",
                        "a list in the caller's order",
                        JOURNAL,
                        list + ")\n" + where + "            order by e.run_id collate \"C\"\n",
                        list.replace("as e", "with ordinality as e") + ", number)\n" + where
                                + "            order by e.number\n"),
                Mutant.postgres(
                        "BATCH-01",
                        "a list fails as a whole where one is stuck",
                        JOURNAL,
                        "if (!isAboutOne(e)) {",
                        "if (!e.toString().isEmpty()) {"));
    }

    private static List<Mutant> clocks() {
        return List.of(
                Mutant.postgres(
                        "LEASE-04", "a clock that stands still in a transaction", SQL, "clock_timestamp()", "now()"),
                Mutant.postgres(
                        "LEASE-04",
                        "counts a lease from before its wait",
                        LEASES,
                        "deadline = @now + :ttl,\n                version",
                        "deadline = " + BEGIN_OF_TRANSACTION + " + :ttl,\n                version"),
                Mutant.postgres(
                        "HB-01",
                        "counts a renewal from before its wait",
                        RUNS,
                        "deadline = @now + w.ttl",
                        "deadline = " + BEGIN_OF_TRANSACTION + " + w.ttl"),
                Mutant.postgres(
                        "CLOCK-01",
                        "deletes: whether a deadline is further ahead than its lease is long",
                        LEASES,
                        " and h.deadline <= n.now + h.ttl as leased",
                        " as leased"));
    }

    private static List<Mutant> acquires() {
        return List.of(
                Mutant.postgres(
                        "LEASE-05",
                        "a takeover leaves no grant",
                        LEASES,
                        "GRANT + GRANT + HEAD + ANSWER);",
                        "GRANT + GRANT + HEAD + \"delete from @entry where lease_id = :lease::uuid and place > 0;\\n\" + ANSWER);"),
                Mutant.postgres(
                        "LEASE-04",
                        "deletes: whether the lease is live",
                        LEASES,
                        "when not :overLive and t.leased then 'HELD'",
                        "when not :overLive and false then 'HELD'"),
                Mutant.postgres(
                        "VER-03",
                        "deletes: whether the incarnation is the expected one",
                        LEASES,
                        "h.incarnation = :revision::uuid and :count::bigint = (",
                        ":count::bigint = ("),
                Mutant.postgres(
                        "STEP-09",
                        "deletes: whether the journal has a gap",
                        LEASES,
                        "when j.rows = j.length and j.rows > 0 and (",
                        "when j.rows > 0 and ("));
    }

    private static List<Mutant> heads() {
        return List.of(
                Mutant.postgres(
                        "LEASE-07",
                        "deletes: whose lease a settle is under",
                        RUNS,
                        "and incarnation = :inc::uuid and token = :token\n                    and lease_id = :lease::uuid\n",
                        "and incarnation = :inc::uuid\n"),
                Mutant.postgres(
                        "HB-02",
                        "deletes: whose lease is renewed",
                        RUNS,
                        "                and h.lease_id = w.lease_id and h.token = w.token\n",
                        ""),
                Mutant.postgres(
                        "SIG-02",
                        "deletes: whether a signal came before the suspension",
                        RUNS,
                        "(:wake and signals > :seen)",
                        "(:wake and false)"),
                Mutant.postgres(
                        "SIG-07",
                        "deletes: whether a signal came that was not seen",
                        RUNS,
                        ":same and signals <> :seen",
                        ":same and false"));
    }

    private static List<Mutant> claims() {
        return List.of(
                Mutant.postgres(
                        "CLAIM-06",
                        "deletes: the version of what is claimed",
                        CLAIMS,
                        "where namespace = :namespace and workflow = w.workflow and version = w.version\n"
                                + "                            and claim_at <=",
                        "where namespace = :namespace and workflow = w.workflow\n                            and claim_at <="),
                Mutant.postgres(
                        "CLAIM-05",
                        "deletes: whether a run is due",
                        CLAIMS,
                        "and claim_at <= (select @now)",
                        "and claim_at is not null"),
                Mutant.postgres(
                        "LEASE-14",
                        "deletes: whether it claimed before",
                        CLAIMS,
                        "                    where not exists (select 1 from @head where namespace = :namespace and lease_id ="
                                + " :lease::uuid)\n                    order by",
                        "                    order by"));
    }

    private static List<Mutant> others() {
        return List.of(
                Mutant.postgres(
                        "MOVE-02",
                        "deletes: what an import that was given up has left",
                        LEASES,
                        "and h.changed <> 0\n",
                        "and h.changed <> 0 and false\n"),
                Mutant.postgres(
                        "LIST-01",
                        "deletes: the run id in a page token",
                        LISTING,
                        "(created < :after or run_id > :afterRun)",
                        "(created < :after)"),
                Mutant.postgres(
                        "LIST-01",
                        "deletes: the one more that says whether there are more",
                        LISTING,
                        "asked.limit() + 1",
                        "asked.limit()"),
                Mutant.postgres(
                        "SEC-02",
                        "deletes: the namespace of a list",
                        LISTING,
                        "\"namespace = :namespace and \"",
                        "\"\""),
                Mutant.postgres(
                        "SEC-02",
                        "deletes: the namespace of what is cached",
                        CACHE,
                        "where namespace = :namespace and scope = :scope and key = :key and (expires",
                        "where scope = :scope and key = :key and (expires"),
                Mutant.postgres(
                        "CACHE-03",
                        "deletes: whether an outcome has expired",
                        CACHE,
                        " and (expires is null or expires > @now)",
                        ""),
                Mutant.postgres(
                        "RET-05",
                        "deletes: whether an ended run is as it was listed",
                        ERASE,
                        "                and incarnation = :inc::uuid and token = :token and changed = :changed\n"
                                + "                and (lease_id",
                        "                and (lease_id"),
                Mutant.postgres(
                        "SNAP-05",
                        "deletes: how long what is beside a run is kept",
                        ERASE,
                        "\n                    and b.value::bigint < @now - :fence)",
                        ")"));
    }
}
