//! What the outlet calls itself, so that it is not taken for an author.

use super::Sources;
use super::people::Byline;
use crate::extract::text::folded;
use crate::markup::json_ld::{self, Node};

/// Shorter addresses may begin a person's name by chance.
const MIN_DOMAIN: usize = 8;

/// The names of the outlet, which never is an author.
pub(super) struct Outlet {
    names: Vec<String>,
    /// The same as written.
    written: Vec<String>,
    /// Names that structured data gives to an organisation.
    companies: Vec<String>,
    /// Whoever keeps a site of their own: the site's name is a person's.
    owners: Vec<String>,
    domain: Option<String>,
}

impl Outlet {
    /// What a page calls the outlet.
    pub(super) fn of(page: &Sources<'_>, headline: &str) -> Self {
        let published = || {
            page.nodes
                .iter()
                .flat_map(|n| json_ld::objects(n, "publisher"))
        };
        let is_owner = |node: &&Node| json_ld::is_a(node, "Person");
        // Some publishing systems type the owner of a site as both.
        let both = page
            .nodes
            .iter()
            .filter(|node| json_ld::is_a(node, "Organization"));
        let owners = both.clone().chain(published()).filter(is_owner);
        let companies = both.chain(published()).filter(|node| !is_owner(node));
        let names = |nodes: &mut dyn Iterator<Item = &Node>| -> Vec<String> {
            let texts = nodes.filter_map(|node| json_ld::text(node, "name"));
            texts.map(|name| folded(&name)).collect()
        };
        let host = page.url.and_then(|url| url.host_str());
        let domain = host.map(crate::domain::registrable_domain);
        let mut written = page.site_names();
        written.extend(behind(page.head.title.as_deref(), headline));
        Self {
            names: written.iter().map(|name| folded(name)).collect(),
            written,
            companies: names(&mut companies.into_iter()),
            owners: names(&mut owners.into_iter()),
            domain: domain.and_then(|d| d.split('.').next()).map(folded),
        }
    }

    /// A site that is called like the person who signs on it is that person's, where no structured
    /// data calls it an organisation.
    pub(super) fn learn_owner(&mut self, head: &Byline) {
        let [name] = head.people.as_slice() else {
            return;
        };
        let own = folded(name);
        if name.contains(' ') && !self.companies.contains(&own) {
            self.owners.push(own);
        }
    }

    fn is_named(&self, name: &str) -> bool {
        let own = folded(name);
        if self.owners.contains(&own) {
            return false;
        }
        let is_single = !name.contains(' ') && self.domain.as_ref() == Some(&own);
        self.names.contains(&own) || is_single
    }

    /// Whether a whole byline is the outlet's name, of which a part may read like a person's.
    pub(super) fn is_called(&self, byline: &str) -> bool {
        let own = folded(byline);
        !own.is_empty() && !self.owners.contains(&own) && self.names.contains(&own)
    }

    /// Whether a name is the site's address with a department behind it (`Harbour Lines Marketing`
    /// on `harbourlines.example`).
    fn is_department(&self, name: &str) -> bool {
        let own = folded(name);
        let department = self
            .domain
            .as_deref()
            .and_then(|domain| own.strip_prefix(domain));
        let is_long = |domain: &String| domain.chars().count() >= MIN_DOMAIN;
        department.is_some_and(|rest| !rest.is_empty()) && self.domain.as_ref().is_some_and(is_long)
    }

    /// Whether a name is the outlet's initials with a region behind them.
    fn is_regional(&self, name: &str) -> bool {
        let Some((first, _)) = name.split_once(' ') else {
            return false;
        };
        let is_initials =
            (2..=5).contains(&first.chars().count()) && first.chars().all(char::is_uppercase);
        is_initials && self.domain == Some(folded(first))
    }

    /// Whether the site's address is short for a name (`dw` for one of two words).
    fn is_short_for(&self, name: &str) -> bool {
        let initials: String = name
            .split_whitespace()
            .filter_map(|w| w.chars().next())
            .collect();
        initials.chars().count() >= 2 && self.domain == Some(folded(&initials))
    }

    /// Whether a name in the place of a person's is the outlet's. Beside people even the site's address
    /// in words is; alone it may be that of its owner.
    fn is_own(&self, name: &str, is_joint: bool) -> bool {
        self.is_named(name)
            || self.is_short_for(name)
            || self.is_regional(name)
            || self.is_department(name)
            || (is_joint && self.domain == Some(folded(name)))
    }

    /// Takes the outlet out of a byline.
    pub(super) fn leave_out(&self, byline: &mut Byline) {
        let people = std::mem::take(&mut byline.people);
        let is_joint = people.len() > 1;
        let people = people.into_iter().map(|name| self.cut(name));
        byline.people = people.filter(|name| !self.is_own(name, is_joint)).collect();
        byline.people.dedup();
        byline.desk = byline.desk.take().filter(|name| !self.is_named(name));
        byline.handle = byline.handle.take().filter(|name| !self.is_named(name));
    }

    /// A name without the outlet's behind it: `Clara Birch The Sandeul Ledger`.
    fn cut(&self, name: String) -> String {
        for site in &self.written {
            if let Some(rest) = name.strip_suffix(site.as_str()) {
                let rest = rest.trim_end_matches([' ', '-', '–', ',', '|']);
                if rest.contains(' ') {
                    return rest.to_owned();
                }
            }
        }
        name
    }
}

/// What stands behind the headline in the page's `title`; shorter ones may be a person's name.
fn behind(title: Option<&str>, headline: &str) -> Option<String> {
    let (front, last) = [" - ", " | ", " :: "]
        .iter()
        .find_map(|separator| title?.rsplit_once(separator))?;
    let is_name = folded(front) == folded(headline) && last.chars().count() >= 4;
    is_name.then(|| last.trim().to_owned())
}
