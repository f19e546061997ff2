// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * Puts the kit into JUnit: gives each clause its trial, turns what became of it into what a runner shows, and at the end
 * writes the certificate and fails what must not pass silently.
 */
final class KitExtension implements BeforeAllCallback, ParameterResolver, InvocationInterceptor, AfterAllCallback {
    private static final Namespace KIT = Namespace.create(KitExtension.class);

    /** What is known before the first clause is tried; the harness is asked of the first test instance. */
    private static final class Session {
        private final Seed seed = Seed.givenOrDrawn();
        private Optional<KitRun> run = Optional.empty();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Session session = new Session();
        context.getStore(KIT).put(Session.class, session);
        System.out.println("[tck] " + context.getRequiredTestClass().getSimpleName() + ": seed " + session.seed);
    }

    private static Session session(ExtensionContext context) {
        Session session = context.getStore(KIT).get(Session.class, Session.class);
        if (session == null) {
            throw new IllegalStateException("a clause was started outside of a class that implements StateStoreTck");
        }
        return session;
    }

    private static synchronized KitRun run(ExtensionContext context) {
        Session session = session(context);
        if (session.run.isEmpty()) {
            KitClauses adopter = (KitClauses) context.getRequiredTestInstance();
            Again again = Again.of(context.getRequiredTestClass());
            session.run = Optional.of(new KitRun(adopter.harness(), session.seed, again));
        }
        return session.run.get();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Trial.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Clause words = words(context.getRequiredTestMethod());
        KitRun run = run(context);
        run.says(words);
        Trial trial = run.trial(words.id());
        context.getStore(KIT).put(Trial.class, trial);
        return trial;
    }

    private static Clause words(Method method) {
        Clause words = method.getAnnotation(Clause.class);
        if (words == null) {
            throw new IllegalStateException(method + " takes a trial and is no clause of the kit");
        }
        return words;
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        if (method.getExecutable().getAnnotation(Clause.class) == null) {
            invocation.proceed(); // a test of the adopter's own
            return;
        }
        Clause words = words(method.getExecutable());
        Listed clause = ClauseList.all().clause(words.id());
        KitRun run = run(context);
        Optional<ClauseResult> untried = run.untried(clause);
        if (untried.isPresent()) {
            invocation.skip();
            run.keep(untried.get());
            show(untried.get());
        }
        Trial trial = context.getStore(KIT).get(Trial.class, Trial.class);
        show(run.tryOut(clause, words, trial, t -> invocation.proceed()));
    }

    private static void show(ClauseResult result) {
        if (result.outcome() == Outcome.FAIL) {
            AssertionFailedError failure = new AssertionFailedError(result.report());
            result.thrown().ifPresent(failure::initCause);
            throw failure;
        }
        if (result.outcome() != Outcome.PASS && result.outcome() != Outcome.REFUSED_OK) {
            throw new TestAbortedException(result.outcome() + ": " + result.reason());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Optional<KitRun> run = session(context).run;
        if (run.isEmpty()) {
            return; // no clause was asked for
        }
        try (KitRun ended = run.get()) {
            Certificate certificate = new Certificate(ended);
            System.out.println("[tck] " + certificate.summary());
            System.out.println("[tck] certificate in " + certificate.write(Certificate.folder()));
            Guard.check(context.getRequiredTestClass(), ended);
        }
    }

    /** What must not pass silently. */
    static final class Guard {
        private Guard() {}

        static void check(Class<?> adopter, KitRun run) {
            List<String> overridden = Overridden.in(adopter);
            if (!overridden.isEmpty()) {
                throw new AssertionFailedError("the kit's clauses cannot be overridden, here are "
                        + String.join(", ", overridden) + " in " + adopter.getName()
                        + ": an overridden one is not tried; remove the methods");
            }
            List<String> open = run.inconclusive().stream()
                    .map(result -> result.id() + " " + result.reason())
                    .toList();
            if (!open.isEmpty()) {
                throw new AssertionFailedError(
                        "inconclusive, so nobody knows whether they hold:\n  " + String.join("\n  ", open));
            }
        }
    }
}
