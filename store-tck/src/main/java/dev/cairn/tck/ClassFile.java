// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The constant pool of a class (JVMS 4.4), in which the methods that read the clock become those of {@link Skew}. A
 * reference to a method names its class by a number: it is given that of another class, which is added at the end. All
 * else keeps its number and its bytes, and so does the code.
 */
final class ClassFile {
    private static final int POOL = 8;
    private static final int UTF_8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;
    private static final int METHOD_HANDLE = 15;

    /** {@code java/time/Instant.now()Ljava/time/Instant;} to the name of the class that has it instead. */
    private static final Map<String, String> INSTEAD = instead();

    private final byte[] bytes;
    private final int count;
    private final int[] offsets;
    private final int end;

    private ClassFile(byte[] bytes) {
        this.bytes = bytes;
        count = number(POOL);
        offsets = new int[count];
        int at = POOL + 2;
        for (int i = 1; i < count; i++) {
            offsets[i] = at;
            int tag = bytes[at];
            at += size(tag, at);
            if (tag == LONG || tag == DOUBLE) {
                i++; // takes two numbers
            }
        }
        end = at;
    }

    private static Map<String, String> instead() {
        Map<String, String> instead = new LinkedHashMap<>();
        Skew.INSTEAD.forEach(pair -> Stream.of(pair.get(1).getDeclaredMethods())
                .forEach(method -> instead.put(
                        internal(pair.get(0)) + "." + method.getName()
                                + MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                                        .toMethodDescriptorString(),
                        internal(pair.get(1)))));
        return instead;
    }

    private static String internal(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    /** The bytes of a class that calls the other methods. */
    static byte[] redirected(byte[] bytes) throws IOException {
        return new ClassFile(bytes).redirected();
    }

    private byte[] redirected() throws IOException {
        byte[] changed = bytes.clone();
        Map<String, Integer> added = new LinkedHashMap<>();
        for (int i = 1; i < count; i++) {
            Optional<String> instead = instead(i);
            if (instead.isPresent()) {
                // Two constants each: the name, and the class of this name.
                int other = added.computeIfAbsent(instead.get(), name -> count + 2 * added.size() + 1);
                ByteBuffer.wrap(changed).put(offsets[i], (byte) METHOD).putShort(offsets[i] + 1, (short) other);
            }
        }
        return added.isEmpty() ? bytes : withClasses(changed, added);
    }

    /** What the method of this constant becomes, if it is one that reads the clock. */
    private Optional<String> instead(int constant) {
        int at = offsets[constant];
        if (at == 0 || (bytes[at] != METHOD && bytes[at] != INTERFACE_METHOD)) {
            return Optional.empty();
        }
        int nameAndType = offsets[number(at + 3)];
        String method = text(number(offsets[number(at + 1)] + 1)) + "." + text(number(nameAndType + 1))
                + text(number(nameAndType + 3));
        return Optional.ofNullable(INSTEAD.get(method));
    }

    private byte[] withClasses(byte[] changed, Map<String, Integer> added) throws IOException {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(result);
        out.write(changed, 0, POOL);
        out.writeShort(count + 2 * added.size());
        out.write(changed, POOL + 2, end - POOL - 2);
        for (Map.Entry<String, Integer> one : added.entrySet()) {
            out.writeByte(UTF_8);
            out.writeUTF(one.getKey());
            out.writeByte(CLASS);
            out.writeShort(one.getValue() - 1);
        }
        out.write(changed, end, changed.length - end);
        return result.toByteArray();
    }

    private int size(int tag, int at) {
        return switch (tag) {
            case UTF_8 -> 3 + number(at + 1);
            case CLASS, 8, 16, 19, 20 -> 3; // a class, a string, a method type, a module, a package
            case METHOD_HANDLE -> 4;
            case 3, 4, 9, METHOD, INTERFACE_METHOD, 12, 17, 18 -> 5; // two numbers, or one of four bytes
            case LONG, DOUBLE -> 9;
            default -> throw new IllegalArgumentException("no constant has tag " + tag);
        };
    }

    private int number(int at) {
        return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(at));
    }

    private String text(int constant) {
        int at = offsets[constant];
        int size = number(at + 1);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, at + 1, size + 2))) {
            return in.readUTF();
        } catch (IOException e) {
            throw new IllegalArgumentException("a constant is no text", e);
        }
    }
}
