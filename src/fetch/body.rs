//! Bodies: decoded by the client as they come, bounded here by their decoded size, which is what
//! stops compression bombs; the length that a server announces is never reserved.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;

use super::{FetchError, Request};

/// Reads the body of `response` into `body`.
pub(super) async fn read(
    request: &Request,
    response: &mut Response,
    limit: usize,
    body: &mut Vec<u8>,
) -> Result<(), FetchError> {
    refuse_encoded(request, response)?;
    let too_large = || FetchError::TooLarge {
        url: request.url.to_string(),
        limit,
    };
    let is_cut = request.accept.is_cut();
    let announced = response.content_length().unwrap_or_default();
    if !is_cut && usize::try_from(announced).map_or(true, |length| length > limit) {
        return Err(too_large());
    }
    loop {
        let chunk = response.chunk().await;
        let chunk = chunk.map_err(|e| FetchError::in_body(&request.url, e))?;
        let Some(chunk) = chunk else {
            body.shrink_to_fit(); // hundreds may wait for their turn to be read
            return Ok(());
        };
        let room = limit.saturating_sub(body.len());
        match chunk.get(..room) {
            Some(part) if part.len() < chunk.len() => {
                body.extend_from_slice(part);
                return if is_cut { Ok(()) } else { Err(too_large()) };
            }
            _ => body.extend_from_slice(&chunk),
        }
    }
}

/// Reads the beginning of what came with a status that says no: up to `limit` bytes that come within
/// `time`. Nothing of it is needed, so what goes wrong is the end of it.
pub(super) async fn read_some(
    response: &mut Response,
    (limit, time): (usize, Duration),
    body: &mut Vec<u8>,
) {
    let read = async {
        while body.len() < limit
            && let Ok(Some(chunk)) = response.chunk().await
        {
            let room = limit - body.len();
            body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        }
    };
    drop(tokio::time::timeout(time, read).await);
}

/// The client takes the header away when it decodes; what is left was not decoded.
fn refuse_encoded(request: &Request, response: &Response) -> Result<(), FetchError> {
    let left = response.headers().get_all(CONTENT_ENCODING).iter();
    let foreign = left
        .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
        .find(|value| !value.is_empty() && !value.eq_ignore_ascii_case("identity"));
    match foreign {
        None => Ok(()),
        Some(encoding) => Err(FetchError::Encoding {
            url: request.url.to_string(),
            encoding,
        }),
    }
}
