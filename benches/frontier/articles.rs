//! The load of settled articles, and made-up articles for it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sokbo::domain::{Article, HostKey, Job, Scope, SimHash};
use sokbo::store::{Store, StoredArticle};

use crate::clients::{LEASE, Node, dice, finished, give_back};
use crate::drive::Client;
use crate::world::World;

/// A node whose jobs are articles; only their settlement counts.
pub(crate) struct ArticleWriter {
    store: Store,
    batch: usize,
    /// Made before, so that making them takes no time from the server.
    texts: Vec<Article>,
    count: u64,
    idle: Duration,
}

impl ArticleWriter {
    pub(crate) async fn connect(world: &World, clients: u64, batch: usize) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for n in 0..clients {
            all.push(Self {
                store: world.store().await?,
                batch,
                texts: (0..500).map(|k| article(n * 500 + k)).collect(),
                count: n << 32,
                idle: Duration::ZERO,
            });
        }
        Ok(all)
    }

    fn stored(&mut self, job: &Job) -> StoredArticle {
        self.count += 1;
        let texts = self.texts.len().max(1);
        let text = usize::try_from(self.count).unwrap_or_default() % texts;
        let mut article = self.texts.get(text).cloned().unwrap_or_default();
        article.title.push_str(&self.count.to_string());
        StoredArticle {
            identity: job.url.clone(),
            host: HostKey::of(&job.url, Scope::Host),
            sim_hash: SimHash::from_bits(self.count),
            content_hash: article.content_hash(),
            article,
            word_count: 800,
            keep_body: true,
            is_alias: false,
            raw: None,
        }
    }
}

impl Client for ArticleWriter {
    async fn call(&mut self) -> Result<u64> {
        let start = Instant::now();
        let mut leases = Vec::new();
        let mut batch = Vec::new();
        while batch.len() < self.batch {
            let more = self.store.lease("writer", LEASE).await?;
            if more.is_empty() {
                break;
            }
            for mut settlement in more.iter().flat_map(finished) {
                settlement.article = Some(self.stored(&settlement.job));
                batch.push(settlement);
            }
            leases.extend(more);
        }
        self.idle += start.elapsed();
        for part in batch.chunks(self.batch) {
            self.store.settle(part).await.context("settling articles")?;
        }
        let start = Instant::now();
        give_back(&self.store, &leases).await?;
        self.idle += start.elapsed();
        Ok(u64::try_from(batch.len())?)
    }

    fn take_idle(&mut self) -> Duration {
        std::mem::take(&mut self.idle)
    }
}

impl Node for ArticleWriter {
    fn into_store(self) -> Store {
        self.store
    }
}

/// An article of 5 KB; each number gives another one.
pub(crate) fn article(n: u64) -> Article {
    let mut dice = dice(n.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let mut words = |count: u64| -> String {
        let words: Vec<String> = (0..count).map(|_| word(dice.roll(20_000))).collect();
        words.join(" ")
    };
    Article {
        title: words(9),
        body: (0..8).map(|_| words(90)).collect(),
        ..Article::default()
    }
}

fn word(number: u64) -> String {
    const SYLLABLES: [&str; 16] = [
        "ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu",
        "za",
    ];
    let mut rest = number + 16;
    let mut word = String::new();
    while rest > 0 {
        let syllable = usize::try_from(rest % 16)
            .ok()
            .and_then(|i| SYLLABLES.get(i));
        word.extend(syllable.copied());
        rest /= 16;
    }
    word
}
