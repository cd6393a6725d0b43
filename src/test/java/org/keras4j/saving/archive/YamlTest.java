package org.keras4j.saving.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keras4j.KerasFileException;
import org.keras4j.models.Models;

class YamlTest {
    private static Map<String, Object> parse(String text) {
        return Yaml.parseObject(text, "model.yaml");
    }

    @Test
    void readsWhatPythonWrites() {
        Map<String, Object> map = parse("""
                a: !!python/tuple
                - null
                - 8
                b: !!python/unicode 'relu'
                c: {x: &id001 [1, 1], y: *id001}
                d: [1.0e-07, 1e-7, -.inf, .nan, 1_000, 0.5, 5., '1', "no", yes, Off, ~, 2.0.8, 12345678901234567890]
                e: "caf\\xE9"
                """);
        assertEquals(Arrays.asList(null, 8L), map.get("a"));
        assertEquals("relu", map.get("b"));
        assertEquals(Map.of("x", List.of(1L, 1L), "y", List.of(1L, 1L)), map.get("c"));
        assertEquals(
                Arrays.asList(
                        1e-7,
                        1e-7,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN,
                        1000L,
                        0.5,
                        5.0,
                        "1",
                        "no",
                        true,
                        false,
                        null,
                        "2.0.8",
                        new BigInteger("12345678901234567890")),
                map.get("d"));
        assertEquals("café", map.get("e"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'a: !!python/object/apply:os.system [ls]';asks for an object of Python, !!python/object/apply:os.system",
                "'a: !!python/name:os.system';asks for an object of Python",
                "'!java.lang.Thread {}';asks for an object of Python",
                "'a: *b';expected the name of a value before it",
                "'a: &a [*a]';expected the name of a value before it",
                "'[1, 2]';expected a YAML mapping, got a list",
                "'';expected a YAML mapping, got nothing",
                "'{a: 1, a: 2}';line 1: has the key \"a\" twice",
                "'? [1]\n: 2';expected a plain key",
                "'{a: 1';is not YAML that can be read",
                "'a: 1\n--- \nb: 2';expected one YAML document"
            })
    void refusesWhatIsNoPlainData(String text, String message) {
        var e = assertThrows(KerasFileException.class, () -> parse(text));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertTrue(e.getMessage().startsWith("model.yaml: "), e.getMessage());
    }

    @Test
    void aliasesAndDepthAreCounted() {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++)
            bomb.append("a%d: &a%d [%s]%n".formatted(i, i, String.join(", ", Collections.nCopies(10, "*a" + (i - 1)))));
        assertTrue(assertThrows(KerasFileException.class, () -> parse(bomb.toString()))
                .getMessage()
                .contains("holds more than"));
        var deep = new StringBuilder("b0: &b0 [[[[[x]]]]]\n");
        for (int i = 1; i < 120; i++) deep.append("b%d: &b%d [[[[[*b%d]]]]]%n".formatted(i, i, i - 1));
        assertTrue(assertThrows(KerasFileException.class, () -> parse(deep.toString()))
                .getMessage()
                .contains("is deeper than 500"));
        String nested = "a: " + "[".repeat(100_000) + "]".repeat(100_000);
        assertThrows(KerasFileException.class, () -> parse(nested));
    }

    @Test
    void namesTheLibraryThatIsMissing() throws Exception {
        var withoutYaml = new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.startsWith("org.snakeyaml.")) throw new ClassNotFoundException(name);
                if (!name.startsWith(Yaml.class.getName())) return super.loadClass(name, resolve);
                Class<?> known = findLoadedClass(name);
                return known == null ? define(name) : known;
            }

            private Class<?> define(String name) throws ClassNotFoundException {
                try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
        var parse = withoutYaml.loadClass(Yaml.class.getName()).getMethod("parseObject", String.class, String.class);
        var e = assertThrows(InvocationTargetException.class, () -> parse.invoke(null, "a: 1", "model.yaml"));
        assertEquals(KerasFileException.class, e.getCause().getClass());
        assertTrue(
                e.getCause().getMessage().contains("org.snakeyaml:snakeyaml-engine"),
                e.getCause().getMessage());
    }

    @Test
    void modelsOfKeras1And2AreMade() {
        var model = Models.modelFromYaml("""
                backend: tensorflow
                class_name: Sequential
                config:
                - class_name: Dense
                  config:
                    activation: hard_sigmoid
                    batch_input_shape: !!python/tuple
                    - null
                    - 8
                    name: dense_1
                    units: 12
                keras_version: 2.0.8
                """);
        assertEquals(8 * 12 + 12, model.countParams());
        assertTrue(model.toJson().contains("hard_sigmoid_v2"), model.toJson());
    }
}
