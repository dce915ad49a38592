//! Whom we trust: the roots that browsers trust, compiled in, and those of `[fetch] extra_ca`.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::FetchError;

/// A client's side of TLS 1.2 and 1.3, with HTTP/2 offered first.
pub(super) fn config(extra_ca: Option<&Path>) -> Result<ClientConfig, FetchError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    if let Some(path) = extra_ca {
        add_file(&mut roots, path)?;
    }
    // The provider is named rather than installed: nothing of the process has to be set up before.
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| FetchError::setup("could not set up TLS", e))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), FetchError> {
    let refused = |what: &str| format!("could not {what} the certificates of `{}`", path.display());
    let pem = std::fs::read(path).map_err(|e| FetchError::setup(refused("read"), e))?;
    let certificates: Vec<CertificateDer<'_>> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|e| FetchError::setup(refused("read"), e))?;
    if certificates.is_empty() {
        return Err(FetchError::setup(refused("find"), "it holds none"));
    }
    for certificate in certificates {
        roots
            .add(certificate)
            .map_err(|e| FetchError::setup(refused("trust"), e))?;
    }
    Ok(())
}
