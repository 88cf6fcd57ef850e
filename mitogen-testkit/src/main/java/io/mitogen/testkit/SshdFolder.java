// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The throw-away folder of a {@link LocalSshd}. Other accounts may pass through but not list it: sshd reads the accepted keys
 * as the account that logs in. Any thread.
 *
 * @param folder the folder
 * @param mark {@code NAME=VALUE} in the environment of each session, so that its processes can be told from all others
 */
record SshdFolder(Path folder, String mark) {
    private static final String MARK_VARIABLE = "MITOGEN_TESTKIT_SSHD";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Makes the folder with all keys in it. */
    static SshdFolder create() throws IOException {
        Path folder = Files.createTempDirectory(
                "mitogen-sshd.", // no name that TempFileLeakCheck sees, as it is no context's
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        SshdFolder files = new SshdFolder(folder, MARK_VARIABLE + "=" + Long.toHexString(RANDOM.nextLong()));
        try {
            files.makeKeys();
            return files;
        } catch (IOException | RuntimeException e) {
            files.delete();
            throw e;
        }
    }

    private void makeKeys() throws IOException {
        SshClient.generateKey(hostKey(), "");
        SshClient.generateKey(identity(), "");
        Path wrongKey = folder.resolve("wrong_key");
        SshClient.generateKey(wrongKey, "");
        Files.writeString(authorizedKeys(), SshClient.publicKey(identity()) + "\n");
        Files.writeString(knownHosts(), "[127.0.0.1]:*,[localhost]:* " + SshClient.publicKey(hostKey()) + "\n");
        Files.writeString(wrongKnownHosts(), "[127.0.0.1]:*,[localhost]:* " + SshClient.publicKey(wrongKey) + "\n");
    }

    Path hostKey() {
        return folder.resolve("host_key");
    }

    Path identity() {
        return folder.resolve("identity");
    }

    Path authorizedKeys() {
        return folder.resolve("authorized_keys");
    }

    Path knownHosts() {
        return folder.resolve("known_hosts");
    }

    Path wrongKnownHosts() {
        return folder.resolve("wrong_known_hosts");
    }

    Path config() {
        return folder.resolve("sshd_config");
    }

    File logFile() {
        return folder.resolve("sshd.log").toFile();
    }

    Path pidFile() {
        return folder.resolve("sshd.pid");
    }

    long pid() throws IOException {
        return Long.parseLong(Files.readString(pidFile()).trim());
    }

    /** The last line may be half written. */
    List<String> log() throws IOException {
        return Files.readAllLines(logFile().toPath());
    }

    Path newIdentity(String passphrase, boolean accepted) throws IOException {
        Path made = Files.createTempDirectory(folder, "key").resolve("identity");
        SshClient.generateKey(made, passphrase);
        if (accepted) {
            Files.writeString(authorizedKeys(), SshClient.publicKey(made) + "\n", StandardOpenOption.APPEND);
        }
        return made;
    }

    String hostKeyFingerprint() throws IOException {
        try {
            byte[] key =
                    Base64.getDecoder().decode(SshClient.publicKey(hostKey()).split(" ")[1]);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** Writes the server's configuration; {@code extra} wins. */
    void writeConfig(int port, List<String> extra) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : extra) { // of two lines for one keyword, which it reads in any case, sshd takes the first
            lines.add(line.replaceFirst("^(?i:\\s*SetEnv[\\s=]+)", "$0" + mark + " "));
        }
        lines.addAll(List.of(
                "SetEnv " + mark,
                "ListenAddress 127.0.0.1:" + port,
                "HostKey " + SshClient.word(hostKey()),
                "PidFile " + SshClient.word(pidFile()),
                "AuthorizedKeysFile " + SshClient.word(authorizedKeys()),
                "StrictModes no",
                "PermitRootLogin yes",
                "PasswordAuthentication no",
                "KbdInteractiveAuthentication no",
                "UsePAM no",
                "UseDNS no",
                "PrintMotd no",
                "PrintLastLog no",
                "LogLevel VERBOSE",
                "MaxStartups 1000",
                "Subsystem sftp internal-sftp"));
        Files.write(config(), lines);
    }

    /** Also when something else deletes in it meanwhile, as the shell does that keeps the server; or has done so. */
    void delete() throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
