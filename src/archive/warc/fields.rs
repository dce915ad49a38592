//! The head of a record and of an HTTP message: a first line, and fields until a blank line.

/// More fields than these are not kept; no server and no archive needs them.
const MAX_FIELDS: usize = 200;

/// A head, its field names in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Fields {
    pub(super) first_line: String,
    fields: Vec<(String, String)>,
}

impl Fields {
    /// Reads the head at the beginning of `bytes`; answers with it and with where what follows it
    /// begins. A head without a blank line goes to the end.
    pub(super) fn read(bytes: &[u8]) -> (Self, usize) {
        let mut head = Self::default();
        let mut end = 0;
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
        if let Some(line) = lines.next() {
            end += line.len();
            head.first_line = text(line);
        }
        for line in lines {
            end += line.len();
            let line = text(line);
            if line.trim().is_empty() {
                break;
            }
            head.add(&line);
        }
        (head, end)
    }

    /// The first field of this name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every field of this name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let is_named = move |field: &&(String, String)| field.0 == name;
        self.fields
            .iter()
            .filter(is_named)
            .map(|(_, value)| value.as_str())
    }

    fn add(&mut self, line: &str) {
        // ISO 28500 section 4: a line that begins with a blank goes on with the one before.
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = self.fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':')
            && self.fields.len() < MAX_FIELDS
        {
            let name = name.trim().to_ascii_lowercase();
            self.fields.push((name, value.trim().to_owned()));
        }
    }
}

fn text(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    String::from_utf8_lossy(line).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_ends_at_the_blank_line_and_long_fields_go_on() {
        let text = b"HTTP/1.1 200 OK\r\nX-A: 1\nLink: <a>;\r\n rel=b\r\nx-a:2\r\n\r\nbody: no";
        let (head, end) = Fields::read(text);
        assert_eq!(head.first_line, "HTTP/1.1 200 OK");
        assert_eq!(head.all("x-a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(head.get("link"), Some("<a>; rel=b"));
        assert_eq!(&text[end..], b"body: no");
        assert_eq!(Fields::read(b"").1, 0);
    }
}
