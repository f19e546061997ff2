// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Message;
import dev.cairn.spi.Refused;
import dev.cairn.spi.RunPage;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Signalled;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.state.Bytes;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;

/** Ways in which a store is wrong that only another process, or one under other settings, can find. */
enum ChildWrong {
    NOTHING {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return right;
        }
    },
    BUFFERED {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return env.settings().isEmpty() ? right : new ProcessWrongs.Buffered(right);
        }
    },
    LATE_FOR_OTHERS {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return new ProcessWrongs.Late(right);
        }
    },
    LOCK_FILE {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return new ProcessWrongs.LockFile(right, env.folder());
        }
    },
    FREED_WITH_ITS_PROCESS {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return new ProcessWrongs.ByProcess(right, env.folder(), true);
        }
    },
    KEPT_FOR_THE_DEAD {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return new ProcessWrongs.ByProcess(right, env.folder(), false);
        }
    },
    TOKENS_OF_THE_PROCESS {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return env.settings().isEmpty() ? right : new ProcessWrongs.OwnTokens(right);
        }
    },
    CHARSET_OF_THE_HOST {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return new Wrong(right) {
                @Override
                public Signalled signal(String runId, Message message) {
                    Charset charset = Charset.defaultCharset();
                    String id = new String(message.id().getBytes(charset), charset);
                    return super.signal(runId, new Message(id, message.name(), message.payload()));
                }
            };
        }
    },
    DEADLINE_OF_THE_CLIENT {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return new Wrong(right) {
                @Override
                public Acquired acquire(Acquire asked) {
                    return super.acquire(new Acquire(
                            asked.runId(), asked.leaseId(), shifted(asked.ttl()), asked.target(), asked.grant()));
                }
            };
        }
    },
    EXPIRED_FOR_THE_CLIENT {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return new Wrong(right) {
                @Override
                public Acquired acquire(Acquire asked) {
                    Acquired answer = super.acquire(asked);
                    boolean isExpired = answer instanceof Refused refused
                            && refused.reason() == Refused.Reason.HELD
                            && refused.timeLeft().compareTo(wrong()) < 0;
                    Acquire.Target over = new Acquire.Take(
                            Condition.open().over(Condition.Over.LIVE).build());
                    return isExpired
                            ? super.acquire(
                                    new Acquire(asked.runId(), asked.leaseId(), asked.ttl(), over, asked.grant()))
                            : answer;
                }
            };
        }
    },
    AGE_BY_THE_CLIENT {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return new Wrong(right) {
                @Override
                public RunPage list(RunQuery query) {
                    Duration wrong = wrong();
                    boolean isRight = query.unchangedFor().isZero() || wrong.isZero() || wrong.isNegative();
                    Duration age = query.unchangedFor().minus(wrong);
                    return isRight
                            ? super.list(query)
                            : super.list(Purge.old(age.isNegative() ? Duration.ZERO : age)
                                    .limit(query.limit())
                                    .build());
                }
            };
        }
    },
    TTL_OF_THE_CLIENT {
        @Override
        StateStore over(StateStore right, StoreEnv env) {
            return new Wrong(right) {
                @Override
                public Bytes cachePut(StepCacheStore.CachePut put) {
                    return super.cachePut(new CachePut(
                            put.key(), put.outcome(), shifted(put.ttl()), put.existing(), put.maxEntries()));
                }
            };
        }
    };

    /** The store, wrong in this way. */
    abstract StateStore over(StateStore right, StoreEnv env);

    /** By how many hours this process' clock is wrong: the operating system knows when it was started. */
    static Duration wrong() {
        Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
        return Duration.ofHours(
                Math.round(Duration.between(started, Instant.now()).toMinutes() / 60.0));
    }

    private static Duration shifted(Duration ttl) {
        Duration shifted = ttl.compareTo(Duration.ofDays(300)) > 0 ? ttl : ttl.plus(wrong());
        return shifted.isNegative() || shifted.isZero() ? Duration.ofMillis(1) : shifted;
    }
}
