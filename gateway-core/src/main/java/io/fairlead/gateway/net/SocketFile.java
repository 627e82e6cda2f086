package io.fairlead.gateway.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file by which clients find a Unix domain socket (unix(7)).
 *
 * <p>The kernel makes the file when a socket is bound and leaves it behind when the process ends,
 * so a file alone does not say whether anybody listens. Whether somebody does is found out by
 * connecting: refused, nobody does. The socket is bound under a name of its own next to the final
 * one, is given its mode there and then takes the name in one step, so that no client ever meets a
 * socket with another mode, and a stale file is replaced without a moment in which there is none.
 *
 * <p>Deviation: two processes that start in the same instant may both find the name free; the later
 * one has it then. Only a lock file beside the socket would prevent that.
 *
 * <p>Thread-safety: confined to the thread that opens and closes the listener.
 */
final class SocketFile {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

  /** What {@code sun_path} takes without its NUL: 108 bytes on Linux, 104 on BSD and macOS. */
  static final int MAX_BYTES = 103;

  private static final String MODE = "rw-rw----";

  private final Path path;
  private final Path draft;
  private @Nullable Object key;

  SocketFile(Path path) {
    this.path = path;
    this.draft = path.resolveSibling(path.getFileName() + "." + ProcessHandle.current().pid());
  }

  /**
   * Makes sure that nobody listens under the name.
   *
   * @return where to bind
   * @throws IOException if the name cannot be had; the message says why
   */
  Path claim() throws IOException {
    int bytes = draft.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      int most = MAX_BYTES - (bytes - path.toString().getBytes(StandardCharsets.UTF_8).length);
      throw new IOException("the path is too long (expected: at most " + most + " bytes)");
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      if (!attributes(path).isOther()) {
        throw new IOException("there is a file that is no socket (expected: another path)");
      }
      if (isListening()) {
        throw new IOException("another process listens there");
      }
    }
    Files.deleteIfExists(draft);
    return draft;
  }

  private boolean isListening() throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // A process that is stuck has a full queue; waiting for a place in it could take for ever.
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path));
      return true;
    } catch (ConnectException refused) {
      return false;
    } catch (IOException e) {
      throw new IOException("another process may listen there: " + e.getMessage(), e);
    }
  }

  /** Gives the bound socket its mode and its name. */
  void publish() throws IOException {
    PosixFileAttributeView posix = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
    if (posix != null) {
      posix.setPermissions(PosixFilePermissions.fromString(MODE));
    }
    key = attributes(draft).fileKey();
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Takes the name back, unless another process has it by now. To be called while the socket is
   * open: its inode is not given to another file before it is closed.
   */
  void remove() {
    try {
      Files.deleteIfExists(draft);
      if (key != null && key.equals(keyOf(path))) {
        Files.delete(path);
      }
    } catch (IOException e) {
      LOG.warn("unix:{}: not removed: {}", path, e.toString());
    }
    key = null;
  }

  private static @Nullable Object keyOf(Path file) throws IOException {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? attributes(file).fileKey() : null;
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
