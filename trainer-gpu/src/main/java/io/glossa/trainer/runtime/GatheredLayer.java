package io.glossa.trainer.runtime;

import io.glossa.trainer.fuse.ArenaPlan.Life;
import io.glossa.trainer.fuse.Group;
import io.glossa.trainer.ir.Gathered;
import io.glossa.trainer.ir.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * When parameters of a layer, of which each rank has a part, are whole.
 *
 * @param layer as {@link Gathered#layer} names it
 * @param parameters how many
 * @param bytes of them, whole
 * @param begun the kernel, from 0, that the first of them is begun at
 * @param used the first kernel that reads one of them
 * @param released the last kernel for which one of them is in memory
 */
public record GatheredLayer(String layer, int parameters, long bytes, int begun, int used, int released) {
    /** Of a program, in the order in which they are begun. */
    static List<GatheredLayer> of(Lowered program) {
        List<Life> lives = program.arena().lives().stream()
                .filter(life -> Gathered.is(life.node()))
                .sorted(Comparator.comparingInt(Life::first))
                .toList();
        List<GatheredLayer> layers = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= lives.size(); to++) {
            if (to == lives.size() || !belongs(lives.get(to), lives.subList(from, to))) {
                layers.add(of(lives.subList(from, to), program));
                from = to;
            }
        }
        return layers;
    }

    /** Whether it is another parameter of the same layer. */
    private static boolean belongs(Life next, List<Life> layer) {
        return layer(next).equals(layer(layer.get(0)))
                && layer.stream().noneMatch(life -> parameter(life).equals(parameter(next)));
    }

    private static GatheredLayer of(List<Life> lives, Lowered program) {
        Set<Node> nodes = new HashSet<>();
        long bytes = 0;
        int released = 0;
        for (Life life : lives) {
            nodes.add(life.node());
            bytes += life.bytes();
            released = Math.max(released, life.last());
        }
        int begun = lives.get(0).first();
        int used = begun;
        while (program.kernels().get(used).groups().stream().noneMatch(group -> reads(group, nodes))) {
            used++;
        }
        return new GatheredLayer(layer(lives.get(0)), nodes.size(), bytes, begun, used, released);
    }

    private static boolean reads(Group group, Set<Node> nodes) {
        return group.reads().stream().anyMatch(nodes::contains);
    }

    private static String layer(Life life) {
        return Gathered.layer(parameter(life));
    }

    private static String parameter(Life life) {
        return Gathered.parameter(life.node());
    }
}
