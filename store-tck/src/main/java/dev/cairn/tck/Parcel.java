// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a store is asked and answers, as bytes for another process of the same class path. Its types are made for no
 * serialization, so that they go as the names of their types and the values of their fields.
 */
final class Parcel {
    private static final String OURS = "dev.cairn.";

    private Parcel() {}

    static byte[] packed(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Out out = new Out(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    static Object unpacked(byte[] bytes) throws IOException {
        try (In in = new In(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
    }

    /** A value whose type is no {@link Serializable}. */
    private static final class Form implements Serializable {
        private static final long serialVersionUID = 1;
        private final String type;
        private final ArrayList<@Nullable Object> values;

        Form(String type, List<@Nullable Object> values) {
            this.type = type;
            this.values = new ArrayList<>(values);
        }
    }

    private static final class Out extends ObjectOutputStream {
        Out(OutputStream to) throws IOException {
            super(to);
            enableReplaceObject(true);
        }

        @Override
        protected @Nullable Object replaceObject(@Nullable Object value) throws IOException {
            if (value instanceof Optional<?> optional) {
                return new Form(Optional.class.getName(), Arrays.asList(optional.orElse(null)));
            }
            if (value == null
                    || value instanceof Serializable
                    || !value.getClass().getName().startsWith(OURS)) {
                return value;
            }
            List<@Nullable Object> values = new ArrayList<>();
            for (Field field : fields(value.getClass())) {
                values.add(valueOf(field, value));
            }
            return new Form(value.getClass().getName(), values);
        }

        private static @Nullable Object valueOf(Field field, Object of) throws IOException {
            try {
                return field.get(of);
            } catch (IllegalAccessException e) {
                throw new IOException(e);
            }
        }
    }

    private static final class In extends ObjectInputStream {
        In(InputStream from) throws IOException {
            super(from);
            enableResolveObject(true);
        }

        // The loader of this class, in whichever world it was loaded; what has no name in it, such as int, has one
        // here.
        @Override
        protected Class<?> resolveClass(ObjectStreamClass described) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(described.getName(), false, Parcel.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(described);
            }
        }

        @Override
        protected @Nullable Object resolveObject(@Nullable Object value) throws IOException {
            if (!(value instanceof Form form)) {
                return value;
            }
            if (form.type.equals(Optional.class.getName())) {
                return Optional.ofNullable(form.values.get(0));
            }
            try {
                Class<?> type = Class.forName(form.type, false, Parcel.class.getClassLoader());
                return type.isRecord() ? asRecord(type, form) : asFields(type, form);
            } catch (ReflectiveOperationException e) {
                throw new IOException(e);
            }
        }

        private static Object asRecord(Class<?> type, Form form) throws ReflectiveOperationException {
            Class<?>[] types = Stream.of(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<?> canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            return canonical.newInstance(form.values.toArray());
        }

        private static Object asFields(Class<?> type, Form form) throws ReflectiveOperationException {
            Object made = bare(type);
            List<Field> fields = fields(type);
            for (int i = 0; i < fields.size(); i++) {
                fields.get(i).set(made, form.values.get(i));
            }
            return made;
        }

        /** As deserialization makes it: no constructor of its own runs. The factory is the JDK's, for all who serialize. */
        private static Object bare(Class<?> type) throws ReflectiveOperationException {
            Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
            Object one = factory.getMethod("getReflectionFactory").invoke(null);
            Constructor<?> constructor =
                    (Constructor<?>) factory.getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                            .invoke(one, type, Object.class.getDeclaredConstructor());
            return constructor.newInstance();
        }
    }

    private static List<Field> fields(Class<?> type) {
        List<Field> fields = Stream.of(type.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .toList();
        fields.forEach(field -> field.setAccessible(true));
        return fields;
    }
}
