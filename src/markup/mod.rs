//! Bytes to text to tree: charset, HTML, structured data and dates. Never reaches the network and
//! never decides what a page is about. Everything in here reads foreign bytes: sizes, depths and
//! counts are bounded, nothing panics.

mod charset;
pub mod date;
mod html;
pub mod json_ld;
mod metas;
mod state;
mod stream;

pub use charset::{Decoded, decode};
pub use html::{ParseError, parse_html};
pub use metas::named_metas;
pub use state::states;
pub use stream::{Pieces, names};
