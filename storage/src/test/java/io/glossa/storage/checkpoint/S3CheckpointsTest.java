package io.glossa.storage.checkpoint;

import io.glossa.storage.Folder;
import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Checkpoints in an object store: Hadoop's s3a: against S3Proxy, which keeps objects in memory. */
class S3CheckpointsTest extends RemoteCheckpoints {
    /** Where the store is; core-site.xml of the tests asks for it. */
    private static final String ENDPOINT = "glossa.test.s3";

    private static BlobStoreContext objects;
    private static S3Proxy proxy;

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
        System.setProperty(ENDPOINT, "http://127.0.0.1:" + proxy.getPort());
    }

    @AfterAll
    static void stop() throws Exception {
        System.clearProperty(ENDPOINT);
        proxy.stop();
        objects.close();
    }

    @Override
    Folder root() {
        return new Folder("s3a://bucket/runs");
    }
}
