package io.glossa.jobs.train;

import io.glossa.storage.HadoopFiles;
import java.io.File;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.gaul.s3proxy.S3Proxy;
import org.h2.tools.Server;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * In an object store, S3Proxy's in memory, by Hadoop's {@code s3a:}, with a catalog in a database. Driver and ranks open it, so it is
 * H2 with a port; that and {@code s3a:} come with the job, as by {@code --packages}.
 */
class S3TrainingTest extends ClusterTraining {
    private static BlobStoreContext objects;
    private static S3Proxy proxy;
    private static Server database;

    @BeforeAll
    static void start() throws Exception {
        objects = ContextBuilder.newBuilder(new TransientApiMetadata()).build(BlobStoreContext.class);
        objects.getBlobStore().createContainerInLocation(null, "bucket");
        proxy = S3Proxy.builder()
                .blobStore(objects.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .ignoreUnknownHeaders(true)
                .build();
        proxy.start();
        String data = folder.resolve("catalog").toString();
        database = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", data)
                .start();
        Configuration here = new Configuration();
        files().forEach(here::set);
        HadoopFiles.use(here);
    }

    @AfterAll
    static void stop() throws Exception {
        HadoopFiles.use(new Configuration());
        if (database != null) {
            database.stop();
        }
        if (proxy != null) {
            proxy.stop();
        }
        if (objects != null) {
            objects.close();
        }
    }

    @Override
    String lake() {
        return "s3a://bucket/lake";
    }

    @Override
    List<String> catalog() {
        String uri = "jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/./lake;DATABASE_TO_LOWER=TRUE";
        return List.of(
                "--catalog",
                "jdbc",
                "--catalog-property",
                "uri=" + uri,
                "--catalog-property",
                "jdbc.user=anyone",
                "--catalog-property",
                "jdbc.password=anything");
    }

    @Override
    List<String> jars() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> jar.matches(
                        ".*/(hadoop-aws|software/amazon|reactive-streams|httpcomponents|com/h2database)/.*"))
                .toList();
    }

    @Override
    Map<String, String> conf() {
        Map<String, String> conf = new TreeMap<>();
        files().forEach((key, value) -> conf.put("spark.hadoop." + key, value));
        return conf;
    }

    /** How to reach the store. */
    private static Map<String, String> files() {
        return Map.of(
                "fs.s3a.endpoint",
                "http://127.0.0.1:" + proxy.getPort(),
                "fs.s3a.endpoint.region",
                "us-east-1",
                "fs.s3a.path.style.access",
                "true",
                "fs.s3a.access.key",
                "anyone",
                "fs.s3a.secret.key",
                "anything");
    }
}
