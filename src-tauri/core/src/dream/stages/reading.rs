//! What the stages that understand read with: the built-in analyser, and a model if there is one.

use std::path::Path;

use crate::{
    Result,
    mind::{
        builtin::Builtin,
        caller::Caller,
        prompt::{Prompt, PromptFiles, prompt_files},
    },
};

const MOMENTS: PromptFiles = prompt_files!("moments", 2, "moments/prompt");
const MERGE: PromptFiles = prompt_files!("moments-merge", 1, "moments/merge");
const STORY: PromptFiles = prompt_files!("story", 1, "story/prompt");
const PERIOD: PromptFiles = prompt_files!("periods", 1, "periods/prompt");
const PROFILE: PromptFiles = prompt_files!("profile", 1, "profile/prompt");
const SUMMARY: PromptFiles = prompt_files!("summarize", 1, "summarize/prompt");
const TOPICS: PromptFiles = prompt_files!("topics", 1, "topics/prompt");
const REFLECT: PromptFiles = prompt_files!("reflect", 1, "reflect/prompt");
const PREDICT: PromptFiles = prompt_files!("predict", 1, "predict/prompt");
const SUMMARY_MERGE: PromptFiles = prompt_files!("summarize-merge", 1, "summarize/merge");
const CONSOLIDATE_MERGE: PromptFiles = prompt_files!("consolidate-merge", 1, "consolidate/merge");
const CONSOLIDATE_JUDGE: PromptFiles = prompt_files!("consolidate-judge", 1, "consolidate/judge");

/// The prompts of all stages.
#[derive(Debug, Clone)]
pub(in crate::dream) struct Prompts {
    /// Describes an episode, or a part of a long one.
    pub(super) moments: Prompt,
    /// Tells a long episode from what was noted of its parts.
    pub(super) merge: Prompt,
    /// Tells a day from its moments.
    pub(super) story: Prompt,
    /// Tells a week, a month or a year from what was told of its days, weeks or months.
    pub(super) period: Prompt,
    /// Says who the person is lately.
    pub(super) profile: Prompt,
    /// Tells a conversation, or a part of a long one.
    pub(super) summary: Prompt,
    /// Tells a long conversation from what was told of its parts.
    pub(super) summary_merge: Prompt,
    /// Names a community of topics.
    pub(super) topics: Prompt,
    /// Reflects on what mattered lately.
    pub(super) reflect: Prompt,
    /// Says what is likely to come.
    pub(super) predict: Prompt,
    /// Tells texts that say the same once.
    pub(super) consolidate_merge: Prompt,
    /// Judges statements that seem to contradict each other.
    pub(super) consolidate_judge: Prompt,
}

impl Prompts {
    /// The built-in prompts alone.
    ///
    /// # Errors
    /// None; they are tested.
    pub(in crate::dream) fn built_in() -> Result<Self> {
        Ok(Self {
            moments: Prompt::built_in(&MOMENTS)?,
            merge: Prompt::built_in(&MERGE)?,
            story: Prompt::built_in(&STORY)?,
            period: Prompt::built_in(&PERIOD)?,
            profile: Prompt::built_in(&PROFILE)?,
            summary: Prompt::built_in(&SUMMARY)?,
            summary_merge: Prompt::built_in(&SUMMARY_MERGE)?,
            topics: Prompt::built_in(&TOPICS)?,
            reflect: Prompt::built_in(&REFLECT)?,
            predict: Prompt::built_in(&PREDICT)?,
            consolidate_merge: Prompt::built_in(&CONSOLIDATE_MERGE)?,
            consolidate_judge: Prompt::built_in(&CONSOLIDATE_JUDGE)?,
        })
    }

    /// The built-in prompts, or what the person put below the data folder instead.
    ///
    /// # Errors
    /// A file of the person's cannot be used; the text says which.
    pub(in crate::dream) fn load(data_dir: &Path) -> Result<Self> {
        Ok(Self {
            moments: Prompt::load(&MOMENTS, data_dir)?,
            merge: Prompt::load(&MERGE, data_dir)?,
            story: Prompt::load(&STORY, data_dir)?,
            period: Prompt::load(&PERIOD, data_dir)?,
            profile: Prompt::load(&PROFILE, data_dir)?,
            summary: Prompt::load(&SUMMARY, data_dir)?,
            summary_merge: Prompt::load(&SUMMARY_MERGE, data_dir)?,
            topics: Prompt::load(&TOPICS, data_dir)?,
            reflect: Prompt::load(&REFLECT, data_dir)?,
            predict: Prompt::load(&PREDICT, data_dir)?,
            consolidate_merge: Prompt::load(&CONSOLIDATE_MERGE, data_dir)?,
            consolidate_judge: Prompt::load(&CONSOLIDATE_JUDGE, data_dir)?,
        })
    }
}

/// Who reads. Shared by all threads of a dream.
#[derive(Clone, Copy)]
pub(in crate::dream) struct Reading<'a> {
    /// Reads what no model reads, and helps to check what a model said.
    pub(in crate::dream) builtin: &'a Builtin,
    /// Asks a model; absent where none is wanted.
    pub(in crate::dream) caller: Option<&'a Caller<'a>>,
    /// What is asked.
    pub(in crate::dream) prompts: &'a Prompts,
}
