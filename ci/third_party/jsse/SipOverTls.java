// SIP over TLS as JSSE does it, client and server, told what to do line by line:
//   connect PORT PROTOCOLS SUITES IDENTITY SESSIONS   sends OPTIONS and reads the answer
//   serve PROTOCOLS SUITES CLIENTS                    takes one call and answers it 486
// IDENTITY is the name of a PEM pair in the folder given, or anonymous; SESSIONS is new, or kept to resume those of the
// connections before it; CLIENTS is anonymous, or known for those with a certificate only. Every order prints one line of
// what came of it; serve prints its port first.

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

public final class SipOverTls {
  private static final char[] NO_PASSWORD = {};
  private static final int DEADLINE_MS = 20_000;
  private static final Pattern CONTENT_LENGTH = Pattern.compile("(?im)^Content-Length *: *(\\d+)");
  private static final Pattern KEPT = Pattern.compile("(?i)^(via|from|call-id|cseq) *:.*");

  private final Path folder;
  private final Map<String, SSLContext> kept = new HashMap<>();

  private SipOverTls(Path folder) { this.folder = folder; }

  public static void main(String[] arguments) throws Exception {
    SipOverTls program = new SipOverTls(Path.of(arguments[0]));
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = orders.readLine()) != null; ) {
      String[] words = line.split(" ");
      try {
        program.obey(words);
      } catch (IOException refusal) {
        say("refused " + refusal);
      }
    }
  }

  private void obey(String[] words) throws Exception {
    switch (words[0]) {
      case "connect" -> connect(Integer.parseInt(words[1]), words[2], words[3], context(words[4], words[5]));
      case "serve" -> serve(words[1], words[2], words[3].equals("known"));
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private static void say(String line) {
    System.out.println(line.replace('\n', ' '));
    System.out.flush();
  }

  private SSLContext context(String identity, String sessions) throws Exception {
    if (sessions.equals("new")) return makeContext(identity);
    if (!kept.containsKey(identity)) kept.put(identity, makeContext(identity));
    return kept.get(identity);
  }

  private SSLContext makeContext(String identity) throws Exception {
    KeyStore trusted = emptyStore();
    trusted.setCertificateEntry("ca", certificate("ca.pem"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);

    KeyStore own = emptyStore();
    if (!identity.equals("anonymous")) {
      Certificate[] chain = {certificate(identity + ".pem")};
      own.setKeyEntry("own", privateKey(identity.equals("cert") ? "key.pem" : identity + "-key.pem"), NO_PASSWORD, chain);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, NO_PASSWORD);

    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore emptyStore() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private Certificate certificate(String name) throws Exception {
    byte[] pem = Files.readAllBytes(folder.resolve(name));
    return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  private PrivateKey privateKey(String name) throws Exception {
    String text = Files.readString(folder.resolve(name)).replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
  }

  private void connect(int port, String protocols, String suites, SSLContext context) throws Exception {
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(loopback, port)) {
      socket.setSoTimeout(DEADLINE_MS);
      socket.setEnabledProtocols(protocols.split(","));
      socket.setEnabledCipherSuites(suites.split(","));
      socket.startHandshake();
      socket.getOutputStream().write(options(port).getBytes(StandardCharsets.US_ASCII));
      String answer = readMessage(socket.getInputStream());
      say("answered " + session(socket) + " " + answer.split("\r\n", 2)[0]);
    }
  }

  private void serve(String protocols, String suites, boolean known) throws Exception {
    SSLContext context = makeContext("cert");
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    try (SSLServerSocket listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      listener.setEnabledProtocols(protocols.split(","));
      listener.setEnabledCipherSuites(suites.split(","));
      listener.setNeedClientAuth(known);
      listener.setSoTimeout(DEADLINE_MS);
      say("listening " + listener.getLocalPort());
      try (SSLSocket socket = (SSLSocket) listener.accept()) {
        socket.setSoTimeout(DEADLINE_MS);
        socket.startHandshake();
        String invite = readMessage(socket.getInputStream());
        socket.getOutputStream().write(busy(invite).getBytes(StandardCharsets.US_ASCII));
        String ack = readMessage(socket.getInputStream());
        say("served " + session(socket) + " " + method(invite) + "," + method(ack));
      }
    }
  }

  private static String session(SSLSocket socket) {
    return socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite();
  }

  private static String method(String message) { return message.split(" ", 2)[0]; }

  private static String options(int port) {
    return String.join("\r\n",
        "OPTIONS sip:gateway@127.0.0.1:" + port + ";transport=tls SIP/2.0",
        "Via: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bK-jsse;rport",
        "Max-Forwards: 70",
        "From: <sip:client@127.0.0.1>;tag=jsse",
        "To: <sip:gateway@127.0.0.1:" + port + ">",
        "Call-ID: jsse",
        "CSeq: 1 OPTIONS",
        "Contact: <sip:client@127.0.0.1:9;transport=tls>",
        "Content-Length: 0") + "\r\n\r\n";
  }

  // RFC 3261 §8.2.6.
  private static String busy(String invite) {
    List<String> lines = new ArrayList<>(List.of("SIP/2.0 486 Busy Here"));
    for (String line : invite.split("\r\n\r\n", 2)[0].split("\r\n")) {
      if (KEPT.matcher(line).matches()) lines.add(line);
      if (line.regionMatches(true, 0, "To:", 0, 3)) lines.add(line + ";tag=jsse");
    }
    lines.add("Content-Length: 0");
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static String readMessage(InputStream in) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    while (!octets.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) octets.write(readOctet(in));
    Matcher length = CONTENT_LENGTH.matcher(octets.toString(StandardCharsets.US_ASCII));
    int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
    for (int i = 0; i < body; ++i) octets.write(readOctet(in));
    return octets.toString(StandardCharsets.US_ASCII);
  }

  private static int readOctet(InputStream in) throws IOException {
    int octet = in.read();
    if (octet < 0) throw new EOFException("the other side closed the connection");
    return octet;
  }
}
