//! The rules that keep the bulk tables fit for being spread over servers (`docs/DATA_MODEL.md`). What
//! the catalog knows is asked of a migrated database; the rest is read in the statements.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::support::database;

const BULK: &str = "articles|revisions|images|raw_pages|fetches|polls";

fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                files.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files
}

/// Every checked statement, and the sources of the store with those that are not checked; comments
/// of SQL are blanked.
fn statements() -> Vec<(PathBuf, String)> {
    let checked = files(".sqlx", ".json").into_iter().map(|(path, text)| {
        let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
        let query = whole.get("query").and_then(|query| query.as_str());
        (path, query.unwrap().to_owned())
    });
    let all: Vec<(PathBuf, String)> = checked
        .chain(files("src/store", ".rs"))
        .chain(files("src/store", ".sql"))
        .map(|(path, text)| (path, without_comments(&text)))
        .collect();
    assert!(all.len() > 60, "the test must read the real statements");
    all
}

fn without_comments(text: &str) -> String {
    let comment = Regex::new(r"(--|//).*").unwrap();
    comment.replace_all(text, "").into_owned()
}

/// The files in which a pattern occurs; `BULK` in it stands for the bulk tables.
fn found(texts: &[(PathBuf, String)], pattern: &str) -> Vec<String> {
    let pattern = Regex::new(&format!("(?is){}", pattern.replace("BULK", BULK))).unwrap();
    texts
        .iter()
        .filter_map(|(path, text)| {
            let part = pattern.find(text)?;
            Some(format!("{}: {}", path.display(), part.as_str()))
        })
        .collect()
}

fn refused(texts: &[(PathBuf, String)], pattern: &str) {
    let found = found(texts, pattern);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn unique_keys_of_bulk_tables_hold_fingerprint_and_the_column_of_their_partitions() {
    let database = database().await;
    let keys: Vec<(String, Vec<String>, String)> = sqlx::query_as(
        "SELECT i.indexrelid::regclass::text,
                array(SELECT attname::text FROM pg_attribute
                       WHERE attrelid = i.indrelid AND attnum = ANY (i.indkey::smallint[])),
                (SELECT attname::text FROM pg_attribute
                  WHERE attrelid = i.indrelid AND attnum = p.partattrs[0])
           FROM pg_index i JOIN pg_partitioned_table p ON p.partrelid = i.indrelid
          WHERE i.indisunique AND i.indrelid <> 'crawl.seen'::regclass",
    )
    .fetch_all(&database.pool)
    .await
    .unwrap();
    assert!(keys.len() >= 4, "{keys:?}");
    for (index, columns, partition) in keys {
        assert!(columns.contains(&"fingerprint".to_owned()), "{index}");
        assert!(columns.contains(&partition), "{index}");
    }
}

#[tokio::test]
async fn bulk_tables_have_no_foreign_keys_and_no_triggers_and_their_indexes_none_of_our_functions()
{
    let database = database().await;
    let bulk =
        "SELECT partrelid FROM pg_partitioned_table WHERE partrelid <> 'crawl.seen'::regclass";
    for odd in [
        "pg_constraint WHERE contype = 'f' AND (conrelid IN (BULK) OR confrelid IN (BULK))",
        "pg_trigger WHERE tgrelid IN (BULK)",
        "pg_depend d JOIN pg_proc f ON f.oid = d.refobjid AND d.refclassid = 'pg_proc'::regclass
           JOIN pg_index i ON i.indexrelid = d.objid AND d.classid = 'pg_class'::regclass
          WHERE i.indrelid IN (BULK) AND f.pronamespace IN ('crawl'::regnamespace, 'news'::regnamespace)",
    ] {
        let sql = format!("SELECT count(*) FROM {}", odd.replace("BULK", bulk));
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&database.pool)
            .await
            .unwrap();
        assert_eq!(count, 0, "{odd}");
    }
}

#[tokio::test]
async fn functions_of_news_with_parameters_are_plpgsql() {
    let database = database().await;
    let other = "SELECT count(*) FROM pg_proc f JOIN pg_language l ON l.oid = f.prolang
                  WHERE f.pronamespace = 'news'::regnamespace AND f.pronargs > 0
                    AND l.lanname <> 'plpgsql'";
    assert_eq!(database.count(other).await, 0);
}

#[tokio::test]
async fn views_join_bulk_tables_on_fingerprint_only() {
    let database = database().await;
    let views: Vec<(String, String)> =
        sqlx::query_as("SELECT viewname::text, definition FROM pg_views WHERE schemaname = 'news'")
            .fetch_all(&database.pool)
            .await
            .unwrap();
    assert!(views.len() >= 6);
    let table = Regex::new(&format!(r"crawl\.({BULK})\b")).unwrap();
    let story = Regex::new(r"story_id = \w+\.story_id").unwrap();
    for (name, text) in views {
        let bulk = table.find_iter(&text).count();
        let joined = text.matches("fingerprint = ").count();
        assert!(bulk <= joined + 1, "{name}: {text}");
        assert!(!story.is_match(&text), "{name}");
    }
}

#[test]
fn nothing_that_changes_between_servers_stands_in_do_update_of_a_bulk_table() {
    refused(
        &statements(),
        r"INSERT INTO crawl\.(BULK)\b[^;]*?DO UPDATE((?:[^R]|R[^E]|RE[^T])*?)\b(now\(|clock_timestamp|current_timestamp|random\(|nextval|gen_random_uuid)",
    );
}

#[test]
fn rows_of_bulk_tables_are_deleted_without_using() {
    refused(
        &statements(),
        r#"DELETE FROM crawl\.(BULK)\b[^;"]*?\bUSING\b"#,
    );
}

#[test]
fn rows_of_bulk_tables_are_not_locked_and_newest_first_sorts_by_an_expression() {
    let statements = statements();
    refused(
        &statements,
        r#"FROM crawl\.(BULK)\b[^;"]*?FOR (NO KEY )?UPDATE"#,
    );
    refused(
        &statements,
        r#"FROM crawl\.(BULK)\b[^;"]*?ORDER BY (\w+\.)?(published_at|first_seen_at) DESC[^;"]*?LIMIT"#,
    );
    refused(
        &statements,
        r#"AS MATERIALIZED \([^)]*FROM crawl\.(BULK)\b[^)]*\)"#,
    );
}

#[test]
fn columns_come_to_bulk_tables_without_constraints_and_constraints_with_a_name() {
    let migrations: Vec<(PathBuf, String)> = files("migrations", ".sql")
        .into_iter()
        .map(|(path, text)| (path, without_comments(&text)))
        .collect();
    assert!(migrations.len() >= 5);
    refused(
        &migrations,
        r"ALTER TABLE crawl\.(BULK)\b[^;]*ADD COLUMN[^;]*\b(CHECK|REFERENCES|UNIQUE|PRIMARY)\b",
    );
    refused(
        &migrations,
        r"ALTER TABLE crawl\.(BULK)\b[^;]*ADD (CHECK|UNIQUE|PRIMARY|FOREIGN)\b",
    );
    refused(&migrations, r"CREATE TRIGGER[^;]*\bON crawl\.(BULK)\b");
}

#[test]
fn each_rule_is_seen_where_it_is_broken() {
    let broken = |sql: &str| vec![(PathBuf::from("x"), sql.to_owned())];
    let is_found = |sql: &str, pattern: &str| assert!(!found(&broken(sql), pattern).is_empty());
    is_found(
        "DELETE FROM crawl.images i USING unnest($1) t WHERE i.id = t.id",
        r#"DELETE FROM crawl\.(BULK)\b[^;"]*?\bUSING\b"#,
    );
    is_found(
        "INSERT INTO crawl.articles (a) SELECT 1 ON CONFLICT (a) DO UPDATE SET checked_at = now()",
        r"INSERT INTO crawl\.(BULK)\b[^;]*?DO UPDATE((?:[^R]|R[^E]|RE[^T])*?)\b(now\()",
    );
}
