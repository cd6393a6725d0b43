package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFoldersTest {
    @TempDir
    Path root;

    private Path folder(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    @Test
    void whatSomebodyNamedComesFirst() throws IOException {
        Path mine = folder("mine");
        Path loader = folder("loader");
        Path toolkit = folder("toolkit/lib64");
        var folders = LibraryFolders.find(
                Map.of("keras.cuda.path", mine + ":" + root.resolve("missing"))::get,
                Map.of(
                        "LD_LIBRARY_PATH",
                        loader + "::",
                        "CUDA_PATH",
                        root.resolve("toolkit").toString())::get,
                root);
        assertEquals(List.of(mine, loader, toolkit), folders.first());
    }

    @Test
    void findsTheToolkitAndWhatPipInstalls() throws IOException {
        Path toolkit = folder("usr/local/cuda-13.0/lib64");
        Path debian = folder("usr/lib/x86_64-linux-gnu");
        Path pip = folder("usr/local/lib/python3.12/dist-packages/nvidia/cudnn/lib");
        Path environment = folder("venv/lib/python3.11/site-packages/nvidia/cu13/lib");
        Path home = folder("home/.local/lib/python3.12/site-packages/nvidia/cublas/lib");
        var folders = LibraryFolders.find(
                Map.of("user.home", root.resolve("home").toString())::get,
                Map.of("VIRTUAL_ENV", root.resolve("venv").toString())::get,
                root);
        assertTrue(folders.first().isEmpty());
        assertEquals(List.of(toolkit, debian, environment, home, pip), folders.usual());
    }
}
