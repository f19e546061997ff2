// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.StateStore;
import dev.cairn.spi.StepCacheStore;
import dev.cairn.spi.StoreOptions;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A child process: opens a store, makes the calls that come over its input, each on a thread of its own, and answers over
 * its output when the store has returned. Ends when its input does.
 */
final class ChildMain {
    /** Instead of the name of a method: what the process says of itself. */
    static final String VIEW = "#view";

    /** Instead of the number of a call: the store was opened, or not. */
    static final long OPENED = 0;

    /**
     * What comes first.
     *
     * @param settings what the harness hands to its children
     */
    record Opening(String child, String storage, String folder, StoreOptions options, Map<String, String> settings) {}

    /** One call of the store, or {@link #VIEW}. */
    record Call(long number, String method, List<@Nullable Object> arguments) {}

    /** What became of it. */
    record Answer(
            long number, @Nullable Object value, @Nullable Throwable thrown) {}

    private final DataOutputStream out;
    private final Map<String, Method> methods = new HashMap<>();

    private ChildMain(DataOutputStream out) {
        this.out = out;
        Stream.of(StateStore.class, StepCacheStore.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .forEach(method -> methods.put(method.getName(), method));
    }

    public static void main(String[] arguments) throws IOException {
        FileOutputStream output = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err); // whatever a driver prints must not come between the answers
        DataInputStream in = new DataInputStream(System.in);
        ChildMain child = new ChildMain(new DataOutputStream(new BufferedOutputStream(output, 1 << 16)));
        Optional<Object> opened = child.opened((Opening) read(in));
        opened.ifPresent(store -> child.serve(in, store));
        Runtime.getRuntime().halt(0); // no thread of a driver keeps it
    }

    private Optional<Object> opened(Opening opening) throws IOException {
        try {
            ChildStore child = Class.forName(opening.child(), true, ChildMain.class.getClassLoader())
                    .asSubclass(ChildStore.class)
                    .getDeclaredConstructor()
                    .newInstance();
            StoreEnv env = StoreEnv.inChild(
                    opening.storage(), Path.of(opening.folder()), opening.options(), opening.settings());
            StateStore store = child.open(env);
            answer(new Answer(OPENED, store instanceof StepCacheStore, null));
            return Optional.of(store);
        } catch (Exception | LinkageError e) {
            answer(new Answer(OPENED, null, e));
            return Optional.empty();
        }
    }

    private void serve(DataInputStream in, Object store) {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            while (true) {
                Call call = (Call) read(in);
                threads.execute(() -> answerTo(call, store));
            }
        } catch (EOFException parentIsDone) {
            threads.shutdown();
        } catch (IOException e) {
            throw new IllegalStateException("the parent cannot be heard", e);
        }
    }

    private void answerTo(Call call, Object store) {
        Answer answer = made(call, store);
        try {
            answer(answer);
        } catch (IOException e) {
            throw new IllegalStateException("the parent cannot be told", e);
        }
    }

    private Answer made(Call call, Object store) {
        if (call.method().equals(VIEW)) {
            return new Answer(call.number(), ChildJvm.View.of(store), null);
        }
        try {
            Method method = methods.get(call.method());
            if (method == null) {
                throw new IllegalStateException("a store has no " + call.method());
            }
            return new Answer(
                    call.number(), method.invoke(store, call.arguments().toArray()), null);
        } catch (InvocationTargetException e) {
            return new Answer(call.number(), null, e.getCause());
        } catch (IllegalAccessException | RuntimeException e) {
            return new Answer(call.number(), null, e);
        }
    }

    private synchronized void answer(Answer answer) throws IOException {
        byte[] bytes;
        try {
            bytes = Parcel.packed(answer);
        } catch (java.io.NotSerializableException e) { // an exception of a driver's that carries what cannot be sent
            Throwable instead = new IllegalStateException(
                    "threw " + answer.thrown() + ", which cannot be told whole: " + e.getMessage());
            bytes = Parcel.packed(new Answer(answer.number(), null, instead));
        }
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    private static Object read(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return Parcel.unpacked(bytes);
    }
}
