//! The counters in the text form that Prometheus reads.

use std::fmt::Write;

use super::Counters;
use crate::store::Backlog;

/// The page: counters of this process, and the frontier as the database has it, where it answers.
pub(super) fn page(
    counters: &Counters,
    (is_ready, is_up): (bool, bool),
    backlog: Option<&Backlog>,
) -> String {
    let mut page = String::new();
    for (name, value, help) in made(counters) {
        put(
            &mut page,
            &format!("{name}_total"),
            "counter",
            (value, help),
        );
    }
    let ready = (u64::from(is_ready), "1 while /readyz answers 200.");
    put(&mut page, "ready", "gauge", ready);
    let up = (u64::from(is_up), "1 while the database answers.");
    put(&mut page, "database_up", "gauge", up);
    if let Some(backlog) = backlog {
        for (name, value, help) in waiting(backlog) {
            let value = u64::try_from(value).unwrap_or_default();
            put(&mut page, name, "gauge", (value, help));
        }
    }
    page
}

type Figure<T> = (&'static str, T, &'static str);

fn made(counters: &Counters) -> [Figure<u64>; 7] {
    let asked = "Requests to sites, robots.txt and redirects included.";
    [
        ("requests", counters.requests, asked),
        (
            "received_bytes",
            counters.bytes,
            "Bytes of bodies, decoded.",
        ),
        ("listings_visited", counters.listings, "Listings visited."),
        ("pages_visited", counters.pages, "Article pages visited."),
        (
            "visits_failed",
            counters.failed,
            "Visits that gave nothing.",
        ),
        (
            "articles_new",
            counters.new,
            "Articles stored for the first time.",
        ),
        (
            "articles_revised",
            counters.revised,
            "Articles that got a revision.",
        ),
    ]
}

fn waiting(backlog: &Backlog) -> [Figure<i64>; 3] {
    [
        ("jobs_due", backlog.due, "Jobs due now, of all nodes."),
        ("jobs_later", backlog.later, "Jobs due later, of all nodes."),
        (
            "hosts_leased",
            backlog.leased_hosts,
            "Hosts that nodes hold now.",
        ),
    ]
}

fn put(page: &mut String, name: &str, kind: &str, (value, help): (u64, &str)) {
    // Writing into a string does not fail.
    let _written = write!(
        page,
        "# HELP sokbo_{name} {help}\n# TYPE sokbo_{name} {kind}\nsokbo_{name} {value}\n"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_has_help_type_and_value_of_each_figure() {
        let counters = Counters {
            requests: 12,
            new: 3,
            ..Counters::default()
        };
        let backlog = Backlog {
            due: 7,
            leased_hosts: 2,
            later: 1,
            next_due_in: None,
        };
        let page = page(&counters, (true, true), Some(&backlog));
        for line in [
            "# TYPE sokbo_requests_total counter",
            "sokbo_requests_total 12",
            "sokbo_articles_new_total 3",
            "# HELP sokbo_jobs_due Jobs due now, of all nodes.",
            "sokbo_jobs_due 7",
            "sokbo_hosts_leased 2",
            "sokbo_database_up 1",
            "sokbo_ready 1",
        ] {
            assert!(page.lines().any(|l| l == line), "{line} is not in\n{page}");
        }
        assert!(page.ends_with('\n'));
    }

    #[test]
    fn database_that_is_away_leaves_out_what_only_it_knows() {
        let page = page(&Counters::default(), (false, false), None);
        assert!(page.contains("\nsokbo_database_up 0\n"), "{page}");
        assert!(!page.contains("sokbo_jobs_due"), "{page}");
    }
}
