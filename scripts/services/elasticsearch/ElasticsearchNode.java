import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Starts a real Elasticsearch node from the jars of Maven Central, with the class path instead of the distribution's modules.
 * Uses reflection for everything, because Java 17 compiles this file and Elasticsearch 9 needs Java 21.
 */
public class ElasticsearchNode {
  private static final String NAME = "kasper";

  private static Class<?> type(String name) throws Exception {
    return Class.forName("org.elasticsearch." + name);
  }

  private static Object callStatic(Class<?> type, String name, Object... arguments) throws Exception {
    for (Method method : type.getMethods()) {
      if (Modifier.isStatic(method.getModifiers()) && method.getName().equals(name) && method.getParameterCount() == arguments.length) {
        return method.invoke(null, arguments);
      }
    }
    throw new NoSuchMethodException(type + "." + name + " with " + arguments.length + " parameters");
  }

  private static Object call(Object target, String name) throws Exception {
    Method method = target.getClass().getMethod(name);
    method.setAccessible(true);
    return method.invoke(target);
  }

  /** Elasticsearch 9 has a second parameter here, 8.19 has not. */
  private static Object bundles(Object environment, String kind) throws Exception {
    Class<?> loader = type("plugins.PluginsLoader");
    Object folder = call(environment, kind.toLowerCase() + "Dir");
    try {
      return callStatic(loader, "load" + kind + "Bundles", folder, false);
    } catch (NoSuchMethodException older) {
      return callStatic(loader, "load" + kind + "Bundles", folder);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(System.getProperty("es.path.home"));
    Path config = Path.of(System.getProperty("es.path.conf"));
    Class<?> logging = type("common.logging.LogConfigurator");
    callStatic(logging, "configureESLogging");
    callStatic(logging, "setNodeName", NAME);
    Object settings = callStatic(type("common.settings.Settings"), "builder");
    settings.getClass().getMethod("put", String.class, String.class).invoke(settings, "path.home", home.toString());
    Supplier<String> name = () -> NAME;
    Object environment = callStatic(type("node.InternalSettingsPreparer"), "prepareEnvironment", call(settings, "build"), Map.of(), config, name);
    callStatic(logging, "configure", environment, true);
    Object plugins = callStatic(
        type("plugins.PluginsLoader"), "createPluginsLoader", bundles(environment, "Modules"), bundles(environment, "Plugins"), Map.of(), false);
    Object node = type("node.Node").getConstructor(type("env.Environment"), type("plugins.PluginsLoader")).newInstance(environment, plugins);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        ((AutoCloseable) node).close();
      } catch (Exception error) {
        error.printStackTrace();
      }
    }));
    addRootHandler(node);
    call(node, "start");
    Thread.currentThread().join();
  }

  /**
   * Answers GET and HEAD of "/", which the client's info() and ping() send. The distribution has this in its module rest-root,
   * which is not on Maven Central. The values in the answer are the node's own.
   */
  private static void addRootHandler(Object node) throws Exception {
    Object injector = call(node, "injector");
    Method instance = injector.getClass().getMethod("getInstance", Class.class);
    instance.setAccessible(true);
    Object http = instance.invoke(injector, type("http.HttpServerTransport"));
    Object cluster = instance.invoke(injector, type("cluster.service.ClusterService"));
    Field dispatcher = type("http.AbstractHttpServerTransport").getDeclaredField("dispatcher");
    dispatcher.setAccessible(true);
    Object controller = dispatcher.get(http);
    Class<?> handler = type("rest.RestHandler");
    Class<?> verb = type("rest.RestRequest$Method");
    Constructor<?> route = type("rest.RestHandler$Route").getConstructor(verb, String.class);
    List<Object> routes = List.of(route.newInstance(callStatic(verb, "valueOf", "GET"), "/"), route.newInstance(callStatic(verb, "valueOf", "HEAD"), "/"));
    Object proxy = Proxy.newProxyInstance(ElasticsearchNode.class.getClassLoader(), new Class<?>[] {handler}, (self, method, args) ->
        switch (method.getName()) {
          case "routes" -> routes;
          case "hashCode" -> 1;
          case "equals" -> self == args[0];
          case "toString" -> "root";
          case "handleRequest" -> {
            sendJson(args[1], rootJson(cluster));
            yield null;
          }
          default -> InvocationHandler.invokeDefault(self, method, args);
        });
    controller.getClass().getMethod("registerHandler", handler).invoke(controller, proxy);
  }

  private static void sendJson(Object channel, String json) throws Exception {
    Class<?> status = type("rest.RestStatus");
    Class<?> response = type("rest.RestResponse");
    Object ok = response.getConstructor(status, String.class, String.class).newInstance(status.getField("OK").get(null), "application/json", json);
    type("rest.RestChannel").getMethod("sendResponse", response).invoke(channel, ok);
  }

  private static String rootJson(Object cluster) throws Exception {
    Object state = call(cluster, "state");
    Object build = callStatic(type("Build"), "current");
    return String.format(
        """
        {"name":"%s","cluster_name":"%s","cluster_uuid":"%s","version":{"number":"%s","build_flavor":"default","build_type":"zip",
        "build_hash":"%s","build_date":"%s","build_snapshot":false,"lucene_version":"%s","minimum_wire_compatibility_version":"%s",
        "minimum_index_compatibility_version":"%s"},"tagline":"You Know, for Search"}
        """,
        NAME, call(call(state, "getClusterName"), "value"), call(call(state, "metadata"), "clusterUUID"), call(build, "version"), call(build, "hash"),
        call(build, "date"), Class.forName("org.apache.lucene.util.Version").getField("LATEST").get(null), call(build, "minWireCompatVersion"),
        call(build, "minIndexCompatVersion"));
  }
}
