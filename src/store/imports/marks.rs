//! How far files were read.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::store::rows::plain;
use crate::store::{Store, StoreError};

/// A file that is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedFile {
    /// Its name, without its folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The id of its first record.
    pub first_record: String,
    /// The name of the source that all pages are given to; `None`: by their hosts.
    pub source: Option<String>,
}

/// How far a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportMark {
    /// Where the next record begins.
    pub file_offset: u64,
    /// How far behind that, unpacked.
    pub unpacked: u64,
}

impl Store {
    /// How far an earlier import of this file came that did not end; `None` where it begins anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import_mark(&self, file: &ImportedFile) -> Result<Option<ImportMark>, StoreError> {
        let found = sqlx::query!(
            r#"
            SELECT file_offset, unpacked FROM crawl.imports
             WHERE name = $1 AND bytes = $2 AND first_record = $3 AND source = $4
               AND finished_at IS NULL
            "#,
            plain(&file.name),
            number(file.bytes),
            plain(&file.first_record),
            file.source.as_deref().unwrap_or_default(),
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(StoreError::during("look up an import"))?;
        let bytes = |number: i64| u64::try_from(number).unwrap_or_default();
        Ok(found.map(|row| ImportMark {
            file_offset: bytes(row.file_offset),
            unpacked: bytes(row.unpacked),
        }))
    }

    /// Says that the import of a file has ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_import(
        &self,
        file: &ImportedFile,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            UPDATE crawl.imports SET finished_at = $5
             WHERE name = $1 AND bytes = $2 AND first_record = $3 AND source = $4
            "#,
            plain(&file.name),
            number(file.bytes),
            plain(&file.first_record),
            file.source.as_deref().unwrap_or_default(),
            now,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("end an import"))?;
        Ok(())
    }
}

pub(super) async fn keep_mark(
    connection: &mut PgConnection,
    file: &ImportedFile,
    mark: ImportMark,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"
        INSERT INTO crawl.imports (name, bytes, first_record, source, file_offset, unpacked,
                                   started_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (name, bytes, first_record, source) DO UPDATE
           SET file_offset = excluded.file_offset, unpacked = excluded.unpacked,
               finished_at = NULL
        "#,
        plain(&file.name),
        number(file.bytes),
        plain(&file.first_record),
        file.source.as_deref().unwrap_or_default(),
        number(mark.file_offset),
        number(mark.unpacked),
        now,
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("note how far an import came"))?;
    Ok(())
}

fn number(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
