//! What gathering makes: topics, how they are related, and their communities, all by places in lists.

/// A topic as it should be.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Topic {
    /// Places of its tags, ascending.
    pub(crate) tags: Vec<usize>,
    /// Places of its moments, in the order of time.
    pub(crate) moments: Vec<usize>,
    /// The tag into which the person merged others.
    pub(crate) hub: Option<usize>,
    /// Whether the person made a topic of its tags.
    pub(crate) is_apart: bool,
    /// Whether the person hid it: it is related to nothing.
    pub(crate) is_hidden: bool,
    /// What the person calls it.
    pub(crate) given_name: Option<String>,
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    pub(crate) last_moment_id: i64,
    /// 0 to 1.
    pub(crate) importance: f64,
    /// Mean valence and arousal.
    pub(crate) mood: Option<(f64, f64)>,
    /// How many it is related to.
    pub(crate) degree: u32,
    /// The sum of the weights of its relations.
    pub(crate) weight: f64,
    /// The topic that it is a part of.
    pub(crate) broader: Option<usize>,
}

/// Two topics that share moments; `a` comes before `b`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Relation {
    pub(crate) a: usize,
    pub(crate) b: usize,
    /// Moments that have both.
    pub(crate) n: u32,
    /// 0 to 1.
    pub(crate) weight: f64,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Ontology {
    /// In the order of their first tags.
    pub(crate) topics: Vec<Topic>,
    pub(crate) relations: Vec<Relation>,
    /// Communities of topics.
    pub(crate) fine: Vec<Vec<usize>>,
    /// Communities of these communities.
    pub(crate) broad: Vec<Vec<usize>>,
}
