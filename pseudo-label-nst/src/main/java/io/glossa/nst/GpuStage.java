package io.glossa.nst;

import io.glossa.error.GlossaException;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** Which GPU a Spark task has to itself. */
public final class GpuStage {
    /** Spark's name for GPUs among the resources of executors and tasks. */
    public static final String RESOURCE = "gpu";

    /** The executor's name where driver and tasks share a process. */
    private static final String DRIVER = "driver";

    private GpuStage() {}

    /**
     * The address that Spark gave the task that calls this; "0" where Spark gave none and the device can do without, or all
     * runs in one process.
     *
     * @param device name of a device
     * @throws GlossaException of type USER if the device is {@code cuda} and a cluster offers its tasks no GPU
     */
    public static String address(String device) {
        ResourceInformation gpus = TaskContext.get().resourcesJMap().get(RESOURCE);
        if (gpus != null && gpus.addresses().length > 0) {
            return gpus.addresses()[0];
        }
        boolean oneProcess = SparkEnv.get().executorId().equals(DRIVER);
        if (device.equals("cuda") && !oneProcess) {
            throw missing("this task has no resource '" + RESOURCE + "'");
        }
        return "0";
    }

    /** The error for a cluster whose tasks are to use GPUs and are not given any. */
    public static GlossaException missing(String found) {
        return GlossaException.user(
                "Cannot use device 'cuda' on a cluster: " + found
                        + ", expected a GPU for each executor (submit with -- --properties-file deploy/presets/gpu.properties, or with"
                        + " spark.executor.resource.gpu.amount, .discoveryScript and spark.task.resource.gpu.amount of your own)");
    }
}
