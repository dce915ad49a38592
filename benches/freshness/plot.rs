//! The curve as SVG: mean delay against the budget, both axes logarithmic.

use std::fmt::Write;

use super::measure::Figures;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 440.0;
/// Left, right, top and bottom of the field.
const FIELD: [f64; 4] = [70.0, 590.0, 50.0, 380.0];
/// Name and colour of each policy; the colours are told apart by those who see no red or green.
const LINES: [(&str, &str); 3] = [
    ("one interval", "#d55e00"),
    ("learned", "#0072b2"),
    ("told the rates", "#555555"),
];
/// Minutes that the vertical axis shows.
const MINUTES: [(f64, &str); 8] = [
    (0.5, "30 s"),
    (1.0, "1 min"),
    (3.0, "3 min"),
    (10.0, "10 min"),
    (30.0, "30 min"),
    (60.0, "1 h"),
    (180.0, "3 h"),
    (360.0, "6 h"),
];
const BUDGETS: [(f64, &str); 5] = [
    (0.1, "0.1x"),
    (0.3, "0.3x"),
    (1.0, "1x"),
    (3.0, "3x"),
    (10.0, "10x"),
];

/// The plot of (budget, [one interval, learned, told]).
pub(crate) fn svg(curve: &[(f64, [Figures; 3])]) -> String {
    let [left, right, top, bottom] = FIELD;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"13\" fill=\"#222222\">\n\
         <title>Mean delay from publication to fetch against the budget of visits</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n\
         <text x=\"{left}\" y=\"28\" font-size=\"15\">Delay from publication to fetch: mean \
         (lines) and 95th percentile (dashed)</text>\n"
    );
    for (minutes, label) in MINUTES {
        let y = y(minutes);
        let _infallible = writeln!(
            out,
            "<path d=\"M{left} {y:.1}H{right}\" stroke=\"#dddddd\"/>\
             <text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            left - 8.0,
            y + 4.0
        );
    }
    for (budget, label) in BUDGETS {
        let x = x(budget);
        let _infallible = writeln!(
            out,
            "<path d=\"M{x:.1} {top}V{bottom}\" stroke=\"#dddddd\"/>\
             <text x=\"{x:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{label}</text>",
            bottom + 20.0
        );
    }
    let _infallible = writeln!(
        out,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">budget; 1x is one visit of each \
         listing in 30 minutes, on the average</text>",
        f64::midpoint(left, right),
        bottom + 44.0
    );
    for (n, (name, colour)) in LINES.iter().enumerate() {
        draw(&mut out, curve, n, colour, name);
    }
    out.push_str("</svg>\n");
    out
}

fn draw(out: &mut String, curve: &[(f64, [Figures; 3])], n: usize, colour: &str, name: &str) {
    for (of, style) in [
        ((|f| f.mean) as fn(&Figures) -> f64, "stroke-width=\"2.5\""),
        (|f| f.p95, "stroke-width=\"1.5\" stroke-dasharray=\"5 4\""),
    ] {
        let points: Vec<String> = curve
            .iter()
            .filter_map(|(budget, figures)| Some((budget, figures.get(n)?)))
            .map(|(budget, figures)| format!("{:.1},{:.1}", x(*budget), y(of(figures))))
            .collect();
        let _infallible = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" {style}/>",
            points.join(" ")
        );
    }
    // A legend in the free corner: the curves of two policies end close to each other.
    let (x, y) = (FIELD[1] + 12.0, 80.0 + 22.0 * n as f64);
    let _infallible = writeln!(
        out,
        "<path d=\"M{x} {:.0}h18\" stroke=\"{colour}\" stroke-width=\"2.5\"/>\
         <text x=\"{:.0}\" y=\"{y:.0}\">{name}</text>",
        y - 4.0,
        x + 24.0
    );
}

fn x(budget: f64) -> f64 {
    let part = (budget.ln() - 0.1_f64.ln()) / (10.0_f64.ln() - 0.1_f64.ln());
    FIELD[0] + part * (FIELD[1] - FIELD[0])
}

fn y(minutes: f64) -> f64 {
    let (low, high) = (0.5_f64.ln(), 1000.0_f64.ln());
    let part = (minutes.max(0.5).ln() - low) / (high - low);
    FIELD[3] - part * (FIELD[3] - FIELD[2])
}
