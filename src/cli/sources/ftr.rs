//! `sokbo sources import-ftr`: the public-domain rules of ftr-site-config as an `[[extract]]` block.
//! What can't be translated is listed in the block as comments.

use std::fmt::Write;
use std::path::Path;

use crate::cli::Failure;
use crate::cli::terminal::print;
use crate::domain::{RuleField, SiteRule};
use crate::extract::SiteRules;

use super::xpath;

/// Prints the block for a file.
pub(super) fn import(file: &Path) -> Result<(), Failure> {
    let shown = file.display();
    let failed = |why: String| Failure::failed(anyhow::anyhow!("reading {shown}: {why}"));
    let text = std::fs::read_to_string(file).map_err(|e| failed(e.to_string()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let (rule, untranslated) = translate(&text);
    if rule == SiteRule::default() {
        return Err(failed(format!(
            "none of its {} lines has a form that can be translated",
            untranslated.len()
        )));
    }
    print(&written(&name, &rule, &untranslated))
}

/// The rule, and the lines that could not become part of it.
fn translate(text: &str) -> (SiteRule, Vec<&str>) {
    let mut rule = SiteRule::default();
    let mut untranslated = Vec::new();
    let lines = text.lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let (key, value) = (key.trim(), value.trim());
        let field = match key {
            "title" => Some(RuleField::Title),
            "body" => Some(RuleField::Body),
            "author" => Some(RuleField::Authors),
            "date" => Some(RuleField::Published),
            _ => None,
        };
        let word = value.trim_matches(['\'', '"']);
        let with = |name: &str| xpath::attribute(name, "*=", word);
        let selectors: Vec<String> = match key {
            "strip_id_or_class" => ["id", "class"].into_iter().filter_map(with).collect(),
            "strip_image_src" => with("src")
                .map(|src| format!("img{src}"))
                .into_iter()
                .collect(),
            "title" | "body" | "author" | "date" | "strip" => {
                xpath::selector(value).into_iter().collect()
            }
            // Addresses to try the rules on are no part of them.
            "test_url" => continue,
            _ => Vec::new(),
        };
        let mut added = SiteRule::default();
        match field {
            Some(field) => drop(added.selectors.insert(field, selectors.clone())),
            None => added.remove.clone_from(&selectors),
        }
        if selectors.is_empty() || SiteRules::compile(&[added]).is_err() {
            untranslated.push(line);
            continue;
        }
        match field {
            Some(field) => rule.selectors.entry(field).or_default().extend(selectors),
            None => rule.remove.extend(selectors),
        }
    }
    (rule, untranslated)
}

fn written(name: &str, rule: &SiteRule, untranslated: &[&str]) -> String {
    let mut out =
        format!("[[extract]]  # from {name} of ftr-site-config; not checked against the site\n");
    let named = rule
        .selectors
        .iter()
        .map(|(field, list)| (field.as_str(), list));
    for (key, list) in named.chain([("remove", &rule.remove)]) {
        // No selector that was translated holds a single quote or a control character.
        let list: Vec<String> = list.iter().map(|text| format!("'{text}'")).collect();
        let _infallible = match list.as_slice() {
            [] => Ok(()),
            [one] => writeln!(out, "{key} = {one}"),
            many => writeln!(out, "{key} = [\n    {},\n]", many.join(",\n    ")),
        };
    }
    if !untranslated.is_empty() {
        let _infallible = writeln!(out, "# Not translated:");
    }
    for line in untranslated {
        let _infallible = writeln!(out, "#   {line}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_translated_in_order_and_the_rest_is_listed() {
        let text = "# comment\ntitle: //h1[@class='head']\ntitle: //h1\nbody: //div[@id='story']\n\
                    author: //a[@rel='author']\ndate: //meta[@name='date']/@content\n\
                    strip: //div[contains(@class,'related')]\nstrip_id_or_class: share\n\
                    strip_image_src: /pixel\nnext_page_link: //a[@id='next']\nbody: //p[text()='x']\n\
                    strip_id_or_class: a'b\ntest_url: http://www.saesol.example/1\nprune: no\n";
        let (rule, untranslated) = translate(text);
        assert_eq!(
            written("saesol.example.txt", &rule, &untranslated),
            "[[extract]]  # from saesol.example.txt of ftr-site-config; not checked against the site\n\
             title = [\n    'h1[class=\"head\"]',\n    'h1',\n]\n\
             authors = 'a[rel=\"author\"]'\npublished = 'meta[name=\"date\"] @content'\n\
             body = 'div[id=\"story\"]'\n\
             remove = [\n    'div[class*=\"related\"]',\n    '[id*=\"share\"]',\n    '[class*=\"share\"]',\n    'img[src*=\"/pixel\"]',\n]\n\
             # Not translated:\n#   next_page_link: //a[@id='next']\n#   body: //p[text()='x']\n\
             #   strip_id_or_class: a'b\n#   prune: no\n"
        );
    }
}
