//! TLS at both ends, from files.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};

use crate::config::{Tls, Upstream};

/// What is spoken over TLS, the better first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// For clients.
///
/// # Errors
///
/// A file cannot be read, or the key is not that of the certificate.
pub(crate) fn server(tls: &Tls) -> Result<ServerConfig> {
    let certificates = certificates(&tls.certificate)?;
    let key = PrivateKeyDer::from_pem_file(&tls.key)
        .with_context(|| format!("the key `{}`", tls.key.display()))?;
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates, key)?;
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).into();
    Ok(config)
}

/// For an upstream.
///
/// # Errors
///
/// Whom to trust cannot be read.
pub(crate) fn client(upstream: &Upstream) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    match &upstream.authorities {
        Some(path) => {
            for certificate in certificates(path)? {
                roots.add(certificate)?;
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let first = if upstream.http2 { 0 } else { 1 };
    config.alpn_protocols = PROTOCOLS[first..]
        .iter()
        .map(|name| name.to_vec())
        .collect();
    Ok(config)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let wrong = || format!("the certificate `{}`", path.display());
    let all = CertificateDer::pem_file_iter(path).with_context(wrong)?;
    let all: Vec<_> = all.collect::<Result<_, _>>().with_context(wrong)?;
    anyhow::ensure!(!all.is_empty(), "`{}` holds no certificate", path.display());
    Ok(all)
}
