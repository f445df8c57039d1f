/**
 * Devices by their names: the one place that makes them.
 *
 * <p>In: a {@link io.glossa.trainer.device.DeviceRequest}. Out: a {@link io.glossa.trainer.runtime.Device}, which the caller
 * closes. State: none.
 */
package io.glossa.trainer.device;
