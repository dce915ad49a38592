//! Raw pages: packed for keeping, unpacked for reading; and web archives of other tools. Bytes in,
//! bytes out; where they lie is the store's affair.

mod codec;
mod settings;
mod warc;

pub use codec::{UnpackError, pack, unpack};
pub use settings::Settings;
pub use warc::{
    Answer, Limits, Passed, Pipe, Position, Undecodable, WarcItem, WarcReader, WarcRecord,
};
