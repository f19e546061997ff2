// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import static java.util.Objects.requireNonNull;

import dev.cairn.cache.StepCache;
import dev.cairn.spi.WorkflowVersions;
import dev.cairn.state.Names;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workflow: its name, version, types, error rules and code. Immutable; safe to share.
 *
 * @param <I> its input
 * @param <O> its output
 */
public final class Workflow<I extends @Nullable Object, O extends @Nullable Object> {
    private final WorkflowVersions versions;
    private final TypeRef<I> input;
    private final TypeRef<O> output;
    private final ErrorRules errors;
    private final @Nullable StepCache cache;
    private final WorkflowBody<I, O> body;

    private Workflow(Builder<?, ?> builder, TypeRef<I> input, TypeRef<O> output, WorkflowBody<I, O> body) {
        Set<Integer> accepted = new HashSet<>(builder.resumed);
        accepted.add(builder.version);
        this.versions = new WorkflowVersions(builder.name, builder.version, accepted);
        this.input = input;
        this.output = output;
        this.errors = builder.errors;
        this.cache = builder.cache;
        this.body = body;
    }

    /**
     * Begins a workflow of version 1 without input and output.
     *
     * @param name at most 255 UTF-8 bytes; runs are stored under it
     */
    public static Builder<@Nullable Void, @Nullable Void> named(String name) {
        return new Builder<>(Names.check("workflow name", name), TypeRef.of(Void.class), TypeRef.of(Void.class));
    }

    /** The name. */
    public String name() {
        return versions.workflow();
    }

    /** The version. */
    public int version() {
        return versions.version();
    }

    WorkflowVersions versions() {
        return versions;
    }

    TypeRef<I> input() {
        return input;
    }

    TypeRef<O> output() {
        return output;
    }

    ErrorRules errors() {
        return errors;
    }

    Optional<StepCache> cache() {
        return Optional.ofNullable(cache);
    }

    WorkflowBody<I, O> body() {
        return body;
    }

    @Override
    public String toString() {
        return "Workflow[" + name() + ", version " + version() + "]";
    }

    /**
     * Builds a workflow. Not thread-safe.
     *
     * @param <I> its input so far
     * @param <O> its output so far
     */
    public static final class Builder<I extends @Nullable Object, O extends @Nullable Object> {
        private final String name;
        private final TypeRef<I> input;
        private final TypeRef<O> output;
        private int version = 1;
        private Set<Integer> resumed = new HashSet<>();
        private ErrorRules errors = ErrorRules.DEFAULT;
        private @Nullable StepCache cache;

        private Builder(String name, TypeRef<I> input, TypeRef<O> output) {
            this.name = name;
            this.input = input;
            this.output = output;
        }

        private <A extends @Nullable Object, B extends @Nullable Object> Builder<A, B> typed(
                TypeRef<A> in, TypeRef<B> out) {
            Builder<A, B> next = new Builder<>(name, in, out);
            next.version = version;
            next.resumed = new HashSet<>(resumed);
            next.errors = errors;
            next.cache = cache;
            return next;
        }

        /** The version, at least 1. Default: 1. */
        public Builder<I, O> version(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("version of workflow " + name + " must be at least 1, was " + value);
            }
            version = value;
            return this;
        }

        /** Older versions whose runs this one goes on with. Default: none; others are refused before any write. */
        public Builder<I, O> resumes(int... versions) {
            for (int older : versions) {
                if (older < 1) {
                    throw new IllegalArgumentException(
                            "version of workflow " + name + " must be at least 1, was " + older);
                }
                resumed.add(older);
            }
            return this;
        }

        /** The type of the input. */
        public <A> Builder<A, O> input(Class<A> type) {
            return typed(TypeRef.of(type), output);
        }

        /** The type of the input, where it is generic. */
        public <A> Builder<A, O> input(TypeRef<A> type) {
            return typed(type, output);
        }

        /** The type of the output. Default: none. */
        public <B> Builder<I, B> output(Class<B> type) {
            return typed(input, TypeRef.of(type));
        }

        /** The type of the output, where it is generic. */
        public <B> Builder<I, B> output(TypeRef<B> type) {
            return typed(input, type);
        }

        /**
         * Exceptions of this class are outcomes: recorded in a step, and outside a step they end the run as failed. Where
         * {@link #retries} names a superclass of it, the narrower declaration wins.
         */
        public Builder<I, O> fails(Class<? extends Throwable> type) {
            errors = errors.failing(type);
            return this;
        }

        /** Exceptions of this class are attempts: the body runs again on resume. The narrower declaration wins. */
        public Builder<I, O> retries(Class<? extends Throwable> type) {
            errors = errors.retrying(type);
            return this;
        }

        /** Which exceptions are recorded where nothing is declared for them. Default: all but transient ones. */
        public Builder<I, O> policy(ErrorPolicy policy) {
            errors = errors.under(requireNonNull(policy, "policy"));
            return this;
        }

        /** Takes the outcome of every step from this cache if it is there, else puts it there. Default: no cache. */
        public Builder<I, O> cachedIn(StepCache value) {
            cache = requireNonNull(value, "cache");
            return this;
        }

        /**
         * Ends the workflow with its code.
         *
         * @throws IllegalArgumentException if the code is null
         */
        @SuppressWarnings({"ConstantConditions", "NullAway"}) // callers outside null-checked code may pass null
        public Workflow<I, O> define(WorkflowBody<I, O> body) {
            if (body == null) {
                throw new IllegalArgumentException(
                        "the code of workflow " + name + " is null; give it a (run, input) -> … function");
            }
            return new Workflow<>(this, input, output, body);
        }
    }
}
