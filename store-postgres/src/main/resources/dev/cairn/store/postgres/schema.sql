-- SPDX-License-Identifier: Apache-2.0
-- Version 1. Only adds; every object begins with cairn_, so that a team's own tables are never touched.
-- Applied in one transaction; @schema is the schema that was asked for.

create schema if not exists @schema;

create table if not exists @schema.cairn_meta (
    only_row int primary key check (only_row = 1),
    schema_version int not null,
    minimum_reader int not null
);

-- Times are milliseconds of the server's own clock. claim_at is since when the run may be claimed, null if never by time.
create table if not exists @schema.cairn_head (
    namespace text collate "C" not null,
    run_id text collate "C" not null,
    workflow text collate "C" not null,
    version int not null,
    status text not null,
    incarnation uuid not null,
    token bigint not null,
    lease_id uuid,
    deadline bigint,
    ttl bigint,
    due bigint,
    awaits text[] not null default '{}',
    signals bigint not null default 0,
    labels jsonb not null default '{}',
    progress text not null default '',
    reason text not null default '',
    beside jsonb not null default '{}',
    source_token bigint not null default 0,
    created bigint not null,
    changed bigint not null,
    claim_at bigint generated always as (
        case
            when status not in ('READY', 'SUSPENDED', 'BLOCKED') then null
            when lease_id is null then due
            when status <> 'SUSPENDED' then deadline
            -- The lease of a canceller that died: the run sleeps on.
            when due is not null then greatest(deadline, due)
        end
    ) stored,
    primary key (namespace, run_id)
);

create index if not exists cairn_head_claim on @schema.cairn_head (namespace, workflow, version, claim_at)
    where claim_at is not null;

-- When each lease was granted: after now only if the clock was set back (CLOCK-01).
create index if not exists cairn_head_anchor on @schema.cairn_head (namespace, workflow, version, (deadline - ttl))
    where lease_id is not null;

create index if not exists cairn_head_lease on @schema.cairn_head (lease_id) where lease_id is not null;

create index if not exists cairn_head_list on @schema.cairn_head (namespace, created desc, run_id);

create index if not exists cairn_head_sweep on @schema.cairn_head (namespace, created desc, run_id)
    where status = 'GONE' or beside <> '{}';

-- journal: the key of namespace, run and incarnation, made by @journal. One index, since every one more costs each new
-- entry. Nothing is analysed before there are some thousand rows: a plan made for one page reads the whole table, and
-- stays with the connection while that grows. Kinds 0 to 2 leave the journal open; 0 and 1 are grants.
create table if not exists @schema.cairn_entry (
    journal uuid not null,
    place bigint not null,
    kind smallint not null,
    token bigint not null,
    lease_id uuid not null,
    commit_id uuid not null,
    checksum int not null,
    body bytea not null,
    primary key (journal, place)
) with (autovacuum_analyze_threshold = 10000, autovacuum_vacuum_insert_threshold = 10000);

create table if not exists @schema.cairn_message (
    namespace text collate "C" not null,
    run_id text collate "C" not null,
    incarnation uuid not null,
    id text collate "C" not null,
    position bigint not null,
    name text collate "C" not null,
    checksum int not null,
    payload bytea not null,
    primary key (namespace, run_id, incarnation, id)
);

create index if not exists cairn_message_order on @schema.cairn_message (namespace, run_id, incarnation, position, id);

-- Locked by whoever writes into the scope, so that its limit holds.
create table if not exists @schema.cairn_cache_scope (
    namespace text collate "C" not null,
    scope text collate "C" not null,
    primary key (namespace, scope)
);

create table if not exists @schema.cairn_cache (
    namespace text collate "C" not null,
    scope text collate "C" not null,
    key text collate "C" not null,
    written bigint not null,
    expires bigint,
    checksum int not null,
    outcome bytea not null,
    primary key (namespace, scope, key)
);

create index if not exists cairn_cache_written on @schema.cairn_cache (namespace, scope, written);

-- For people: select * from cairn_runs;
create or replace view @schema.cairn_runs as
select
    namespace,
    run_id,
    workflow,
    version,
    case when lease_id is not null and status in ('READY', 'SUSPENDED', 'BLOCKED') then 'RUNNING' else status end as status,
    to_timestamp(created / 1000.0) as created,
    to_timestamp(changed / 1000.0) as changed,
    to_timestamp(due / 1000.0) as due,
    to_timestamp(deadline / 1000.0) as leased_until,
    labels,
    progress,
    reason,
    signals
from @schema.cairn_head
where status <> 'GONE';

-- For people: select * from cairn_steps where run_id = 'order-10248'; a body that is not Cairn's JSON shows no steps.
-- What PostgreSQL has no text for, U+0000 and halves of surrogate pairs, is shown as U+FFFD.
create or replace view @schema.cairn_steps as
select
    head.namespace,
    head.run_id,
    head.workflow,
    entry.place,
    step.value ->> 'key' as step_key,
    (step.value ->> 'pos')::int as position,
    (step.value ->> 'round')::int as round,
    to_timestamp((step.value ->> 'at')::bigint / 1000.0) as recorded,
    (step.value ->> 'ms')::bigint as milliseconds,
    step.value -> 'value' as value,
    step.value -> 'failure' as failure
from @schema.cairn_head as head
join @schema.cairn_entry as entry
    on entry.journal = @journal(head)
cross join lateral json_array_elements(
    case
        when entry.kind = 2 and substring(entry.body for 9) = '{"cairn":' then regexp_replace(
            convert_from(entry.body, 'UTF8'), '(?<!\\)((?:\\\\)*)\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\1\\ufffd', 'g'
        )::json -> 'steps'
        else '[]'
    end
) as step
where head.status <> 'GONE';

insert into @schema.cairn_meta (only_row, schema_version, minimum_reader) values (1, 1, 1) on conflict do nothing;
