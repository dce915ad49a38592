//! The table that is printed at the end.

/// The row whose growth is judged: beside the raw select, so that a slow minute of the machine is no
/// growth.
pub(crate) const LINK: &str = "enqueue 100 links, 5 % new: CPU of a link : of a raw select";

/// What a figure is to be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(goal) => value >= goal,
            Self::AtMost(goal) => value <= goal,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtLeast(goal) => format!(">= {goal}"),
            Self::AtMost(goal) => format!("<= {goal}"),
        }
    }
}

struct Row {
    name: String,
    target: Option<Target>,
    values: Vec<f64>,
}

/// Figures by size; each size adds its own in the same order.
pub(crate) struct Table {
    sizes: Vec<u64>,
    rows: Vec<Row>,
}

impl Table {
    pub(crate) fn new(sizes: Vec<u64>) -> Self {
        let rows = Vec::new();
        Self { sizes, rows }
    }

    /// Whether the largest size takes part, and things may take their time.
    pub(crate) fn is_full(&self) -> bool {
        self.sizes.contains(&10_000_000)
    }

    /// A figure with a target.
    pub(crate) fn add(&mut self, name: &str, value: f64, target: Target) {
        self.put(name, value, Some(target));
    }

    /// A figure that only explains others.
    pub(crate) fn note(&mut self, name: &str, value: f64) {
        self.put(name, value, None);
    }

    fn put(&mut self, name: &str, value: f64, target: Option<Target>) {
        eprintln!("  {name}: {}", figure(value));
        match self.rows.iter_mut().find(|row| row.name == name) {
            Some(row) => row.values.push(value),
            None => self.rows.push(Row {
                name: name.to_owned(),
                target,
                values: vec![value],
            }),
        }
    }

    pub(crate) fn print(mut self) {
        for (name, limit) in [("buffers per URL, 10x10", 1.3), (LINK, 2.0)] {
            let row = self.rows.iter().find(|row| row.name == name);
            if let Some([first, .., last]) = row.map(|row| row.values.as_slice()) {
                let growth = last / first;
                let name = format!("{name}: largest : smallest");
                self.put(&name, growth, Some(Target::AtMost(limit)));
            }
        }
        let (goals, notes): (Vec<Row>, Vec<Row>) =
            self.rows.into_iter().partition(|row| row.target.is_some());
        let sizes: Vec<String> = self.sizes.iter().map(|n| format!("{n:>10}")).collect();
        println!(
            "\n{:<68}{}  {:>9}  met",
            "known URLs",
            sizes.concat(),
            "to reach"
        );
        for row in goals {
            let target = row.target.unwrap_or(Target::AtLeast(0.0));
            let is_met = row.values.iter().all(|value| target.is_met(*value));
            let met = if is_met { "yes" } else { "NO" };
            println!(
                "{}  {:>9}  {met}",
                line(&row, self.sizes.len()),
                target.text()
            );
        }
        println!();
        for row in notes {
            println!("{}", line(&row, self.sizes.len()));
        }
    }
}

fn line(row: &Row, sizes: usize) -> String {
    let mut values: Vec<String> = row
        .values
        .iter()
        .map(|v| format!("{:>10}", figure(*v)))
        .collect();
    values.resize(sizes, format!("{:>10}", ""));
    format!("{:<68}{}", row.name, values.concat())
}

fn figure(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}
