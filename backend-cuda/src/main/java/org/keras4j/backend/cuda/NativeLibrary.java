package org.keras4j.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A library that is loaded for the life of the program. Libraries loaded later that ask for its soname get this one,
 * wherever it lies.
 *
 * @param file where it was found; empty if the system's loader found it by name
 */
@SuppressWarnings("restricted") // calling native code is what this class is for
record NativeLibrary(String soname, Optional<Path> file, SymbolLookup symbols) {
    /** Opens the first of {@code sonames} that lies in a folder, or that the system's loader finds. */
    static Optional<NativeLibrary> open(LibraryFolders folders, String... sonames) {
        for (String soname : sonames) {
            Optional<NativeLibrary> found = openOne(folders, soname);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static Optional<NativeLibrary> openOne(LibraryFolders folders, String soname) {
        for (Path folder : folders.first()) {
            Optional<NativeLibrary> found = open(folder.resolve(soname));
            if (found.isPresent()) return found;
        }
        try {
            var symbols = SymbolLookup.libraryLookup(soname, Arena.global());
            return Optional.of(new NativeLibrary(soname, Optional.empty(), symbols));
        } catch (IllegalArgumentException e) {
            // not on the loader's path: the usual places are left
        }
        for (Path folder : folders.usual()) {
            Optional<NativeLibrary> found = open(folder.resolve(soname));
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    /** Opens a file; empty if there is none or it does not load. */
    static Optional<NativeLibrary> open(Path file) {
        if (!Files.isRegularFile(file)) return Optional.empty();
        try {
            Path name = file.getFileName();
            var symbols = SymbolLookup.libraryLookup(file, Arena.global());
            return Optional.of(new NativeLibrary(String.valueOf(name), Optional.of(file), symbols));
        } catch (IllegalArgumentException e) {
            System.getLogger(NativeLibrary.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0} does not load: {1}", file, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Returns a function that answers an int and takes longs, ints and pointers, the latter as longs or segments.
     *
     * @throws UnsatisfiedLinkError if the library has no such function
     */
    MethodHandle function(String name, MemoryLayout... parameters) {
        return function(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
    }

    /** Returns a function that answers what {@code descriptor} says. */
    MethodHandle function(String name, FunctionDescriptor descriptor) {
        MemorySegment address =
                symbols.find(name).orElseThrow(() -> new UnsatisfiedLinkError(soname + " has no function " + name));
        return Linker.nativeLinker().downcallHandle(address, descriptor);
    }

    /** Returns the names among {@code functions} that the library does not have. */
    String[] missing(String... functions) {
        return Arrays.stream(functions)
                .filter(name -> symbols.find(name).isEmpty())
                .toArray(String[]::new);
    }

    /** Says where it is, for people. */
    String place() {
        return file.map(Path::toString).orElse(soname + " (found by the system)");
    }
}
