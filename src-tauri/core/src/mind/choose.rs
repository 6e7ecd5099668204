//! Which models a dream uses: what the settings name, or the best of what is installed.

use std::{fmt, sync::Arc};

use super::{LanguageModel, caller::Profile};

/// The models in use, and why there are none.
#[derive(Clone, Default)]
pub struct Minds {
    /// For many small questions.
    pub fast: Option<Arc<dyn LanguageModel>>,
    /// For few that need more thought.
    pub deep: Option<Arc<dyn LanguageModel>>,
    /// Why there is no model, for people.
    pub reason: Option<String>,
    /// Whether it is by the person's own choice that there is no model.
    pub is_off: bool,
}

impl Minds {
    /// shim
    pub fn open(
        journal: &crate::Journal,
        model: Option<&str>,
        cancel: &crate::journal::Cancel,
    ) -> crate::Result<Self> {
        let settings = journal.settings().mind;
        let Some(server) = &journal.around().server else {
            return Ok(Self { reason: Some("no server".into()), ..Self::default() });
        };
        let name = model.map(str::to_owned).unwrap_or_else(|| {
            server
                .list(cancel)
                .ok()
                .and_then(|l| l.first().map(|m| m.name.clone()))
                .unwrap_or_default()
        });
        let fast = server
            .language_model(
                &name,
                super::model::Use { window_tokens: settings.window_tokens },
                cancel,
            )
            .ok();
        Ok(Self { deep: fast.clone(), fast, reason: None, is_off: false })
    }

    /// The model of a profile.
    #[must_use]
    pub fn of(&self, profile: Profile) -> Option<&Arc<dyn LanguageModel>> {
        match profile {
            Profile::Fast => self.fast.as_ref(),
            Profile::Deep => self.deep.as_ref(),
        }
    }
}

impl fmt::Debug for Minds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |model: &Option<Arc<dyn LanguageModel>>| {
            model.as_ref().map(|model| model.card().name.clone())
        };
        f.debug_struct("Minds")
            .field("fast", &name(&self.fast))
            .field("deep", &name(&self.deep))
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}
