// Client ROOTS PORT - a TLS client with Java's own verifier.
//
// Reads lines "accept HOST" or "refuse HOST"; says for each what happened.

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

public class Client {
	static SSLContext trusting(String file) throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		try (InputStream in = new FileInputStream(file)) {
			for (Certificate root : CertificateFactory
					.getInstance("X.509").generateCertificates(in))
				store.setCertificateEntry("root" + store.size(), root);
		}
		TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
		trust.init(store);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return context;
	}

	static void connect(SSLContext context, String host, int port)
			throws Exception {
		Socket plain = new Socket("127.0.0.1", port);
		try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
				.createSocket(plain, host, port, true)) {
			SSLParameters parameters = socket.getSSLParameters();
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
			socket.setSSLParameters(parameters);
			socket.startHandshake();
		}
	}

	public static void main(String[] args) throws Exception {
		SSLContext context = trusting(args[0]);
		BufferedReader lines = new BufferedReader(
				new InputStreamReader(System.in));
		for (String line; (line = lines.readLine()) != null;) {
			String host = line.split(" ")[1];
			try {
				connect(context, host, Integer.parseInt(args[1]));
				System.out.println(host + " accepted");
			} catch (SSLException error) {
				System.out.println(host + " refused: "
						+ error.getMessage());
			}
		}
	}
}
