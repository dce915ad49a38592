//! What hubs push: for which feed, with which secret, and how often it was right.

use super::rows::plain;
use super::{Store, StoreError};
use crate::domain::{CanonicalUrl, SectionId, SourceId};

/// A feed that pushes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The feed.
    pub section: SectionId,
    /// Whose it is.
    pub source: SourceId,
    /// Where it is.
    pub url: CanonicalUrl,
    /// What pushes are signed with.
    pub secret: String,
}

impl Store {
    /// The feed that is pushed to this token, if its hub was believed.
    ///
    /// # Errors
    /// When the database fails, or holds a feed that is none.
    pub async fn subscription(&self, token: &str) -> Result<Option<Subscription>, StoreError> {
        let row = sqlx::query!(
            r#"
            SELECT u.section_id, u.secret, c.source_id, c.url
              FROM crawl.subscriptions u JOIN crawl.sections c ON c.id = u.section_id
             WHERE u.token = $1 AND u.state = 'active'
            "#,
            token,
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(StoreError::during("look up a subscription"))?;
        row.map(|row| {
            Ok(Subscription {
                section: SectionId(row.section_id),
                source: SourceId(row.source_id),
                url: CanonicalUrl::stored(&row.url).map_err(|_malformed| StoreError::BadRow {
                    table: "sections",
                    column: "url",
                    id: row.section_id.to_string(),
                })?,
                secret: row.secret,
            })
        })
        .transpose()
    }

    /// Counts a push, or why it was ignored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_push(
        &self,
        section: SectionId,
        refusal: Option<&str>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            UPDATE crawl.subscriptions
               SET pushes = pushes + ($2::text IS NULL)::integer,
                   pushed_at = CASE WHEN $2::text IS NULL THEN now() ELSE pushed_at END,
                   refusals = refusals + ($2::text IS NOT NULL)::integer,
                   last_refusal = coalesce($2, last_refusal)
             WHERE section_id = $1
            "#,
            section.0,
            refusal.map(plain),
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("count a push"))?;
        Ok(())
    }
}
