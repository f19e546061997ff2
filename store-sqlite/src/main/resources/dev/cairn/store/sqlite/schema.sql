-- SPDX-License-Identifier: Apache-2.0
-- Version 1. Only adds; every object begins with cairn_, so that a team's own tables are never touched.

CREATE TABLE IF NOT EXISTS cairn_meta (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    schema_version INTEGER NOT NULL,
    minimum_reader INTEGER NOT NULL
);

-- Times are milliseconds of SQLite's own clock.
CREATE TABLE IF NOT EXISTS cairn_head (
    namespace TEXT NOT NULL,
    run_id TEXT NOT NULL,
    workflow TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    incarnation BLOB NOT NULL,
    token INTEGER NOT NULL,
    lease BLOB,
    deadline INTEGER,
    ttl INTEGER,
    due INTEGER,
    awaits TEXT NOT NULL,
    signals INTEGER NOT NULL,
    labels TEXT NOT NULL,
    progress TEXT NOT NULL,
    reason TEXT NOT NULL,
    beside TEXT NOT NULL,
    source_token INTEGER NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    shown TEXT GENERATED ALWAYS AS (
        CASE WHEN lease IS NOT NULL AND status IN ('READY', 'SUSPENDED', 'BLOCKED') THEN 'RUNNING' ELSE status END
    ) VIRTUAL,
    wake INTEGER GENERATED ALWAYS AS (
        CASE
            WHEN status NOT IN ('READY', 'SUSPENDED', 'BLOCKED') THEN NULL
            WHEN lease IS NULL THEN due
            WHEN status <> 'SUSPENDED' THEN deadline
            -- The lease of a canceller that died: the run sleeps on.
            WHEN due IS NOT NULL THEN max(deadline, due)
        END
    ) VIRTUAL,
    UNIQUE (namespace, run_id)
);

CREATE INDEX IF NOT EXISTS cairn_head_listed ON cairn_head (namespace, created DESC, run_id);

CREATE INDEX IF NOT EXISTS cairn_head_wake ON cairn_head (namespace, workflow, wake) WHERE wake IS NOT NULL;

-- When each lease was granted: after now only if the clock was set back (CLOCK-01).
CREATE INDEX IF NOT EXISTS cairn_head_leased ON cairn_head (namespace, workflow, deadline - ttl) WHERE lease IS NOT NULL;

CREATE INDEX IF NOT EXISTS cairn_head_lease ON cairn_head (lease) WHERE lease IS NOT NULL;

-- The number of an incarnation's journal: the upper 39 bits of the keys of its entries.
CREATE TABLE IF NOT EXISTS cairn_journal (
    number INTEGER PRIMARY KEY CHECK (number BETWEEN 1 AND 549755813887),
    incarnation BLOB NOT NULL,
    run_id TEXT NOT NULL,
    namespace TEXT NOT NULL,
    UNIQUE (incarnation, run_id, namespace)
);

-- The key is journal number << 24 | place. The body comes last, so that a look at the rest stays off its overflow pages.
CREATE TABLE IF NOT EXISTS cairn_entry (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    lease BLOB NOT NULL,
    token INTEGER NOT NULL,
    commit_id BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    body BLOB NOT NULL
);

-- Grants and ends: what decides which entries count. Compared, and not in a list, which every insert would make a table of.
CREATE INDEX IF NOT EXISTS cairn_entry_mark ON cairn_entry (id, kind, lease, token) WHERE kind <= 1 OR kind = 4;

CREATE TABLE IF NOT EXISTS cairn_message (
    journal INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    payload BLOB NOT NULL,
    UNIQUE (journal, message_id)
);

CREATE INDEX IF NOT EXISTS cairn_message_order ON cairn_message (journal, position, message_id);

CREATE TABLE IF NOT EXISTS cairn_cache (
    namespace TEXT NOT NULL,
    scope TEXT NOT NULL,
    step_key TEXT NOT NULL,
    written INTEGER NOT NULL,
    expires INTEGER,
    checksum INTEGER NOT NULL,
    outcome BLOB NOT NULL,
    UNIQUE (namespace, scope, step_key)
);

CREATE INDEX IF NOT EXISTS cairn_cache_written ON cairn_cache (namespace, scope, written);

-- For people: SELECT * FROM cairn_runs;
CREATE VIEW IF NOT EXISTS cairn_runs AS
SELECT
    namespace,
    run_id,
    workflow,
    version,
    shown AS status,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1000.0, 'unixepoch') AS created,
    strftime('%Y-%m-%dT%H:%M:%fZ', changed / 1000.0, 'unixepoch') AS changed,
    strftime('%Y-%m-%dT%H:%M:%fZ', due / 1000.0, 'unixepoch') AS due,
    strftime('%Y-%m-%dT%H:%M:%fZ', deadline / 1000.0, 'unixepoch') AS leased_until,
    labels,
    progress,
    reason,
    signals
FROM cairn_head
WHERE status <> 'GONE';

-- For people: SELECT * FROM cairn_steps WHERE run_id = 'order-10248'; a body that is not Cairn's JSON shows no steps.
CREATE VIEW IF NOT EXISTS cairn_steps AS
SELECT
    head.namespace,
    head.run_id,
    entry.id & 16777215 AS place,
    step.value ->> '$.key' AS step_key,
    step.value ->> '$.pos' AS position,
    step.value ->> '$.round' AS round,
    strftime('%Y-%m-%dT%H:%M:%fZ', (step.value ->> '$.at') / 1000.0, 'unixepoch') AS recorded,
    step.value ->> '$.ms' AS milliseconds,
    step.value -> '$.value' AS value,
    step.value -> '$.failure' AS failure
FROM cairn_head AS head
JOIN cairn_journal AS journal
    ON journal.incarnation = head.incarnation AND journal.run_id = head.run_id AND journal.namespace = head.namespace
JOIN cairn_entry AS entry ON entry.id BETWEEN journal.number << 24 AND journal.number << 24 | 16777215
JOIN json_each(
    CASE WHEN entry.kind = 2 AND json_valid(CAST(entry.body AS TEXT)) THEN CAST(entry.body AS TEXT) ELSE '{}' END,
    '$.steps'
) AS step
WHERE head.status <> 'GONE' AND step.type = 'object';

INSERT INTO cairn_meta (only_row, schema_version, minimum_reader) VALUES (1, 1, 1) ON CONFLICT DO NOTHING;
