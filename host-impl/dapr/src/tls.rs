//! TLS, for the connections of backends that are told to have it.

use std::fmt;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::failure::{Error, Result};

/// Whom a connection trusts, and as whom it comes. A server's certificate has to be of a trusted
/// authority, and for the name under which the server is reached; there is no way around that.
#[derive(Clone)]
pub struct Tls(Arc<ClientConfig>);

/// Why there is no TLS.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TlsError {
    /// It is no certificate in PEM.
    #[error("this is no certificate in PEM: {0}")]
    Certificate(String),
    /// It is no private key in PEM. What it is is not told.
    #[error("this is no private key in PEM")]
    Key,
    /// The parts do not fit together.
    #[error("there is no TLS: {0}")]
    Config(String),
}

/// A certificate and its key, in PEM.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// The certificate, with those between it and its authority behind it.
    pub certificate: &'a str,
    /// The private key.
    pub key: &'a str,
}

impl Tls {
    /// Trusts the authorities that browsers trust, as `webpki-roots` lists them.
    ///
    /// # Errors
    ///
    /// There is no TLS.
    pub fn public() -> Result<Self, TlsError> {
        Self::new(None, None)
    }

    /// Trusts the authorities of a text in PEM and no others; without one, those of
    /// [`public`](Self::public). It comes with an identity, if it is given one.
    ///
    /// # Errors
    ///
    /// A text is not what it should be.
    pub fn new(
        authorities: Option<&str>,
        identity: Option<Identity<'_>>,
    ) -> Result<Self, TlsError> {
        let mut roots = RootCertStore::empty();
        match authorities {
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Some(pem) => {
                for certificate in certificates(pem)? {
                    let added = roots.add(certificate);
                    added.map_err(|error| TlsError::Certificate(error.to_string()))?;
                }
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::Config(error.to_string()))?
            .with_root_certificates(roots);
        let config = match identity {
            None => config.with_no_client_auth(),
            Some(Identity { certificate, key }) => {
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes());
                let key = key.map_err(|_| TlsError::Key)?;
                let config = config.with_client_auth_cert(certificates(certificate)?, key);
                config.map_err(|error| TlsError::Config(error.to_string()))?
            }
        };
        Ok(Self(Arc::new(config)))
    }

    /// Greets a server, which has to be who it is said to be.
    pub(crate) async fn connect<S>(&self, host: &str, stream: S) -> Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let name = ServerName::try_from(host.to_owned());
        let name = name.map_err(|error| Error::Invalid(format!("`{host}`: {error}")))?;
        let greeted = TlsConnector::from(Arc::clone(&self.0)).connect(name, stream);
        greeted
            .await
            .map_err(|error| Error::Unavailable(format!("TLS with {host}: {error}")))
    }
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found = CertificateDer::pem_slice_iter(pem.as_bytes());
    let found: Result<Vec<_>, _> = found.collect();
    match found {
        Ok(found) if found.is_empty() => Err(TlsError::Certificate("there is none".to_owned())),
        found => found.map_err(|error| TlsError::Certificate(error.to_string())),
    }
}

/// No key is told.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Identity, Tls, TlsError};

    #[test]
    fn what_is_no_pem_is_told() {
        assert!(Tls::public().is_ok());
        let none = Tls::new(Some(""), None).unwrap_err();
        assert_eq!(none, TlsError::Certificate("there is none".to_owned()));
        let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let refused = Tls::new(Some(bad), None).unwrap_err();
        assert!(matches!(refused, TlsError::Certificate(_)), "{refused}");
        let identity = Identity {
            certificate: bad,
            key: "secret",
        };
        let refused = Tls::new(None, Some(identity)).unwrap_err();
        assert_eq!(refused, TlsError::Key);
        assert!(!refused.to_string().contains("secret"));
    }
}
