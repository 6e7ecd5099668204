//! Prompts: versioned files beside the stage that asks, which a person may replace in the data folder.

use std::{fmt::Write as _, fs, path::Path};

use serde::Deserialize;

use super::model::{Message, Role};
use crate::{Error, Result, error::Attempt};

/// A prompt as it is built into the program.
#[derive(Debug, Clone, Copy)]
pub struct PromptFiles {
    /// Its name, for example "moments"; also its folder below `prompts` in the data folder.
    pub name: &'static str,
    /// Counted up with every change that may change a reply.
    pub version: u32,
    /// Role, rules, and what each field means. The same bytes in every call, so that the server's prompt
    /// cache is used.
    pub system: &'static str,
    /// What is asked of one thing, with `{{places}}` to be filled.
    pub task: &'static str,
    /// `[{"user": …, "assistant": …}, …]`: worked examples.
    pub examples: &'static str,
}

/// The files `system.md`, `task.md` and `examples.json` of a folder beside the stage.
macro_rules! prompt_files {
    ($name:literal, $version:literal, $folder:literal) => {
        $crate::mind::prompt::PromptFiles {
            name: $name,
            version: $version,
            system: include_str!(concat!($folder, "/system.md")),
            task: include_str!(concat!($folder, "/task.md")),
            examples: include_str!(concat!($folder, "/examples.json")),
        }
    };
}

pub(crate) use prompt_files;

/// A prompt ready to be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Its name.
    pub name: String,
    /// "moments-1", or "moments-1+own" where the person replaced a part of it.
    pub version: String,
    system: String,
    task: String,
    examples: Vec<Example>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Example {
    user: String,
    assistant: serde_json::Value,
}

impl Prompt {
    /// The built-in prompt, with the files that the person put into `prompts/<name>/` instead.
    ///
    /// # Errors
    /// A file of the person's cannot be read or is no list of examples; the text says which.
    pub fn load(files: &PromptFiles, data_dir: &Path) -> Result<Self> {
        let folder = data_dir.join("prompts").join(files.name);
        let own = |name: &str| -> Result<Option<String>> {
            let path = folder.join(name);
            if !path.is_file() {
                return Ok(None);
            }
            let text = fs::read_to_string(&path);
            text.attempt(|| format!("reading the prompt {}", path.display())).map(Some)
        };
        let parts = [own("system.md")?, own("task.md")?, own("examples.json")?];
        Self::of(files, parts, &folder.display().to_string())
    }

    /// The prompt as it is built into the program.
    ///
    /// # Errors
    /// Its examples are no list of examples.
    pub fn built_in(files: &PromptFiles) -> Result<Self> {
        Self::of(files, [None, None, None], "the program")
    }

    fn of(files: &PromptFiles, own: [Option<String>; 3], place: &str) -> Result<Self> {
        let suffix = if own.iter().any(Option::is_some) { "+own" } else { "" };
        let [system, task, examples] = own;
        let system = system.as_deref().unwrap_or(files.system);
        let task = task.as_deref().unwrap_or(files.task);
        let examples = examples.as_deref().unwrap_or(files.examples);
        let examples = serde_json::from_str(examples).map_err(|error| {
            Error::invalid(format!(
                "the examples of the prompt “{}” in {place} are no list of {{user, assistant}}: {error}",
                files.name
            ))
        })?;
        Ok(Self {
            name: files.name.to_owned(),
            version: format!("{}-{}{suffix}", files.name, files.version),
            system: system.trim().to_owned(),
            task: task.trim().to_owned(),
            examples,
        })
    }

    /// The messages of one call: rules, at most `n_examples` examples, and the task with its places
    /// filled. What is filled in is never looked through for places again.
    #[must_use]
    pub fn messages(&self, places: &[(&str, &str)], n_examples: usize) -> Vec<Message> {
        let mut messages = vec![Message::new(Role::System, self.system.clone())];
        for example in self.examples.iter().take(n_examples) {
            messages.push(Message::new(Role::User, example.user.clone()));
            messages.push(Message::new(Role::Assistant, example.assistant.to_string()));
        }
        messages.push(Message::new(Role::User, fill(&self.task, places)));
        messages
    }

    /// The rules that every call begins with.
    #[must_use]
    pub fn system(&self) -> &str {
        &self.system
    }

    /// How many examples there are.
    #[must_use]
    pub fn n_examples(&self) -> usize {
        self.examples.len()
    }
}

fn fill(task: &str, places: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(task.len());
    let mut rest = task;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        match after.split_once("}}") {
            Some((name, after)) => {
                match places.iter().find(|(place, _)| *place == name.trim()) {
                    Some((_, text)) => filled.push_str(text),
                    None => {
                        let _ = write!(filled, "{{{{{name}}}}}");
                    }
                }
                rest = after;
            }
            None => {
                filled.push_str("{{");
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        let places = [("text", "say {{date}}"), ("date", "2026-10-14")];
        assert_eq!(
            fill("On {{ date }}: {{text}} {{odd}} {{", &places),
            "On 2026-10-14: say {{date}} {{odd}} {{"
        );
    }
}
