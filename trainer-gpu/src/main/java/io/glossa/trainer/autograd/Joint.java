package io.glossa.trainer.autograd;

import io.glossa.error.GlossaException;
import io.glossa.trainer.ir.Attr;
import io.glossa.trainer.ir.Graph;
import io.glossa.trainer.ir.Node;
import io.glossa.trainer.ir.Tensor;
import io.glossa.trainer.trace.Program;
import io.glossa.trainer.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes one graph of forward, backward and optimizer update. */
public final class Joint {
    private static final String GRADIENT = "gradient.";

    private Joint() {}

    /** Whether a sum over a batch is the gradient of a parameter. */
    static boolean isGradient(Node sum) {
        return sum.attr(Attr.Sum.class).name().startsWith(GRADIENT);
    }

    /** The whole step of a process that trains alone. */
    public static Graph graph(Program program, Trace trace) {
        return graph(program, trace, Entry.STEP, Ranks.ONLY);
    }

    /**
     * Runs the program over symbolic tensors and adds gradients and updates if it is trained.
     *
     * <p>The optimizer gets sums of gradients over all parts of the batch, and what is divided by once; the graph's
     * {@link Graph#gradients} are a part's own sums.
     *
     * @param entry of a program that is trained, what it does of a step
     * @param ranks how it is laid out over the processes that train together
     */
    public static Graph graph(Program program, Trace trace, Entry entry, Ranks ranks) {
        if (program.stream().isPresent()) {
            return Distribute.apply(StreamParts.of(program, trace, entry), trace, ranks);
        }
        program.forward().accept(trace);
        if (program.optimizer().isEmpty()) {
            return Distribute.apply(
                    new Graph(trace.builder(), trace.outputs(), trace.updates(), Map.of()), trace, ranks);
        }
        Trace.Loss loss = loss(program, trace);
        Map<String, Node> parameters = trained(program, loss);
        Map<String, Tensor> gradients = Gradients.of(loss.sum(), parameters);
        Map<String, Tensor> sums = new LinkedHashMap<>(gradients);
        sums.replaceAll(Joint::sum);
        Tensor share = loss.batchWeight().reciprocal();
        program.optimizer().get().update(trace, tensors(parameters, trace), sums, share);
        Graph joint = new Graph(trace.builder(), trace.outputs(), trace.updates(), nodes(gradients));
        Graph own = switch (entry) {
            case STEP -> joint;
            case GRADIENTS -> BatchSums.gradients(joint, trace, "");
            case APPLY -> BatchSums.apply(joint, trace, "");
            case WEIGHT, SHARE ->
                throw GlossaException.internal(
                        "Cannot make " + entry + " of program '" + program.name() + "': it is no stream, expected one");
        };
        return Distribute.apply(own, trace, ranks);
    }

    /**
     * The update of a step of several streams, which reads the sums of their gradients and sets them to zero. It declares all of
     * the state that their programs have.
     */
    public static Graph update(List<Program> streams, Trace trace, Ranks ranks) {
        return Distribute.apply(StreamParts.update(streams, trace), trace, ranks);
    }

    static Trace.Loss loss(Program program, Trace trace) {
        return trace.loss()
                .orElseThrow(() -> GlossaException.user("Cannot train program '" + program.name()
                        + "': it declares no loss, expected one call of Trace.loss"));
    }

    /** The parameters that a loss depends on, but for those that are not trained. */
    static Map<String, Node> trained(Program program, Trace.Loss loss) {
        Map<String, Node> parameters = Gradients.parameters(loss.sum());
        parameters.keySet().removeIf(name -> !program.optimizer().orElseThrow().trains(name));
        return parameters;
    }

    /** A sum over a batch that is the gradient of a parameter. */
    static Tensor sum(String parameter, Tensor gradient) {
        return gradient.batchSum(GRADIENT + parameter);
    }

    /** What a state has for a program that is trained: of a step in several programs what its update declares, which has all. */
    public static Trace declared(Program program, Entry entry, Ranks ranks) {
        Trace trace = new Trace();
        graph(program, trace, entry == Entry.GRADIENTS ? Entry.APPLY : entry, ranks);
        return trace;
    }

    private static Map<String, Tensor> tensors(Map<String, Node> nodes, Trace trace) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        nodes.forEach((name, node) -> tensors.put(name, new Tensor(trace.builder(), node)));
        return tensors;
    }

    static Map<String, Node> nodes(Map<String, Tensor> tensors) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> nodes.put(name, tensor.node()));
        return nodes;
    }
}
