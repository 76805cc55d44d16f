//! TLS and HTTP/2, at both ends.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::frames::Frames;
use crate::{Client, MODULE, Proxy, Upstream, filter, folder, run};

/// A certificate that vouches for itself, in files.
struct Identity {
    certificate: PathBuf,
    key: PathBuf,
}

impl Identity {
    fn new(name: &str) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let place = folder("certificates");
        fs::create_dir_all(&place).unwrap();
        let identity = Self {
            certificate: place.join(format!("{name}.pem")),
            key: place.join(format!("{name}.key")),
        };
        fs::write(&identity.certificate, cert.pem()).unwrap();
        fs::write(&identity.key, signing_key.serialize_pem()).unwrap();
        identity
    }

    fn certificate(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_file(&self.certificate).unwrap()
    }

    /// Who serves with it.
    fn acceptor(&self, protocols: &[&[u8]]) -> TlsAcceptor {
        let key = PrivateKeyDer::from_pem_file(&self.key).unwrap();
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
        let mut config = builder
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate()], key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }

    /// Connects to who has it.
    async fn connect(&self, address: SocketAddr, protocol: &[u8]) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
        let mut config = builder
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_vec()];
        let connector = TlsConnector::from(Arc::new(config));
        let stream = TcpStream::connect(address).await.unwrap();
        let name = "localhost".try_into().unwrap();
        connector.connect(name, stream).await.unwrap()
    }
}

#[test]
fn clients_speak_either_version_over_tls_to_upstreams_that_do() {
    run(async {
        let own = Identity::new("own");
        let others = Identity::new("others");
        for (name, protocols, version) in [
            ("h2", &[&b"h2"[..], b"http/1.1"][..], "HTTP/2.0"),
            ("http1", &[&b"http/1.1"[..]][..], "HTTP/1.1"),
        ] {
            let upstream = Upstream::listen(Some(others.acceptor(protocols))).await;
            let config = format!(
                "workers = 1\n[tls]\ncertificate = {:?}\nkey = {:?}\n\
                 [upstreams.up]\naddress = 'localhost:{}'\ntls = true\nhttp2 = true\n\
                 authorities = {:?}\n[[routes]]\nupstream = 'up'\n{}",
                own.certificate,
                own.key,
                upstream.address.port(),
                others.certificate,
                filter("f", &MODULE, "")
            );
            let proxy = Proxy::start(&folder(&format!("tls-{name}")), &config, &[]).unwrap();
            let old = Client::http1(own.connect(proxy.address, b"http/1.1").await);
            let new = Client::http2(own.connect(proxy.address, b"h2").await);
            for mut client in [old.await.unwrap(), new.await.unwrap()] {
                for _ in 0..3 {
                    let answer = client.post("/a", Frames::parts(&["a", "b"])).await.unwrap();
                    let line = format!("POST /a {version}");
                    assert_eq!(answer.body.lines().next(), Some(&*line), "{answer:?}");
                    assert_eq!(answer.told("asked"), Some("example.org"));
                    assert_eq!(answer.told("x-filter"), Some("f"));
                    assert_eq!((answer.status, answer.echoed()), (200, "AB!"));
                    let answer = client.get("/deny").await.unwrap();
                    assert_eq!((answer.status, answer.body.as_str()), (403, "denied!"));
                }
            }
            // Who speaks no TLS is let go.
            assert!(proxy.client().await.get("/a").await.is_err());
        }
    });
}

#[test]
fn upstreams_that_nobody_vouches_for_are_not_asked() {
    run(async {
        let upstream = Upstream::listen(Some(Identity::new("unknown").acceptor(&[]))).await;
        let config = format!(
            "workers = 1\n[upstreams.up]\naddress = 'localhost:{}'\ntls = true\n\
             [[routes]]\nupstream = 'up'\n",
            upstream.address.port()
        );
        let proxy = Proxy::start(&folder("tls-unknown"), &config, &[]).unwrap();
        let answer = proxy.client().await.get("/a").await.unwrap();
        assert_eq!(
            (answer.status, answer.header("x-proxy-cause")),
            (502, "upstream-unreachable")
        );
        assert_eq!(upstream.requests(), 0);
    });
}

#[test]
fn many_streams_share_a_connection_of_http2() {
    run(async {
        let upstream = Upstream::start().await;
        let config = crate::to(&upstream).replace("answer_ms", "http2 = true\nanswer_ms");
        let config = format!("workers = 1\n{config}{}", filter("f", &MODULE, ""));
        let proxy = Proxy::start(&folder("http2"), &config, &[]).unwrap();
        let Client::Http2(sender) = Client::open_http2(proxy.address).await.unwrap() else {
            panic!("it is one of HTTP/2");
        };
        let asked = (0..50).map(|number| {
            let mut client = Client::Http2(sender.clone());
            tokio::spawn(async move {
                let path = format!("/wait/{}", number % 7);
                client
                    .post(&path, Frames::parts(&["x", "y"]))
                    .await
                    .unwrap()
            })
        });
        for answer in asked.collect::<Vec<_>>() {
            let answer = answer.await.unwrap();
            assert_eq!((answer.status, answer.echoed()), (200, "XY!"));
        }
        assert_eq!(proxy.metric("proxy_connections", &[]).await, 1.0);
    });
}
