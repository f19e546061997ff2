// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a store and a database that runs in its own process: every statement that is executed, every commit and
 * every rollback is a request. A connection that was cut throws whatever is asked of it, and can only be closed.
 */
final class WiredSource {
    private static final Set<String> REQUESTS = Set.of("commit", "rollback");
    private static final Set<String> ALWAYS = Set.of("close", "isClosed", "hashCode", "equals", "toString", "abort");

    private WiredSource() {}

    /** Hands out connections of this source, with a wire in between. */
    static DataSource of(DataSource source, Wire wire) {
        return proxy(DataSource.class, (proxy, method, args) -> {
            if (!method.getName().equals("getConnection")) {
                return invoked(source, method, args);
            }
            if (wire.isRefusing()) {
                throw gone();
            }
            return new Line((Connection) invoked(source, method, args), wire).wired();
        });
    }

    private static SQLException gone() {
        return new SQLNonTransientConnectionException("the connection is cut, as the clause wants it", "08006");
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(WiredSource.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoked(Object target, Method method, Object @Nullable [] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** A connection, and the statements that were made on it. */
    private static final class Line implements Wire.Line {
        private static final List<Class<? extends Statement>> STATEMENTS =
                List.of(CallableStatement.class, PreparedStatement.class, Statement.class);

        private final Connection connection;
        private final Wire wire;
        private final AtomicBoolean cut = new AtomicBoolean();

        Line(Connection connection, Wire wire) {
            this.connection = connection;
            this.wire = wire;
            wire.opened(this);
        }

        Connection wired() {
            return proxy(Connection.class, (proxy, method, args) -> {
                if (method.getName().equals("close")) {
                    wire.closed(this);
                }
                Object answer = called(connection, method, args, REQUESTS.contains(method.getName()));
                return answer instanceof Statement statement ? wired(statement, (Connection) proxy) : answer;
            });
        }

        private Statement wired(Statement statement, Connection by) {
            Class<? extends Statement> type = STATEMENTS.stream()
                    .filter(one -> one.isInstance(statement))
                    .findFirst()
                    .orElseThrow();
            return proxy(type, (proxy, method, args) -> {
                if (method.getName().equals("getConnection")) {
                    return by;
                }
                return called(statement, method, args, method.getName().startsWith("execute"));
            });
        }

        private Object called(Object target, Method method, Object @Nullable [] args, boolean isRequest)
                throws Throwable {
            if (cut.get() && !ALWAYS.contains(method.getName())) {
                throw gone();
            }
            if (args != null && args.length > 0 && args[0] instanceof String words) {
                wire.spoken(words);
            }
            Fault fault = isRequest ? wire.next() : Fault.NONE;
            if (fault == Fault.CUT_BEFORE || fault == Fault.HALF_OPEN) {
                cut();
                throw gone();
            }
            Object answer = invoked(target, method, args);
            if (fault == Fault.HOLD_REPLY) {
                wire.replied();
            } else if (fault != Fault.NONE) {
                cut();
                throw gone();
            }
            return answer;
        }

        /** Nothing is asked of it any more; who has it closes it. */
        @Override
        public void cut() {
            cut.set(true);
            wire.closed(this);
        }
    }
}
