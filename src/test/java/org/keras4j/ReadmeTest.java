package org.keras4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java code of README.md compiles, so that it can be copied. */
class ReadmeTest {
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    /** What the pieces of code take for granted: imports, data, and a layer of the reader's own. */
    private static final String BEFORE = """
            import java.nio.file.Path;
            import org.keras4j.applications.*;
            import org.keras4j.callbacks.*;
            import org.keras4j.graph.Tensor;
            import org.keras4j.layers.*;
            import org.keras4j.models.*;
            import org.keras4j.ops.K;
            import org.keras4j.preprocessing.*;
            import org.keras4j.serialization.*;

            abstract class Piece%d {
                abstract static class MyLayer extends Layer {
                    static MyLayer fromConfig(ConfigReader config) {
                        throw new UnsupportedOperationException();
                    }
                }

                float[][][][] x;
                int[] y;
                float[][][][] images;
                Model model;

                void run() {
            """;

    @Test
    void codeCompiles(@TempDir Path classes) throws IOException {
        List<JavaFileObject> pieces = new ArrayList<>();
        Matcher code = CODE.matcher(Files.readString(Path.of("../README.md")));
        while (code.find()) {
            int number = pieces.size();
            pieces.add(source("Piece" + number, BEFORE.formatted(number) + code.group(1) + "}}"));
        }
        assertTrue(pieces.size() > 4, () -> "expected pieces of Java code, found " + pieces.size());
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var messages = new StringWriter();
        boolean good = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        messages,
                        null,
                        null,
                        List.of("-proc:none", "-nowarn", "-cp", path, "-d", classes.toString()),
                        null,
                        pieces)
                .call();
        assertEquals("true", good + messages.toString());
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
