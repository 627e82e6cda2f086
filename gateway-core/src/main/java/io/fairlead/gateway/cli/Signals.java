package io.fairlead.gateway.cli;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the signals that the operating system sends to the process.
 *
 * <p>The JDK's own way to them is {@code sun.misc.Signal}, which every JDK has and none promises;
 * so it is reached by name, and a JDK without it loses reloads by signal, nothing else.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * Runs an action, on a thread of its own, each time a signal comes.
   *
   * @param name without {@code SIG}, such as {@code HUP}
   * @return whether the signal can be heard here
   */
  static boolean on(String name, Runnable action) {
    try {
      Class<?> signalType = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object signal = signalType.getConstructor(String.class).newInstance(name);
      Object handler =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                  return null;
                }
                return method.getName().equals("equals") ? (Object) false : (Object) 0;
              });
      signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("SIG{} cannot be heard here", name, e);
      return false;
    }
  }
}
