package io.fairlead.gateway.net;

import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link HostResolver} that asks the name servers of resolv.conf from its own loop.
 *
 * <p>The hosts file comes first, {@code localhost} is always this machine (RFC 6761). Answers are
 * kept for their time to live, but at most {@link #MAX_TTL_SECONDS}, so that a provider that moves
 * is followed. Where resolv.conf names no server the JDK resolves, on a thread of its own.
 *
 * <p>Thread-safety: loop-confined. Nothing is opened before the first question.
 */
public final class LoopResolver implements HostResolver {
  static final int MIN_TTL_SECONDS = 1;
  static final int MAX_TTL_SECONDS = 30;
  static final int NEGATIVE_TTL_SECONDS = 1;

  private static final Logger LOG = LoggerFactory.getLogger(LoopResolver.class);
  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
  private static final long QUERY_TIMEOUT_MILLIS = TimeUnit.SECONDS.toMillis(2);

  private final IoLoop loop;
  private final Path resolvConf;
  private final int maxTtlSeconds;
  private final @Nullable DnsServerAddressStreamProvider servers;
  private final HostsFileEntriesResolver hostsFile;
  private @Nullable DnsNameResolver dns;
  private @Nullable JdkResolver jdk;

  /**
   * A resolver of this machine's configuration.
   *
   * @param loop where it works
   */
  public LoopResolver(IoLoop loop) {
    this(loop, RESOLV_CONF, MAX_TTL_SECONDS, null);
  }

  /**
   * A resolver of another configuration.
   *
   * @param servers whom to ask; null for those of the machine
   */
  LoopResolver(
      IoLoop loop,
      Path resolvConf,
      int maxTtlSeconds,
      @Nullable DnsServerAddressStreamProvider servers) {
    this.loop = loop;
    this.resolvConf = resolvConf;
    this.maxTtlSeconds = maxTtlSeconds;
    this.servers = servers;
    this.hostsFile = new DefaultHostsFileEntriesResolver();
  }

  @Override
  public Future<List<InetAddress>> resolveAll(String host) {
    InetAddress known = hostsFile.address(host, ResolvedAddressTypes.IPV4_PREFERRED);
    if (known == null && isLocalhost(host)) {
      known = InetAddress.getLoopbackAddress();
    }
    if (known != null) {
      return loop.eventLoop().newSucceededFuture(List.of(known));
    }
    if (dns == null && jdk == null) {
      open();
    }
    DnsNameResolver asking = dns;
    if (asking != null) {
      return asking.resolveAll(host);
    }
    Promise<List<InetAddress>> promise = loop.eventLoop().newPromise();
    if (jdk != null) {
      jdk.resolve(host, promise);
    }
    return promise;
  }

  private static boolean isLocalhost(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.regionMatches(true, host.length() - 10, ".localhost", 0, 10);
  }

  private void open() {
    if (!namesServer(resolvConf)) {
      LOG.warn("{} names no name server; the JDK resolves host names", resolvConf);
      jdk = new JdkResolver();
      return;
    }
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(loop.eventLoop())
            .datagramChannelType(loop.transport().datagramChannel())
            .socketChannelType(loop.transport().socketChannel())
            .hostsFileEntriesResolver(hostsFile)
            .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
            .ttl(MIN_TTL_SECONDS, maxTtlSeconds)
            .negativeTtl(NEGATIVE_TTL_SECONDS)
            .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS);
    if (servers != null) {
      builder.nameServerProvider(servers);
    }
    dns = builder.build();
  }

  static boolean namesServer(Path resolvConf) {
    try (Stream<String> lines = Files.lines(resolvConf, StandardCharsets.UTF_8)) {
      return lines.anyMatch(line -> line.strip().startsWith("nameserver"));
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.info("{} cannot be read: {}", resolvConf, e.toString());
      return false;
    }
  }

  @Override
  public void close() {
    if (dns != null) {
      dns.close();
      dns = null;
    }
    if (jdk != null) {
      jdk.close();
      jdk = null;
    }
  }
}
