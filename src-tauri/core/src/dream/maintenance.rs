//! A dream's report as the papers count it (B064).

use crate::{
    Journal,
    api::dreams::{
        DreamReport, MaintainedBy, MaintainedDecay, MaintainedReflections, MaintainedSummaries,
        Maintenance, Stage, StageEnd,
    },
};

/// What a dream that began then came to.
pub(super) fn of(journal: &Journal, report: &DreamReport, started_at: i64) -> Maintenance {
    let settings = journal.settings().insights;
    let stage = |stage: Stage| report.stages.iter().find(|one| one.stage == stage);
    // Only a stage that ran has gone through the journal.
    let is_processed = |of: Stage| {
        let ran = |end: StageEnd| matches!(end, StageEnd::Done | StageEnd::Unchanged);
        u32::from(stage(of).is_some_and(|one| ran(one.end)))
    };
    let count = |of: Stage, name: &str| {
        stage(of).and_then(|one| one.counts.get(name)).map_or(0, |n| *n as u32)
    };
    Maintenance {
        decay: MaintainedDecay {
            total_tenants: is_processed(Stage::Decay),
            total_updated: count(Stage::Decay, "updated"),
        },
        dreaming: MaintainedReflections {
            tenants_processed: is_processed(Stage::Reflect),
            reflections_generated: count(Stage::Reflect, "reflections_generated"),
        },
        summarization: MaintainedSummaries {
            tenants_processed: is_processed(Stage::Summarize),
            summaries_created: count(Stage::Summarize, "summaries_created"),
        },
        started_at,
        completed_at: journal.clock().now_ms(),
        config: MaintainedBy { reflective_enabled: settings.is_on, mode: settings.mode },
    }
}
