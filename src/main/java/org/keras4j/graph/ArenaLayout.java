package org.keras4j.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Storage;

/**
 * Gives values their places in the arena: two values may share memory if their lifetimes do not overlap. The largest
 * values are placed first, each into the tightest gap that is free throughout its life. An elementwise result takes
 * over the place of an input that is needed no more.
 */
final class ArenaLayout {
    /** 64 bytes of the smallest element, so that no vector load crosses a cache line. */
    private static final long ALIGNMENT = 32;

    private ArenaLayout() {}

    /** Sets each value's offset and returns the arena's size by storage. */
    static Map<Storage, Long> place(List<Plan.Value> values, List<Plan.Step> steps) {
        Map<Storage, Long> sizes = new EnumMap<>(Storage.class);
        Map<Plan.Value, Plan.Value> heirs = inPlace(steps);
        for (Storage storage : Storage.values()) {
            List<Life> lives = lives(values, storage, heirs);
            if (!lives.isEmpty()) sizes.put(storage, place(lives));
        }
        return sizes;
    }

    /** Values that share one place, one after the other. */
    private static final class Life {
        final List<Plan.Value> values = new ArrayList<>();
        long elements;
        int first = Integer.MAX_VALUE;
        int last = -1;
        long offset;

        void add(Plan.Value v) {
            values.add(v);
            elements = Math.max(elements, (v.elements + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
            first = Math.min(first, v.first);
            last = Math.max(last, v.last);
        }

        boolean overlaps(Life other) {
            return first <= other.last && other.first <= last;
        }
    }

    private static List<Life> lives(List<Plan.Value> values, Storage storage, Map<Plan.Value, Plan.Value> heirs) {
        Map<Plan.Value, Life> lifeOf = new IdentityHashMap<>();
        List<Life> lives = new ArrayList<>();
        for (Plan.Value v : values) {
            if (v.storage != storage || !(v.home instanceof Plan.Arena)) continue;
            Plan.Value ancestor = heirs.get(v);
            Life life = ancestor == null ? null : lifeOf.get(ancestor);
            if (life == null) {
                life = new Life();
                lives.add(life);
            }
            life.add(v);
            lifeOf.put(v, life);
        }
        return lives;
    }

    private static long place(List<Life> lives) {
        lives.sort(Comparator.comparing((Life l) -> -l.elements).thenComparing(l -> l.first));
        List<Life> placed = new ArrayList<>(); // by offset
        long size = 0;
        for (Life life : lives) {
            long best = -1;
            long bestGap = Long.MAX_VALUE;
            long end = 0;
            for (Life other : placed) {
                if (!life.overlaps(other)) continue;
                long gap = other.offset - end;
                if (gap >= life.elements && gap < bestGap) {
                    best = end;
                    bestGap = gap;
                }
                end = Math.max(end, other.offset + other.elements);
            }
            life.offset = best >= 0 ? best : end;
            size = Math.max(size, life.offset + life.elements);
            int at = 0;
            while (at < placed.size() && placed.get(at).offset <= life.offset) at++;
            placed.add(at, life);
        }
        for (Life life : lives) for (Plan.Value v : life.values) v.offset = life.offset;
        return size;
    }

    /** Returns, for each elementwise result that can overwrite an input, that input's value. */
    private static Map<Plan.Value, Plan.Value> inPlace(List<Plan.Step> steps) {
        Map<Plan.Value, Plan.Value> heirs = new IdentityHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            if (!(steps.get(i) instanceof Plan.Elementwise step)) continue;
            List<Plan.Value> taken = new ArrayList<>();
            for (Plan.Ref out : step.out()) {
                Plan.Value dying = dyingInput(step, out, i, taken);
                if (dying == null) continue;
                taken.add(dying);
                heirs.put(out.value(), dying);
            }
        }
        return heirs;
    }

    private static Plan.@Nullable Value dyingInput(
            Plan.Elementwise step, Plan.Ref out, int at, List<Plan.Value> taken) {
        if (!(out.value().home instanceof Plan.Arena) || out.value().first != at) return null;
        for (Plan.Ref in : step.in()) {
            Plan.Value v = in.value();
            boolean sole = step.in().stream().filter(r -> r.value() == v).count() == 1;
            if (v.home instanceof Plan.Arena
                    && v.last == at
                    && v.first < at
                    && sole
                    && in.offset() == 0
                    && in.shape().equals(step.expression().shape())
                    && v.storage == out.value().storage
                    && v.elements == out.value().elements
                    && !taken.contains(v)) return v;
        }
        return null;
    }
}
