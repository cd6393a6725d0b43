package org.keras4j.backend.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.keras4j.backend.device.Source;

/**
 * Compiles kernels with NVIDIA's compiler: all of them for one architecture, and each for one of the others in turn.
 * Exit code 1 means that one does not compile; without the compiler there is nothing to do.
 */
final class CompileForGpus {
    private static final int[] OTHERS = {75, 80, 86, 89, 100, 120};

    private CompileForGpus() {}

    public static void main(String[] args) throws IOException {
        Optional<Nvrtc> found = NvrtcTest.genuine();
        if (found.isEmpty()) return;
        Nvrtc compiler = found.get();
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(args[0]))) {
            files = all.sorted().toList();
        }
        int wrong = 0;
        for (int i = 0; i < files.size(); i++) {
            var source = new Source(files.get(i).getFileName().toString(), Files.readString(files.get(i)));
            try {
                compiler.compile(source, "sm_90");
                String other = "sm_" + OTHERS[i % OTHERS.length];
                if (compiler.target(OTHERS[i % OTHERS.length])
                        .filter(other::equals)
                        .isPresent()) compiler.compile(source, other);
            } catch (RuntimeException e) {
                System.out.println(e.getMessage());
                wrong++;
            }
        }
        System.out.println(files.size() + " programs, " + wrong + " of them do not compile");
        System.exit(wrong == 0 ? 0 : 1);
    }
}
