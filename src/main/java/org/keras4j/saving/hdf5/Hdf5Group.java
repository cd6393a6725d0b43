package org.keras4j.saving.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A group of an HDF5 file; links to other files and other places are refused. */
public final class Hdf5Group {
    private final Hdf5File file;
    private final Group group;
    private final String path;
    private final int depth;
    private @Nullable Map<String, Node> children;
    private @Nullable Hdf5Attributes attributes;

    Hdf5Group(Hdf5File file, Group group, String path, int depth) {
        this.file = file;
        this.group = group;
        this.path = path;
        this.depth = depth;
        if (depth > Hdf5File.MAX_DEPTH) throw file.damaged(path, "is nested deeper than " + Hdf5File.MAX_DEPTH);
        file.visit(file.guard(path, group::getAddress), path);
    }

    /** Returns the path from the root; the root's is {@code /}. */
    public String path() {
        return path;
    }

    /** Returns the file this group is in. */
    public Hdf5File file() {
        return file;
    }

    /** Returns the attributes. */
    public Hdf5Attributes attributes() {
        Hdf5Attributes known = attributes;
        if (known == null) attributes = known = new Hdf5Attributes(file, path, group);
        return known;
    }

    /** Returns the names of all members, numbers in numeric order ({@code 2} before {@code 10}) and before names. */
    public List<String> names() {
        List<String> names = new ArrayList<>(children().keySet());
        names.sort(Comparator.comparingLong(Hdf5Group::number).thenComparing(Comparator.naturalOrder()));
        return names;
    }

    /** Returns whether there is a member at this relative path. */
    public boolean has(String relativePath) {
        return find(relativePath) != null;
    }

    /** Returns the group at this relative path, or null if there is none. */
    public @Nullable Hdf5Group findGroup(String relativePath) {
        Hdf5Group at = this;
        for (String part : relativePath.split("/")) {
            if (part.isEmpty()) continue;
            Node child = at.children().get(part);
            if (child == null || !(at.checked(part, child) instanceof Group below)) return null;
            at = new Hdf5Group(file, below, at.childPath(part), at.depth + 1);
        }
        return at;
    }

    /** Returns the dataset at this relative path, or null if there is none. */
    public @Nullable Hdf5Dataset findDataset(String relativePath) {
        return find(relativePath) instanceof Hdf5Dataset dataset ? dataset : null;
    }

    /** Returns the group at this relative path; a missing one is an error that lists what is there. */
    public Hdf5Group group(String relativePath) {
        Hdf5Group found = findGroup(relativePath);
        if (found == null) throw file.damaged(path, "expected a group \"" + relativePath + "\", found " + names());
        return found;
    }

    /** Returns the dataset at this relative path; a missing one is an error that lists what is there. */
    public Hdf5Dataset dataset(String relativePath) {
        Hdf5Dataset found = findDataset(relativePath);
        if (found == null) throw file.damaged(path, "expected a dataset \"" + relativePath + "\", found " + names());
        return found;
    }

    /** Returns the groups directly below, in the order of {@link #names}. */
    public List<Hdf5Group> groups() {
        List<Hdf5Group> groups = new ArrayList<>();
        for (String name : names()) if (find(name) instanceof Hdf5Group below) groups.add(below);
        return groups;
    }

    /** Returns the datasets directly below, in the order of {@link #names}. */
    public List<Hdf5Dataset> datasets() {
        List<Hdf5Dataset> datasets = new ArrayList<>();
        for (String name : names()) if (find(name) instanceof Hdf5Dataset dataset) datasets.add(dataset);
        return datasets;
    }

    /** Returns the group or dataset at this relative path, or null. */
    private @Nullable Object find(String relativePath) {
        int slash = relativePath.lastIndexOf('/');
        Hdf5Group parent = slash < 0 ? this : findGroup(relativePath.substring(0, slash));
        if (parent == null) return null;
        String last = relativePath.substring(slash + 1);
        Node child = parent.children().get(last);
        if (child == null) return null;
        return switch (parent.checked(last, child)) {
            case Group below -> new Hdf5Group(file, below, parent.childPath(last), parent.depth + 1);
            case Dataset dataset -> new Hdf5Dataset(file, dataset, parent.childPath(last));
            default -> null; // a committed datatype: nothing that Keras would read
        };
    }

    private Map<String, Node> children() {
        Map<String, Node> known = children;
        if (known == null) children = known = file.guard(path, group::getChildren);
        return known;
    }

    private Node checked(String name, Node child) {
        if (file.guard(childPath(name), child::isLink))
            throw file.damaged(childPath(name), "is a soft or external link, which is not followed");
        return child;
    }

    private String childPath(String name) {
        return path.equals("/") ? path + name : path + "/" + name;
    }

    private static long number(String name) {
        if (name.isEmpty() || name.length() > 18) return Long.MAX_VALUE;
        for (int i = 0; i < name.length(); i++) if (name.charAt(i) < '0' || name.charAt(i) > '9') return Long.MAX_VALUE;
        return Long.parseLong(name);
    }
}
