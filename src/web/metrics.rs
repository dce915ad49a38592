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
    let made = [
        (
            "requests",
            "Requests to sites, robots.txt and redirects included.",
            counters.requests,
        ),
        (
            "received_bytes",
            "Bytes of bodies, decoded.",
            counters.bytes,
        ),
        ("listings_visited", "Listings visited.", counters.listings),
        ("pages_visited", "Article pages visited.", counters.pages),
        (
            "visits_failed",
            "Visits that gave nothing.",
            counters.failed,
        ),
        (
            "articles_new",
            "Articles stored for the first time.",
            counters.new,
        ),
        (
            "articles_revised",
            "Articles that got a revision.",
            counters.revised,
        ),
    ];
    for (name, help, value) in made {
        put(
            &mut page,
            &format!("sokbo_{name}_total"),
            "counter",
            help,
            value,
        );
    }
    let flag = |is_so: bool| u64::from(is_so);
    let up = flag(is_up);
    put(
        &mut page,
        "sokbo_ready",
        "gauge",
        "1 while /readyz answers 200.",
        flag(is_ready),
    );
    put(
        &mut page,
        "sokbo_database_up",
        "gauge",
        "1 while the database answers.",
        up,
    );
    if let Some(backlog) = backlog {
        let of_all = [
            ("jobs_due", "Jobs due now, of all nodes.", backlog.due),
            ("jobs_later", "Jobs due later, of all nodes.", backlog.later),
            (
                "hosts_leased",
                "Hosts that nodes hold now.",
                backlog.leased_hosts,
            ),
        ];
        for (name, help, value) in of_all {
            let value = u64::try_from(value).unwrap_or_default();
            put(&mut page, &format!("sokbo_{name}"), "gauge", help, value);
        }
    }
    page
}

fn put(page: &mut String, name: &str, kind: &str, help: &str, value: u64) {
    // Writing into a string does not fail.
    let _written = write!(
        page,
        "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n"
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
