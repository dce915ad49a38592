//! Tables read key by key: everything wrong is collected with its place, nothing stops the reading.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::document::Document;
use super::environment::Override;
use super::findings::{Findings, Unknown, joined};
use super::problem::{Place, Problem};
use super::value::wrong_type;

/// What a value was read from.
#[derive(Debug, Clone, Copy)]
enum Origin<'d> {
    Document(&'d Document),
    Variable(&'d str),
}

/// A value that was given, not yet judged.
#[derive(Debug)]
pub(super) struct Entry<'d> {
    /// The value; of an environment variable, what its text looks like.
    pub(super) value: &'d DeValue<'d>,
    /// The text of an environment variable as it is.
    pub(super) verbatim: Option<&'d str>,
    key: String,
    origin: Origin<'d>,
    offset: usize,
}

impl<'d> Entry<'d> {
    /// Whether an environment variable gave it.
    pub(super) fn is_variable(&self) -> bool {
        matches!(self.origin, Origin::Variable(_))
    }

    fn place(&self) -> Place {
        match self.origin {
            Origin::Document(document) => document.place(self.offset),
            Origin::Variable(name) => Place::Variable(name.to_owned()),
        }
    }

    fn problem(&self, message: String) -> Problem {
        Problem {
            place: self.place(),
            key: self.key.clone(),
            message,
        }
    }

    fn element(&self, key: String, value: &'d DeValue<'d>, offset: usize) -> Self {
        Entry {
            value,
            verbatim: None,
            key,
            origin: self.origin,
            offset,
        }
    }

    /// The elements of a list; a variable's text may separate them by commas.
    fn elements(&self) -> Result<Vec<Self>, String> {
        if let Some(array) = self.value.as_array() {
            return Ok(array
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    let key = format!("{}[{index}]", self.key);
                    self.element(key, item.get_ref(), item.span().start)
                })
                .collect());
        }
        let Some(text) = self.verbatim else {
            return Err(wrong_type(self, "a list: [\"…\", \"…\"]"));
        };
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        Ok(parts
            .map(|part| Entry {
                verbatim: Some(part),
                ..self.element(self.key.clone(), self.value, self.offset)
            })
            .collect())
    }
}

/// A table of which keys are asked one by one; [`Table::finish`] then refuses all others.
pub(super) struct Table<'d, 'f> {
    document: &'d Document,
    given: Option<&'d DeTable<'d>>,
    overrides: Option<&'d BTreeMap<String, Override<'d>>>,
    name: String,
    asked: Vec<&'static str>,
    /// Where all that is found goes.
    pub(super) findings: &'f mut Findings,
}

impl<'d, 'f> Table<'d, 'f> {
    /// The top of a file.
    pub(super) fn top(
        document: &'d Document,
        given: &'d DeTable<'d>,
        findings: &'f mut Findings,
    ) -> Self {
        Self {
            document,
            given: Some(given),
            overrides: None,
            name: String::new(),
            asked: Vec::new(),
            findings,
        }
    }

    /// What was given for a key: by an environment variable, else by the file.
    pub(super) fn entry(&mut self, key: &'static str) -> Option<Entry<'d>> {
        let full = joined(&self.name, key);
        self.asked.push(key);
        self.findings.known.insert(full.clone());
        let entry = self.overridden(key, &full).or_else(|| {
            let value = self.given?.get(key)?;
            Some(Entry {
                value: value.get_ref(),
                verbatim: None,
                key: full.clone(),
                origin: Origin::Document(self.document),
                offset: value.span().start,
            })
        })?;
        self.findings.places.insert(full, entry.place());
        Some(entry)
    }

    fn overridden(&self, key: &str, full: &str) -> Option<Entry<'d>> {
        let given = self.overrides?.get(key)?;
        Some(Entry {
            value: &given.value,
            verbatim: Some(given.text),
            key: full.to_owned(),
            origin: Origin::Variable(given.variable),
            offset: 0,
        })
    }

    /// A value by its conversion, or none when it is absent or wrong.
    pub(super) fn read<T>(
        &mut self,
        key: &'static str,
        convert: impl FnOnce(&Entry<'d>) -> Result<T, String>,
    ) -> Option<T> {
        let entry = self.entry(key)?;
        self.accept(&entry, convert(&entry))
    }

    /// A value that this version takes and doesn't use: a remark when it is none of `idle`, which
    /// ask for nothing more than what happens anyway.
    pub(super) fn read_idle<T: PartialEq>(
        &mut self,
        key: &'static str,
        idle: &[T],
        convert: impl FnOnce(&Entry<'d>) -> Result<T, String>,
    ) -> Option<T> {
        let entry = self.entry(key)?;
        let value = self.accept(&entry, convert(&entry))?;
        if !idle.contains(&value) {
            self.warn_idle(&entry);
        }
        Some(value)
    }

    fn warn_idle(&mut self, entry: &Entry<'_>) {
        let (place, key) = (entry.place(), &entry.key);
        self.findings.warnings.push(format!(
            "{place}: {key} is accepted but has no effect in this version"
        ));
    }

    /// Whether a key was given, rightly or wrongly.
    pub(super) fn has(&self, key: &str) -> bool {
        self.findings.places.contains_key(&joined(&self.name, key))
    }

    /// A list, each element by the conversion; wrong elements are left out.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        convert: impl Fn(&Entry<'d>) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let list = self.entry(key)?;
        let elements = self.accept(&list, list.elements())?;
        let mut values = Vec::with_capacity(elements.len());
        for entry in elements {
            self.findings
                .places
                .insert(entry.key.clone(), entry.place());
            values.extend(self.accept(&entry, convert(&entry)));
        }
        Some(values)
    }

    /// One value, or a list of them, each by the conversion; wrong ones are left out.
    pub(super) fn one_or_list<T>(
        &mut self,
        key: &'static str,
        convert: impl Fn(&Entry<'d>) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let given = self.given.and_then(|table| table.get(key));
        if given.is_some_and(|value| value.get_ref().is_array()) {
            return self.list(key, convert);
        }
        self.read(key, convert).map(|value| vec![value])
    }

    /// A table with free keys, each pair by the conversion; wrong pairs are left out.
    pub(super) fn pairs<T>(
        &mut self,
        key: &'static str,
        convert: impl Fn(&str, &Entry<'d>) -> Result<(String, T), String>,
    ) -> Option<BTreeMap<String, T>> {
        let outer = self.entry(key)?;
        let wanted = "a table: { \"name\" = \"value\" }";
        let table = outer
            .value
            .as_table()
            .ok_or_else(|| wrong_type(&outer, wanted));
        let table = self.accept(&outer, table)?;
        let mut pairs = BTreeMap::new();
        for (name, value) in table {
            let full = joined(&outer.key, name.get_ref());
            let entry = outer.element(full, value.get_ref(), value.span().start);
            pairs.extend(self.accept(&entry, convert(name.get_ref(), &entry)));
        }
        Some(pairs)
    }

    /// A table below this one; an absent one is read as empty.
    pub(super) fn table(&mut self, key: &'static str) -> Table<'d, '_> {
        let entry = self.entry(key);
        let given = entry.and_then(|entry| {
            let table = entry.value.as_table();
            self.accept(&entry, table.ok_or_else(|| wrong_type(&entry, "a table")))
        });
        Table {
            document: self.document,
            given,
            overrides: None,
            name: joined(&self.name, key),
            asked: Vec::new(),
            findings: &mut *self.findings,
        }
    }

    /// The tables of an array of tables (`[[key]]`), each by the conversion.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        convert: impl Fn(Table<'d, '_>) -> T,
    ) -> Vec<T> {
        let Some(list) = self.entry(key) else {
            return Vec::new();
        };
        let wanted = format!("[[{key}]] above its keys");
        let array = list
            .value
            .as_array()
            .ok_or_else(|| wrong_type(&list, &wanted));
        let mut values = Vec::new();
        for (index, item) in self.accept(&list, array).into_iter().flatten().enumerate() {
            let name = format!("{}[{index}]", list.key);
            let entry = list.element(name.clone(), item.get_ref(), item.span().start);
            self.findings.places.insert(name.clone(), entry.place());
            let table = entry
                .value
                .as_table()
                .ok_or_else(|| wrong_type(&entry, &wanted));
            let Some(given) = self.accept(&entry, table) else {
                continue;
            };
            values.push(convert(Table {
                document: self.document,
                given: Some(given),
                overrides: None,
                name,
                asked: Vec::new(),
                findings: &mut *self.findings,
            }));
        }
        values
    }

    /// The same table with a layer of environment variables over the file.
    pub(super) fn under(mut self, overrides: Option<&'d BTreeMap<String, Override<'d>>>) -> Self {
        self.overrides = overrides;
        self
    }

    /// Adds a problem of one of this table's keys, or of the table as a whole for an empty key.
    pub(super) fn problem(&mut self, key: &str, message: impl Into<String>) {
        let full = if key.is_empty() {
            self.name.clone()
        } else {
            joined(&self.name, key)
        };
        self.findings
            .problem_at(&full, self.document, message.into());
    }

    /// Adds a problem of a key that is not there, at the file's first line.
    pub(super) fn missing(&mut self, key: &str, message: &str) {
        self.findings.problems.push(Problem {
            place: self.document.place(0),
            key: joined(&self.name, key),
            message: message.to_owned(),
        });
    }

    /// The value, or none with its problem noted.
    pub(super) fn accept<T>(&mut self, entry: &Entry<'_>, result: Result<T, String>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(message) => {
                self.findings.problems.push(entry.problem(message));
                None
            }
        }
    }

    /// Refuses every key that was not asked for.
    pub(super) fn finish(self) {
        let in_file = self.given.into_iter().flatten().map(|(key, _)| {
            let place = self.document.place(key.span().start);
            (key.get_ref().to_string(), place)
        });
        let in_environment = self
            .overrides
            .into_iter()
            .flatten()
            .map(|(key, given)| (key.clone(), Place::Variable(given.variable.to_owned())));
        let strange = in_file
            .chain(in_environment)
            .filter(|(key, _)| !self.asked.contains(&key.as_str()));
        self.findings
            .unknown
            .extend(strange.map(|(key, place)| Unknown {
                place,
                table: self.name.clone(),
                key,
                allowed: self.asked.clone(),
            }));
    }
}
