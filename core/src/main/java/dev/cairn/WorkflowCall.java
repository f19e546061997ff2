// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.error.CairnException;
import dev.cairn.error.CodecException;
import dev.cairn.error.CorruptException;
import dev.cairn.error.LeaseLostException;
import dev.cairn.error.StoreClosedException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.spi.Due;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Page;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One execution of a workflow's code: from the record it begins with to the result it ends with. */
final class WorkflowCall<I extends @Nullable Object, O extends @Nullable Object> {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowCall.class);

    private final Connection connection;
    private final RunExecution execution;
    private final Workflow<I, O> workflow;
    private final @Nullable RunInput<I> input;

    WorkflowCall(Connection connection, RunExecution execution, Workflow<I, O> workflow, @Nullable RunInput<I> input) {
        this.connection = connection;
        this.execution = execution;
        this.workflow = workflow;
        this.input = input;
    }

    RunResult<O> run(Page first) {
        try {
            execution.throwIfStopped();
            I recorded = begin(first);
            O output = workflow.body().run(execution, recorded);
            execution.returned();
            execution.throwIfStopped();
            return completed(output);
        } catch (RunStopped stop) {
            return stopped(execution.stop(stop));
        } catch (Throwable thrown) {
            execution.returned();
            return threw(thrown);
        }
    }

    /** Reads what is recorded and compares the input; a run that does not fit is given back as it was. */
    private I begin(Page first) {
        try {
            return read(first);
        } catch (CodecException | CorruptException | UnknownFormatException | DifferentInputException e) {
            throw execution.refuse(e);
        } catch (RuntimeException | Error e) {
            throw execution.stop(new RunStopped(StopReason.STORE, "run " + execution.id() + " could not be read", e));
        }
    }

    private I read(Page first) {
        RunRecord record = execution.record();
        if (!RunCommits.addAll(connection, record, first)
                || !record.fold().isHeldBy(execution.lease().lease())) {
            throw execution.stop(execution.commits().lost());
        }
        if (input != null) {
            input.checkSameAs(connection.payloads(), record.origin().input());
        }
        if (record.fold().length() > 1 && LOG.isInfoEnabled()) {
            LOG.info(
                    "run {} resumes with {} recorded steps, token {}",
                    execution.id(),
                    record.steps().size(),
                    execution.lease().lease().token());
        }
        return connection
                .payloads()
                .decode(
                        () -> "the input of run " + execution.id(),
                        record.origin().input(),
                        workflow.input());
    }

    private RunResult<O> completed(O output) {
        try {
            execution.checkAllAsked();
            StepOutcome outcome = new StepOutcome.Nothing();
            O back = output;
            if (workflow.output().type() != Void.class) {
                Payloads.Recorded<O> recorded =
                        execution.roundTrip(() -> "the output of run " + execution.id(), output, workflow.output());
                outcome = new StepOutcome.Value(recorded.json());
                back = recorded.value();
            }
            settle(new EntryBody.End(RunStatus.COMPLETED, outcome, ""));
            return new RunResult.Completed<>(back);
        } catch (RunStopped stop) {
            return stopped(execution.stop(stop));
        }
    }

    private void settle(EntryBody.End end) {
        execution.settle(end, execution.with(HeadChange.ended(end.status())));
    }

    private RunResult<O> threw(Throwable thrown) {
        try {
            execution.throwIfStopped();
            if (workflow.errors().endsRun(thrown)) {
                return failed(thrown);
            }
            // A fault of the code: the next execution would end the same way.
            if (thrown instanceof DuplicateKeyException duplicate) {
                throw execution.refuse(duplicate);
            }
            if (thrown instanceof StepMisuse misuse) {
                throw execution.refuse(misuse.asRefusal());
            }
            if (thrown instanceof BadStepArgument bad) {
                throw execution.refuse(bad.asRefusal());
            }
            throw execution.tried("", thrown);
        } catch (RunStopped stop) {
            return stopped(execution.stop(stop));
        }
    }

    private RunResult<O> failed(Throwable thrown) {
        execution.checkAllAsked();
        StepFailedException failure = thrown instanceof StepFailedException known
                ? known
                : connection.failed("", connection.failures().of(thrown));
        boolean own = execution.record().step(failure.stepKey().isEmpty() ? " " : failure.stepKey()) != null;
        settle(new EntryBody.End(
                RunStatus.FAILED, new StepOutcome.Failed(failure.failure()), own ? failure.stepKey() : ""));
        return new RunResult.Failed<>(failure);
    }

    private RunResult<O> stopped(RunStopped stop) {
        Throwable cause = stop.getCause();
        return switch (stop.reason()) {
            case LEASE_LOST -> {
                if (execution.commits().isCancelled()) {
                    yield new RunResult.Cancelled<>(execution.id());
                }
                LOG.warn("{}; nothing of what it did since counts", stop.getMessage());
                yield interrupted(new LeaseLostException(String.valueOf(stop.getMessage()), cause));
            }
            case ATTEMPT -> interrupted(cause == null ? stop : cause);
            case STORE -> {
                if (cause instanceof Error broken) {
                    throw broken;
                }
                yield interrupted(cause == null ? stop : cause);
            }
            case REFUSED -> refused(cause);
            case CLOSING -> {
                execution.release(execution.with(HeadChange.ready(Due.now())));
                yield interrupted(new StoreClosedException(String.valueOf(stop.getMessage())));
            }
        };
    }

    private RunResult<O> refused(@Nullable Throwable cause) {
        if (cause instanceof DifferentInputException different) {
            execution.release(execution.leftAsItWas(HeadChange.freed()).build());
            throw different;
        }
        execution.block(cause == null ? "" : String.valueOf(cause.getMessage()));
        LOG.warn("run {} is blocked: {}", execution.id(), cause == null ? "" : cause.getMessage());
        return new RunResult.Blocked<>(
                cause instanceof CairnException known
                        ? known
                        : new RunBlockedException("run " + execution.id() + " is blocked"));
    }

    private RunResult<O> interrupted(Throwable cause) {
        return new RunResult.Interrupted<>(execution.id(), cause);
    }
}
