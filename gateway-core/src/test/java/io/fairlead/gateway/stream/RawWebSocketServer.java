package io.fairlead.gateway.stream;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A WebSocket server written byte by byte, that does to each connection what a script says. */
final class RawWebSocketServer implements AutoCloseable {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  final List<String> requests = new CopyOnWriteArrayList<>();
  private final ServerSocket listener;
  private final Script script;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("raw-ws", true));
  private final Set<Socket> open = Collections.newSetFromMap(new ConcurrentHashMap<>());

  /** What happens on one connection, from its first byte on. */
  @FunctionalInterface
  interface Script {
    void run(Peer peer) throws IOException;
  }

  RawWebSocketServer(Script script) {
    this.script = script;
    try {
      listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** A node that answers every call with a result and pushes one head to who subscribes. */
  static Script node() {
    return peer -> {
      peer.upgrade();
      peer.serve();
    };
  }

  String url() {
    return "ws://127.0.0.1:" + listener.getLocalPort() + "/secret-path?key=secret-key";
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      threads.shutdown();
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      script.run(new Peer(socket));
    } catch (IOException e) {
      // The client went away; that is what some tests are about.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }

  /** The server's end of one connection. */
  final class Peer {
    private final Socket socket;
    private final DataInputStream in;

    private Peer(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new DataInputStream(socket.getInputStream());
    }

    /** Reads the request's head. */
    String request() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int b = in.read();
        if (b < 0) {
          throw new EOFException();
        }
        head.write(b);
      }
      String text = head.toString(StandardCharsets.ISO_8859_1);
      requests.add(text);
      return text;
    }

    /** Accepts the upgrade, and sends more right behind the answer. */
    void upgrade(byte... behind) throws IOException {
      String key = request().replaceAll("(?si).*sec-websocket-key: (\\S+)\r\n.*", "$1");
      String head =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + accept(key)
              + "\r\n\r\n";
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
      all.writeBytes(behind);
      send(all.toByteArray());
    }

    private String accept(String key) {
      try {
        MessageDigest sha = MessageDigest.getInstance("SHA-1");
        byte[] digest = sha.digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(digest);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Answers calls until the end. */
    void serve() throws IOException {
      while (true) {
        String call = readText();
        String id = call.replaceAll(".*\"id\":(\\d+).*", "$1");
        send(text("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"0xab\"}"));
        if (call.contains("eth_subscribe")) {
          send(text(VirtualNode.note("0xab", VirtualNode.block(1, ""))));
        }
      }
    }

    /** The payload of the next text frame; other frames are passed over, pings unanswered. */
    String readText() throws IOException {
      while (true) {
        int opcode = in.readUnsignedByte() & 0x0f;
        int length = in.readUnsignedByte();
        if ((length & 0x80) == 0) {
          throw new IOException("a client's frame without a mask");
        }
        length &= 0x7f;
        length = length == 126 ? in.readUnsignedShort() : length;
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
          payload[i] ^= mask[i % 4];
        }
        if (opcode == 8) {
          requests.add("close " + ByteBuffer.wrap(payload).getShort());
          throw new EOFException();
        }
        if (opcode == 1) {
          return new String(payload, StandardCharsets.UTF_8);
        }
      }
    }

    int readByte() throws IOException {
      return in.readUnsignedByte();
    }

    void send(byte... bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    /** Waits until the client ends the connection. */
    void awaitEnd() throws IOException {
      while (in.read() >= 0) {
        // What it says does not matter.
      }
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  /** A whole text frame. */
  static byte[] text(String payload) {
    return frame(0x81, payload.getBytes(StandardCharsets.UTF_8));
  }

  /** A frame with any first byte. */
  static byte[] frame(int first, byte... payload) {
    ByteBuffer out = ByteBuffer.allocate(payload.length + 10);
    out.put((byte) first);
    if (payload.length < 126) {
      out.put((byte) payload.length);
    } else if (payload.length < 0x10000) {
      out.put((byte) 126).putShort((short) payload.length);
    } else {
      out.put((byte) 127).putLong(payload.length);
    }
    out.put(payload).flip();
    byte[] bytes = new byte[out.remaining()];
    out.get(bytes);
    return bytes;
  }
}
