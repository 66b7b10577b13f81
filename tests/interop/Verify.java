// Verify - what Java says of chains.
//
// Reads lines "NAME HOST KEY" and judges NAME.chain under NAME.root, as an
// HTTPS client does after the server has sent it.

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.*;

public class Verify {
	// A session that knows what it talks to, and nothing else.
	static class Session extends ExtendedSSLSession {
		final String host;
		final Certificate[] chain;

		Session(String host, Certificate[] chain) {
			this.host = host;
			this.chain = chain;
		}

		public String getPeerHost() { return host; }
		public int getPeerPort() { return 443; }
		public String getProtocol() { return "TLSv1.3"; }
		public Certificate[] getPeerCertificates() { return chain; }
		public List<SNIServerName> getRequestedServerNames() {
			return List.of();
		}
		public String[] getLocalSupportedSignatureAlgorithms() {
			return new String[] { "SHA256withECDSA", "SHA384withECDSA",
				"SHA512withECDSA", "SHA256withRSA", "Ed25519",
				"SHA1withECDSA" };
		}
		public String[] getPeerSupportedSignatureAlgorithms() {
			return getLocalSupportedSignatureAlgorithms();
		}
		public List<byte[]> getStatusResponses() { return List.of(); }
		public byte[] getId() { return new byte[0]; }
		public SSLSessionContext getSessionContext() { return null; }
		public long getCreationTime() { return 0; }
		public long getLastAccessedTime() { return 0; }
		public void invalidate() { }
		public boolean isValid() { return true; }
		public void putValue(String name, Object value) { }
		public Object getValue(String name) { return null; }
		public void removeValue(String name) { }
		public String[] getValueNames() { return new String[0]; }
		public Certificate[] getLocalCertificates() { return null; }
		public Principal getPeerPrincipal() { return null; }
		public Principal getLocalPrincipal() { return null; }
		public String getCipherSuite() { return "TLS_AES_128_GCM_SHA256"; }
		public int getPacketBufferSize() { return 0; }
		public int getApplicationBufferSize() { return 0; }
	}

	static class Engine extends SSLEngine {
		final Session session;

		Engine(Session session) { this.session = session; }

		public SSLSession getHandshakeSession() { return session; }
		public SSLSession getSession() { return session; }
		public SSLParameters getSSLParameters() {
			SSLParameters parameters = new SSLParameters();
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
			return parameters;
		}
		public SSLEngineResult wrap(ByteBuffer[] from, int at, int count,
				ByteBuffer to) { return null; }
		public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to,
				int at, int count) { return null; }
		public Runnable getDelegatedTask() { return null; }
		public void closeInbound() { }
		public boolean isInboundDone() { return false; }
		public void closeOutbound() { }
		public boolean isOutboundDone() { return false; }
		public String[] getSupportedCipherSuites() { return null; }
		public String[] getEnabledCipherSuites() { return null; }
		public void setEnabledCipherSuites(String[] suites) { }
		public String[] getSupportedProtocols() { return null; }
		public String[] getEnabledProtocols() { return null; }
		public void setEnabledProtocols(String[] protocols) { }
		public void beginHandshake() { }
		public SSLEngineResult.HandshakeStatus getHandshakeStatus() {
			return null;
		}
		public void setUseClientMode(boolean mode) { }
		public boolean getUseClientMode() { return true; }
		public void setNeedClientAuth(boolean need) { }
		public boolean getNeedClientAuth() { return false; }
		public void setWantClientAuth(boolean want) { }
		public boolean getWantClientAuth() { return false; }
		public void setEnableSessionCreation(boolean flag) { }
		public boolean getEnableSessionCreation() { return false; }
	}

	static Collection<? extends Certificate> read(String file)
			throws Exception {
		try (InputStream in = new FileInputStream(file)) {
			return CertificateFactory.getInstance("X.509")
				.generateCertificates(in);
		}
	}

	static void judge(String name, String host) throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		for (Certificate root : read(name + ".root"))
			store.setCertificateEntry("root", root);
		TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
		trust.init(store);
		X509Certificate[] chain =
			read(name + ".chain").toArray(new X509Certificate[0]);
		((X509ExtendedTrustManager) trust.getTrustManagers()[0])
			.checkServerTrusted(chain, "UNKNOWN",
				new Engine(new Session(host, chain)));
	}

	public static void main(String[] args) throws Exception {
		BufferedReader lines =
			new BufferedReader(new InputStreamReader(System.in));
		for (String line; (line = lines.readLine()) != null; ) {
			String[] words = line.split(" ");
			try {
				judge(words[0], words[1]);
				System.out.println(words[0] + " yes");
			} catch (Exception error) {
				System.out.println(words[0] + " no " + error.getMessage());
			}
		}
	}
}
