//! Raw pages: packed for keeping, unpacked for reading. Bytes in, bytes out; where they lie is the
//! store's affair.

mod codec;
mod settings;

pub use codec::{UnpackError, pack, unpack};
pub use settings::Settings;
