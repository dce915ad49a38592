//! Whether a push is from whom the secret was told (WebSub section 8).

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

/// Judges the `X-Hub-Signature` of `body`; compares in constant time.
///
/// # Errors
/// With the reason why it is not believed.
pub(super) fn check(
    secret: &str,
    signature: Option<&str>,
    body: &[u8],
) -> Result<(), &'static str> {
    let signature = signature.ok_or("it is not signed")?;
    let (method, digits) = signature
        .trim()
        .split_once('=')
        .ok_or("its signature names no method")?;
    let stated = from_hex(digits).ok_or("its signature is no hexadecimal number")?;
    let is_right = match method.to_ascii_lowercase().as_str() {
        "sha1" => is_signed::<Hmac<Sha1>>(secret, body, &stated),
        "sha256" => is_signed::<Hmac<Sha256>>(secret, body, &stated),
        "sha384" => is_signed::<Hmac<Sha384>>(secret, body, &stated),
        "sha512" => is_signed::<Hmac<Sha512>>(secret, body, &stated),
        _ => return Err("it is signed by an unknown method"),
    };
    is_right
        .then_some(())
        .ok_or("its signature is not that of its hub")
}

fn is_signed<M: Mac + KeyInit>(secret: &str, body: &[u8], stated: &[u8]) -> bool {
    let Ok(mac) = <M as KeyInit>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    mac.chain_update(body).verify_slice(stated).is_ok()
}

/// Half of the digits that the longest signature has, SHA-512's.
const MAX_BYTES: usize = 64;

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.trim();
    if !digits.len().is_multiple_of(2) || digits.len() > 2 * MAX_BYTES {
        return None;
    }
    let pairs = digits.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_of_all_methods_are_believed_and_no_others() {
        // RFC 2202 and RFC 4231, test case 2.
        let (secret, body) = ("Jefe", b"what do ya want for nothing?");
        for signature in [
            "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            "SHA256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ] {
            assert_eq!(check(secret, Some(signature), body), Ok(()), "{signature}");
            assert!(
                check("other", Some(signature), body).is_err(),
                "{signature}"
            );
            assert!(
                check(secret, Some(signature), b"forged").is_err(),
                "{signature}"
            );
        }
        for forged in [
            None,
            Some(""),
            Some("sha1="),
            Some("md5=750c783e6ab0b503eaa86e310a5db738"),
            Some("sha1=effc"),
            Some("sha1=zzzz"),
            Some("sha1=+ff"),
        ] {
            assert!(check(secret, forged, body).is_err(), "{forged:?}");
        }
    }
}
