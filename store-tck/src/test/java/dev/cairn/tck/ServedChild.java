// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.OutcomeUnknownException;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Opens in a child process a store that a {@link ChildServer} serves, wrong in the way that the settings name. */
public final class ServedChild implements ChildStore {
    static final String PORT = "port";
    static final String WRONG = "wrong";

    @Override
    public StateStore open(StoreEnv env) {
        Client client = new Client(env);
        Class<?>[] types = {StateStore.class, StepCacheStore.class};
        StateStore right = (StateStore) Proxy.newProxyInstance(
                ServedChild.class.getClassLoader(),
                types,
                (proxy, method, arguments) ->
                        client.call(method.getName(), arguments == null ? List.of() : Arrays.asList(arguments)));
        return ChildWrong.valueOf(env.settings().get(WRONG)).over(right, env);
    }

    /** A connection for each call that is under way. */
    private static final class Client {
        private final StoreEnv env;
        private final Deque<Socket> idle = new ConcurrentLinkedDeque<>();

        Client(StoreEnv env) {
            this.env = env;
        }

        Object call(String method, List<Object> arguments) {
            ChildMain.Answer answer;
            try {
                Socket socket = connected();
                ChildServer.write(
                        new DataOutputStream(socket.getOutputStream()), new ChildMain.Call(1, method, arguments));
                answer = (ChildMain.Answer) ChildServer.read(new DataInputStream(socket.getInputStream()));
                idle.push(socket);
            } catch (IOException e) {
                throw new OutcomeUnknownException("no answer came", e);
            }
            if (answer.thrown() != null) {
                throw Thrown.unchecked(answer.thrown());
            }
            return answer.value();
        }

        private Socket connected() throws IOException {
            Socket socket = idle.poll();
            if (socket != null) {
                return socket;
            }
            Socket made = new Socket(
                    InetAddress.getLoopbackAddress(),
                    Integer.parseInt(env.settings().get(PORT)));
            made.setTcpNoDelay(true);
            ChildServer.write(
                    new DataOutputStream(made.getOutputStream()),
                    new ChildMain.Opening("", env.storage(), env.folder().toString(), env.options(), env.settings()));
            return made;
        }
    }
}
