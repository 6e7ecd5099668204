// Generated from src-tauri/core/src/api by `cargo xtask bindings`. Do not edit.

/**
 * Accepts a proposal.
 */
export type AcceptProposal = {
/**
 * What it is called.
 */
id: string,
/**
 * Only say what would be.
 */
dry_run: boolean, };

/**
 * How active the person is lately, counted whenever it is asked.
 */
export type Activity = {
/**
 * By the person's own word, or else as counted.
 */
level: Level,
/**
 * As counted.
 */
counted: Level,
/**
 * Days on which they wrote.
 */
n_days: number,
/**
 * Of so many calendar days, back from the newest with writing.
 */
of_days: number,
/**
 * What they wrote on these days: notes and messages.
 */
n_records: number,
/**
 * The first of the calendar days, `YYYY-MM-DD`; absent where nothing was written.
 */
first_day: string | null,
/**
 * The last of them.
 */
last_day: string | null,
/**
 * From so many days on they count as active; a setting.
 */
active_days: number,
/**
 * From so many days on they count as moderately active; a setting.
 */
moderate_days: number, };

/**
 * Registers a type, or describes one that is there.
 */
export type AddMomentType = {
/**
 * As people write it; kept in small letters, words joined by `_`, at most 40 characters.
 */
name: string,
/**
 * What it is for: words that tell it, parted by commas, or a sentence. At most 300 characters.
 */
description: string, };

/**
 * Adds a quick note.
 */
export type AddNote = {
/**
 * The text; not blank.
 */
text: string,
/**
 * When it happened, in Unix milliseconds; now, if absent.
 */
at: number | null, };

/**
 * Adds a folder or a file. It is read in the background; [`crate::event::Event::ScanFinished`] says when.
 */
export type AddSource = {
/**
 * An existing folder or file.
 */
path: string,
/**
 * Whether changes are to be followed. Imports of a file are not.
 */
is_watched: boolean, };

/**
 * What was found.
 */
export type AffinityReport = {
/**
 * The dream; absent where nothing had to be written.
 */
dream_id: number | null,
/**
 * Whether it only looked.
 */
is_dry_run: boolean,
/**
 * Whether it was stopped before the end. What was finished is kept.
 */
is_cancelled: boolean,
/**
 * Whose vectors were compared, for example "built-in embedder".
 */
embedder: string,
/**
 * The least cosine of a pair.
 */
threshold: number,
/**
 * Notes and conversations that were looked at.
 */
n_resources: number,
/**
 * Pairs that have an edge because they are alike: of each note or conversation the ten nearest.
 */
n_pairs: number,
/**
 * Pairs at least so alike, with an edge or without, among what had to be compared now.
 */
n_alike: number,
/**
 * Of these, pairs that a model was to judge.
 */
n_candidates: number,
/**
 * Of these, judged, now or before.
 */
n_assessed: number,
/**
 * Of these, judged before and not asked again.
 */
n_known: number,
/**
 * Of those judged, found to have nothing to do with each other.
 */
n_unrelated: number,
/**
 * Pairs to which there was no answer; they stay alike and no more.
 */
n_unanswered: number,
/**
 * Calls that were made; for a dry run, that would be made.
 */
n_calls: number,
/**
 * Calls that asking for every pair would take: n(n−1)/2.
 */
n_calls_naive: number,
/**
 * Minutes of model time that the calls would take, about; for a dry run.
 */
minutes: number,
/**
 * Edges that are new.
 */
n_edges_added: number,
/**
 * Edges that say something else now.
 */
n_edges_changed: number,
/**
 * Edges that no longer hold.
 */
n_edges_removed: number,
/**
 * Why no model was asked, or not to the end; empty where one was, or none was wanted.
 */
without_model: string,
/**
 * Milliseconds.
 */
took_ms: number, };

/**
 * Which resources to look at, and how.
 */
export type AffinityRequest = {
/**
 * Also let a model say how the strongest pairs belong together. Needs a limit.
 */
use_llm: boolean,
/**
 * Look at no more than so many notes and conversations, the newest first.
 */
limit: number | null,
/**
 * The least cosine of a pair, 0 to 1; absent: what suits the embedder in use.
 */
threshold: number | null,
/**
 * Only those of the days within so many hours before now.
 */
lookback_hours: number | null,
/**
 * Only those from this day on, `YYYY-MM-DD`.
 */
start: string | null,
/**
 * Only those up to this day, `YYYY-MM-DD`.
 */
end: string | null,
/**
 * Only say what would be found and what it would cost.
 */
dry_run: boolean, };

/**
 * What bears out a sentence.
 */
export type AskCitation = { "cited": "moment",
/**
 * Its id.
 */
id: number, } | { "cited": "record",
/**
 * The record's id.
 */
id: number,
/**
 * Where the words begin in its body, in bytes.
 */
starts: number,
/**
 * Where they end.
 */
ends: number, };

/**
 * How the dates of a question were understood.
 */
export type AskDates = {
/**
 * The words that told them; empty where the question told none and a span had to be chosen.
 */
words: Array<string>,
/**
 * First day, `YYYY-MM-DD`; absent where there is no beginning.
 */
from: string | null,
/**
 * Last day, included.
 */
until: string,
/**
 * Only these hours of each day.
 */
hours: AskHours | null, };

/**
 * Hours of each day.
 */
export type AskHours = {
/**
 * Minutes after midnight.
 */
from: number,
/**
 * Minutes after midnight, not included; over 1,440 in the day after.
 */
until: number, };

/**
 * A question that is being answered.
 */
export type AskId = {
/**
 * [`AskRequest::id`].
 */
id: number, };

/**
 * What a question wants to know, as far as rules can tell.
 */
export type AskIntent = "happened" | "learned" | "productive" | "mood" | "felt" | "last" | "related" | "topic" | "review" | "search";

/**
 * A moment of an answer.
 */
export type AskMoment = {
/**
 * The moment.
 */
moment: MomentCard,
/**
 * What it rests on and what is tied to that, by kind.
 */
related: Array<KindCount>, };

/**
 * An answer.
 */
export type AskReply = {
/**
 * What the question was taken for.
 */
intent: AskIntent,
/**
 * What it is about, without its dates and its question words; may be empty.
 */
subject: string,
/**
 * When it is about.
 */
dates: AskDates | null,
/**
 * The language of the answer: "en" or "de".
 */
language: string,
/**
 * Whether the journal has an answer.
 */
is_found: boolean,
/**
 * The answer, sentence by sentence.
 */
sentences: Array<AskSentence>,
/**
 * What was counted, and how; empty where nothing was.
 */
basis: string,
/**
 * Its numbers.
 */
tables: Array<AskTable>,
/**
 * Its moments.
 */
moments: Array<AskMoment>,
/**
 * How many moments there are in all; about a subject no more than the latest 500 are counted.
 */
n_moments: number,
/**
 * What was found beside them.
 */
hits: Array<Hit>,
/**
 * What wrote the sentences: a model, or the built-in analyser.
 */
mind: string,
/**
 * Whether that was a model.
 */
is_by_model: boolean,
/**
 * Why no model wrote it although one was wanted; empty otherwise.
 */
without_model: string,
/**
 * Sentences of the model that what they cite does not bear out; they are not shown.
 */
n_dropped: number,
/**
 * Whether the model broke off: then these are its sentences up to there.
 */
is_cut: boolean,
/**
 * Days that could be dreamt first, for a better answer.
 */
waiting: AskWaiting | null, };

/**
 * Asks a question.
 */
export type AskRequest = {
/**
 * A number of the asker's own, under which the answer is told while it comes and can be stopped.
 */
id: number,
/**
 * The question, in English or German, at most 1,000 characters. Dates in words are understood.
 */
question: string,
/**
 * Whether a model may write the answer; if absent, it does where one is in use.
 */
use_mind: boolean | null,
/**
 * At most so many moments; 12 if absent, 100 at most.
 */
limit: number | null, };

/**
 * A line of a table.
 */
export type AskRow = {
/**
 * What is counted: "morning", "#harmonium", a moment's title.
 */
label: string,
/**
 * How many moments.
 */
n: number,
/**
 * Of how many; absent where nothing is compared.
 */
n_of: number | null,
/**
 * Minutes of these, where their length is known.
 */
minutes: number | null,
/**
 * Something beside it, such as the feelings.
 */
note: string,
/**
 * Moments that were counted, at most ten, the latest first.
 */
moment_ids: number[], };

/**
 * A sentence of an answer.
 */
export type AskSentence = {
/**
 * Plain text.
 */
text: string,
/**
 * What bears it out; empty only for what is said about the answer itself, or reckoned from all moments.
 */
citations: Array<AskCitation>, };

/**
 * Numbers of an answer.
 */
export type AskTable = {
/**
 * What they are of.
 */
title: string,
/**
 * Line by line, what matters most first.
 */
rows: Array<AskRow>, };

/**
 * Days that the question is about and that no dream has read yet.
 */
export type AskWaiting = {
/**
 * How many.
 */
n_days: number,
/**
 * Minutes that dreaming them would take, about; 0 for less than one. Absent where a dream runs just now.
 */
minutes: number | null, };

/**
 * One call of a tool, or one thing that was read.
 */
export type AssistantCall = {
/**
 * Its number.
 */
id: number,
/**
 * When, in Unix milliseconds.
 */
at: number,
/**
 * The program's name and version, as it told them.
 */
client: string,
/**
 * What was called, for example "search", or "read" for a resource.
 */
tool: string,
/**
 * What was asked, with long texts cut and texts of notes only counted.
 */
arguments: unknown,
/**
 * What became of it.
 */
outcome: CallOutcome,
/**
 * Why it was not answered; empty where it was.
 */
reason: string,
/**
 * Bytes of the reply.
 */
n_bytes: number,
/**
 * How long it took, in milliseconds.
 */
took_ms: number, };

/**
 * Calls of assistant programs.
 */
export type AssistantCalls = {
/**
 * The calls, the newest first.
 */
calls: Array<AssistantCall>,
/**
 * How many are kept in all.
 */
n_all: number, };

/**
 * What assistant programs may do. They come in by `rem mcp`, which the person names to them.
 */
export type AssistantSettings = {
/**
 * Whether they may read: search, days, moments, records.
 */
may_read: boolean,
/**
 * Whether they may write: add a note, begin a dream.
 */
may_write: boolean,
/**
 * Days for which it is kept what they asked, 1 to 3,650.
 */
keep_days: number, };

/**
 * What applying came to.
 */
export type AutoConsolidateCounts = {
/**
 * Whether it only looked.
 */
dry_run: boolean,
/**
 * Groups whose text stands for them now.
 */
duplicates_merged: number,
/**
 * Contradictions settled in favour of what was written last.
 */
conflicts_resolved: number,
/**
 * Moments folded away.
 */
summarized: number,
/**
 * Proposals that were not sure enough, or too many.
 */
skipped: number, };

/**
 * The day on which most came to something.
 */
export type BestDay = {
/**
 * `YYYY-MM-DD`.
 */
day: string,
/**
 * Moments of it that came to an outcome.
 */
n_outcomes: number,
/**
 * Minutes of all its moments, known by the clock or about; none counts twice.
 */
minutes: number, };

/**
 * Predictions of about the same confidence.
 */
export type CalibrationBin = {
/**
 * From this confidence on, in tenths: 0.7.
 */
from: number,
/**
 * Settled predictions.
 */
n: number,
/**
 * Of these, hits.
 */
n_hits: number,
/**
 * Their mean confidence.
 */
mean_confidence: number, };

/**
 * What the calls of a dream came to.
 */
export type CallCounts = {
/**
 * Calls that were made, retries and repairs among them.
 */
n_calls: number,
/**
 * Answers that were known already.
 */
n_known: number,
/**
 * Answers that were good after the error had been named.
 */
n_repaired: number,
/**
 * Questions to which the model had no usable answer; the built-in analyser answered.
 */
n_unusable: number,
/**
 * Questions that were split because they were too long.
 */
n_split: number,
/**
 * Tokens of all prompts.
 */
prompt_tokens: number,
/**
 * Tokens of all replies.
 */
reply_tokens: number,
/**
 * Milliseconds spent waiting for the model.
 */
model_ms: number,
/**
 * What had to be put right in replies: how often each.
 */
remarks: { [key in string]: number }, };

/**
 * What became of a call.
 */
export type CallOutcome = "answered" | "refused" | "failed" | "cancelled";

/**
 * What a dream's calls came to.
 */
export type CallSum = {
/**
 * Calls, retries and repairs among them.
 */
n_calls: number,
/**
 * Tokens of all prompts.
 */
prompt_tokens: number,
/**
 * Tokens of all replies.
 */
reply_tokens: number,
/**
 * Milliseconds spent waiting for models.
 */
model_ms: number, };

/**
 * How many things a dream added, changed and removed.
 */
export type ChangeCounts = {
/**
 * New things.
 */
n_added: number,
/**
 * Things that say something else.
 */
n_changed: number,
/**
 * Things that went.
 */
n_removed: number, };

/**
 * What a dream did to a thing.
 */
export type ChangeOp = "added" | "changed" | "removed";

/**
 * What went wrong, in a form that a program can act on.
 */
export type Code = "invalid-input" | "not-found" | "cancelled" | "busy" | "newer-journal" | "io" | "store";

/**
 * What the values of a column are.
 */
export type ColumnKind = "text" | "number" | "truth" | "date" | "time" | "interval" | "list" | "object" | "any";

/**
 * A topic of a community.
 */
export type CommunityMember = {
/**
 * The topic.
 */
node: GraphNode,
/**
 * The sum of the weights of its edges to other members.
 */
strength: number, };

/**
 * A community by name.
 */
export type CommunityRef = {
/**
 * Its number.
 */
id: number,
/**
 * What it is called.
 */
name: string, };

/**
 * Topics that belong together.
 */
export type CommunityView = {
/**
 * Its number; it stays from night to night.
 */
id: number,
/**
 * 1: of topics; 2: of communities.
 */
level: number,
/**
 * The community of level 2 that it belongs to.
 */
parent_id: number | null,
/**
 * What it is called.
 */
name: string,
/**
 * Whether a model found the name; otherwise it is called by its most central topics.
 */
is_by_model: boolean,
/**
 * Whether a model is to find one that was missed.
 */
is_provisional: boolean,
/**
 * How many topics it has.
 */
n_topics: number,
/**
 * How many moments.
 */
n_moments: number,
/**
 * Its topics with the most relations; at most 12.
 */
topics: Array<TopicRef>, };

/**
 * One moment as it is and as another mind would have it.
 */
export type Compared = {
/**
 * The day.
 */
day: string,
/**
 * As it is; absent where it would be new.
 */
before: Said | null,
/**
 * As it would be; absent where it would go.
 */
after: Said | null, };

/**
 * What consolidating came to.
 */
export type ConsolidateReport = {
/**
 * The dream; absent where nothing had to be written.
 */
dream_id: number | null,
/**
 * When it began, in Unix milliseconds.
 */
started_at: number,
/**
 * When it ended.
 */
finished_at: number,
/**
 * Whether it was stopped before the end.
 */
is_cancelled: boolean,
/**
 * One journal each; this one.
 */
workspaces: Array<WorkspaceReport>,
/**
 * What went wrong, as "journal: why".
 */
errors: Array<string>,
/**
 * Why the model was not used, or not to the end; empty where it was or none is wanted.
 */
without_model: string, };

/**
 * How to consolidate.
 */
export type ConsolidateRequest = {
/**
 * Only say what would be proposed; writes nothing and asks no model.
 */
dry_run: boolean,
/**
 * Also accept what is sure enough, as many as the settings allow.
 */
apply: boolean,
/**
 * A model to use this once; "off" for the built-in analyser.
 */
model: string | null, };

/**
 * What is consolidated, and what may be done about it.
 */
export type ConsolidationPolicy = {
/**
 * Texts that are read at once, 1 to 10,000. All are looked at in every run.
 */
batch_size: number,
/**
 * What is not yet so many hours old at the beginning of the day is left alone, 0 to 8,760.
 */
min_age_hours: number,
/**
 * The least share of words that two texts have in common (Jaccard), 0 to 1; what has less is not
 * compared further.
 */
similarity_threshold: number,
/**
 * Texts in one group at most, 2 to 100.
 */
max_group_size: number,
/**
 * How groups are found.
 */
strategies: Array<Strategy>,
/**
 * The least cosine of the vectors of two texts that say the same, 0 to 1. The built-in embedder
 * knows no meaning: with it two thirds of all shingles of three words must be the same instead.
 */
duplicate_threshold: number,
/**
 * Whether applying also settles contradictions in favour of what was written last.
 */
conflict_auto_resolve: boolean,
/**
 * Days after which a moment that nobody returns to may be proposed to be folded away, 1 to 36,500.
 */
summarize_age_days: number,
/**
 * Proposals that are applied in one run at most, 1 to 10,000.
 */
max_actions_per_run: number,
/**
 * Whether consolidating only proposes. If not, `rem dream consolidate` applies what is sure enough;
 * a whole night only ever proposes.
 */
dry_run: boolean,
/**
 * The most strength a moment may have left to be proposed to be folded away, 0 to 1.
 */
utility_threshold: number,
/**
 * Days with visits below which a moment's visits say nothing.
 */
min_feedback_events: number,
/**
 * Days with visits above which a moment is not proposed to be folded away.
 */
max_access_count_for_archival: number,
/**
 * What lost strength weighs among the reasons to fold a moment away, 0 to 1.
 */
utility_weight: number,
/**
 * What age weighs, 0 to 1.
 */
age_weight: number,
/**
 * What missing visits weigh, 0 to 1.
 */
feedback_weight: number,
/**
 * The least sum of these, 0 to 1.
 */
composite_cutoff: number,
/**
 * The most that a moment may weigh unfaded, 0 to 1. All weigh 1 that nobody weighed otherwise.
 */
max_importance_for_archival: number,
/**
 * Contradictions and groups that a model is asked about in one run at most, 1 to 1,000.
 */
max_memories: number,
/**
 * Proposals that wait for the person at the same time at most, 1 to 1,000.
 */
max_candidates: number,
/**
 * Texts from which on a group is one, 2 to 100.
 */
summary_min_memories: number, };

/**
 * A message beside one that was found.
 */
export type ContextLine = {
/**
 * The record's id.
 */
id: number,
/**
 * Who wrote it.
 */
author: string,
/**
 * Its beginning, with words that were asked for marked.
 */
pieces: Array<Piece>, };

/**
 * Corrects one field of a moment.
 */
export type CorrectMoment = {
/**
 * The moment's id.
 */
id: number,
/**
 * What is to be otherwise.
 */
correction: Correction, };

/**
 * One correction by the person.
 */
export type Correction = { "field": "title",
/**
 * Not empty, at most 200 characters.
 */
title: string, } | { "field": "summary",
/**
 * At most 4,000 characters.
 */
summary: string, } | { "field": "type",
/**
 * One of the types that `list_moment_types` gives.
 */
moment_type: string, } | { "field": "time",
/**
 * Unix milliseconds.
 */
starts_at: number,
/**
 * Unix milliseconds, not before `starts_at`.
 */
ends_at: number, } | { "field": "tags",
/**
 * As people write them; stored in kebab-case.
 */
tags: Array<string>, } | { "field": "emotions",
/**
 * Labels with weights; an unknown label keeps the moment's valence.
 */
emotions: Array<EmotionWeight>, } | { "field": "hidden",
/**
 * Whether it is out of sight.
 */
hidden: boolean, } | { "field": "pinned",
/**
 * Whether it is pinned.
 */
pinned: boolean, };

/**
 * What happened on a calendar day in earlier years.
 */
export type DayInYears = {
/**
 * The day that was asked for.
 */
day: string,
/**
 * The earlier years that have something, the latest first; of one year the nearest day first.
 */
years: Array<YearBack>,
/**
 * Whether nothing lies on the day itself, and days near it are told of instead.
 */
is_near: boolean,
/**
 * What is to be known: what 29 February has to do with it, and that days near it are told of.
 */
note: string, };

/**
 * One day of the strip. Days without material are not listed.
 */
export type DayMark = {
/**
 * `YYYY-MM-DD`.
 */
day: string,
/**
 * Mean valence of its moments, -1 to 1; absent where nothing was felt or dreamt.
 */
valence: number | null,
/**
 * Mean arousal of its moments, 0 to 1.
 */
arousal: number | null,
/**
 * Moments that are not hidden.
 */
n_moments: number,
/**
 * Stretches of writing: notes' parts and messages.
 */
n_chunks: number,
/**
 * Whether it has been dreamt.
 */
state: DayState, };

/**
 * A quarter of the day.
 */
export type DayPart = "night" | "morning" | "afternoon" | "evening";

/**
 * Whether a day has been dreamt.
 */
export type DayState = "empty" | "waiting" | "stale" | "dreamt";

/**
 * One day.
 */
export type DayView = {
/**
 * `YYYY-MM-DD`.
 */
day: string,
/**
 * The day's story; absent until it is dreamt.
 */
summary: string | null,
/**
 * Whether it has been dreamt.
 */
state: DayState,
/**
 * When it was last dreamt, in Unix milliseconds.
 */
dreamt_at: number | null,
/**
 * What dreamt it, for example "built-in analyser".
 */
mind: string | null,
/**
 * Minutes east of UTC in force on that day, for showing its hours.
 */
offset_minutes: number,
/**
 * Mean valence of its moments.
 */
valence: number | null,
/**
 * Mean arousal of its moments.
 */
arousal: number | null,
/**
 * Notes with something on that day.
 */
n_notes: number,
/**
 * Conversations with something on that day.
 */
n_sessions: number,
/**
 * Messages of that day.
 */
n_messages: number,
/**
 * How many of its moments are hidden.
 */
n_hidden: number,
/**
 * Its moments, in order of time; those without a time of day come first.
 */
moments: Array<MomentCard>,
/**
 * The nearest earlier day with material.
 */
previous_day: string | null,
/**
 * The nearest later day with material.
 */
next_day: string | null, };

/**
 * What faded. Things are moments, notes and conversations; a message fades with its conversation.
 */
export type DecayReport = {
/**
 * The dream; absent where nothing had to be written.
 */
dream_id: number | null,
/**
 * Whether it only looked.
 */
is_dry_run: boolean,
/**
 * Whether it was stopped; then nothing was written.
 */
is_cancelled: boolean,
/**
 * The day the strengths are of, `YYYY-MM-DD`: today, or a later one if the clock was set back.
 */
day: string,
/**
 * Things that were looked at.
 */
n_processed: number,
/**
 * Things that are weaker than before.
 */
n_faded: number,
/**
 * Things that are stronger than before: they were visited, or pinned.
 */
n_rekindled: number,
/**
 * Things that fade slowly, because they came in or were visited in the last seven days.
 */
n_protected: number,
/**
 * Things that fade faster, because nobody has returned to them for thirty days.
 */
n_accelerated: number,
/**
 * Things that do not fade, because the person pinned them.
 */
n_pinned: number,
/**
 * Things that fade no further.
 */
n_at_floor: number,
/**
 * Mean strength before, 0 to 1; 0 where there is nothing.
 */
mean_before: number,
/**
 * Mean strength after, 0 to 1; 0 where there is nothing.
 */
mean_after: number,
/**
 * Milliseconds.
 */
took_ms: number, };

/**
 * How to look at it.
 */
export type DecayRequest = {
/**
 * Only say what would fade.
 */
dry_run: boolean,
/**
 * Share of its weight that a thing loses in a day, this once, 0 to 1; absent: as it is set.
 */
rate: number | null,
/**
 * Let everything fade at one rate from the beginning, this once, whatever was visited.
 */
ignore_access: boolean, };

/**
 * How things fade to which nobody returns. The names of the papers are in brackets.
 */
export type DecaySettings = {
/**
 * Whether anything fades (`MEMORY_IMPORTANCE_DECAY_ENABLED`).
 */
is_on: boolean,
/**
 * Share of its weight that a thing loses in a day, 0 to 1 (`MEMORY_BASE_DECAY_RATE`).
 */
base_rate: number,
/**
 * No rate is lower (`MEMORY_MIN_DECAY_RATE`).
 */
least_rate: number,
/**
 * No rate is higher (`MEMORY_MAX_DECAY_RATE`).
 */
greatest_rate: number,
/**
 * How much visits slow it down, 0 to 10; 0: not at all (`MEMORY_ACCESS_COUNT_BOOST`).
 */
access_boost: number, };

/**
 * What the person thinks of an insight.
 */
export type DecideInsight = {
/**
 * The insight.
 */
id: number,
/**
 * Absent: they think nothing of it any more.
 */
decision: Decision | null, };

/**
 * What the person thinks of an insight.
 */
export type Decision = "hidden" | "confirmed";

/**
 * How deep a reflection goes.
 */
export type Depth = "surface" | "analytical" | "meta";

/**
 * What was different from the periods of the same kind before.
 */
export type Differences = {
/**
 * How many periods before it was compared with; 0: too few have moments.
 */
n_periods: number,
/**
 * Types of moments that took much more or less time, the greatest change first.
 */
hours: Array<HoursChange>,
/**
 * People of several moments whom none of those periods names.
 */
new_people: Array<string>,
/**
 * The same as sentences in the language of most moments where that is German, otherwise in English;
 * empty where nothing was different.
 */
text: string, };

/**
 * Which part of the graph is drawn or exported.
 */
export type DrawGraph = {
/**
 * Only what is around this node.
 */
around: string | null,
/**
 * Steps from it, 1 to 6; 0: two.
 */
depth: number,
/**
 * Only these kinds; empty: topics and people, around a node all.
 */
kinds: Array<NodeKind>,
/**
 * At most so many nodes, the most important first, 5,000 at most; 0: 300.
 */
limit: number,
/**
 * Which edges.
 */
filter: EdgeFilter, };

/**
 * A community by name.
 */
export type DrawnCommunity = {
/**
 * Its number.
 */
id: number,
/**
 * What it is called.
 */
name: string,
/**
 * Its topics in the picture.
 */
n_nodes: number, };

/**
 * A node with its place.
 */
export type DrawnNode = {
/**
 * To the right; the unit is free, the middle is 0.
 */
x: number,
/**
 * Down.
 */
y: number,
/**
 * How it is named without doubt: `topic:5`.
 */
key: string,
/**
 * What it is.
 */
kind: NodeKind,
/**
 * Its number among those of its kind.
 */
id: number,
/**
 * What it is called.
 */
name: string,
/**
 * Of a moment or a note its day, otherwise the last day it was met, `YYYY-MM-DD`.
 */
day: string | null,
/**
 * Moments that it stands in or that rest on it; of a moment 1.
 */
n_moments: number,
/**
 * 0 to 1. Of topics and people w / (w + 8), w being the sum of what their moments weigh; of notes and
 * conversations the same of those that rest on them.
 */
importance: number,
/**
 * Mean valence, -1 to 1, where something was felt.
 */
valence: number | null,
/**
 * The community of level 1 that a topic belongs to.
 */
community_id: number | null, };

/**
 * One dream with what it did in short.
 */
export type DreamDetail = {
/**
 * The dream as the list has it.
 */
dream: DreamEntry,
/**
 * The moments it touched, in the order in which it did.
 */
moments: Array<TouchedMoment>,
/**
 * What asking models came to.
 */
calls: CallSum,
/**
 * What it came to, in a sentence of numbers; empty where nothing was said.
 */
digest: string,
/**
 * How many things can no longer be told, because the person forgot their source.
 */
n_forgotten: number, };

/**
 * What a dream did, thing by thing.
 */
export type DreamDiff = {
/**
 * The dream as the list has it.
 */
dream: DreamEntry,
/**
 * The things in order of their days, moments before the story; edges last.
 */
things: Array<ThingDiff>,
/**
 * How many things can no longer be told, because the person forgot their source.
 */
n_forgotten: number, };

/**
 * How a dream ended.
 */
export type DreamEnd = "running" | "done" | "cancelled" | "failed";

/**
 * One dream of the list.
 */
export type DreamEntry = {
/**
 * The dream.
 */
id: number,
/**
 * What set it off: "now", "night", "sample", "affinity".
 */
cause: string,
/**
 * What dreamt, for example "built-in analyser".
 */
mind: string,
/**
 * How it ended.
 */
state: DreamEnd,
/**
 * Why it did not come to its end; empty where it did.
 */
reason: string,
/**
 * When it began, in Unix milliseconds.
 */
started_at: number,
/**
 * When it ended.
 */
finished_at: number | null,
/**
 * How long it took, in minutes; absent while it runs.
 */
minutes: number | null,
/**
 * The days it told, in order.
 */
days: Array<string>,
/**
 * What it did to moments.
 */
moments: ChangeCounts,
/**
 * What it did to edges between notes and conversations.
 */
edges: ChangeCounts,
/**
 * When the person undid it, in Unix milliseconds.
 */
undone_at: number | null,
/**
 * Whether it can be undone now.
 */
can_undo: boolean,
/**
 * Why not, in a sentence; empty where it can.
 */
why_not: string,
/**
 * The later dreams that have to be undone before it, the newest, which is first in turn, first.
 */
undo_first: number[], };

/**
 * Asks whether days that a question is about wait for a dream, and lets them be dreamt first.
 */
export type DreamForQuestion = {
/**
 * First day, `YYYY-MM-DD`.
 */
start: string,
/**
 * Last day, included.
 */
end: string,
/**
 * Whether the person agreed to wait so long.
 */
is_agreed: boolean, };

/**
 * Names a dream.
 */
export type DreamId = {
/**
 * The dream.
 */
id: number, };

/**
 * How far a dream has come.
 */
export type DreamProgress = {
/**
 * The stage it is in.
 */
stage: Stage,
/**
 * The day it dreams about.
 */
day: string | null,
/**
 * Days done; in the stage that summarises, conversations.
 */
n_done: number,
/**
 * Days to do; in the stage that summarises, conversations.
 */
n_total: number,
/**
 * Moments so far.
 */
n_moments: number,
/**
 * The title of the moment made last.
 */
last_title: string | null,
/**
 * The model that is asked; absent: the built-in analyser.
 */
model: string | null,
/**
 * Why it waits just now, for example "on battery".
 */
waits_for: string | null,
/**
 * Minutes it will still take, about; absent where nobody can say.
 */
minutes_left: number | null, };

/**
 * What a dream did.
 */
export type DreamReport = {
/**
 * The dream; absent where nothing had to be written.
 */
dream_id: number | null,
/**
 * What dreamt, for example "built-in analyser".
 */
mind: string,
/**
 * Whether it only looked.
 */
is_dry_run: boolean,
/**
 * Whether it was stopped before the end. What was finished is kept.
 */
is_cancelled: boolean,
/**
 * Days that were left alone because nothing in them had changed.
 */
n_days_unchanged: number,
/**
 * Days that are left for another dream because the minutes were used up.
 */
n_days_left: number,
/**
 * Records that were read.
 */
n_records: number,
/**
 * Moments that are new.
 */
n_added: number,
/**
 * Moments that say something else now.
 */
n_changed: number,
/**
 * Moments that are gone because what they rested on is gone.
 */
n_removed: number,
/**
 * Moments found again as they were.
 */
n_unchanged: number,
/**
 * The days, in order.
 */
days: Array<DreamtDay>,
/**
 * How long it took, in milliseconds.
 */
took_ms: number,
/**
 * What asking the model came to.
 */
calls: CallCounts,
/**
 * Days that the built-in analyser dreamt, wholly or in part, for want of the model; they are dreamt
 * again when there is one.
 */
n_days_provisional: number,
/**
 * Conversations that were summarised; for a dry run, that would be.
 */
n_summaries: number,
/**
 * Of these, to be summarised again when there is a model.
 */
n_summaries_provisional: number,
/**
 * Whether the person counts on a model, so that its absence is worth a word: there is one, they
 * chose one, or one has read this journal before.
 */
expects_model: boolean,
/**
 * Why the model was not used, or not to the end, in a sentence; empty where it was or none is wanted.
 */
without_model: string,
/**
 * What each stage came to, in order.
 */
stages: Array<StageReport>,
/**
 * The same as the papers count it; absent where the dream only looked.
 */
maintenance: Maintenance | null,
/**
 * What faded; absent where the dream only looked or compared.
 */
faded: DecayReport | null,
/**
 * Calls and minutes that days and conversations would take, for a dry run.
 */
estimate: Estimate | null,
/**
 * Old and new moments side by side, for a comparison.
 */
compared: Array<Compared>, };

/**
 * What to dream about. By default all days that are new or changed.
 */
export type DreamRequest = {
/**
 * First day, `YYYY-MM-DD`.
 */
start: string | null,
/**
 * Last day, `YYYY-MM-DD`.
 */
end: string | null,
/**
 * Only days within so many hours before now.
 */
lookback_hours: number | null,
/**
 * Read at most so many records, the newest days first.
 */
limit: number | null,
/**
 * Only say what would be dreamt.
 */
dry_run: boolean,
/**
 * Keep no moment shorter than this, where its length is known.
 */
min_duration_minutes: number,
/**
 * Keep only moments of these types; all, if empty.
 */
moment_types: Array<string>,
/**
 * Tell the days' stories again from the moments that are there, without making moments.
 */
summary_only: boolean,
/**
 * What set it off: "now", "night", "first" (from the guide), "sample", or the name of a schedule.
 */
cause: string,
/**
 * Dream the days again with the mind in use, although nothing in them has changed.
 */
redo: boolean,
/**
 * With `redo`: write nothing, and report old and new side by side. What the model said is kept, so
 * that taking it over afterwards costs no calls.
 */
compare: boolean,
/**
 * A model to use this once instead of the one in the settings; "off" for the built-in analyser.
 */
model: string | null,
/**
 * Tell prompts and replies as [`crate::event::Event::MindSpoke`].
 */
debug: boolean,
/**
 * Only these stages; a whole dream, if empty.
 */
stages: Array<Stage>,
/**
 * Also let a model say how notes and conversations belong together, about so many of them. Absent:
 * by their vectors alone.
 */
llm_affinity_limit: number | null,
/**
 * How to reflect, where it is not as the settings say.
 */
reflect: ReflectRequest,
/**
 * Minutes after which no further day is begun, the newest days first; 0 for no limit.
 */
most_minutes: number, };

/**
 * How the dreaming is.
 */
export type DreamState = { "state": "awake" } | { "state": "dreaming",
/**
 * How far it has come.
 */
progress: DreamProgress, } | { "state": "ended",
/**
 * What it did.
 */
report: DreamReport, } | { "state": "failed",
/**
 * Why.
 */
message: string, };

/**
 * What a dream did with one day.
 */
export type DreamtDay = {
/**
 * `YYYY-MM-DD`.
 */
day: string,
/**
 * Stretches of writing that were read.
 */
n_chunks: number,
/**
 * Episodes they were cut into.
 */
n_episodes: number,
/**
 * Moments the day has now.
 */
n_moments: number,
/**
 * The day's story.
 */
summary: string,
/**
 * Mean valence.
 */
valence: number | null, };

/**
 * How many neighbours of a kind there are by edges of a type.
 */
export type EdgeCount = {
/**
 * The type.
 */
rel_type: string,
/**
 * What the neighbours are.
 */
kind: NodeKind,
/**
 * How many.
 */
n: number, };

/**
 * Which edges are looked at.
 */
export type EdgeFilter = {
/**
 * Only of these types, by name, by the name of their other direction, or by a name of the papers;
 * empty: of all.
 */
edge_types: Array<string>,
/**
 * Only what moments, notes and conversations of this day and later show, `YYYY-MM-DD`.
 */
since: string | null,
/**
 * The same up to this day, included.
 */
until: string | null,
/**
 * Only edges of at least this strength (weight times confidence), 0 to 1.
 */
min_weight: number, };

/**
 * What an edge says, as people read it.
 */
export type EdgeSide = {
/**
 * The title of one end.
 */
from: string,
/**
 * The title of the other.
 */
to: string,
/**
 * How they belong together.
 */
rel_type: string,
/**
 * 0 to 1.
 */
weight: number,
/**
 * Why.
 */
context: string, };

/**
 * A type of edges.
 */
export type EdgeType = {
/**
 * Its name.
 */
name: string,
/**
 * Its name from the other end; the same where it has no direction.
 */
inverse: string,
/**
 * Names that mean it, too.
 */
aliases: Array<string>,
/**
 * What it leads from, and to.
 */
between: string,
/**
 * What it says.
 */
meaning: string,
/**
 * What its weight is.
 */
weight: string,
/**
 * Whether a dream keeps it; otherwise it follows from what is kept.
 */
is_stored: boolean, };

/**
 * Edits the profile.
 */
export type EditProfile = {
/**
 * What is to be otherwise.
 */
edit: ProfileEdit, };

/**
 * Accepts a proposal in other words.
 */
export type EditProposal = {
/**
 * What it is called.
 */
id: string,
/**
 * What is to stand for its sources.
 */
text: string, };

/**
 * Where the vectors for "what is like this" come from, and how far a change has come.
 */
export type EmbeddingView = {
/**
 * The embedder in use, for example "built-in embedder" or "nomic-embed-text".
 */
in_use: string,
/**
 * The one that is being prepared, while the other is still used.
 */
next: string | null,
/**
 * Stretches of writing that the next one has embedded.
 */
n_done: number,
/**
 * Stretches of writing in all.
 */
n_total: number, };

/**
 * In how many moments something was felt.
 */
export type EmotionCount = {
/**
 * For example "frustrated".
 */
label: string,
/**
 * Moments.
 */
n: number, };

/**
 * An emotion with how strongly it shows, 0 to 1.
 */
export type EmotionWeight = {
/**
 * For example "worried".
 */
label: string,
/**
 * 0 to 1.
 */
weight: number, };

/**
 * A request or a reply without content.
 */
export type Empty = Record<symbol, never>;

/**
 * What a dream will cost, about.
 */
export type Estimate = {
/**
 * Calls.
 */
n_calls: number,
/**
 * Answers that are known already.
 */
n_known: number,
/**
 * Minutes of model time.
 */
minutes: number, };

/**
 * Something that happened in the journal.
 */
export type Event = { "event": "journal-changed",
/**
 * The days that are touched; empty means "anything".
 */
days: Array<string>, } | { "event": "scan-moved",
/**
 * The source.
 */
source_id: number,
/**
 * Files done.
 */
n_done: number,
/**
 * Files to do.
 */
n_total: number, } | { "event": "scan-finished",
/**
 * What it did.
 */
report: ScanReport, } | { "event": "scan-failed",
/**
 * The source.
 */
source_id: number,
/**
 * Why.
 */
message: string, } | { "event": "pull-moved",
/**
 * How it is.
 */
pull: PullState, } | { "event": "mind-spoke",
/**
 * The stage that asked.
 */
stage: string,
/**
 * The model.
 */
model: string,
/**
 * Role and words of each message.
 */
prompt: Array<[string, string]>,
/**
 * What came back, or why nothing did.
 */
reply: string,
/**
 * How long it took.
 */
took_ms: number, } | { "event": "answer-moved",
/**
 * The number of the question.
 */
id: number,
/**
 * The sentences; what was told before them is replaced.
 */
sentences: Array<AskSentence>,
/**
 * Whether a model writes them; the first ones are put together by rule.
 */
is_by_model: boolean, } | { "event": "dream-moved",
/**
 * How it is.
 */
dream: DreamState, };

/**
 * The exact words a moment rests on.
 */
export type Evidence = {
/**
 * The record they stand in.
 */
record_id: number,
/**
 * The kind of source, as in [`SourceCount::format`].
 */
format: string,
/**
 * The note's or conversation's title.
 */
title: string,
/**
 * Who wrote them, where that is known.
 */
author: string,
/**
 * The file they stand in, below its source; empty for quick notes.
 */
file: string,
/**
 * The line in that note on which they begin, counted from 1; absent for messages.
 */
line: number | null,
/**
 * When they were written, in Unix milliseconds.
 */
occurred_at: number | null,
/**
 * Minutes east of UTC then.
 */
offset_minutes: number,
/**
 * How precisely that is known.
 */
precision: Precision,
/**
 * The words, with those marked that say what was felt or done.
 */
pieces: Array<Piece>,
/**
 * Whether the source still says this; if not, the text is kept from an earlier version.
 */
is_current: boolean, };

/**
 * A moment that an insight or prediction rests on.
 */
export type EvidenceMoment = {
/**
 * The moment.
 */
id: number,
/**
 * Its day, `YYYY-MM-DD`.
 */
day: string,
/**
 * Its title.
 */
title: string,
/**
 * The records that it rests on.
 */
record_ids: number[], };

/**
 * How a hit came to its place: `score` = 1 / (60 + rank by words) + weight / (60 + rank by meaning), and
 * each rank goes by what was measured, times how strong and how recent the thing is.
 */
export type Explanation = {
/**
 * What hits are ordered by.
 */
score: number,
/**
 * Its place by words, from 1 on; absent: it was found by meaning alone.
 */
words_rank: number | null,
/**
 * How well its words match (BM25); 0 without.
 */
words_score: number,
/**
 * Which of the words stand in it.
 */
matched: Array<string>,
/**
 * Its place by meaning, from 1 on; absent: it is not among the nearest.
 */
meaning_rank: number | null,
/**
 * The cosine of its vector and the question's; 0 where none was measured.
 */
cosine: number,
/**
 * What its place by meaning counts beside that by words.
 */
meaning_weight: number,
/**
 * What fading leaves of its scores, 0.8 to 1.
 */
fading: number,
/**
 * What its age leaves of its scores, 0.9 to 1.
 */
recency: number, };

/**
 * What is written.
 */
export type ExportFormat = "markdown" | "json" | "csv" | "ics";

/**
 * Writes the graph, or a part of it, as the text of a file.
 */
export type ExportGraph = {
/**
 * In which form.
 */
format: GraphFormat,
/**
 * Which part.
 */
part: DrawGraph, };

/**
 * What goes into Markdown.
 */
export type ExportPart = "stories" | "moments" | "reviews" | "conversations" | "records";

/**
 * What was exported.
 */
export type ExportReport = {
/**
 * What was written.
 */
format: ExportFormat,
/**
 * Where to.
 */
path: string,
/**
 * Files that are new or different now.
 */
n_written: number,
/**
 * Files that were like this already.
 */
n_unchanged: number,
/**
 * Files of an earlier export that were taken away, because what they told is gone.
 */
n_removed: number,
/**
 * Files that were left as they are because the person changed them, the first 100 by name.
 */
left_alone: Array<string>,
/**
 * How many these are.
 */
n_left_alone: number,
/**
 * Days.
 */
n_days: number,
/**
 * Moments.
 */
n_moments: number,
/**
 * Notes.
 */
n_notes: number,
/**
 * Conversations.
 */
n_sessions: number,
/**
 * Messages.
 */
n_messages: number,
/**
 * Moods.
 */
n_moods: number, };

/**
 * Asks for an export.
 */
export type ExportRequest = {
/**
 * What is written.
 */
format: ExportFormat,
/**
 * The file, or for Markdown the folder, to write to. Nothing is overwritten that no such export wrote.
 */
path: string,
/**
 * First day, `YYYY-MM-DD`; absent: the first there is.
 */
since: string | null,
/**
 * Last day; absent: the last there is.
 */
until: string | null,
/**
 * What goes into Markdown; empty: all but records.
 */
parts: Array<ExportPart>, };

/**
 * Asks for the files that let the system's own scheduler do it.
 */
export type ExportSchedules = {
/**
 * Whose words.
 */
system: SchedulerSystem,
/**
 * The program `rem` with its whole path.
 */
program: string,
/**
 * The folder where journals lie, if it is not the usual one.
 */
data_dir: string | null, };

/**
 * A part of a moment that the person can correct.
 */
export type Field = "title" | "summary" | "type" | "time" | "tags" | "emotions" | "hidden" | "pinned";

/**
 * A file that is not in the journal, or only in part, and why.
 */
export type FileProblem = {
/**
 * Below its source.
 */
file: string,
/**
 * "partial", "duplicate", "skipped", "failed" or "missing".
 */
status: string,
/**
 * What is the matter and what can be done.
 */
reason: string, };

/**
 * Looks a name up.
 */
export type FindNodes = {
/**
 * The words, or a key.
 */
name: string,
/**
 * At most so many; 0: twelve.
 */
limit: number, };

/**
 * Asks how two nodes hang together.
 */
export type FindPaths = {
/**
 * One node.
 */
from: string,
/**
 * The other.
 */
to: string,
/**
 * Paths, 1 to 5. None shares a node between the ends with a cheaper one.
 */
n: number,
/**
 * Which edges.
 */
filter: EdgeFilter, };

/**
 * One thing that was examined.
 */
export type Finding = {
/**
 * What was looked at, for example "file" or "schedule".
 */
name: string,
/**
 * How it came out.
 */
verdict: Verdict,
/**
 * What was found, in a sentence.
 */
says: string,
/**
 * What to do about it; empty where nothing is to be done.
 */
advice: string, };

/**
 * How long ago the newest source of a proposal was written.
 */
export type Freshness = "fresh" | "stale" | "archived" | "unknown";

/**
 * A community with how it holds together.
 */
export type GraphCommunity = {
/**
 * Its number.
 */
id: number,
/**
 * 1: of topics; 2: of communities.
 */
level: number,
/**
 * The community of level 2 that it belongs to.
 */
parent_id: number | null,
/**
 * What it is called.
 */
name: string,
/**
 * Its topics that are not hidden.
 */
n_topics: number,
/**
 * Moments of its topics, as the last dream counted them.
 */
n_moments: number,
/**
 * Edges between its topics.
 */
n_edges: number,
/**
 * 0 to 1: of the weight of all edges of its topics, the share that stays inside.
 */
strength: number,
/**
 * Its topics, those that hold to it most first.
 */
members: Array<CommunityMember>, };

/**
 * An edge: typed, weighted, and with its reason.
 */
export type GraphEdge = {
/**
 * The key of the node it leads from.
 */
from: string,
/**
 * The key of the node it leads to.
 */
to: string,
/**
 * One of the names of `list_edge_types`.
 */
rel_type: string,
/**
 * 0 to 1.
 */
weight: number,
/**
 * 0 to 1: how sure it is.
 */
confidence: number,
/**
 * Why it is there, in a few words.
 */
reason: string,
/**
 * How many moments show it.
 */
n_moments: number,
/**
 * The weightiest of these; at most 3.
 */
moments: number[], };

/**
 * The text of a file.
 */
export type GraphFile = {
/**
 * In which form it is.
 */
format: GraphFormat,
/**
 * The text, UTF-8.
 */
text: string,
/**
 * Nodes in it.
 */
n_nodes: number,
/**
 * Edges in it.
 */
n_edges: number,
/**
 * Nodes that are not in it.
 */
n_nodes_left_out: number,
/**
 * Edges between its nodes that are not in it.
 */
n_edges_left_out: number, };

/**
 * A form of file.
 */
export type GraphFormat = "dot" | "graphml" | "json" | "svg";

/**
 * A node of the graph.
 */
export type GraphNode = {
/**
 * How it is named without doubt: `topic:5`.
 */
key: string,
/**
 * What it is.
 */
kind: NodeKind,
/**
 * Its number among those of its kind.
 */
id: number,
/**
 * What it is called.
 */
name: string,
/**
 * Of a moment or a note its day, otherwise the last day it was met, `YYYY-MM-DD`.
 */
day: string | null,
/**
 * Moments that it stands in or that rest on it; of a moment 1.
 */
n_moments: number,
/**
 * 0 to 1. Of topics and people w / (w + 8), w being the sum of what their moments weigh; of notes and
 * conversations the same of those that rest on them.
 */
importance: number,
/**
 * Mean valence, -1 to 1, where something was felt.
 */
valence: number | null,
/**
 * The community of level 1 that a topic belongs to.
 */
community_id: number | null, };

/**
 * A way from one node to another.
 */
export type GraphPath = {
/**
 * The sum over its edges of 1 - ln(weight · confidence): every step costs, a weak one more.
 */
cost: number,
/**
 * The nodes, from the one end to the other.
 */
nodes: Array<GraphNode>,
/**
 * The edges between them: one fewer.
 */
edges: Array<GraphEdge>, };

/**
 * Ways from one node to another.
 */
export type GraphPaths = {
/**
 * One node.
 */
from: GraphNode,
/**
 * The other.
 */
to: GraphNode,
/**
 * The paths, the cheapest first.
 */
paths: Array<GraphPath>,
/**
 * Whether the search was given up: there may be more paths, or cheaper ones.
 */
is_cut: boolean,
/**
 * Nodes whose edges were looked at.
 */
n_looked_at: number, };

/**
 * The graph, or a part of it, with places to draw it at. As JSON it is what `export_graph` writes.
 */
export type GraphPicture = {
/**
 * The most important first.
 */
nodes: Array<DrawnNode>,
/**
 * The edges between them, the strongest first.
 */
edges: Array<GraphEdge>,
/**
 * The communities of the topics among them, the largest first.
 */
communities: Array<DrawnCommunity>,
/**
 * Nodes of these kinds that are not in it.
 */
n_nodes_left_out: number,
/**
 * Edges between its nodes that are not in it.
 */
n_edges_left_out: number, };

/**
 * A walk.
 */
export type GraphWalk = {
/**
 * The start, then what was reached, the nearest first, of these the strongest.
 */
nodes: Array<WalkedNode>,
/**
 * The edges between these that were seen.
 */
edges: Array<GraphEdge>,
/**
 * Edges that were seen and not followed, all in all.
 */
n_left_out: number, };

/**
 * Puts a topic out of sight, or shows it again.
 */
export type HideTopic = {
/**
 * Its number.
 */
id: number,
/**
 * Whether it is out of sight.
 */
hidden: boolean, };

/**
 * A change in the life of a moment.
 */
export type HistoryEntry = {
/**
 * Unix milliseconds.
 */
at: number,
/**
 * "dream" or "person".
 */
author: string,
/**
 * What was done, for people.
 */
what: string, };

/**
 * Something found.
 */
export type Hit = {
/**
 * What it is.
 */
kind: HitKind,
/**
 * The moment's or the record's id.
 */
id: number,
/**
 * Its title; for a message its conversation's.
 */
title: string,
/**
 * Who wrote it, for messages.
 */
author: string,
/**
 * Text around the words found, which are marked.
 */
pieces: Array<Piece>,
/**
 * The journal's day.
 */
day: string | null,
/**
 * Unix milliseconds.
 */
at: number | null,
/**
 * Minutes east of UTC then.
 */
offset_minutes: number,
/**
 * How precisely that is known.
 */
precision: Precision,
/**
 * For a note or message: a moment that rests on it.
 */
moment_id: number | null,
/**
 * Other things that were found and that this one stands for: what a moment rests on, messages beside
 * a message.
 */
n_more: number,
/**
 * For a message: what was said before it, in order.
 */
before: Array<ContextLine>,
/**
 * For a message: what was said after it, in order.
 */
after: Array<ContextLine>,
/**
 * How its place came about, if that was asked for.
 */
explanation: Explanation | null, };

/**
 * What a hit is.
 */
export type HitKind = "moment" | "note" | "session" | "message";

/**
 * What was felt in an hour with one kind of activity.
 */
export type HourMoods = {
/**
 * The hour in which the moments began, 0 to 23, on the wall then.
 */
hour: number,
/**
 * The type of the moments.
 */
moment_type: string,
/**
 * How many there are.
 */
n_moments: number,
/**
 * Of these, such in which something was felt.
 */
n_felt: number,
/**
 * Mean valence of those.
 */
valence: number | null,
/**
 * Each feeling, the most frequent first.
 */
emotions: Array<EmotionCount>, };

/**
 * Something that took much more or much less time than in the periods before.
 */
export type HoursChange = {
/**
 * The type of moment.
 */
moment_type: string,
/**
 * Minutes in this period, known by the clock or about.
 */
minutes: number,
/**
 * Minutes in the periods before, on average.
 */
usual_minutes: number, };

/**
 * What an insight is.
 */
export type InsightKind = "pattern" | "theme" | "strategy";

/**
 * What dreams make of moments. The names of the papers are in brackets.
 */
export type InsightSettings = {
/**
 * Whether anything is: without it there are no reflections and no predictions
 * (`REFLECTIVE_MEMORY_ENABLED`).
 */
is_on: boolean,
/**
 * How much is (`REFLECTIVE_MEMORY_MODE`).
 */
mode: ReflectiveMode,
/**
 * Whether dreams reflect (`DREAMING_ENABLED`).
 */
reflects: boolean,
/**
 * Hours before the end of the newest day that a reflection looks at, 1 to 720
 * (`DREAMING_LOOKBACK_HOURS`).
 */
lookback_hours: number,
/**
 * Importance of the moments that it looks at, at least; 0 to 1 (`DREAMING_MIN_IMPORTANCE`).
 */
min_importance: number,
/**
 * Moments that it looks at, at most; 3 to 100 (`DREAMING_MAX_SAMPLES`).
 */
max_samples: number, };

/**
 * An insight as it is shown.
 */
export type InsightView = {
/**
 * Its number; the same as long as it is the same insight.
 */
id: number,
/**
 * What it is.
 */
kind: InsightKind,
/**
 * Where it stands among what a memory holds: "procedural" for a strategy, "reflective" otherwise.
 */
layer: string,
/**
 * What it says, in the language of what it rests on.
 */
statement: string,
/**
 * The code of that language; empty where nobody can say.
 */
language: string,
/**
 * What it is about.
 */
tags: Array<string>,
/**
 * 0 to 1; grows with every reflection that finds it again.
 */
confidence: number,
/**
 * How often, of how many; absent where a model said it.
 */
sample: SampleSizes | null,
/**
 * Reflections that found it.
 */
n_seen: number,
/**
 * The day of the first of them.
 */
first_seen_on: string,
/**
 * The day of the last of them.
 */
last_seen_on: string,
/**
 * Who said it, for example "built-in analyser".
 */
mind: string,
/**
 * What the person thinks of it.
 */
decision: Decision | null,
/**
 * The moments it rests on, the newest first.
 */
evidence: Array<EvidenceMoment>, };

/**
 * A job.
 */
export type JobId = {
/**
 * Its number.
 */
id: number, };

/**
 * A part of a job: only what failed is tried again.
 */
export type JobPart = {
/**
 * For example "embedding", or a stage of a dream.
 */
name: string,
/**
 * "waiting", "done", "skipped" or "failed".
 */
state: string,
/**
 * Why it was skipped or failed; empty where there is nothing to say.
 */
reason: string, };

/**
 * How the work that waits is done.
 */
export type JobSettings = {
/**
 * Whether the queue is worked on at all. What is switched off waits, and is lost by nothing.
 */
queue_enabled: boolean,
/**
 * Pieces of work at the same time, 1 to 16; only one of them dreams.
 */
workers: number,
/**
 * Records that are worked on together, 1 to 1,000.
 */
batch_size: number,
/**
 * Tries after the first, 0 to 20.
 */
max_retries: number,
/**
 * Seconds before the second try, 1 to 3,600; doubled before each further one.
 */
retry_delay_seconds: number, };

/**
 * How a job is.
 */
export type JobState = "waiting" | "running" | "dead";

/**
 * A piece of work that waits, runs or failed.
 */
export type JobView = {
/**
 * Its number.
 */
id: number,
/**
 * "dream" (a day waits for a dream), "record" (a note or conversation was saved), "records", "embed",
 * or the name of a schedule.
 */
kind: string,
/**
 * What it is about: a day, a record's number, a schedule's name.
 */
key: string,
/**
 * 1 what the person asked for, 0 as usual, -1 tidying up.
 */
priority: number,
/**
 * How it is.
 */
state: JobState,
/**
 * Tries so far.
 */
n_attempts: number,
/**
 * Not before, in Unix milliseconds.
 */
run_after: number,
/**
 * Who works on it; empty where nobody does.
 */
held_by: string,
/**
 * When who works on it last gave a sign, in Unix milliseconds.
 */
heartbeat_at: number | null,
/**
 * Why it failed; empty where it did not.
 */
reason: string,
/**
 * When it was first asked for, in Unix milliseconds.
 */
created_at: number,
/**
 * When it last changed, in Unix milliseconds.
 */
updated_at: number,
/**
 * The note or conversation it is about, to be opened.
 */
record_id: number | null,
/**
 * Its parts, in order; empty while nobody has begun it.
 */
parts: Array<JobPart>, };

/**
 * What people decided or learnt together in a moment.
 */
export type JointInsight = {
/**
 * It, in a sentence.
 */
text: string,
/**
 * The words that say so.
 */
evidence: Array<Evidence>, };

/**
 * How many things of a kind a moment rests on, or that are tied to what it rests on.
 */
export type KindCount = {
/**
 * "document", "conversation" or "quick note".
 */
kind: string,
/**
 * Notes, or whole conversations.
 */
n: number, };

/**
 * How long moments of one type took.
 */
export type KindHours = {
/**
 * For example "work".
 */
moment_type: string,
/**
 * Moments of this type.
 */
n_moments: number,
/**
 * Of these, without a known length: they count no minute.
 */
n_without_length: number,
/**
 * Minutes known by the clock. Where moments of the type overlap, a minute counts once.
 */
minutes: number,
/**
 * Minutes beside them whose beginning or end is only known about.
 */
approximate_minutes: number, };

/**
 * How a topic ended last.
 */
export type LastOutcome = {
/**
 * The last moment of the topic that says how it ended.
 */
moment_id: number,
/**
 * Its day.
 */
day: string,
/**
 * How it ended, in the moment's words.
 */
outcome: string,
/**
 * Whether moments came after it that do not say how they ended.
 */
is_older: boolean, };

/**
 * What a dream cost.
 */
export type LedgerDream = {
/**
 * The dream; absent for calls outside any dream.
 */
dream_id: number | null,
/**
 * When it began, Unix milliseconds.
 */
started_at: number,
/**
 * Its stages.
 */
stages: Array<LedgerStage>, };

/**
 * What a stage of a dream cost.
 */
export type LedgerStage = {
/**
 * The stage.
 */
stage: string,
/**
 * The model.
 */
model: string,
/**
 * Prompt and version, for example "moments-1".
 */
prompt: string,
/**
 * Calls, retries and repairs among them.
 */
n_calls: number,
/**
 * Of these, retries.
 */
n_retries: number,
/**
 * Of these, repairs.
 */
n_repairs: number,
/**
 * Of these, ended well.
 */
n_good: number,
/**
 * Tokens of prompts.
 */
prompt_tokens: number,
/**
 * Tokens of replies.
 */
reply_tokens: number,
/**
 * Milliseconds.
 */
took_ms: number,
/**
 * Why calls failed: how often each.
 */
reasons: { [key in string]: number },
/**
 * What had to be put right in replies: how often each.
 */
remarks: { [key in string]: number }, };

/**
 * The ledger.
 */
export type LedgerView = {
/**
 * Dreams with calls, the newest first.
 */
dreams: Array<LedgerDream>,
/**
 * Milliseconds of model time in the last 30 days.
 */
month_ms: number,
/**
 * Calls in the last 30 days.
 */
month_calls: number, };

/**
 * How active somebody is.
 */
export type Level = "active" | "moderate" | "inactive";

/**
 * Asks for calls, the newest first.
 */
export type ListAssistantCalls = {
/**
 * Only calls with lower numbers; absent: from the newest on.
 */
before: number | null,
/**
 * At most so many; 50 if absent, 1,000 at most.
 */
limit: number | null, };

/**
 * Asks for the days from `from` to `until`, both included and both `YYYY-MM-DD`; absent means the
 * journal's first and last day.
 */
export type ListDays = {
/**
 * First day.
 */
from: string | null,
/**
 * Last day.
 */
until: string | null, };

/**
 * Asks for the dreams, the newest first.
 */
export type ListDreams = {
/**
 * At most so many, 20 if absent.
 */
limit: number | null,
/**
 * Only those before this dream.
 */
before: number | null, };

/**
 * Asks for communities with how they hold together.
 */
export type ListGraphCommunities = {
/**
 * Only this one.
 */
id: number | null,
/**
 * Members that are listed of each; 0: twelve.
 */
n_members: number, };

/**
 * Which insights to list.
 */
export type ListInsights = {
/**
 * Only of this kind.
 */
kind: InsightKind | null,
/**
 * Hidden ones, too.
 */
with_hidden: boolean,
/**
 * At most so many.
 */
limit: number | null, };

/**
 * Asks for the queue.
 */
export type ListJobs = {
/**
 * Days that wait for a dream, too.
 */
with_days: boolean,
/**
 * At most so many jobs.
 */
limit: number, };

/**
 * Asks for a page of the moments of a topic or of somebody.
 */
export type ListMomentsOf = {
/**
 * Whose.
 */
of: MomentsOf,
/**
 * The topic's or the person's number.
 */
id: number,
/**
 * Only those before this place: what the page before gave as its next.
 */
before: MomentPlace | null,
/**
 * At most so many, 500 at most; 0: fifty.
 */
limit: number, };

/**
 * Asks for the neighbours of a node.
 */
export type ListNeighbours = {
/**
 * The node.
 */
node: string,
/**
 * At most so many, 2,000 at most; 0: forty.
 */
limit: number,
/**
 * Which edges.
 */
filter: EdgeFilter, };

/**
 * Which people to list.
 */
export type ListPeople = {
/**
 * Only those who have this in their names, however it is spelt.
 */
query: string,
/**
 * In which order.
 */
order: PeopleOrder,
/**
 * At most so many; 0: a hundred.
 */
limit: number,
/**
 * Leaves out so many of the first.
 */
skip: number, };

/**
 * Which predictions to list.
 */
export type ListPredictions = {
/**
 * At most so many settled ones, the newest first; 50 if nothing is said.
 */
limit: number | null, };

/**
 * Which proposals to list. By default those that wait for the person.
 */
export type ListProposals = {
/**
 * Only those in this state; absent: those that wait.
 */
state: ProposalState | null,
/**
 * All, in whatever state.
 */
all: boolean,
/**
 * At most so many; 50 if nothing is said.
 */
limit: number | null, };

/**
 * Which reflections to list.
 */
export type ListReflections = {
/**
 * At most so many, the newest first; 30 if nothing is said.
 */
limit: number | null, };

/**
 * Which topics to list.
 */
export type ListTopics = {
/**
 * Only those whose name or one of whose tags has this in it, however it is spelt.
 */
query: string,
/**
 * Only those of this community, of either level.
 */
community_id: number | null,
/**
 * Hidden ones, too.
 */
with_hidden: boolean,
/**
 * At most so many; 0: a hundred.
 */
limit: number,
/**
 * In which order.
 */
order: TopicOrder, };

/**
 * The settings that a dream went by.
 */
export type MaintainedBy = {
/**
 * Whether anything is made of moments.
 */
reflective_enabled: boolean,
/**
 * How much.
 */
mode: ReflectiveMode, };

/**
 * What faded.
 */
export type MaintainedDecay = {
/**
 * Journals.
 */
total_tenants: number,
/**
 * Moments and records with another strength than before.
 */
total_updated: number, };

/**
 * What was reflected on.
 */
export type MaintainedReflections = {
/**
 * Journals.
 */
tenants_processed: number,
/**
 * Reflections made.
 */
reflections_generated: number, };

/**
 * What was summarised.
 */
export type MaintainedSummaries = {
/**
 * Journals.
 */
tenants_processed: number,
/**
 * Conversations.
 */
summaries_created: number, };

/**
 * What a dream did, in the shape and under the names of the papers, for programs that read theirs. A
 * tenant is a journal, and a dream is about one.
 */
export type Maintenance = {
/**
 * Fading.
 */
decay: MaintainedDecay,
/**
 * Reflecting.
 */
dreaming: MaintainedReflections,
/**
 * Summarising.
 */
summarization: MaintainedSummaries,
/**
 * Unix milliseconds.
 */
started_at: number,
/**
 * Unix milliseconds.
 */
completed_at: number,
/**
 * The settings it went by.
 */
config: MaintainedBy, };

/**
 * Makes one topic of two.
 */
export type MergeTopics = {
/**
 * The one that goes.
 */
id: number,
/**
 * The one that it goes into; its number and name stay.
 */
into: number, };

/**
 * One line of a conversation around the record asked for.
 */
export type MessageView = {
/**
 * The message's record id.
 */
id: number,
/**
 * Who wrote it.
 */
author: string,
/**
 * "user", "assistant", "person" or "system".
 */
role: string,
/**
 * When, in Unix milliseconds.
 */
occurred_at: number | null,
/**
 * Minutes east of UTC then.
 */
offset_minutes: number,
/**
 * How precisely that is known.
 */
precision: Precision,
/**
 * The text.
 */
pieces: Array<Piece>, };

/**
 * Numbers of one name.
 */
export type Metric = {
/**
 * For example "rem_dreams_total".
 */
name: string,
/**
 * What it counts, in a sentence.
 */
help: string,
/**
 * What it is.
 */
kind: MetricKind,
/**
 * The numbers, each with what it is a number of.
 */
samples: Array<Sample>, };

/**
 * What a family of numbers is.
 */
export type MetricKind = "counter" | "gauge" | "histogram";

/**
 * What dreams, and how.
 */
export type MindSettings = {
/**
 * Where models are looked for.
 */
server: ServerKind,
/**
 * The server's address; empty for `OLLAMA_HOST`, or 127.0.0.1:11434. An OpenAI server has no default.
 */
address: string,
/**
 * The address outside this machine to which the person has agreed to send what they wrote. It must
 * be equal to `address`, or nothing is sent.
 */
agreed_address: string,
/**
 * The model that reads episodes and pairs; empty: the best of those installed that fits; "off": the
 * built-in analyser.
 */
fast_model: string,
/**
 * The model that tells days; empty: the same as the fast one; "off": the built-in analyser.
 */
deep_model: string,
/**
 * The model that embeds; empty: the best of those installed; "off": the built-in embedder.
 */
embedding_model: string,
/**
 * Tokens of window to ask for, prompt and reply together, 2,048 to 262,144.
 */
window_tokens: number,
/**
 * Calls at the same time, 1 to 8. More than the server's own setting only queue there.
 */
concurrency: number,
/**
 * Minutes of model time a dream may take; 0 for no limit.
 */
most_minutes: number,
/**
 * Milliseconds of rest between two calls, about; 0 for none.
 */
min_gap_ms: number,
/**
 * Whether a nightly dream waits while the machine runs on its battery.
 */
waits_on_battery: boolean,
/**
 * Whether a nightly dream waits while the person uses the machine.
 */
waits_while_active: boolean, };

/**
 * What the mind is made of at present.
 */
export type MindView = {
/**
 * The server by name and address: "Ollama at 127.0.0.1:11434"; empty where none is wanted.
 */
server: string,
/**
 * The address that is asked.
 */
address: string,
/**
 * Whether the address is on this machine.
 */
is_local: boolean,
/**
 * For an address outside this machine that the person has not agreed to: what would be sent where,
 * in a sentence. Nothing is sent until `mind.agreed_address` in the settings equals the address.
 */
asks_consent: string | null,
/**
 * The server's version, if it answers.
 */
version: string | null,
/**
 * Why there is no model at present, in a sentence that says what to do.
 */
problem: string | null,
/**
 * What to know although it works, for example that the server listens to the whole network.
 */
cautions: Array<string>,
/**
 * Its models.
 */
models: Array<ModelView>,
/**
 * The model for many small questions; absent: the built-in analyser.
 */
fast: string | null,
/**
 * The model that tells days.
 */
deep: string | null,
/**
 * Vectors.
 */
embedding: EmbeddingView,
/**
 * What would suit this machine.
 */
proposals: Array<Proposal>,
/**
 * Bytes of memory of this machine; 0 where unknown.
 */
memory_bytes: number,
/**
 * Whether a key for the server is in the keychain.
 */
has_key: boolean,
/**
 * Days that the built-in analyser dreamt for want of a model, to be dreamt again with one.
 */
n_days_provisional: number,
/**
 * The download that runs or ran last.
 */
pull: PullState, };

/**
 * Names a model.
 */
export type ModelName = {
/**
 * Its name on the server.
 */
name: string, };

/**
 * A model as the server has it.
 */
export type ModelView = {
/**
 * Its name on the server.
 */
name: string,
/**
 * Bytes on disk; 0 where the server does not tell.
 */
size_bytes: number,
/**
 * For example "4.0B".
 */
parameters: string,
/**
 * For example "Q4_K_M".
 */
quantization: string,
/**
 * The most tokens it was made for.
 */
context_tokens: number | null,
/**
 * Numbers in its vectors, for embedding models.
 */
dimensions: number | null,
/**
 * Whether it can chat.
 */
can_chat: boolean,
/**
 * Whether it can embed.
 */
can_embed: boolean,
/**
 * Whether it thinks before it replies.
 */
thinks: boolean,
/**
 * Whether it fits into this machine's memory beside everything else; `None` where unknown.
 */
fits: boolean | null,
/**
 * Why it must not be used.
 */
refused: string | null,
/**
 * What to know before using it.
 */
caution: string | null,
/**
 * "fast", "deep", "embedding": what it is used for at present.
 */
used_for: Array<string>, };

/**
 * A moment as it stands on the timeline.
 */
export type MomentCard = {
/**
 * Its id in this journal.
 */
id: number,
/**
 * The journal's day, `YYYY-MM-DD`.
 */
day: string,
/**
 * Unix milliseconds. Where the precision is "day" or "unknown" it only orders moments of a day.
 */
starts_at: number,
/**
 * Unix milliseconds; equal to `starts_at` where no end is known.
 */
ends_at: number,
/**
 * Minutes east of UTC in force then.
 */
offset_minutes: number,
/**
 * How precisely its time is known.
 */
precision: Precision,
/**
 * For example "conversation", "work_session", or a type of the person's own.
 */
moment_type: string,
/**
 * A short name.
 */
title: string,
/**
 * What happened, in a sentence or three.
 */
summary: string,
/**
 * How it ended; empty where that is not said.
 */
outcome: string,
/**
 * Topics, in kebab-case.
 */
tags: Array<string>,
/**
 * Names of people.
 */
people: Array<string>,
/**
 * What was felt, strongest first.
 */
emotions: Array<EmotionWeight>,
/**
 * -1 (unpleasant) to 1 (pleasant).
 */
valence: number,
/**
 * 0 (calm) to 1 (stirred).
 */
arousal: number,
/**
 * Whether the person pinned it.
 */
is_pinned: boolean,
/**
 * Whether the person hid it.
 */
is_hidden: boolean,
/**
 * Whether the person corrected anything in it.
 */
is_corrected: boolean,
/**
 * What it rests on.
 */
sources: Array<SourceCount>, };

/**
 * A moment with all that is known of it.
 */
export type MomentDetail = {
/**
 * The moment.
 */
moment: MomentCard,
/**
 * How sure the mind is, 0 to 1.
 */
confidence: number,
/**
 * What dreamt it.
 */
mind: string,
/**
 * How much of its weight is left, 0 to 1: it fades while nobody returns to it.
 */
strength: number,
/**
 * Whether its type is one of the journal's list; not, if the person removed it since.
 */
is_type_registered: boolean,
/**
 * What people decided or learnt together in it.
 */
insights: Array<JointInsight>,
/**
 * Who tells of it: each note and conversation.
 */
witnesses: Array<Witness>,
/**
 * The exact words it rests on.
 */
evidence: Array<Evidence>,
/**
 * Moments that go with it.
 */
related: Array<RelatedMoment>,
/**
 * The fields the person corrected.
 */
corrected: Array<Field>,
/**
 * Its changes, newest first.
 */
history: Array<HistoryEntry>, };

/**
 * A page of moments.
 */
export type MomentPage = {
/**
 * The last first.
 */
moments: Array<MomentCard>,
/**
 * Where the next page begins; absent after the last.
 */
next: MomentPlace | null, };

/**
 * The place of a moment in a list that begins with the last.
 */
export type MomentPlace = {
/**
 * Its day.
 */
day: string,
/**
 * Unix milliseconds.
 */
starts_at: number,
/**
 * Its number.
 */
id: number, };

/**
 * What a moment says, as people read it.
 */
export type MomentSide = {
/**
 * Its title.
 */
title: string,
/**
 * Its summary.
 */
summary: string,
/**
 * Its outcome.
 */
outcome: string,
/**
 * Its type.
 */
moment_type: string,
/**
 * Its day.
 */
day: string,
/**
 * When it began, in Unix milliseconds.
 */
starts_at: number,
/**
 * When it ended.
 */
ends_at: number,
/**
 * Minutes east of UTC.
 */
offset_minutes: number,
/**
 * How exactly the time is known.
 */
precision: Precision,
/**
 * Its tags.
 */
tags: Array<string>,
/**
 * Who was there.
 */
people: Array<string>,
/**
 * What was felt, strongest first.
 */
emotions: Array<string>,
/**
 * What described it.
 */
mind: string, };

/**
 * A type of moments.
 */
export type MomentType = {
/**
 * Small letters, words joined by `_`: "work_session".
 */
name: string,
/**
 * What it is for, in the person's words; empty where they said nothing.
 */
description: string,
/**
 * Whether it is one of the common list, which every journal has.
 */
is_common: boolean,
/**
 * Whether moments are still found of it; not, if the person removed it and moments of it are left.
 */
is_registered: boolean,
/**
 * How many moments are of it.
 */
n_moments: number, };

/**
 * Names a type.
 */
export type MomentTypeName = {
/**
 * Its name.
 */
name: string, };

/**
 * Whose moments.
 */
export type MomentsOf = "topic" | "person";

/**
 * Feelings by hour and kind of activity.
 */
export type MoodByHour = {
/**
 * Moments in these days.
 */
n_moments: number,
/**
 * Of these, without a known hour: they are in no cell.
 */
n_without_hour: number,
/**
 * Of the others, such in which something was felt.
 */
n_felt: number,
/**
 * The cells that have moments, by hour, then by type.
 */
cells: Array<HourMoods>,
/**
 * Where each feeling of at least five moments has its greatest share, of types in a quarter of a day with
 * at least five felt moments; the most frequent feeling first.
 */
peaks: Array<MoodPeak>,
/**
 * The same for the smallest share.
 */
lows: Array<MoodPeak>, };

/**
 * Feelings by topics.
 */
export type MoodByTopic = {
/**
 * Moments in these days.
 */
n_moments: number,
/**
 * Of these, such in which something was felt.
 */
n_felt: number,
/**
 * Each feeling in all of them, the most frequent first.
 */
emotions: Array<EmotionCount>,
/**
 * The topics with most of what matters first.
 */
topics: Array<TopicMoods>,
/**
 * Topics with something felt that are not listed.
 */
n_left_out: number, };

/**
 * When a feeling is most frequent.
 */
export type MoodPeak = {
/**
 * The feeling.
 */
emotion: string,
/**
 * The type of moment.
 */
moment_type: string,
/**
 * The part of the day.
 */
part: DayPart,
/**
 * Moments of this type, in this part of the day, that have it.
 */
n: number,
/**
 * Of so many in which something was felt; never fewer than five.
 */
of: number,
/**
 * Moments with it by all in which something was felt, anywhere: to compare with.
 */
usual: number, };

/**
 * Which moments are looked at.
 */
export type MoodRequest = {
/**
 * First day, `YYYY-MM-DD`; absent: the journal's.
 */
since: string | null,
/**
 * Last day, included; absent: the journal's.
 */
until: string | null,
/**
 * The feeling that matters: rows with most of it come first; absent: those with most that was felt.
 */
emotion: string | null,
/**
 * Rows at most, 500 at most; 0: twelve. Of productive stretches: ten.
 */
limit: number, };

/**
 * A name with the number of moments it stands in.
 */
export type NameCount = {
/**
 * A person's name, or a topic in kebab-case.
 */
name: string,
/**
 * Moments.
 */
n_moments: number, };

/**
 * A neighbour with the edge to it.
 */
export type Neighbour = {
/**
 * The neighbour.
 */
node: GraphNode,
/**
 * The edge.
 */
edge: GraphEdge, };

/**
 * The neighbours of a node.
 */
export type Neighbours = {
/**
 * The node.
 */
node: GraphNode,
/**
 * All of them by type of edge and kind, also those that are not listed.
 */
counts: Array<EdgeCount>,
/**
 * The strongest of each type and kind in turn.
 */
neighbours: Array<Neighbour>,
/**
 * Those that are not listed.
 */
n_left_out: number, };

/**
 * What a node is.
 */
export type NodeKind = "topic" | "person" | "entity" | "moment" | "note" | "session";

/**
 * A quick note that was kept.
 */
export type NoteAdded = {
/**
 * Its record.
 */
record_id: number,
/**
 * The journal's day it belongs to.
 */
day: string, };

/**
 * Asks what happened on a calendar day in earlier years.
 */
export type OnThisDay = {
/**
 * `YYYY-MM-DD`; absent: today.
 */
day: string | null,
/**
 * Where no earlier year has anything on the day itself, look so many days before and after, 15 at most;
 * absent: three.
 */
around: number | null,
/**
 * Moments of each year, 50 at most; 0: five.
 */
limit: number, };

/**
 * Whether what a reflection looked at came to a good end.
 */
export type Outcome = "success" | "partial" | "failure";

/**
 * Until when nothing is to happen by itself.
 */
export type PauseSchedules = {
/**
 * Unix milliseconds; absent: until the person says so.
 */
until: number | null, };

/**
 * People.
 */
export type PeopleList = {
/**
 * As many as were asked for.
 */
people: Array<PersonCard>,
/**
 * How many there are in all.
 */
n_total: number, };

/**
 * In which order people are listed; equals by name.
 */
export type PeopleOrder = "recent" | "moments" | "name";

/**
 * A period longer than a day.
 */
export type PeriodKind = "week" | "month" | "year";

/**
 * Somebody in short.
 */
export type PersonCard = {
/**
 * Their number.
 */
id: number,
/**
 * How they are named in the graph: `person:7`.
 */
key: string,
/**
 * What they are called.
 */
name: string,
/**
 * Moments that they took part in.
 */
n_moments: number,
/**
 * Days with these.
 */
n_days: number,
/**
 * The day they were met first, `YYYY-MM-DD`.
 */
first_day: string,
/**
 * The day they were met last.
 */
last_day: string,
/**
 * Moments with them in which something was felt.
 */
n_felt: number,
/**
 * Mean valence of these, -1 to 1.
 */
valence: number | null, };

/**
 * Somebody who took part.
 */
export type PersonCount = {
/**
 * Their name.
 */
name: string,
/**
 * Moments of the topic that they took part in.
 */
n_moments: number, };

/**
 * Somebody with all that is known of them.
 */
export type PersonDetail = {
/**
 * Who it is.
 */
person: PersonCard,
/**
 * Other names that mean them.
 */
aliases: Array<string>,
/**
 * Moments a month, from the first to the last.
 */
per_month: number,
/**
 * The months with them.
 */
months: Array<PersonMonth>,
/**
 * Mean valence of all moments of the journal in which something was felt, to compare with.
 */
valence_usual: number | null,
/**
 * How many these are.
 */
n_felt_usual: number,
/**
 * Minutes with them known by the clock; where moments overlap, a minute counts once.
 */
minutes: number,
/**
 * Minutes beside them whose beginning or end is only known about.
 */
approximate_minutes: number,
/**
 * By type of moment, the longest first.
 */
hours: Array<KindHours>,
/**
 * A few sentences, by rule and in the moments' own words.
 */
story: Array<StoryLine>,
/**
 * Topics they share moments with, the strongest first, each with its edge.
 */
topics: Array<Neighbour>,
/**
 * People they share moments with.
 */
people: Array<Neighbour>,
/**
 * The last moments with them, the last first; at most 50.
 */
moments: Array<MomentCard>,
/**
 * Where the earlier ones begin, for `list_moments_of`.
 */
next: MomentPlace | null, };

/**
 * A month with somebody.
 */
export type PersonMonth = {
/**
 * `YYYY-MM`.
 */
month: string,
/**
 * Moments.
 */
n_moments: number,
/**
 * Of these, such in which something was felt.
 */
n_felt: number,
/**
 * Mean valence of those.
 */
valence: number | null, };

/**
 * A run of text, marked or not.
 */
export type Piece = {
/**
 * The text; never HTML.
 */
text: string,
/**
 * Whether it is the part that matters here: the words of the evidence, the words found.
 */
is_marked: boolean, };

/**
 * How precisely a time is known. Ordered from vague to precise.
 */
export type Precision = "unknown" | "day" | "hour" | "exact";

/**
 * What a prediction is made from.
 */
export type PredictionKind = "plan" | "rhythm" | "foretold";

/**
 * A prediction as it is shown.
 */
export type PredictionView = {
/**
 * Its number.
 */
id: number,
/**
 * Always "prediction", so that nobody takes it for something that happened.
 */
moment_type: string,
/**
 * What it is made from.
 */
kind: PredictionKind,
/**
 * What is foretold, in the language of what it rests on.
 */
statement: string,
/**
 * The code of that language; empty where nobody can say.
 */
language: string,
/**
 * The last day of writing that was known when it was made.
 */
made_on: string,
/**
 * The first day on which it may come.
 */
due_from: string,
/**
 * The last day on which it may come.
 */
due_on: string,
/**
 * How sure it was when it was made, 0 to 1. This is what is scored.
 */
confidence: number,
/**
 * The same, corrected by how predictions of such a confidence turned out so far.
 */
calibrated: number,
/**
 * What became of it.
 */
outcome: Settled,
/**
 * The day on which that was seen.
 */
settled_on: string | null,
/**
 * Whether the person said so.
 */
is_settled_by_person: boolean,
/**
 * Whether its time passed without a trace, so that only the person can say whether it came.
 */
needs_confirmation: boolean,
/**
 * The moments it was made from.
 */
evidence: Array<EvidenceMoment>,
/**
 * The moments that settled it.
 */
settled_by: Array<EvidenceMoment>,
/**
 * Who made it.
 */
mind: string, };

/**
 * All predictions.
 */
export type Predictions = {
/**
 * Not due yet, the nearest first.
 */
open: Array<PredictionView>,
/**
 * Due, the newest first.
 */
settled: Array<PredictionView>,
/**
 * How well they turned out, over all of them.
 */
score: Score, };

/**
 * A stretch in which something was done well.
 */
export type ProductiveStretch = {
/**
 * The moment.
 */
moment: MomentCard,
/**
 * How long it took.
 */
minutes: number,
/**
 * Whether that is only known about.
 */
is_approximate: boolean, };

/**
 * The longest productive stretches.
 */
export type ProductiveStretches = {
/**
 * The longest first.
 */
stretches: Array<ProductiveStretch>,
/**
 * Moments of these days with such a feeling and a known length.
 */
n_productive: number,
/**
 * Those with such a feeling whose length nobody knows.
 */
n_without_length: number,
/**
 * The feelings that count as productive.
 */
feelings: Array<string>, };

/**
 * What the person says of themselves.
 */
export type ProfileEdit = { "edit": "summary",
/**
 * The words.
 */
text: string, } | { "edit": "activity",
/**
 * How active.
 */
level: Level, } | { "edit": "add_interest",
/**
 * Its name.
 */
name: string, } | { "edit": "remove_interest",
/**
 * Its name.
 */
name: string, } | { "edit": "rename_interest",
/**
 * As it is called.
 */
from: string,
/**
 * As it is to be called.
 */
to: string, } | { "edit": "hide_person",
/**
 * The name.
 */
name: string, } | { "edit": "reset",
/**
 * Of what.
 */
field: ProfileField,
/**
 * Of which interest or person; of all of them, if absent.
 */
name: string | null, };

/**
 * A moment or record that speaks for something the profile says.
 */
export type ProfileEvidence = {
/**
 * "moment" or "record".
 */
kind: string,
/**
 * Its id.
 */
id: number,
/**
 * Its title.
 */
title: string,
/**
 * Its day, `YYYY-MM-DD`, where it has one.
 */
day: string | null, };

/**
 * A part of the profile that the person can take back their word on.
 */
export type ProfileField = "summary" | "activity" | "interest" | "person";

/**
 * Something the person is busy with.
 */
export type ProfileInterest = {
/**
 * Its name, as the person has it where they renamed or added it.
 */
name: string,
/**
 * Its tag, under which it was found.
 */
key: string,
/**
 * Whether the person added or renamed it.
 */
is_by_hand: boolean,
/**
 * The share of the days that had it, 0 to 1; 0 where only the person says so.
 */
weight: number,
/**
 * How many times that share is its share of the whole journal's days; 0 where only the person says
 * so.
 */
lift: number,
/**
 * Days that had it.
 */
n_days: number,
/**
 * Moments, notes and conversations that had it.
 */
n_things: number,
/**
 * The first day that ever had it; empty where only the person says so.
 */
first_day: string,
/**
 * The last day that had it.
 */
last_day: string,
/**
 * Some that speak for it.
 */
evidence: Array<ProfileEvidence>, };

/**
 * One thing that the profile says.
 */
export type ProfileLine = {
/**
 * A sentence or two.
 */
text: string,
/**
 * How many things it was told or counted from.
 */
n_things: number,
/**
 * Some that speak for it; none where it was counted from all.
 */
evidence: Array<ProfileEvidence>, };

/**
 * Somebody around the person.
 */
export type ProfilePerson = {
/**
 * The name.
 */
name: string,
/**
 * Days on which they occur.
 */
n_days: number,
/**
 * Moments in which they occur.
 */
n_moments: number,
/**
 * Moments with them in which something was felt.
 */
n_felt: number,
/**
 * How these were, -1 to 1; absent where nothing was felt.
 */
valence: number | null,
/**
 * The first day on which they ever occurred.
 */
first_day: string,
/**
 * The last.
 */
last_day: string,
/**
 * Some of the moments.
 */
evidence: Array<ProfileEvidence>, };

/**
 * When moments of a type happen.
 */
export type ProfileRhythm = {
/**
 * The type; empty for all.
 */
activity_type: string,
/**
 * Moments.
 */
n_moments: number,
/**
 * Moments whose hour is known.
 */
n_timed: number,
/**
 * How many began in each hour of the local day, 24 counts from midnight on.
 */
hours: Array<number>,
/**
 * How many lie on each weekday, 7 counts from Monday on.
 */
weekdays: Array<number>, };

/**
 * What the profile looks at, and what it calls active.
 */
export type ProfileSettings = {
/**
 * Dreamt days that it is told from, back from the newest, 7 to 366.
 */
lookback_days: number,
/**
 * Days with writing, of the last 30, from which on the person counts as active.
 */
active_days: number,
/**
 * Days with writing, of the last 30, from which on they count as moderately active.
 */
moderate_days: number, };

/**
 * One version in the list.
 */
export type ProfileVersion = {
/**
 * Its number.
 */
version: number,
/**
 * When it was made, in Unix milliseconds.
 */
generated_at: number,
/**
 * Who told its summary.
 */
mind: string,
/**
 * Whether a model was missed.
 */
is_provisional: boolean,
/**
 * The first of its days, `YYYY-MM-DD`.
 */
first_day: string,
/**
 * The last.
 */
last_day: string,
/**
 * As it was told, without those whom the person hid.
 */
summary: string, };

/**
 * The profile.
 */
export type ProfileView = {
/**
 * The version's number; absent while there is none.
 */
version: number | null,
/**
 * Whether it is the newest.
 */
is_newest: boolean,
/**
 * Why there is none yet, in a sentence; empty where there is one.
 */
why_none: string,
/**
 * What kind of memory it is: "semantic".
 */
layer: string,
/**
 * Who the person is lately, in a few sentences to them.
 */
summary: string,
/**
 * Whether these are the person's own words.
 */
is_summary_by_hand: boolean,
/**
 * The summary line by line, with evidence; as it was told, where the person wrote their own.
 */
lines: Array<ProfileLine>,
/**
 * Interests, those that count most first.
 */
interests: Array<ProfileInterest>,
/**
 * People, those who are there most first.
 */
people: Array<ProfilePerson>,
/**
 * Rhythms, that of all moments first.
 */
rhythms: Array<ProfileRhythm>,
/**
 * Dreamt days by weekday, from Monday on: what counts of weekdays are to be measured by.
 */
weekday_days: Array<number>,
/**
 * Moments in which something was felt.
 */
n_felt: number,
/**
 * How these were, -1 to 1.
 */
valence: number | null,
/**
 * The same of the whole journal.
 */
valence_ever: number | null,
/**
 * How active the person is lately; for an older version, was then.
 */
activity: Activity,
/**
 * What the person is called in the settings and in chats.
 */
own_names: Array<string>,
/**
 * The language of most of the material, for example "en"; empty where nobody can say.
 */
language: string,
/**
 * The first of its days, `YYYY-MM-DD`; empty where there is no version.
 */
first_day: string,
/**
 * The last.
 */
last_day: string,
/**
 * Dreamt days that it was told from.
 */
n_days: number,
/**
 * Moments that it was told from.
 */
n_moments: number,
/**
 * Conversations with a summary that it was told from.
 */
n_sessions: number,
/**
 * Notes and documents that it was told from.
 */
n_resources: number,
/**
 * Who told the summary, for example "built-in analyser"; empty where there is no version.
 */
mind: string,
/**
 * Whether that was a model.
 */
is_by_model: boolean,
/**
 * Whether it is told again when there is a model.
 */
is_provisional: boolean,
/**
 * When it was made, in Unix milliseconds.
 */
generated_at: number | null,
/**
 * People whom the person hid from it.
 */
hidden_people: Array<string>,
/**
 * Interests that the person removed.
 */
removed_interests: Array<string>, };

/**
 * A model that would suit this machine.
 */
export type Proposal = {
/**
 * Its name, as it would be pulled.
 */
name: string,
/**
 * "chat" or "embedding".
 */
purpose: string,
/**
 * Bytes to download.
 */
size_bytes: number,
/**
 * Why this one, in a sentence.
 */
why: string,
/**
 * Whether it is there already.
 */
is_installed: boolean, };

/**
 * One proposal.
 */
export type ProposalId = {
/**
 * What it is called; the first letters do, where no other begins with them.
 */
id: string, };

/**
 * What a proposal is about.
 */
export type ProposalKind = "summary" | "preference" | "constraint" | "project_state" | "stale_fact" | "contradiction" | "merge" | "promotion" | "decay" | "temporal_update";

/**
 * What deciding came to.
 */
export type ProposalOutcome = {
/**
 * The proposal as it is now.
 */
proposal: ProposalView,
/**
 * Whether it only looked.
 */
is_dry_run: boolean,
/**
 * Whether anything changed; deciding the same twice changes nothing.
 */
has_changed: boolean,
/**
 * Notes, messages and moments for which the text stands from now on, beside the first.
 */
n_folded: number, };

/**
 * One of the things a proposal is about.
 */
export type ProposalSource = {
/**
 * "record" or "moment".
 */
thing: string,
/**
 * Its id.
 */
id: number,
/**
 * Its title.
 */
title: string,
/**
 * Its day, `YYYY-MM-DD`; empty where that is not known.
 */
day: string,
/**
 * Its words, or those meant; cut where they are many.
 */
text: string,
/**
 * Whether it still says this.
 */
is_current: boolean, };

/**
 * What became of a proposal.
 */
export type ProposalState = "pending" | "accepted" | "edited" | "rejected" | "applied" | "archived";

/**
 * A proposal.
 */
export type ProposalView = {
/**
 * What it is called, in letters; the same for ever, in this journal and in every copy of it.
 */
id: string,
/**
 * What it is about.
 */
kind: ProposalKind,
/**
 * What would be done.
 */
proposed_action: ProposedAction,
/**
 * What became of it.
 */
review_state: ProposalState,
/**
 * How sure it is, 0 to 1.
 */
confidence: number,
/**
 * How long ago its newest source was written.
 */
freshness_state: Freshness,
/**
 * Why it was made, in words of a list, such as "content_overlap" or "negation".
 */
reason_codes: Array<string>,
/**
 * How its sources were found.
 */
strategy_used: string,
/**
 * What would stand for the sources, or does.
 */
text: string,
/**
 * What it is about, the one that would stand for all first.
 */
sources: Array<ProposalSource>,
/**
 * Tokens of the sources, about.
 */
tokens_before: number,
/**
 * Tokens of the text, about.
 */
tokens_after: number,
/**
 * Who wrote the text.
 */
mind: string,
/**
 * Whether it is made again when there is a model.
 */
is_provisional: boolean,
/**
 * When the person decided, in Unix milliseconds.
 */
decided_at: number | null, };

/**
 * What would be done.
 */
export type ProposedAction = "create" | "update" | "merge" | "supersede" | "expire" | "promote" | "demote" | "ignore";

/**
 * How a download is.
 */
export type PullState = { "state": "none" } | { "state": "pulling",
/**
 * The model.
 */
name: string,
/**
 * What the server is doing.
 */
status: string,
/**
 * Bytes that have come.
 */
n_done: number,
/**
 * Bytes to come in all, as far as is known.
 */
n_total: number, } | { "state": "done",
/**
 * The model.
 */
name: string, } | { "state": "failed",
/**
 * The model.
 */
name: string,
/**
 * Why.
 */
message: string, };

/**
 * A column of an answer.
 */
export type QueryColumn = {
/**
 * Its name; no two columns of an answer have the same.
 */
name: string,
/**
 * What its values are.
 */
kind: ColumnKind, };

/**
 * What a question in SQL came to.
 */
export type QueryReply = {
/**
 * The columns, in their order.
 */
columns: Array<QueryColumn>,
/**
 * The rows, in their order: the value of each column by its name.
 */
rows: Record<string, unknown>[],
/**
 * Whether there are more rows than were asked for or than can be held.
 */
is_cut: boolean,
/**
 * Texts that were cut because they are longer than an answer can hold.
 */
n_cut_texts: number,
/**
 * How long it took, in milliseconds.
 */
took_ms: number, };

/**
 * Asks a question in SQL.
 */
export type QueryRequest = {
/**
 * One `SELECT`, `WITH` or `VALUES`, as PostgreSQL writes it.
 */
sql: string,
/**
 * At most so many rows; 1,000 if absent, 100,000 at most.
 */
limit: number | null,
/**
 * How long it may take, in milliseconds; 2,000 if absent, 60,000 at most.
 */
timeout_ms: number | null, };

/**
 * A table that can be asked.
 */
export type QueryView = {
/**
 * Its name.
 */
name: string,
/**
 * What stands in it.
 */
about: string,
/**
 * Its columns.
 */
columns: Array<ViewColumn>, };

/**
 * What dreaming for a question would take.
 */
export type QuestionDream = {
/**
 * Days that wait for a dream.
 */
n_days: number,
/**
 * Minutes it will take, about; 0 for less than one.
 */
minutes: number,
/**
 * The job, if it was agreed to and there is anything to dream.
 */
job_id: number | null, };

/**
 * The queue.
 */
export type QueueView = {
/**
 * What failed, then what runs, then what waits, in its turn.
 */
jobs: Array<JobView>,
/**
 * Jobs that wait.
 */
n_waiting: number,
/**
 * Jobs that run.
 */
n_running: number,
/**
 * Jobs that failed for good.
 */
n_dead: number,
/**
 * Days that wait for a dream.
 */
n_days: number, };

/**
 * A note, or a stretch of a conversation.
 */
export type RecordView = {
/**
 * The record's id.
 */
id: number,
/**
 * "resource", "session" or "message".
 */
kind: string,
/**
 * A format's name, or "capture".
 */
format: string,
/**
 * The note's or conversation's title.
 */
title: string,
/**
 * The file, below its source.
 */
file: string,
/**
 * The source's label.
 */
source: string,
/**
 * When it happened, in Unix milliseconds.
 */
occurred_at: number | null,
/**
 * Minutes east of UTC then.
 */
offset_minutes: number,
/**
 * How precisely that is known.
 */
precision: Precision,
/**
 * The journal's day.
 */
day: string | null,
/**
 * Topics as written.
 */
tags: Array<string>,
/**
 * What it is about, as the built-in analyser found, the best first; of a message, what its whole
 * conversation is about.
 */
found_tags: Array<string>,
/**
 * The text of a note, at most 200,000 characters; empty for conversations.
 */
pieces: Array<Piece>,
/**
 * For a conversation up to 200 messages, those around the message asked for.
 */
messages: Array<MessageView>,
/**
 * Whether there is more text or more messages than shown.
 */
is_cut: boolean,
/**
 * What is told of the whole conversation, if a dream told it.
 */
summary: SessionSummary | null, };

/**
 * How a reflection is to look, where it is not as the settings say.
 */
export type ReflectRequest = {
/**
 * Hours before the end of the newest day.
 */
lookback_hours: number | null,
/**
 * Importance of the moments that it looks at, at least; 0 to 1.
 */
min_importance: number | null,
/**
 * At most so many moments.
 */
max_samples: number | null,
/**
 * Only one reflection, of this depth, on the newest day. It is made even where the settings let
 * dreams make none, but for the master switch; a surface one asks no model.
 */
depth: Depth | null, };

/**
 * A reflection that was made, with a strategy that it found.
 */
export type Reflected = {
/**
 * The reflection.
 */
reflection_id: number,
/**
 * A strategy; absent where it found none.
 */
strategy_id: number | null, };

/**
 * A reflection as it is shown.
 */
export type ReflectionView = {
/**
 * Its number; the same as long as it looks at the same days.
 */
id: number,
/**
 * Always "reflective".
 */
layer: string,
/**
 * How deep it goes.
 */
depth: Depth,
/**
 * The last day it looks at.
 */
ends_on: string,
/**
 * From when on, in Unix milliseconds.
 */
starts_at: number,
/**
 * Until when, in Unix milliseconds.
 */
ends_at: number,
/**
 * A few sentences; empty while its words are forgotten and not told anew.
 */
text: string,
/**
 * Whether what it looked at came to a good end.
 */
outcome: Outcome,
/**
 * -1 to 1.
 */
sentiment: number,
/**
 * The same in a word.
 */
sentiment_label: SentimentLabel,
/**
 * The code of its language; empty where nobody can say.
 */
language: string,
/**
 * Insights that it found, by number.
 */
insight_ids: number[],
/**
 * The moments it looked at, the weightiest first.
 */
samples: Array<EvidenceMoment>,
/**
 * Who told it.
 */
mind: string,
/**
 * Whether it is told again when there is a model.
 */
is_provisional: boolean, };

/**
 * How much is made of reflecting.
 */
export type ReflectiveMode = "lite" | "full";

/**
 * Another moment that goes with this one.
 */
export type RelatedMoment = {
/**
 * Its id.
 */
id: number,
/**
 * Its title.
 */
title: string,
/**
 * Its day.
 */
day: string,
/**
 * Why it is here, for people: "same day", "about grant-letter", "similar words".
 */
reason: string,
/**
 * Its valence, for its colour.
 */
valence: number, };

/**
 * A topic that shares moments with this one.
 */
export type RelatedTopic = {
/**
 * Which one.
 */
topic: TopicRef,
/**
 * 0 to 1.
 */
weight: number,
/**
 * Why: "12 moments together".
 */
reason: string, };

/**
 * Gives a topic another name.
 */
export type RenameTopic = {
/**
 * Its number.
 */
id: number,
/**
 * At most 80 characters; absent: it is called by its tag again.
 */
name: string | null, };

/**
 * What came of a moment.
 */
export type ReviewOutcome = {
/**
 * The moment, with its evidence.
 */
moment_id: number,
/**
 * Its day, `YYYY-MM-DD`.
 */
day: string,
/**
 * Its title.
 */
title: string,
/**
 * How it ended.
 */
outcome: string, };

/**
 * Whether a period was told.
 */
export type ReviewState = "empty" | "waiting" | "stale" | "told";

/**
 * A week, month or year. All but title and summary is reckoned from its moments, never guessed.
 */
export type ReviewView = {
/**
 * Which of them.
 */
kind: PeriodKind,
/**
 * First day, `YYYY-MM-DD`.
 */
starts_on: string,
/**
 * Last day, included.
 */
ends_on: string,
/**
 * Whether it was told.
 */
state: ReviewState,
/**
 * Whether it goes on: it is told as far as it has come.
 */
is_running: boolean,
/**
 * Whether there is too little in it for more than its moments' own words.
 */
is_thin: boolean,
/**
 * What mattered most, in a few words; empty until it is told.
 */
title: string,
/**
 * The period in a few sentences, in the language of most of it; empty until it is told.
 */
summary: string,
/**
 * The code of that language, for example "en"; empty where nobody can say.
 */
language: string,
/**
 * What told it, for example "built-in analyser"; empty until it is told.
 */
mind: string,
/**
 * Whether that was a model.
 */
is_by_model: boolean,
/**
 * Whether it is told again when there is a model.
 */
is_provisional: boolean,
/**
 * When it was told, in Unix milliseconds.
 */
told_at: number | null,
/**
 * Mean valence of its moments, -1 to 1; absent where nothing was felt.
 */
valence: number | null,
/**
 * Mean arousal of its moments, 0 to 1.
 */
arousal: number | null,
/**
 * Days with moments.
 */
n_days: number,
/**
 * Days with something that no dream has read yet.
 */
n_days_waiting: number,
/**
 * Moments that are not hidden.
 */
n_moments: number,
/**
 * Records that they rest on.
 */
n_records: number,
/**
 * Minutes of all moments, known by the clock; where moments overlap, a minute counts once. A moment
 * belongs to the day on which it stands, with all of its minutes.
 */
minutes: number,
/**
 * Minutes beside them whose beginning or end is only known about.
 */
approximate_minutes: number,
/**
 * By type of moment, the longest first.
 */
hours: Array<KindHours>,
/**
 * Moments that came to an outcome.
 */
n_outcomes: number,
/**
 * The weightiest of these, in order of time.
 */
outcomes: Array<ReviewOutcome>,
/**
 * People, the most frequent first.
 */
people: Array<NameCount>,
/**
 * Topics, the most frequent first.
 */
topics: Array<NameCount>,
/**
 * The most productive day: with the most outcomes; of equals, with the most minutes, then the first.
 */
best_day: BestDay | null,
/**
 * What was different from the four periods before.
 */
differences: Differences,
/**
 * A day of the nearest earlier period of the kind with moments.
 */
previous: string | null,
/**
 * A day of the nearest later period of the kind with moments.
 */
next: string | null, };

/**
 * Asks for a schedule's work now.
 */
export type RunSchedule = {
/**
 * Which.
 */
name: string,
/**
 * Only if it is due: for the system's own scheduler.
 */
if_due: boolean, };

/**
 * What a mind says of an episode, in short.
 */
export type Said = {
/**
 * The mind.
 */
mind: string,
/**
 * The title.
 */
title: string,
/**
 * The summary.
 */
summary: string,
/**
 * The outcome.
 */
outcome: string,
/**
 * The type.
 */
moment_type: string,
/**
 * Tags.
 */
tags: Array<string>,
/**
 * People.
 */
people: Array<string>,
/**
 * Emotions, strongest first.
 */
emotions: Array<string>,
/**
 * -1 to 1.
 */
valence: number, };

/**
 * One number.
 */
export type Sample = {
/**
 * What comes after the name, for example "_bucket" of a histogram; mostly empty.
 */
suffix: string,
/**
 * What it is a number of, for example stage: "affinity".
 */
labels: { [key in string]: string },
/**
 * Seconds, bytes, or a count, as the name says.
 */
value: number, };

/**
 * How often a thing came with a mood, and how often the mood came without it.
 */
export type SampleSizes = {
/**
 * Moments with the thing in which something was felt; for a strategy, times it was tried.
 */
n_with: number,
/**
 * Of these, with the mood; for a strategy, times it helped.
 */
n_with_mood: number,
/**
 * Moments without the thing in which something was felt; for a strategy, low moments without it.
 */
n_without: number,
/**
 * Of these, with the mood; for a strategy, those that were followed by a good one.
 */
n_without_mood: number,
/**
 * How probable as many would be by chance: Fisher's exact test, one-sided, to a millionth.
 */
p_value: number, };

/**
 * What a scan found and did.
 */
export type ScanReport = {
/**
 * The source.
 */
source_id: number,
/**
 * Files met.
 */
n_files: number,
/**
 * Files read for the first time.
 */
n_new: number,
/**
 * Files read again because they changed.
 */
n_changed: number,
/**
 * Files left alone because they did not.
 */
n_unchanged: number,
/**
 * Files that moved and kept their records.
 */
n_renamed: number,
/**
 * Files with the same content as another.
 */
n_duplicates: number,
/**
 * Files that are gone, and whose records went with them.
 */
n_removed: number,
/**
 * Files left out for a reason.
 */
n_skipped: number,
/**
 * Files that could not be read.
 */
n_failed: number,
/**
 * Notes, conversations and messages that are new.
 */
n_records_added: number,
/**
 * Those whose text changed.
 */
n_records_changed: number,
/**
 * What a person should know about how files were read; at most 200 lines.
 */
problems: Array<FileProblem>,
/**
 * Why nothing was taken away although files are gone, where that is so.
 */
held_back: string | null,
/**
 * Whether it was stopped before the end.
 */
is_cancelled: boolean, };

/**
 * What became of it.
 */
export type ScheduleRun = {
/**
 * Whether there was anything to do.
 */
has_run: boolean,
/**
 * Jobs that failed for good.
 */
n_dead: number, };

/**
 * When what is done without being asked. Times are cron texts of five fields (minute, hour, day of the
 * month, month, day of the week) in the journal's zone; "off" for never.
 */
export type ScheduleSettings = {
/**
 * Letting fade what nobody returns to, also in nights with nothing to dream.
 */
decay: string,
/**
 * The nightly dream; empty: every day at `dream_at`.
 */
night: string,
/**
 * The light dream, without a model: which notes and conversations belong together.
 */
light: string,
/**
 * The deep dream: a whole one in which a model also judges what belongs together.
 */
deep: string,
/**
 * Telling conversations in which nobody has written for an hour.
 */
sessions: string,
/**
 * Dream when nobody has touched the machine for so many minutes, on mains and without load; 0 for
 * never.
 */
idle_minutes: number,
/**
 * Dream when so many notes and messages are new; 0 for never.
 */
threshold_items: number,
/**
 * Hours that must lie between a dream and one that idleness or a threshold sets off.
 */
rest_hours: number,
/**
 * About how many notes and conversations a model judges in a deep dream.
 */
deep_limit: number,
/**
 * Minutes that a dream begun by itself may take, the newest days first; 0 for no limit. What is left
 * waits for the next one.
 */
budget_minutes: number,
/**
 * Nothing of all this happens before, in Unix milliseconds.
 */
paused_until: number | null, };

/**
 * A schedule.
 */
export type ScheduleView = {
/**
 * "night", "decay", "light", "deep", "sessions", "idle" or "threshold".
 */
name: string,
/**
 * Its cron text, or what stands for it: "after 30 idle minutes"; "off" if it never is due.
 */
rule: string,
/**
 * When it is next due, in Unix milliseconds; absent where that is no matter of time.
 */
next_at: number | null,
/**
 * The time on the wall of the last slot that had its turn, `YYYY-MM-DDTHH:MM:SS`.
 */
last_slot: string | null,
/**
 * When it last gave work to the queue, in Unix milliseconds.
 */
queued_at: number | null,
/**
 * Whether its work waits or runs just now.
 */
is_queued: boolean, };

/**
 * A file for a scheduler.
 */
export type SchedulerFile = {
/**
 * Its name.
 */
name: string,
/**
 * What stands in it.
 */
text: string, };

/**
 * A scheduler of a system.
 */
export type SchedulerSystem = "systemd" | "launchd" | "schtasks" | "cron";

/**
 * The schedules.
 */
export type Schedules = {
/**
 * All of them.
 */
schedules: Array<ScheduleView>,
/**
 * Whether nothing happens by itself until the person says so.
 */
is_paused: boolean,
/**
 * Nothing happens by itself before, in Unix milliseconds.
 */
paused_until: number | null,
/**
 * Whether the queue is worked on at all.
 */
queue_enabled: boolean, };

/**
 * Where to search.
 */
export type Scope = "all" | "moments" | "notes" | "messages";

/**
 * How well the journal foretells.
 */
export type Score = {
/**
 * Predictions that hit or missed; others are not scored.
 */
n: number,
/**
 * Of these, hits.
 */
n_hits: number,
/**
 * Predictions whose end nobody knows.
 */
n_unclear: number,
/**
 * Brier's score: mean square of confidence less outcome, 0 best, 1 worst; absent without any.
 */
brier: number | null,
/**
 * What the score would be for always saying the share of hits: only below it foretelling is of use.
 */
brier_of_base_rate: number | null,
/**
 * By tenths of confidence, those that have any.
 */
calibration: Array<CalibrationBin>, };

/**
 * What was found, best first.
 */
export type SearchReply = {
/**
 * The hits.
 */
hits: Array<Hit>,
/**
 * Ask with this as `after` for what comes next; absent at the end.
 */
next: string | null,
/**
 * Whether it was searched by meaning, too; `false` while nothing is embedded, or the model that would
 * have to understand the question does not answer in time.
 */
by_meaning: boolean, };

/**
 * Asks for what has these words, or means much the same.
 */
export type SearchRequest = {
/**
 * Words or a question; "a phrase" in quotes must be there; `-word` must not; the last word also
 * matches its beginning. What has all words comes first, then what has most of them. Nothing in here
 * is ever a syntax error.
 */
query: string,
/**
 * Where to search.
 */
scope: Scope,
/**
 * First day, `YYYY-MM-DD`.
 */
since: string | null,
/**
 * Last day, `YYYY-MM-DD`.
 */
until: string | null,
/**
 * Only what this person wrote or is named in.
 */
person?: string,
/**
 * Only what has this tag.
 */
tag?: string,
/**
 * Only what this was felt in.
 */
emotion?: string,
/**
 * Only what came from this source: its number, or a part of its name or path.
 */
source?: string,
/**
 * At most so many hits; 20 if absent, 200 at most.
 */
limit: number | null,
/**
 * Only what comes after this place: `next` of an earlier reply to the same question.
 */
after?: string,
/**
 * Whether each hit is to say how its score came about.
 */
explain?: boolean, };

/**
 * A mood in a word.
 */
export type SentimentLabel = "positive" | "negative" | "neutral" | "mixed";

/**
 * A key for a server that wants one.
 */
export type ServerKey = {
/**
 * The key; empty to forget it.
 */
key: string, };

/**
 * Where models are looked for.
 */
export type ServerKind = "ollama" | "openai" | "off";

/**
 * What is told of a conversation.
 */
export type SessionSummary = {
/**
 * The session's record id.
 */
session_id: number,
/**
 * A few sentences in the conversation's language.
 */
summary: string,
/**
 * What it was about, the most important first.
 */
key_topics: Array<string>,
/**
 * -1 to 1.
 */
valence: number,
/**
 * The code of the language, for example "en"; empty where nobody can say.
 */
language: string,
/**
 * Messages that it was told from.
 */
n_messages: number,
/**
 * Who told it, for example "built-in analyser".
 */
mind: string,
/**
 * Whether that was a model.
 */
is_by_model: boolean,
/**
 * Whether it is told again when there is a model.
 */
is_provisional: boolean,
/**
 * Whether the conversation has changed since.
 */
is_outdated: boolean,
/**
 * When it was told, in Unix milliseconds.
 */
told_at: number,
/**
 * "session_summary" and "auto_generated".
 */
tags: Array<string>,
/**
 * Summary, topics and sentiment as one text, for export.
 */
text: string, };

/**
 * Another rule for a schedule.
 */
export type SetSchedule = {
/**
 * Which.
 */
name: string,
/**
 * A cron text of five fields, or "off".
 */
rule: string, };

/**
 * What a person can set for one journal.
 */
export type Settings = {
/**
 * IANA zone in which times without a zone are read and days are counted.
 */
zone: string,
/**
 * Minutes after midnight at which a day begins, 0 to 720.
 */
day_start_minutes: number,
/**
 * The day on which a week begins: "monday" to "sunday".
 */
week_starts_on: string,
/**
 * On which half of the earth the person's summers lie: "north" or "south".
 */
hemisphere: string,
/**
 * The names under which the journal's owner writes in chats.
 */
own_names: Array<string>,
/**
 * When the nightly dream is due, `HH:MM` in local time.
 */
dream_at: string,
/**
 * Whether watching and nightly dreams are paused.
 */
is_paused: boolean,
/**
 * "system", "night" or "paper".
 */
theme: string,
/**
 * Whether the first-run guide was finished.
 */
is_set_up: boolean,
/**
 * What dreams, and how.
 */
mind: MindSettings,
/**
 * How what says the same twice is found, and what is proposed.
 */
consolidation: ConsolidationPolicy,
/**
 * How things fade.
 */
decay: DecaySettings,
/**
 * Which conversations are summarised.
 */
summaries: SummariesSettings,
/**
 * When what is done without being asked.
 */
schedule: ScheduleSettings,
/**
 * How the work that waits is done.
 */
jobs: JobSettings,
/**
 * What dreams make of moments: reflections and predictions.
 */
insights: InsightSettings,
/**
 * What the profile looks at.
 */
profile: ProfileSettings,
/**
 * What assistant programs may do.
 */
assistants: AssistantSettings, };

/**
 * How the person settles a prediction.
 */
export type SettlePrediction = {
/**
 * The prediction.
 */
id: number,
/**
 * What became of it. "open" takes the person's word back.
 */
outcome: Settled, };

/**
 * What became of a prediction.
 */
export type Settled = "open" | "hit" | "miss" | "unclear";

/**
 * Asks for one day, `YYYY-MM-DD`.
 */
export type ShowDay = {
/**
 * `YYYY-MM-DD`.
 */
day: string,
/**
 * Whether hidden moments are shown too.
 */
with_hidden: boolean, };

/**
 * What to look up in the ledger.
 */
export type ShowLedger = {
/**
 * Only this dream.
 */
dream_id: number | null,
/**
 * At most so many dreams, the newest first; 20 if 0.
 */
limit: number, };

/**
 * Asks for one moment.
 */
export type ShowMoment = {
/**
 * Its id.
 */
id: number, };

/**
 * Asks for one person's page.
 */
export type ShowPerson = {
/**
 * Their name, or `person:7`.
 */
name: string, };

/**
 * Asks for the profile.
 */
export type ShowProfile = {
/**
 * An older version, as it was told then; the newest if absent.
 */
version: number | null, };

/**
 * Asks for a record, with the evidence of a moment marked in it if one is named.
 */
export type ShowRecord = {
/**
 * The record's id.
 */
id: number,
/**
 * A moment whose evidence is to be marked.
 */
moment_id: number | null, };

/**
 * Asks for the week, month or year in which a day lies.
 */
export type ShowReview = {
/**
 * Which of them.
 */
kind: PeriodKind,
/**
 * `YYYY-MM-DD`; absent: today.
 */
day: string | null, };

/**
 * Asks for one topic.
 */
export type ShowTopic = {
/**
 * Its number.
 */
id: number, };

/**
 * How many things of one kind a moment rests on.
 */
export type SourceCount = {
/**
 * The kind of source: a format's name such as "notes" or "whatsapp", or "capture".
 */
format: string,
/**
 * Notes, or messages of conversations.
 */
n: number, };

/**
 * A source's id.
 */
export type SourceId = {
/**
 * The id.
 */
id: number, };

/**
 * A folder that is watched, or a file that was imported.
 */
export type SourceView = {
/**
 * Its id.
 */
id: number,
/**
 * "folder", "file" or "capture".
 */
kind: string,
/**
 * Where it lies.
 */
path: string,
/**
 * Its name for people.
 */
label: string,
/**
 * Whether changes are followed while the app runs.
 */
is_watched: boolean,
/**
 * "new" (not read yet), "ok", or "missing" (gone, or too much of it gone at once to believe it).
 */
state: string,
/**
 * Why, where the state is "missing".
 */
state_reason: string,
/**
 * Files that were read.
 */
n_files: number,
/**
 * Notes, conversations and messages from it.
 */
n_records: number,
/**
 * Files that could not be read, or only in part.
 */
n_problems: number,
/**
 * When it was last read through, in Unix milliseconds.
 */
scanned_at: number | null,
/**
 * How many files of each format.
 */
formats: Array<SourceCount>, };

/**
 * Makes a tag of a topic a topic of its own.
 */
export type SplitTopic = {
/**
 * The topic's number.
 */
id: number,
/**
 * The tag.
 */
tag: string, };

/**
 * A step of a dream, in the order in which a whole dream takes them.
 */
export type Stage = "decay" | "collect" | "episodes" | "moments" | "story" | "summarize" | "periods" | "affinity" | "topics" | "profile" | "reflect" | "consolidate" | "predict" | "digest";

/**
 * How a stage ended.
 */
export type StageEnd = "done" | "unchanged" | "skipped" | "failed";

/**
 * What one stage of a dream came to.
 */
export type StageReport = {
/**
 * The stage.
 */
stage: Stage,
/**
 * How it ended.
 */
end: StageEnd,
/**
 * Why it was skipped or failed, or why no model was asked; empty where there is nothing to say.
 */
reason: string,
/**
 * What it came to, by names that the stage's documentation explains.
 */
counts: { [key in string]: number },
/**
 * Whether a model was missed; the stage works again when there is one.
 */
is_provisional: boolean,
/**
 * Milliseconds.
 */
took_ms: number, };

/**
 * Reads a source again, or all of them.
 */
export type StartScan = {
/**
 * The source; all if absent.
 */
id: number | null,
/**
 * The person says that files which vanished all at once are really gone.
 */
accept_missing: boolean, };

/**
 * How the journal is.
 */
export type Status = {
/**
 * The journal's name, for example "personal".
 */
journal: string,
/**
 * Its file.
 */
path: string,
/**
 * The size of its file in bytes.
 */
size: number,
/**
 * Version of the program.
 */
version: string,
/**
 * IANA zone in which its days are counted.
 */
zone: string,
/**
 * The journal's present day.
 */
today: string,
/**
 * The present instant in Unix milliseconds, by the journal's clock.
 */
now: number,
/**
 * Notes and documents.
 */
n_notes: number,
/**
 * Conversations.
 */
n_sessions: number,
/**
 * Messages in them.
 */
n_messages: number,
/**
 * Moments that are not hidden.
 */
n_moments: number,
/**
 * Watched folders and imports, without the capture box.
 */
n_sources: number,
/**
 * Days that have material.
 */
n_days: number,
/**
 * Days that are new or changed since they were dreamt.
 */
n_days_waiting: number,
/**
 * Days that the built-in analyser dreamt for want of a model; 0 where no model is wanted.
 */
n_days_provisional: number,
/**
 * Queued pieces of work, without the days that wait for a dream.
 */
n_jobs: number,
/**
 * Pieces of work that failed for good and wait for the person.
 */
n_jobs_dead: number,
/**
 * First and last day that have material.
 */
first_day: string | null,
/**
 * See `first_day`.
 */
last_day: string | null,
/**
 * When the last finished dream ended, in Unix milliseconds.
 */
last_dream_at: number | null,
/**
 * When the next nightly dream is due, in Unix milliseconds; absent when paused.
 */
next_dream_at: number | null,
/**
 * Whether watching and nightly dreams are paused.
 */
is_paused: boolean,
/**
 * The mind in use, for example "built-in analyser".
 */
mind: string,
/**
 * The dream that runs just now, or how the last one of this session ended.
 */
dream: DreamState, };

/**
 * A sentence of a story that is composed by rule, with the moment it stands in.
 */
export type StoryLine = {
/**
 * The day.
 */
day: string,
/**
 * The moment whose words they are.
 */
moment_id: number,
/**
 * A sentence of its summary, or how it ended.
 */
text: string, };

/**
 * By what things may be found to say the same.
 */
export type Strategy = "content_overlap" | "tag_similarity" | "temporal_proximity";

/**
 * Days in a row.
 */
export type Streak = {
/**
 * Days in a row up to today, or up to yesterday while today has nothing yet.
 */
current: number,
/**
 * The first of these.
 */
current_since: string | null,
/**
 * Whether today counts in it already.
 */
has_today: boolean,
/**
 * The most days in a row; of equals the latest.
 */
longest: number,
/**
 * The first of these.
 */
longest_from: string | null,
/**
 * The last of these.
 */
longest_until: string | null,
/**
 * All such days up to today.
 */
n_days: number,
/**
 * Of the last 30 days, today included.
 */
n_last_30: number,
/**
 * The first such day.
 */
first_day: string | null,
/**
 * The last such day.
 */
last_day: string | null, };

/**
 * How regularly the journal is kept.
 */
export type Streaks = {
/**
 * The journal's day.
 */
today: string,
/**
 * Days on which the person wrote: notes and messages of their own, by the day they belong to.
 */
written: Streak,
/**
 * Days with moments that are not hidden.
 */
moments: Streak, };

/**
 * Which conversations are summarised. The names of the papers are in brackets.
 */
export type SummariesSettings = {
/**
 * Whether any is (`SUMMARIZATION_ENABLED`).
 */
is_on: boolean,
/**
 * Conversations with fewer messages are not, 2 to 1,000 (`SUMMARIZATION_MIN_EVENTS`).
 */
fewest_messages: number, };

/**
 * One conversation that was summarised, or would be.
 */
export type SummarisedSession = {
/**
 * The session's record id.
 */
id: number,
/**
 * Its title.
 */
title: string,
/**
 * Messages of people and assistants.
 */
n_messages: number,
/**
 * What is told of it now; empty for a dry run.
 */
summary: string,
/**
 * What it was about.
 */
key_topics: Array<string>,
/**
 * -1 to 1.
 */
valence: number,
/**
 * Who told it; empty for a dry run.
 */
mind: string,
/**
 * Whether it is told again when there is a model.
 */
is_provisional: boolean, };

/**
 * What was done with the conversations.
 */
export type SummarizeReport = {
/**
 * The dream; absent where nothing had to be written.
 */
dream_id: number | null,
/**
 * What summarised, for example "built-in analyser".
 */
mind: string,
/**
 * Whether it only looked.
 */
is_dry_run: boolean,
/**
 * Whether it was stopped before the end. What was finished is kept.
 */
is_cancelled: boolean,
/**
 * Why nothing was summarised, if that is so: "summarization_disabled" or "insufficient_events"; empty
 * otherwise.
 */
skipped: string,
/**
 * Conversations that were looked at.
 */
n_considered: number,
/**
 * Of these, summarised; for a dry run, that would be.
 */
n_summarised: number,
/**
 * Of these, left alone because nothing in them had changed.
 */
n_unchanged: number,
/**
 * Of these, with fewer messages than are worth a summary.
 */
n_too_short: number,
/**
 * Of these, left for another time: over the limit, or the model was missed and what is there is
 * better than nothing.
 */
n_left: number,
/**
 * Of those summarised, to be told again when there is a model.
 */
n_provisional: number,
/**
 * The conversations summarised, those with the newest messages first.
 */
sessions: Array<SummarisedSession>,
/**
 * What asking the model came to; for a dry run, calls and known answers that it would come to.
 */
calls: CallCounts,
/**
 * Minutes of model time that the calls would take, about; for a dry run.
 */
minutes: number,
/**
 * Why the model was not used, or not to the end, in a sentence; empty where it was or none is wanted.
 */
without_model: string,
/**
 * Milliseconds.
 */
took_ms: number, };

/**
 * Which conversations to summarise. By default all that are long enough and new, changed, or were told
 * for want of a model.
 */
export type SummarizeRequest = {
/**
 * Only this one, by its record's id; the id of one of its messages does as well.
 */
session_id: number | null,
/**
 * Only those with at least so many messages; absent: as it is set.
 */
fewest_messages: number | null,
/**
 * At most so many, those with the newest messages first.
 */
limit: number | null,
/**
 * Only say which would be summarised, and what it would cost.
 */
dry_run: boolean, };

/**
 * A tag of a topic.
 */
export type TagCount = {
/**
 * In kebab-case.
 */
tag: string,
/**
 * Moments that have it.
 */
n_moments: number, };

/**
 * One thing before and after a dream. Absent before: it was added; absent after: it was removed.
 */
export type ThingDiff = { "thing": "moment",
/**
 * The moment.
 */
id: number,
/**
 * Its day.
 */
day: string,
/**
 * As it was.
 */
before: MomentSide | null,
/**
 * As it became.
 */
after: MomentSide | null, } | { "thing": "story",
/**
 * The day.
 */
day: string,
/**
 * As it was told.
 */
before: string | null,
/**
 * As it became.
 */
after: string | null, } | { "thing": "review",
/**
 * Which of them.
 */
kind: PeriodKind,
/**
 * Its first day.
 */
starts_on: string,
/**
 * As it was told.
 */
before: string | null,
/**
 * As it became.
 */
after: string | null, } | { "thing": "edge",
/**
 * The edge.
 */
id: number,
/**
 * As it was.
 */
before: EdgeSide | null,
/**
 * As it became.
 */
after: EdgeSide | null, };

/**
 * A topic in short.
 */
export type TopicCard = {
/**
 * Its number; it stays from night to night.
 */
id: number,
/**
 * What it is called.
 */
name: string,
/**
 * The tag that it has its name from.
 */
tag: string,
/**
 * Whether the person gave it its name.
 */
is_named: boolean,
/**
 * Whether the person hid it.
 */
is_hidden: boolean,
/**
 * Moments that are about it.
 */
n_moments: number,
/**
 * The day of its first moment, `YYYY-MM-DD`.
 */
first_day: string,
/**
 * The day of its last moment.
 */
last_day: string,
/**
 * 0 to 1, by how many moments it has and what they weigh.
 */
importance: number,
/**
 * Mean valence, -1 to 1, of those in which something was felt.
 */
valence: number | null,
/**
 * Mean arousal, 0 to 1.
 */
arousal: number | null,
/**
 * How many topics it is related to.
 */
degree: number,
/**
 * The sum of the weights of these relations.
 */
weight: number,
/**
 * The community it belongs to.
 */
community_id: number | null,
/**
 * The broader topic that it is a part of.
 */
broader_id: number | null, };

/**
 * A topic with all that is known of it.
 */
export type TopicDetail = {
/**
 * The topic.
 */
topic: TopicCard,
/**
 * The tags that it was gathered from.
 */
tags: Array<TagCount>,
/**
 * Who took part, the most often first.
 */
people: Array<PersonCount>,
/**
 * What it is a part of.
 */
broader: TopicRef | null,
/**
 * Its parts.
 */
narrower: Array<TopicRef>,
/**
 * What it shares moments with, the strongest first.
 */
related: Array<RelatedTopic>,
/**
 * Its community, then the community of that one.
 */
communities: Array<CommunityRef>,
/**
 * When it was written about.
 */
months: Array<TopicMonth>,
/**
 * A few sentences, by rule and in the moments' own words: how it began, what mattered most, how it is
 * now, and how it ended last.
 */
story: Array<StoryLine>,
/**
 * Minutes of its moments known by the clock; where they overlap, a minute counts once.
 */
minutes: number,
/**
 * Minutes beside them whose beginning or end is only known about.
 */
approximate_minutes: number,
/**
 * By type of moment, the longest first.
 */
hours: Array<KindHours>,
/**
 * Its latest moments, the last first; at most 100.
 */
moments: Array<MomentCard>,
/**
 * Where the earlier ones begin, for `list_moments_of`.
 */
next: MomentPlace | null,
/**
 * How it ended last.
 */
last_outcome: LastOutcome | null,
/**
 * Whether the next dream has still to do what the person said of it.
 */
is_waiting: boolean, };

/**
 * Topics.
 */
export type TopicList = {
/**
 * As many as were asked for.
 */
topics: Array<TopicCard>,
/**
 * How many there are in all.
 */
n_total: number, };

/**
 * A month of a topic.
 */
export type TopicMonth = {
/**
 * `YYYY-MM`.
 */
month: string,
/**
 * Moments.
 */
n_moments: number,
/**
 * Mean valence of those in which something was felt.
 */
valence: number | null,
/**
 * How many these are.
 */
n_felt: number, };

/**
 * What was felt with a topic.
 */
export type TopicMoods = {
/**
 * The topic.
 */
topic: TopicRef,
/**
 * Moments of it in these days.
 */
n_moments: number,
/**
 * Of these, such in which something was felt.
 */
n_felt: number,
/**
 * Mean valence of those, -1 to 1.
 */
valence: number | null,
/**
 * Each feeling, the most frequent first.
 */
emotions: Array<EmotionCount>, };

/**
 * In which order topics are listed; equals by name.
 */
export type TopicOrder = "recent" | "moments" | "importance" | "name";

/**
 * Another topic by name.
 */
export type TopicRef = {
/**
 * Its number.
 */
id: number,
/**
 * What it is called.
 */
name: string,
/**
 * Its moments.
 */
n_moments: number, };

/**
 * A moment that a dream touched.
 */
export type TouchedMoment = {
/**
 * The moment.
 */
id: number,
/**
 * What became of it.
 */
op: ChangeOp,
/**
 * Its day, `YYYY-MM-DD`.
 */
day: string,
/**
 * Its title after the dream or, where it went, before.
 */
title: string,
/**
 * Whether it is there now.
 */
is_there: boolean, };

/**
 * Walks from a node.
 */
export type TraverseGraph = {
/**
 * The node to begin at.
 */
start: string,
/**
 * Steps, 1 to 6.
 */
depth: number,
/**
 * Edges that are followed from each node, the strongest; 0: twelve.
 */
fan_out: number,
/**
 * Nodes in all, at most 2,000; 0: a hundred.
 */
limit: number,
/**
 * Which edges.
 */
filter: EdgeFilter, };

/**
 * How a model did in a small trial with invented words.
 */
export type TrialReport = {
/**
 * The model.
 */
name: string,
/**
 * Whether it read the trial's note as it should.
 */
is_good: boolean,
/**
 * What it made of it, or what went wrong, in a sentence.
 */
said: string,
/**
 * Milliseconds, loading included.
 */
took_ms: number,
/**
 * Of these, milliseconds for loading.
 */
load_ms: number,
/**
 * Tokens it wrote per second; absent where the server does not tell.
 */
tokens_per_second: number | null, };

/**
 * What undoing a dream did.
 */
export type UndoReport = {
/**
 * The dream as the list has it now.
 */
dream: DreamEntry,
/**
 * Moments the dream had added, which are gone.
 */
n_removed: number,
/**
 * Moments that say again what they said.
 */
n_changed: number,
/**
 * Moments the dream had removed, which are back.
 */
n_returned: number,
/**
 * Moments the dream had added that stay, because the person worked on them.
 */
n_kept: number,
/**
 * Edges between notes and conversations that are as they were.
 */
n_edges: number,
/**
 * The days that wait for a dream again.
 */
days: Array<string>, };

/**
 * How an examination of one thing came out.
 */
export type Verdict = "good" | "notice" | "problem";

/**
 * A column of a table that can be asked.
 */
export type ViewColumn = {
/**
 * Its name.
 */
name: string,
/**
 * What its values are.
 */
kind: ColumnKind,
/**
 * What they mean.
 */
about: string, };

/**
 * A node that a walk came to.
 */
export type WalkedNode = {
/**
 * The node.
 */
node: GraphNode,
/**
 * Steps from the start.
 */
depth: number,
/**
 * The product of the strengths of the edges on the strongest way there, 0 to 1.
 */
strength: number,
/**
 * The edge by which it was reached, by its place among the edges; none for the start.
 */
via: number | null,
/**
 * Edges of it that the walk saw and did not follow, because there are stronger ones.
 */
n_left_out: number, };

/**
 * The wire form of an [`Error`].
 */
export type WireError = {
/**
 * What a program acts on.
 */
code: Code,
/**
 * What a person reads.
 */
message: string, };

/**
 * Takes a correction back: the field says again what the dream said.
 */
export type WithdrawCorrection = {
/**
 * The moment's id.
 */
id: number,
/**
 * The field.
 */
field: Field, };

/**
 * One source's account of a moment: a note, or a conversation.
 */
export type Witness = {
/**
 * The kind of source, as in [`SourceCount::format`].
 */
format: string,
/**
 * The note's or conversation's title.
 */
title: string,
/**
 * The file it stands in, below its source; empty for quick notes.
 */
file: string,
/**
 * How many of its notes or messages tell of it.
 */
n_records: number,
/**
 * When it says that it began, in Unix milliseconds.
 */
starts_at: number | null,
/**
 * When it says that it ended; equal to `starts_at` where no end is told.
 */
ends_at: number | null,
/**
 * Minutes east of UTC then.
 */
offset_minutes: number,
/**
 * How precisely that is known.
 */
precision: Precision,
/**
 * Whether it tells another time than the one that is kept, which is the most precise one told.
 */
tells_another_time: boolean, };

/**
 * What consolidating one journal came to.
 */
export type WorkspaceReport = {
/**
 * The journal's name.
 */
workspace: string,
/**
 * Notes, messages and moments that were looked at: all of them.
 */
n_looked_at: number,
/**
 * Groups of texts that say the same.
 */
groups_found: number,
/**
 * Texts in these groups.
 */
memories_merged: number,
/**
 * Of these, for which another text stands by now; none of what the person wrote is ever archived.
 */
memories_archived: number,
/**
 * Tokens of the texts in groups, about.
 */
tokens_before: number,
/**
 * Tokens of the texts that would stand for them.
 */
tokens_after: number,
/**
 * The difference.
 */
tokens_saved: number,
/**
 * Pairs of statements that cannot both be true.
 */
conflicts_found: number,
/**
 * What applying came to; absent where nothing was to be applied, or it failed.
 */
auto_consolidate?: AutoConsolidateCounts, };

/**
 * An earlier year.
 */
export type YearBack = {
/**
 * The day that is told of, `YYYY-MM-DD`.
 */
day: string,
/**
 * How many years before.
 */
years_ago: number,
/**
 * How many days it lies after (above 0) or before the calendar day that was asked for.
 */
days_off: number,
/**
 * The day's story; absent where it has none.
 */
summary: string | null,
/**
 * Mean valence of the day.
 */
valence: number | null,
/**
 * Its moments, the most important first.
 */
moments: Array<MomentCard>,
/**
 * How many it has that are not hidden.
 */
n_moments: number, };

export interface Commands {
  show_status: { request: Empty; reply: Status };
  list_days: { request: ListDays; reply: Array<DayMark> };
  show_day: { request: ShowDay; reply: DayView };
  show_review: { request: ShowReview; reply: ReviewView };
  show_moment: { request: ShowMoment; reply: MomentDetail };
  correct_moment: { request: CorrectMoment; reply: MomentDetail };
  withdraw_correction: { request: WithdrawCorrection; reply: MomentDetail };
  list_moment_types: { request: Empty; reply: Array<MomentType> };
  add_moment_type: { request: AddMomentType; reply: MomentType };
  remove_moment_type: { request: MomentTypeName; reply: Array<MomentType> };
  show_record: { request: ShowRecord; reply: RecordView };
  search: { request: SearchRequest; reply: SearchReply };
  ask: { request: AskRequest; reply: AskReply };
  cancel_ask: { request: AskId; reply: Empty };
  query: { request: QueryRequest; reply: QueryReply };
  list_query_views: { request: Empty; reply: Array<QueryView> };
  add_note: { request: AddNote; reply: NoteAdded };
  list_sources: { request: Empty; reply: Array<SourceView> };
  add_source: { request: AddSource; reply: SourceView };
  remove_source: { request: SourceId; reply: Empty };
  start_scan: { request: StartScan; reply: Empty };
  list_problems: { request: SourceId; reply: Array<FileProblem> };
  start_dream: { request: DreamRequest; reply: DreamState };
  cancel_dream: { request: Empty; reply: DreamState };
  show_dream: { request: Empty; reply: DreamState };
  list_dreams: { request: ListDreams; reply: Array<DreamEntry> };
  show_dream_detail: { request: DreamId; reply: DreamDetail };
  diff_dream: { request: DreamId; reply: DreamDiff };
  undo_dream: { request: DreamId; reply: UndoReport };
  dream_affinity: { request: AffinityRequest; reply: AffinityReport };
  dream_decay: { request: DecayRequest; reply: DecayReport };
  list_insights: { request: ListInsights; reply: Array<InsightView> };
  list_reflections: { request: ListReflections; reply: Array<ReflectionView> };
  decide_insight: { request: DecideInsight; reply: InsightView };
  reflect: { request: ReflectRequest; reply: Array<Reflected> };
  list_predictions: { request: ListPredictions; reply: Predictions };
  settle_prediction: { request: SettlePrediction; reply: PredictionView };
  dream_summarize: { request: SummarizeRequest; reply: SummarizeReport };
  list_topics: { request: ListTopics; reply: TopicList };
  show_topic: { request: ShowTopic; reply: TopicDetail };
  on_this_day: { request: OnThisDay; reply: DayInYears };
  show_streaks: { request: Empty; reply: Streaks };
  list_moments_of: { request: ListMomentsOf; reply: MomentPage };
  list_people: { request: ListPeople; reply: PeopleList };
  show_person: { request: ShowPerson; reply: PersonDetail };
  mood_by_topic: { request: MoodRequest; reply: MoodByTopic };
  mood_by_hour: { request: MoodRequest; reply: MoodByHour };
  productive_stretches: { request: MoodRequest; reply: ProductiveStretches };
  find_nodes: { request: FindNodes; reply: Array<GraphNode> };
  traverse_graph: { request: TraverseGraph; reply: GraphWalk };
  find_paths: { request: FindPaths; reply: GraphPaths };
  list_neighbours: { request: ListNeighbours; reply: Neighbours };
  list_graph_communities: { request: ListGraphCommunities; reply: Array<GraphCommunity> };
  list_edge_types: { request: Empty; reply: Array<EdgeType> };
  draw_graph: { request: DrawGraph; reply: GraphPicture };
  export_graph: { request: ExportGraph; reply: GraphFile };
  list_communities: { request: Empty; reply: Array<CommunityView> };
  rename_topic: { request: RenameTopic; reply: TopicDetail };
  merge_topics: { request: MergeTopics; reply: TopicDetail };
  split_topic: { request: SplitTopic; reply: TopicDetail };
  hide_topic: { request: HideTopic; reply: TopicDetail };
  show_profile: { request: ShowProfile; reply: ProfileView };
  list_profile_versions: { request: Empty; reply: Array<ProfileVersion> };
  edit_profile: { request: EditProfile; reply: ProfileView };
  dream_consolidate: { request: ConsolidateRequest; reply: ConsolidateReport };
  list_proposals: { request: ListProposals; reply: Array<ProposalView> };
  show_proposal: { request: ProposalId; reply: ProposalView };
  accept_proposal: { request: AcceptProposal; reply: ProposalOutcome };
  edit_proposal: { request: EditProposal; reply: ProposalOutcome };
  reject_proposal: { request: ProposalId; reply: ProposalOutcome };
  reopen_proposal: { request: ProposalId; reply: ProposalOutcome };
  list_jobs: { request: ListJobs; reply: QueueView };
  show_job: { request: JobId; reply: JobView };
  retry_job: { request: JobId; reply: QueueView };
  discard_job: { request: JobId; reply: JobView };
  list_schedules: { request: Empty; reply: Schedules };
  set_schedule: { request: SetSchedule; reply: Schedules };
  pause_schedules: { request: PauseSchedules; reply: Schedules };
  resume_schedules: { request: Empty; reply: Schedules };
  run_schedule: { request: RunSchedule; reply: ScheduleRun };
  export_schedules: { request: ExportSchedules; reply: Array<SchedulerFile> };
  dream_for_question: { request: DreamForQuestion; reply: QuestionDream };
  show_mind: { request: Empty; reply: MindView };
  pull_model: { request: ModelName; reply: PullState };
  cancel_pull: { request: Empty; reply: PullState };
  try_model: { request: ModelName; reply: TrialReport };
  keep_key: { request: ServerKey; reply: Empty };
  show_ledger: { request: ShowLedger; reply: LedgerView };
  open_sample: { request: Empty; reply: SourceView };
  show_settings: { request: Empty; reply: Settings };
  show_metrics: { request: Empty; reply: Array<Metric> };
  examine: { request: Empty; reply: Array<Finding> };
  export_journal: { request: ExportRequest; reply: ExportReport };
  list_assistant_calls: { request: ListAssistantCalls; reply: AssistantCalls };
  change_settings: { request: Settings; reply: Settings };
}
