package io.fairlead.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A demand that wraps another keeps nothing from it. */
final class FurtherDemandTest {
  private final List<String> heard = new ArrayList<>();

  private @Nullable Object hear(Method method) {
    heard.add(method.getName());
    if (method.getReturnType() == boolean.class) {
      return false;
    }
    return method.getReturnType() == long.class ? 0L : null;
  }

  private Demand inner() {
    Class<?>[] types = {Demand.class};
    ClassLoader loader = Demand.class.getClassLoader();
    return (Demand) Proxy.newProxyInstance(loader, types, (self, method, args) -> hear(method));
  }

  private static @Nullable Object nothing(Class<?> type) {
    return type == boolean.class ? false : type.isPrimitive() ? 0 : null;
  }

  @Test
  void whateverADemandMayBeAskedOrToldReachesTheOneInside() throws ReflectiveOperationException {
    Demand further = new FurtherDemand(inner()) {};
    List<String> asked = new ArrayList<>();
    for (Method method : Demand.class.getMethods()) {
      Object[] args =
          Arrays.stream(method.getParameterTypes()).map(FurtherDemandTest::nothing).toArray();
      asked.add(method.getName());
      method.invoke(further, args);
    }
    assertEquals(asked, heard);
  }
}
