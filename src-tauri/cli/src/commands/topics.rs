//! `rem topics`: what the moments are about, how topics go together, and correcting them.

use clap::{Args, Subcommand, ValueEnum};
use rem_core::{
    Journal,
    api::{
        Empty,
        topics::{
            HideTopic, ListTopics, MergeTopics, RenameTopic, ShowTopic, SplitTopic, TopicCard,
            TopicDetail, TopicOrder, hide_topic, list_communities, list_topics, merge_topics,
            rename_topic, show_topic, split_topic,
        },
    },
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result, invalid},
    page,
};

const EXAMPLES: &str = "\
Examples:
  rem topics                             what was met last
  rem topics list --order moments grant  the largest that have “grant” in their name or tags
  rem topics show harmonium              when it was met last, and how that ended
  rem topics merge squeezebox harmonium  one topic of two
  rem topics communities                 which topics belong together

A topic is named by its name, by any of its tags or by its number.";

/// What to do with topics; lists them if nothing is said.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Topics {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List topics.
    List(List),
    /// Show a topic: its moments, when it was met last and how that ended.
    Show {
        /// The topic.
        topic: String,
    },
    /// Give a topic another name.
    Rename {
        /// The topic.
        topic: String,
        /// The name; if absent, it is called by its tag again.
        name: Option<String>,
    },
    /// Make one topic of two.
    Merge {
        /// The topic that goes.
        topic: String,
        /// The topic that it goes into.
        into: String,
    },
    /// Make a tag of a topic a topic of its own.
    Split {
        /// The topic.
        topic: String,
        /// The tag.
        tag: String,
    },
    /// Put a topic out of sight.
    Hide {
        /// The topic.
        topic: String,
        /// Show it again.
        #[arg(long)]
        undo: bool,
    },
    /// List topics that belong together.
    Communities,
}

#[derive(Debug, Default, Args)]
struct List {
    /// Only those that have this in their name or in one of their tags.
    query: Option<String>,
    /// In which order.
    #[arg(long, value_name = "ORDER", default_value = "recent")]
    order: Order,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 40)]
    limit: u32,
    /// Only those of this community, by its number.
    #[arg(long, value_name = "ID")]
    community: Option<i64>,
    /// Hidden ones, too.
    #[arg(long)]
    with_hidden: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Order {
    #[default]
    Recent,
    Moments,
    Importance,
    Name,
}

impl From<Order> for TopicOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Recent => Self::Recent,
            Order::Moments => Self::Moments,
            Order::Importance => Self::Importance,
            Order::Name => Self::Name,
        }
    }
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Topics) -> Result<Exit> {
    let journal = desk.open()?;
    match args.action.as_ref() {
        None => list(desk, &journal, &List { limit: 40, ..List::default() }),
        Some(Action::List(args)) => list(desk, &journal, args),
        Some(Action::Show { topic }) => {
            let id = find(&journal, topic)?;
            let detail = show_topic(&journal, ShowTopic { id })?;
            if desk.is_json() {
                return desk.json(&detail);
            }
            let present = Present::of(&journal)?;
            page::topic::write(desk, &detail, present)?;
            Ok(Exit::Done)
        }
        Some(Action::Rename { topic, name }) => {
            let id = find(&journal, topic)?;
            let detail = rename_topic(&journal, RenameTopic { id, name: name.clone() })?;
            let said = format!("It is called “{}” now.", detail.topic.name);
            done(desk, &detail, &said)
        }
        Some(Action::Merge { topic, into }) => {
            let (id, into) = (find(&journal, topic)?, find(&journal, into)?);
            let detail = merge_topics(&journal, MergeTopics { id, into })?;
            let said = format!("It is one topic now: “{}”.", detail.topic.name);
            done(desk, &detail, &said)
        }
        Some(Action::Split { topic, tag }) => {
            let id = find(&journal, topic)?;
            let detail = split_topic(&journal, SplitTopic { id, tag: tag.clone() })?;
            let said = format!("“{}” is a topic of its own now.", detail.topic.name);
            done(desk, &detail, &said)
        }
        Some(Action::Hide { topic, undo }) => {
            let id = find(&journal, topic)?;
            let detail = hide_topic(&journal, HideTopic { id, hidden: !undo })?;
            let now = if *undo { "shown again" } else { "out of sight" };
            let said = format!("“{}” is {now}.", detail.topic.name);
            done(desk, &detail, &said)
        }
        Some(Action::Communities) => {
            let communities = list_communities(&journal, Empty {})?;
            if desk.is_json() {
                return desk.json(&communities);
            }
            page::topic::communities(desk, &communities)?;
            Ok(Exit::Done)
        }
    }
}

fn list(desk: &mut Desk<'_, '_>, journal: &Journal, args: &List) -> Result<Exit> {
    let request = ListTopics {
        query: args.query.clone().unwrap_or_default(),
        community_id: args.community,
        with_hidden: args.with_hidden,
        limit: args.limit,
        order: args.order.into(),
    };
    let topics = list_topics(journal, request)?;
    if desk.is_json() {
        return desk.json(&topics);
    }
    let present = Present::of(journal)?;
    page::topic::list(desk, &topics, present)?;
    Ok(Exit::Done)
}

fn done(desk: &mut Desk<'_, '_>, detail: &TopicDetail, said: &str) -> Result<Exit> {
    if desk.is_json() {
        return desk.json(detail);
    }
    if detail.is_waiting {
        desk.confirm("It is kept; a dream runs just now, and the next one does it.")?;
    } else {
        desk.confirm(said)?;
    }
    Ok(Exit::Done)
}

/// The topic that a word means: by number, by name, by tag, or the only one that has it in its name or tags.
fn find(journal: &Journal, word: &str) -> Result<i64> {
    let number = word.strip_prefix('#').unwrap_or(word);
    let query = ListTopics {
        query: word.to_owned(),
        with_hidden: true,
        limit: u32::MAX,
        ..ListTopics::default()
    };
    let found = list_topics(journal, query)?.topics;
    let by = |is: &dyn Fn(&TopicCard) -> bool| found.iter().find(|topic| is(topic));
    let small = word.trim().to_lowercase();
    if let Some(topic) =
        by(&|topic| topic.name.to_lowercase() == small).or_else(|| by(&|topic| topic.tag == small))
    {
        return Ok(topic.id);
    }
    if let Ok(id) = number.trim().parse::<i64>() {
        return Ok(id);
    }
    for topic in &found {
        let detail = show_topic(journal, ShowTopic { id: topic.id })?;
        let key = rem_core::text::tags::tag_key(word);
        if detail.tags.iter().any(|tag| tag.tag == key) {
            return Ok(topic.id);
        }
    }
    match &found[..] {
        [] => Err(invalid(format!("there is no topic “{word}”: `rem topics list` lists them"))),
        [only] => Ok(only.id),
        several => {
            let names: Vec<String> =
                several.iter().take(5).map(|topic| format!("“{}”", topic.name)).collect();
            Err(invalid(format!(
                "several topics have “{word}” in them: say which: {}",
                names.join(", ")
            )))
        }
    }
}
