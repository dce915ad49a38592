//! Data flows one way, and the tree shows it: who may import whom (docs/ARCHITECTURE.md).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Each module with what it may import of ours, in the order of `lib.rs`.
const ARROWS: [(&str, &[&str]); 15] = [
    ("domain", &[]),
    ("policy", &["domain"]),
    ("markup", &["domain"]),
    ("discover", &["domain", "markup"]),
    ("extract", &["domain", "markup"]),
    ("dedup", &["domain"]),
    ("fetch", &["domain", "policy"]),
    ("archive", &["domain"]),
    ("store", &["domain"]),
    ("schedule", &["domain", "policy", "store"]),
    (
        "crawl",
        &[
            "domain", "policy", "markup", "discover", "extract", "dedup", "fetch", "archive",
            "store",
        ],
    ),
    ("web", &["domain", "store"]),
    (
        "config",
        &[
            "domain", "policy", "fetch", "archive", "store", "schedule", "crawl", "web", "extract",
        ],
    ),
    ("daemon", ALL_BELOW_DAEMON),
    ("cli", ALL_BELOW_CLI),
];

const ALL_BELOW_DAEMON: &[&str] = &[
    "domain", "policy", "markup", "discover", "extract", "dedup", "fetch", "archive", "store",
    "schedule", "crawl", "web", "config",
];

const ALL_BELOW_CLI: &[&str] = &[
    "domain", "policy", "markup", "discover", "extract", "dedup", "fetch", "archive", "store",
    "schedule", "crawl", "web", "config", "daemon",
];

/// Outside crates that stay in one place.
const CRATES: [(&str, &[&str]); 9] = [
    ("encoding_rs", &["markup"]),
    ("scraper", &["markup", "discover", "extract"]),
    ("reqwest", &["fetch"]),
    ("sqlx", &["store"]),
    ("toml", &["config"]),
    ("axum", &["cli", "web"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli", "daemon"]),
    ("tracing_subscriber", &["daemon"]),
];

/// What `config` may take of the modules it configures.
const CONFIGURED: [&str; 2] = ["Settings", "SiteRules"];

fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let inside = path.strip_prefix(&root).unwrap();
                let module = inside.iter().next().unwrap().to_str().unwrap().to_owned();
                let text = fs::read_to_string(&path).unwrap();
                files.push((module, path, without_comments(&text)));
            }
        }
    }
    assert!(files.len() > 30, "the test must read the real tree");
    files
}

fn without_comments(text: &str) -> String {
    text.lines()
        .map(|line| line.split("//").next().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn modules_import_only_what_stands_above_them() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let import = Regex::new(r"\bcrate::(?:\{([^;]*)\}|([a-z_]+))").unwrap();
    let names = Regex::new(r"\b([a-z_]+)\b").unwrap();
    let mut wrong = Vec::new();
    for (module, path, text) in sources() {
        let Some(allowed) = arrows.get(module.as_str()) else {
            assert!(
                module == "lib.rs" || module == "main.rs",
                "{module} has no arrows"
            );
            continue;
        };
        for found in import.captures_iter(&text) {
            let list = found.get(1).or(found.get(2)).unwrap().as_str();
            for name in names.captures_iter(list) {
                let name = name.get(1).unwrap().as_str();
                if arrows.contains_key(name) && name != module && !allowed.contains(&name) {
                    wrong.push(format!("{}: {module} imports {name}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The parts of `extract`, each of which may import those before it (docs/decisions/0006).
const PARTS_OF_EXTRACT: [&str; 13] = [
    "pattern",
    "text",
    "element",
    "role",
    "signature",
    "outline",
    "memory",
    "body",
    "state",
    "metadata",
    "kind",
    "rules",
    "explain",
];

#[test]
fn parts_of_extract_import_only_those_before_them() {
    let from_afar = Regex::new(r"\bcrate::extract::(?:\{([^;]*)\}|([a-z_]+))").unwrap();
    let from_beside = Regex::new(r"\buse super::([a-z_]+)").unwrap();
    let place = |name: &str| PARTS_OF_EXTRACT.iter().position(|part| *part == name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/extract");
    let mut wrong = Vec::new();
    for (_, path, text) in sources() {
        let Ok(inside) = path.strip_prefix(&root) else {
            continue;
        };
        let steps: Vec<&str> = inside.iter().map(|step| step.to_str().unwrap()).collect();
        let Some(own) = place(steps[0].trim_end_matches(".rs")) else {
            continue; // the face of the stage, and its tests
        };
        let text = text.split("#[cfg(test)]").next().unwrap();
        let is_beside = steps.len() == 1 || steps[1] == "mod.rs";
        let beside = from_beside.captures_iter(text).filter(|_| is_beside);
        let names = from_afar.captures_iter(text).chain(beside);
        for found in names {
            let list = found.get(1).or(found.get(2)).unwrap().as_str();
            for name in list.split(|c: char| !c.is_ascii_lowercase() && c != '_') {
                if place(name).is_some_and(|other| other > own) {
                    wrong.push(format!("{}: imports {name}", inside.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn config_takes_only_settings_of_what_it_configures() {
    let import =
        Regex::new(r"crate::(fetch|archive|store|schedule|crawl|web|extract)::(\w+)").unwrap();
    for (module, path, text) in sources() {
        if module != "config" {
            continue;
        }
        for found in import.captures_iter(&text) {
            let name = found.get(2).unwrap().as_str();
            assert!(
                CONFIGURED.contains(&name),
                "{}: config takes {name}",
                path.display()
            );
        }
    }
}

#[test]
fn outside_crates_stay_in_their_place() {
    for (module, path, text) in sources() {
        for (name, places) in CRATES {
            let used = Regex::new(&format!(r"\b{name}::")).unwrap().is_match(&text);
            assert!(
                !used || places.contains(&module.as_str()),
                "{}: {name} belongs to {places:?}",
                path.display()
            );
        }
    }
}

#[test]
fn files_stay_small_and_hold_no_marks_of_unfinished_work() {
    for (_, path, text) in sources() {
        let code = text.split("#[cfg(test)]").next().unwrap();
        assert!(
            code.lines().count() <= 450,
            "{} is too long",
            path.display()
        );
        for mark in ["todo!(", "unimplemented!(", "dbg!("] {
            assert!(!text.contains(mark), "{} holds {mark}", path.display());
        }
    }
}
