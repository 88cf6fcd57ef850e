// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.NetworkSettings;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The inner host is reached through the outer one and in no other way. */
@RequiresDocker
@Timeout(1200)
final class BastionIT {
    @Test
    void shouldReachTheInnerHostThroughTheOuterOne(Bastion bastion) throws Exception {
        List<String> words = new ArrayList<>(bastion.outer().sshCommand(Account.OPS, "true"));
        words.remove(words.size() - 1);
        words.add("sshpass -p " + Account.WITH_SH.password().reveal()
                + " ssh -o StrictHostKeyChecking=no -o LogLevel=ERROR with-sh@inner 'id -un; hostname'");

        assertEquals(new SshRun(0, "with-sh\ninner\n", ""), SshRun.of(words));
    }

    @Test
    void shouldHaveNoWayFromThisMachineToTheInnerHost(Bastion bastion) throws Exception {
        assertThrows(IllegalStateException.class, () -> bastion.inner().port());
        NetworkSettings settings = DockerEngine.client()
                .inspectContainerCmd(bastion.inner().id())
                .exec()
                .getNetworkSettings();
        settings.getPorts().getBindings().forEach((port, bindings) -> assertEquals(null, bindings, "" + port));
        assertEquals(1, settings.getNetworks().size());
        ContainerNetwork network = settings.getNetworks().values().iterator().next();
        for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InterfaceAddress address : device.getInterfaceAddresses()) {
                assertTrue(
                        !covers(address, InetAddress.getByName(network.getIpAddress())),
                        device + " leads to " + network.getIpAddress());
            }
        }
    }

    private static boolean covers(InterfaceAddress own, InetAddress other) {
        byte[] mine = own.getAddress().getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < own.getNetworkPrefixLength(); bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if (((mine[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void shouldLetAHostOnNoCommonNetworkFindNobody(Bastion bastion, DockerHost host) {
        assertEquals(0, bastion.outer().exec("getent", "hosts", "inner").exitCode());
        assertEquals(2, host.exec("getent", "hosts", "inner").exitCode());
    }

    @Test
    void shouldLeaveNeitherHostNorNetworkWhenClosed() {
        Bastion bastion = Bastion.start();
        bastion.close();

        assertThrows(NotFoundException.class, () -> DockerEngine.client()
                .inspectNetworkCmd()
                .withNetworkId(bastion.network().id())
                .exec());
        for (DockerHost host : List.of(bastion.inner(), bastion.outer())) {
            assertThrows(
                    NotFoundException.class,
                    () -> DockerEngine.client().inspectContainerCmd(host.id()).exec());
        }
    }
}
