//! Tables, numbers and times as people read them.

use std::io::Write;
use std::time::Duration;

use chrono::{DateTime, Local, Utc};
use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};

use super::Failure;

/// Prints to standard output with a line end; a reader that left is reported as a broken pipe.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    write_out(&format!("{text}\n")).map_err(Failure::failed)
}

/// Writes to standard output as it is.
pub(super) fn write_out(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// One line, under the head.
const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// An empty table in our style, as wide as the terminal.
pub(super) fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(head.iter().copied());
    table
}

/// An instant in the machine's zone, to the minute; a dash for none.
pub(super) fn local(instant: Option<DateTime<Utc>>) -> String {
    instant.map_or_else(
        || "-".to_owned(),
        |at| {
            at.with_timezone(&Local)
                .format("%Y-%m-%d %H:%M")
                .to_string()
        },
    )
}

/// An instant in the machine's zone, to the second.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&Local);
    local.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// A duration in its two largest units: "3 m 20 s".
pub(super) fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} m {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} m", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_two_units() {
        for (seconds, text) in [(5, "5 s"), (200, "3 m 20 s"), (7_260, "2 h 1 m")] {
            assert_eq!(span(Duration::from_secs(seconds)), text);
        }
    }
}
