// Sessions of JSSE with itself, in memory: for each line "PROTOCOL SUITE" on standard input, the octets of both
// sides in the order they were sent, as "client HEX" and "server HEX", and then "end".
// Usage: java -Djava.security.properties=FILE TlsSessions.java KEYSTORE PASSWORD MESSAGE...
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

public class TlsSessions {
  static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  static class Everybody implements X509TrustManager {
    public void checkClientTrusted(X509Certificate[] chain, String type) {}
    public void checkServerTrusted(X509Certificate[] chain, String type) {}
    public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
  }

  static void tasks(SSLEngine engine) {
    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) task.run();
  }

  // What `from` has to say goes to `to`; whether there was something.
  static boolean carry(String name, SSLEngine from, SSLEngine to, ByteBuffer plain) throws Exception {
    ByteBuffer wire = ByteBuffer.allocate(100_000), read = ByteBuffer.allocate(100_000);
    do {
      from.wrap(plain, wire);
      tasks(from);
    } while (plain.hasRemaining() || from.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
    wire.flip();
    if (!wire.hasRemaining()) return false;
    System.out.println(name + " " + HexFormat.of().formatHex(wire.array(), 0, wire.limit()));
    while (wire.hasRemaining()) {
      to.unwrap(wire, read);
      tasks(to);
    }
    return true;
  }

  public static void main(String[] arguments) throws Exception {
    char[] password = arguments[1].toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new FileInputStream(arguments[0]), password);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, password);
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] words = order.split(" ");
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), new TrustManager[] {new Everybody()}, null);
      SSLEngine[] sides = {context.createSSLEngine(), context.createSSLEngine()};
      for (SSLEngine side : sides) {
        side.setUseClientMode(side == sides[0]);
        side.setEnabledProtocols(new String[] {words[0]});
        side.setEnabledCipherSuites(new String[] {words[1]});
        side.beginHandshake();
      }
      while (carry("client", sides[0], sides[1], NOTHING) | carry("server", sides[1], sides[0], NOTHING)) {
      }
      for (int i = 2; i < arguments.length; ++i) {
        carry("client", sides[0], sides[1], ByteBuffer.wrap(arguments[i].getBytes()));
        carry("server", sides[1], sides[0], ByteBuffer.wrap(arguments[i].getBytes()));
      }
      System.out.println("end");
    }
  }
}
