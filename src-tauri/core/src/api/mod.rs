//! What the outside may ask: the window, the command line and, later, assistant programs call the same
//! functions with the same requests and replies.
//!
//! `commands!` is the one list of them. It yields the dispatcher that the window's bridge uses and
//! the `Commands` interface of the TypeScript bindings. To add a command: write request, reply and
//! function in the file of its domain, add a line to the list, run `cargo xtask bindings`.

pub mod affinity;
pub mod ask;
pub mod assistants;
pub mod days;
pub mod decay;
pub mod dreams;
pub mod export;
pub mod graph;
pub mod health;
pub mod history;
pub mod insights;
pub mod jobs;
pub mod looking_back;
pub mod minds;
pub mod moments;
pub mod moods;
pub mod notes;
pub mod people;
pub mod periods;
pub mod pieces;
pub mod predictions;
pub mod profile;
pub mod proposals;
pub mod query;
pub mod records;
pub mod schedule;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod sources;
pub mod status;
pub mod topics;
pub mod types;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Error, Journal, Result, error::WireError};

/// A request or a reply without content.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Empty {}

macro_rules! commands {
    ($($name:ident: $module:ident, $request:ty => $reply:ty;)*) => {
        /// The name of every command, in the order of the list.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),*];

        /// Answers one command by name, with its request and reply as JSON.
        ///
        /// # Errors
        /// There is no such command, the request has another shape, or the command itself failed.
        pub fn dispatch(
            journal: &Journal,
            name: &str,
            request: serde_json::Value,
        ) -> Result<serde_json::Value, WireError> {
            match name {
                $(stringify!($name) => {
                    let request: $request = serde_json::from_value(request)
                        .map_err(|error| shape_error(name, &error))?;
                    let reply: $reply = $module::$name(journal, request)
                        .map_err(|error| WireError::from(&error))?;
                    serde_json::to_value(reply).map_err(|error| shape_error(name, &error))
                })*
                _ => Err(WireError::from(&Error::invalid(format!("there is no command “{name}”")))),
            }
        }

        /// The `Commands` interface of the TypeScript bindings.
        #[must_use]
        pub fn typescript_commands() -> String {
            let config = ts_rs::Config::default();
            let mut text = String::from("export interface Commands {\n");
            $(text.push_str(&format!(
                "  {}: {{ request: {}; reply: {} }};\n",
                stringify!($name),
                <$request as TS>::name(&config),
                <$reply as TS>::name(&config),
            ));)*
            text.push_str("}\n");
            text
        }

        /// Every type that goes over the wire, as TypeScript, by name.
        #[must_use]
        pub fn typescript_types() -> std::collections::BTreeMap<String, String> {
            let config = ts_rs::Config::default();
            let mut types = bindings::Collected::default();
            $(types.visit_with::<$request>(&config); types.visit_with::<$reply>(&config);)*
            types.visit_with::<WireError>(&config);
            types.visit_with::<crate::event::Event>(&config);
            types.into_map()
        }
    };
}

mod bindings;

commands! {
    show_status: status, Empty => status::Status;
    list_days: days, days::ListDays => Vec<days::DayMark>;
    show_day: days, days::ShowDay => days::DayView;
    show_review: periods, periods::ShowReview => periods::ReviewView;
    show_moment: moments, moments::ShowMoment => moments::MomentDetail;
    correct_moment: moments, moments::CorrectMoment => moments::MomentDetail;
    withdraw_correction: moments, moments::WithdrawCorrection => moments::MomentDetail;
    list_moment_types: types, Empty => Vec<types::MomentType>;
    add_moment_type: types, types::AddMomentType => types::MomentType;
    remove_moment_type: types, types::MomentTypeName => Vec<types::MomentType>;
    show_record: records, records::ShowRecord => records::RecordView;
    search: search, search::SearchRequest => search::SearchReply;
    ask: ask, ask::AskRequest => ask::AskReply;
    cancel_ask: ask, ask::AskId => Empty;
    query: query, query::QueryRequest => query::QueryReply;
    list_query_views: query, Empty => Vec<query::QueryView>;
    add_note: notes, notes::AddNote => notes::NoteAdded;
    list_sources: sources, Empty => Vec<sources::SourceView>;
    add_source: sources, sources::AddSource => sources::SourceView;
    remove_source: sources, sources::SourceId => Empty;
    start_scan: sources, sources::StartScan => Empty;
    list_problems: sources, sources::SourceId => Vec<sources::FileProblem>;
    start_dream: dreams, dreams::DreamRequest => dreams::DreamState;
    cancel_dream: dreams, Empty => dreams::DreamState;
    show_dream: dreams, Empty => dreams::DreamState;
    list_dreams: history, history::ListDreams => Vec<history::DreamEntry>;
    show_dream_detail: history, history::DreamId => history::DreamDetail;
    diff_dream: history, history::DreamId => history::DreamDiff;
    undo_dream: history, history::DreamId => history::UndoReport;
    dream_affinity: affinity, affinity::AffinityRequest => affinity::AffinityReport;
    dream_decay: decay, decay::DecayRequest => decay::DecayReport;
    list_insights: insights, insights::ListInsights => Vec<insights::InsightView>;
    list_reflections: insights, insights::ListReflections => Vec<insights::ReflectionView>;
    decide_insight: insights, insights::DecideInsight => insights::InsightView;
    reflect: insights, insights::ReflectRequest => Vec<insights::Reflected>;
    list_predictions: predictions, predictions::ListPredictions => predictions::Predictions;
    settle_prediction: predictions, predictions::SettlePrediction => predictions::PredictionView;
    dream_summarize: sessions, sessions::SummarizeRequest => sessions::SummarizeReport;
    list_topics: topics, topics::ListTopics => topics::TopicList;
    show_topic: topics, topics::ShowTopic => topics::TopicDetail;
    on_this_day: looking_back, looking_back::OnThisDay => looking_back::DayInYears;
    show_streaks: looking_back, Empty => looking_back::Streaks;
    list_moments_of: looking_back, looking_back::ListMomentsOf => looking_back::MomentPage;
    list_people: people, people::ListPeople => people::PeopleList;
    show_person: people, people::ShowPerson => people::PersonDetail;
    mood_by_topic: moods, moods::MoodRequest => moods::MoodByTopic;
    mood_by_hour: moods, moods::MoodRequest => moods::MoodByHour;
    productive_stretches: moods, moods::MoodRequest => moods::ProductiveStretches;
    find_nodes: graph, graph::FindNodes => Vec<graph::GraphNode>;
    traverse_graph: graph, graph::TraverseGraph => graph::GraphWalk;
    find_paths: graph, graph::FindPaths => graph::GraphPaths;
    list_neighbours: graph, graph::ListNeighbours => graph::Neighbours;
    list_graph_communities: graph, graph::ListGraphCommunities => Vec<graph::GraphCommunity>;
    list_edge_types: graph, Empty => Vec<graph::EdgeType>;
    draw_graph: graph, graph::DrawGraph => graph::GraphPicture;
    export_graph: graph, graph::ExportGraph => graph::GraphFile;
    list_communities: topics, Empty => Vec<topics::CommunityView>;
    rename_topic: topics, topics::RenameTopic => topics::TopicDetail;
    merge_topics: topics, topics::MergeTopics => topics::TopicDetail;
    split_topic: topics, topics::SplitTopic => topics::TopicDetail;
    hide_topic: topics, topics::HideTopic => topics::TopicDetail;
    show_profile: profile, profile::ShowProfile => profile::ProfileView;
    list_profile_versions: profile, Empty => Vec<profile::ProfileVersion>;
    edit_profile: profile, profile::EditProfile => profile::ProfileView;
    dream_consolidate: proposals, proposals::ConsolidateRequest => proposals::ConsolidateReport;
    list_proposals: proposals, proposals::ListProposals => Vec<proposals::ProposalView>;
    show_proposal: proposals, proposals::ProposalId => proposals::ProposalView;
    accept_proposal: proposals, proposals::AcceptProposal => proposals::ProposalOutcome;
    edit_proposal: proposals, proposals::EditProposal => proposals::ProposalOutcome;
    reject_proposal: proposals, proposals::ProposalId => proposals::ProposalOutcome;
    reopen_proposal: proposals, proposals::ProposalId => proposals::ProposalOutcome;
    list_jobs: jobs, jobs::ListJobs => jobs::QueueView;
    show_job: jobs, jobs::JobId => jobs::JobView;
    retry_job: jobs, jobs::JobId => jobs::QueueView;
    discard_job: jobs, jobs::JobId => jobs::JobView;
    list_schedules: schedule, Empty => schedule::Schedules;
    set_schedule: schedule, schedule::SetSchedule => schedule::Schedules;
    pause_schedules: schedule, schedule::PauseSchedules => schedule::Schedules;
    resume_schedules: schedule, Empty => schedule::Schedules;
    run_schedule: schedule, schedule::RunSchedule => schedule::ScheduleRun;
    export_schedules: schedule, schedule::ExportSchedules => Vec<schedule::SchedulerFile>;
    dream_for_question: schedule, schedule::DreamForQuestion => schedule::QuestionDream;
    show_mind: minds, Empty => minds::MindView;
    pull_model: minds, minds::ModelName => minds::PullState;
    cancel_pull: minds, Empty => minds::PullState;
    try_model: minds, minds::ModelName => minds::TrialReport;
    keep_key: minds, minds::ServerKey => Empty;
    show_ledger: minds, minds::ShowLedger => minds::LedgerView;
    open_sample: sources, Empty => sources::SourceView;
    show_settings: settings, Empty => crate::settings::Settings;
    show_metrics: health, Empty => Vec<health::Metric>;
    examine: health, Empty => Vec<health::Finding>;
    export_journal: export, export::ExportRequest => export::ExportReport;
    list_assistant_calls: assistants, assistants::ListAssistantCalls => assistants::AssistantCalls;
    change_settings: settings, crate::settings::Settings => crate::settings::Settings;
}

fn shape_error(name: &str, error: &serde_json::Error) -> WireError {
    WireError::from(&Error::invalid(format!("“{name}” was called with a wrong shape: {error}")))
}
