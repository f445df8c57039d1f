package io.glossa.jobs.train;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** On a real HDFS of one node. */
class HdfsTrainingTest extends ClusterTraining {
    private static MiniDFSCluster files;

    @BeforeAll
    static void start() throws Exception {
        Configuration conf = new Configuration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        files = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
    }

    @AfterAll
    static void stop() {
        if (files != null) {
            files.shutdown();
        }
    }

    @Override
    String lake() {
        return "hdfs://localhost:" + files.getNameNodePort() + "/lake";
    }

    @Test
    @Order(2)
    void whatDoesNotFitIsSaidInOneSentence() throws Exception {
        refused(
                "at once, expected 3 (fewer --ranks, or more executors or GPUs",
                Map.of(),
                Map.of("spark.scheduler.maxRegisteredResourcesWaitingTime", "10s"),
                options(3, TinyLake.pretraining(settings(1))));
        List<String> two = options(2, TinyLake.pretraining(settings(1)));
        refused(
                "Cannot train: found spark.dynamicAllocation.enabled=true, expected static executors",
                Map.of(),
                Map.of("spark.dynamicAllocation.enabled", "true"),
                two);
        refused(
                ": permission denied, expected to be allowed to read and write it",
                Map.of("HADOOP_USER_NAME", "stranger"),
                Map.of(),
                two);
    }
}
