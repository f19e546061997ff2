// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Names;
import dev.cairn.state.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which runs to list: all filters hold together, before paging. Newest creation first, then id in UTF-8 byte order.
 * Times are the store's clock, ranges half-open. Immutable.
 */
public final class RunQuery {
    /** The largest page. */
    public static final int MAX_LIMIT = 1000;

    /** Which heads are looked at. */
    public enum Among {
        /** Every run that is not deleted. */
        RUNS,
        /** What a purge sweeps: deleted runs, and runs that name incarnations beside them. */
        SWEEPABLE
    }

    private static final Comparator<Head> NEWEST_FIRST =
            Comparator.comparing(Head::created).reversed().thenComparing(Head::runId, Names.BY_UTF_8);

    private final Among among;
    private final Set<RunStatus> statuses;
    private final @Nullable String workflow;
    private final SortedMap<String, String> labels;
    private final Instant createdFrom;
    private final Instant createdTo;
    private final Instant changedFrom;
    private final Instant changedTo;
    private final Duration unchangedFor;
    private final String prefix;
    private final int limit;
    private final @Nullable String after;

    private RunQuery(Builder builder) {
        among = builder.among;
        statuses = Set.copyOf(builder.statuses);
        workflow = builder.workflow;
        labels = new TreeMap<>(builder.labels);
        createdFrom = builder.createdFrom;
        createdTo = builder.createdTo;
        changedFrom = builder.changedFrom;
        changedTo = builder.changedTo;
        unchangedFor = builder.unchangedFor;
        prefix = builder.prefix;
        limit = builder.limit;
        after = builder.after;
    }

    /** All runs, 100 to a page, from the first. */
    public static Builder all() {
        return new Builder();
    }

    /** Which heads are looked at. */
    public Among among() {
        return among;
    }

    /** The statuses as users see them ({@link Head#shownStatus()}); any, if empty. */
    public Set<RunStatus> statuses() {
        return statuses;
    }

    /** The workflow's name; any, if empty. */
    public Optional<String> workflow() {
        return Optional.ofNullable(workflow);
    }

    /** Labels that the run must have. */
    public Map<String, String> labels() {
        return java.util.Collections.unmodifiableMap(labels);
    }

    /** Created at or after. */
    public Instant createdFrom() {
        return createdFrom;
    }

    /** Created before. */
    public Instant createdTo() {
        return createdTo;
    }

    /** Changed at or after. */
    public Instant changedFrom() {
        return changedFrom;
    }

    /** Changed before. */
    public Instant changedTo() {
        return changedTo;
    }

    /** Last changed at least so long ago, by the store's clock; zero asks for nothing. */
    public Duration unchangedFor() {
        return unchangedFor;
    }

    /** A literal prefix of the run id, compared by UTF-8 bytes. */
    public String prefix() {
        return prefix;
    }

    /** The most runs of a page: 1 to 1,000. */
    public int limit() {
        return limit;
    }

    /** The token of the page before; the first page, if empty. */
    public Optional<String> after() {
        return Optional.ofNullable(after);
    }

    /** This query without the page: what a page token belongs to. */
    public String fingerprint() {
        return String.join(
                "\u001f",
                among.name(),
                new java.util.TreeSet<>(statuses).toString(),
                workflow == null ? "" : "w" + workflow,
                labels.toString(),
                createdFrom.toString(),
                createdTo.toString(),
                changedFrom.toString(),
                changedTo.toString(),
                unchangedFor.toString(),
                prefix);
    }

    /** Whether a head is asked for, the page apart. */
    public boolean matches(Head head, Instant storeNow) {
        boolean sweepable = head.status() == RunStatus.GONE || !head.beside().isEmpty();
        return (among == Among.RUNS ? head.status() != RunStatus.GONE : sweepable)
                && (statuses.isEmpty() || statuses.contains(head.shownStatus()))
                && (workflow == null || workflow.equals(head.workflow()))
                && head.labels().all().entrySet().containsAll(labels.entrySet())
                && !head.created().isBefore(createdFrom)
                && head.created().isBefore(createdTo)
                && !head.changed().isBefore(changedFrom)
                && head.changed().isBefore(changedTo)
                && (unchangedFor.isZero() || !head.changed().isAfter(storeNow.minus(unchangedFor)))
                && head.runId().startsWith(prefix);
    }

    /**
     * The page that this query asks for, of a store that holds or reads all heads.
     *
     * @param heads of the namespace, in any order
     * @param storeTime the store's clock, in milliseconds
     * @throws IllegalArgumentException if the token is damaged, or of another namespace or query
     */
    public RunPage page(Collection<Head> heads, String namespace, Instant storeTime) {
        Optional<PageToken> behind = after().map(token -> PageToken.decode(token, namespace, this));
        List<Head> found = heads.stream()
                .filter(head -> matches(head, storeTime)
                        && behind.filter(token -> !isBehind(head, token)).isEmpty())
                .sorted(NEWEST_FIRST)
                .limit(limit + 1L)
                .toList();
        return cut(found, namespace, storeTime);
    }

    private static boolean isBehind(Head head, PageToken token) {
        int created = token.created().compareTo(head.created());
        return created > 0 || (created == 0 && Names.BY_UTF_8.compare(head.runId(), token.runId()) > 0);
    }

    /**
     * The page that this query asks for, of a store whose database has found, ordered and limited the heads.
     *
     * @param found behind the token, in the order of a listing; one more than the limit says that more follow
     * @param storeTime the store's clock, in milliseconds
     */
    public RunPage cut(List<Head> found, String namespace, Instant storeTime) {
        if (found.size() <= limit) {
            return new RunPage(found, Optional.empty(), storeTime);
        }
        Head last = found.get(limit - 1);
        String next = new PageToken(last.created(), last.runId()).encode(namespace, this);
        return new RunPage(found.subList(0, limit), Optional.of(next), storeTime);
    }

    /** Builds a query. */
    public static final class Builder {
        private static final Instant FIRST = Instant.EPOCH;
        private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

        private Among among = Among.RUNS;
        private Set<RunStatus> statuses = Set.of();
        private @Nullable String workflow;
        private final SortedMap<String, String> labels = new TreeMap<>();
        private Instant createdFrom = FIRST;
        private Instant createdTo = LAST;
        private Instant changedFrom = FIRST;
        private Instant changedTo = LAST;
        private Duration unchangedFor = Duration.ZERO;
        private String prefix = "";
        private int limit = 100;
        private @Nullable String after;

        private Builder() {}

        /** Which heads are looked at. Default: every run that is not deleted. */
        public Builder among(Among value) {
            among = value;
            return this;
        }

        /** Only these statuses, as users see them. Default: any. */
        public Builder status(RunStatus first, RunStatus... more) {
            statuses = EnumSet.of(first, more);
            return this;
        }

        /** Only runs of this workflow. Default: any. */
        public Builder workflow(String value) {
            workflow = Names.check("workflow name", value);
            return this;
        }

        /** Only runs with this label; several hold together. */
        public Builder label(String name, String value) {
            labels.put(
                    Names.check("label name", name, Names.MAX_LABEL_NAME_BYTES),
                    Names.checkText("value of label " + name, value, Names.MAX_LABEL_VALUE_BYTES));
            return this;
        }

        /** Created at or after {@code from} and before {@code to}, by the store's clock. Default: any time. */
        public Builder created(Instant from, Instant to) {
            createdFrom = checkRange(from, to);
            createdTo = to;
            return this;
        }

        /** Changed at or after {@code from} and before {@code to}, by the store's clock. Default: any time. */
        public Builder changed(Instant from, Instant to) {
            changedFrom = checkRange(from, to);
            changedTo = to;
            return this;
        }

        /** Last changed at least so long ago, by the store's clock: 0 to 36,500 days. Default: any time. */
        public Builder unchangedFor(Duration age) {
            if (age.isNegative() || age.compareTo(Duration.ofDays(36_500)) > 0) {
                throw new IllegalArgumentException("an age is 0 to 36,500 days, was " + age);
            }
            unchangedFor = age;
            return this;
        }

        /** Only ids that begin with this text, taken literally. Default: any. */
        public Builder prefix(String value) {
            prefix = Names.checkText("id prefix", value, Names.MAX_NAME_BYTES);
            return this;
        }

        /** The most runs of a page: 1 to 1,000. Default: 100. */
        public Builder limit(int value) {
            if (value < 1 || value > MAX_LIMIT) {
                throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", was " + value);
            }
            limit = value;
            return this;
        }

        /** Behind the page that gave this token. Default: the first page. */
        public Builder after(String token) {
            after = token;
            return this;
        }

        /** The query. */
        public RunQuery build() {
            return new RunQuery(this);
        }

        private static Instant checkRange(Instant from, Instant to) {
            if (to.isBefore(from)) {
                throw new IllegalArgumentException(
                        "a time range ends at or after its begin, was " + from + " to " + to);
            }
            return from;
        }
    }
}
