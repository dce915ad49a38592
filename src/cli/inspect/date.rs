//! `sokbo inspect date`: what the date reader makes of texts.

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args as ClapArgs;
use serde::Serialize;

use crate::cli::Failure;
use crate::domain::{Clock, Precision, Stamp, SystemClock};
use crate::markup::date::{self, Context, Scope};

/// Arguments of `sokbo inspect date`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// Texts with a date; without any, or with -, one a line from standard input
    #[arg(value_name = "TEXT")]
    texts: Vec<String>,
    /// The zone of times that state none, such as Asia/Seoul
    #[arg(long, value_name = "ZONE")]
    timezone: Option<Tz>,
    /// The present, which "3 hours ago" and a day without a year count from [default: the clock]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    now: Option<String>,
}

/// One text and what was read.
#[derive(Debug, Serialize)]
struct Line {
    input: String,
    value: Option<String>,
    precision: Option<&'static str>,
    rule: Option<&'static str>,
}

pub(super) fn execute(args: &Args) -> Result<(), Failure> {
    let context = Context {
        now: present(args)?,
        zone: args.timezone,
        order: None,
        scope: Scope::Alone,
    };
    super::print_each(&args.texts, |text| line(text, &context))
}

fn line(text: &str, context: &Context) -> Line {
    let reading = date::read(text, context);
    Line {
        input: text.to_owned(),
        value: reading.as_ref().map(|reading| reading.stamp.to_text()),
        precision: reading
            .as_ref()
            .map(|r| Precision::as_str(r.stamp.precision)),
        rule: reading.as_ref().map(|reading| reading.rule),
    }
}

/// The instant of `--now`, in the zone of `--timezone` or UTC where it states no offset.
fn present(args: &Args) -> Result<DateTime<Utc>, Failure> {
    let Some(text) = &args.now else {
        return Ok(SystemClock.now());
    };
    let context = Context {
        now: DateTime::<Utc>::MAX_UTC,
        zone: Some(args.timezone.unwrap_or(Tz::UTC)),
        order: None,
        scope: Scope::Alone,
    };
    let reading = date::read(text, &context).filter(|reading| !reading.is_relative());
    let stamp: Option<Stamp> = reading.map(|reading| reading.stamp);
    stamp
        .and_then(|stamp| stamp.or_in(context.zone).instant())
        .with_context(|| format!("--now {text}: not a time; write it as 2024-03-05T09:20:00+09:00"))
        .map_err(|error| Failure::wrong(anyhow!(error)))
}
