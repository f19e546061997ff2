// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StoreOptions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Stores of this process for clients in others: a connection is one store, a call of it one request. */
final class ChildServer {
    private final ServerSocket listener;
    private final BiFunction<String, StoreOptions, StateStore> stores;

    private ChildServer(ServerSocket listener, BiFunction<String, StoreOptions, StateStore> stores) {
        this.listener = listener;
        this.stores = stores;
    }

    static ChildServer start(BiFunction<String, StoreOptions, StateStore> stores) {
        try {
            ChildServer server = new ChildServer(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()), stores);
            WireProxy.daemon("child-server", server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listener.accept();
                WireProxy.daemon("child-served", () -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            ChildMain.Opening opening = (ChildMain.Opening) read(in);
            StateStore store = stores.apply(opening.storage(), opening.options());
            while (true) {
                write(out, made(store, (ChildMain.Call) read(in)));
            }
        } catch (IOException gone) {
            // The client is gone.
        }
    }

    private static ChildMain.Answer made(StateStore store, ChildMain.Call call) {
        Method method = Stream.of(StateStore.class, StepCacheStore.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(one -> one.getName().equals(call.method()))
                .findFirst()
                .orElseThrow();
        try {
            return new ChildMain.Answer(
                    call.number(), method.invoke(store, call.arguments().toArray()), null);
        } catch (InvocationTargetException e) {
            return new ChildMain.Answer(call.number(), null, e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    static void write(DataOutputStream out, Object what) throws IOException {
        byte[] bytes = Parcel.packed(what);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    static Object read(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return Parcel.unpacked(bytes);
    }
}
