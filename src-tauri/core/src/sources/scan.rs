//! Brings the journal up to date with one source: new files are read, changed ones read again, renamed
//! ones recognised, those that are gone taken away. One thread reads, this one writes.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, sync_channel},
    thread,
    time::Duration,
};

use rusqlite::{Transaction, params};

use super::{
    files::{self, KnownFile, file_at, known_files, set_status, twin, upsert_file},
    formats::Notice,
    read::{self, Begun, Message},
    walk::{self, Met, Stat, Walk},
};
use crate::{
    Journal, Result,
    api::sources::{FileProblem, ScanReport},
    clock::{Calendar, Precision, Stamp, Stamped, can_be_told},
    event::Event,
    journal::Cancel,
    records::{
        draft::Draft,
        keep::{Keeping, Kept, keep, queue_days, queue_wholes},
        remove_file_records, rename_file_records,
    },
};

/// So many files, or so many drafts, are kept in one transaction. Each commit gives the full-text index
/// a segment that must be merged later, so a transaction holds many files.
const FILES_PER_COMMIT: u32 = 2_500;
const DRAFTS_PER_COMMIT: u32 = 20_000;
/// A slow disk or a huge log keeps the reader busy: meanwhile nobody else shall wait for a transaction
/// that is only held open.
const PATIENCE: Duration = Duration::from_millis(200);
/// Read ahead of the writer; bounds the memory a scan needs.
const AHEAD: usize = 64;
/// More files than this, and more than a tenth of all, do not vanish at once by the person's wish.
const BELIEVABLE_LOSS: usize = 20;
/// So many new files saved within one minute were copied, not written: their time says nothing.
const COPIED_TOGETHER: usize = 20;
const MOST_PROBLEMS: usize = 200;

/// Reads one source. Files that cannot be read are named in the report; the rest goes on.
pub(crate) fn scan(
    journal: &Journal,
    source_id: i64,
    accept_missing: bool,
    cancel: &Cancel,
) -> Result<ScanReport> {
    scan_with(journal, source_id, accept_missing, &HashSet::new(), cancel)
}

/// As [`scan`], and reads the files in `touched` even if the file system says they are unchanged.
pub(crate) fn scan_with(
    journal: &Journal,
    source_id: i64,
    accept_missing: bool,
    touched: &HashSet<PathBuf>,
    cancel: &Cancel,
) -> Result<ScanReport> {
    let mut report = look(journal, source_id, accept_missing, touched, cancel)?;
    if report.has_woken && !report.scan.is_cancelled {
        // The file that a copy stood behind says something else now: the copy is read in its place.
        let again = look(journal, source_id, accept_missing, &HashSet::new(), cancel)?.scan;
        let all = &mut report.scan;
        all.n_changed += again.n_changed;
        all.n_records_added += again.n_records_added;
        all.n_records_changed += again.n_records_changed;
        all.n_duplicates = all.n_duplicates.saturating_sub(again.n_changed);
        all.is_cancelled = again.is_cancelled;
    }
    Ok(report.scan)
}

/// What one look at a source came to.
struct Looked {
    scan: ScanReport,
    /// Whether copies have lost the file they were copies of.
    has_woken: bool,
}

fn look(
    journal: &Journal,
    source_id: i64,
    accept_missing: bool,
    touched: &HashSet<PathBuf>,
    cancel: &Cancel,
) -> Result<Looked> {
    let root = PathBuf::from(super::view(journal, source_id)?.path);
    let mut report = ScanReport { source_id, ..ScanReport::default() };
    if !root.exists() {
        let reason = format!("{} is not there (is a disk unplugged?)", root.display());
        hold_back(journal, source_id, &reason)?;
        report.held_back = Some(reason);
        return Ok(Looked { scan: report, has_woken: false });
    }
    let walk = walk::walk(&root, cancel);
    let known = journal.store().read(|reader| known_files(reader, source_id))?;
    let plan = Plan::new(walk, known, touched);
    report.n_files = count(plan.n_met);
    report.n_unchanged = count(plan.n_unchanged);
    for (name, reason) in &plan.unreadable {
        problem(&mut report, name, "failed", &format!("cannot be read: {reason}"));
        report.n_failed += 1;
    }
    let mut writer = Writer::new(journal, source_id, &root, plan.gone, plan.copied, report)?;
    write_all(&mut writer, plan.to_read, cancel)?;
    let is_cancelled = cancel.is_cancelled();
    let mut report = writer.finish(accept_missing, plan.n_known, is_cancelled)?;
    report.is_cancelled = is_cancelled;
    let has_woken = journal.store().write(files::wake_copies)?.contains(&source_id);
    Ok(Looked { scan: report, has_woken })
}

/// Lets one thread read and parse while this one writes.
fn write_all(writer: &mut Writer<'_>, to_read: Vec<Met>, cancel: &Cancel) -> Result<()> {
    let n_total = count(to_read.len());
    let (sender, receiver) = sync_channel::<Message>(AHEAD);
    thread::scope(|scope| {
        scope.spawn(move || {
            for met in to_read {
                if cancel.is_cancelled() {
                    return;
                }
                let mut is_heard = true;
                read::read(met, &mut |message| {
                    is_heard = sender.send(message).is_ok();
                    is_heard
                });
                if !is_heard {
                    return;
                }
            }
        });
        let mut n_done = 0;
        while let Ok(first) = receiver.recv() {
            n_done += writer.commit_some(first, &receiver)?;
            writer.journal.tell(&Event::ScanMoved { source_id: writer.source_id, n_done, n_total });
        }
        Ok(())
    })
}

/// What is to be done, decided from two lists without touching anything.
struct Plan {
    to_read: Vec<Met>,
    gone: Vec<KnownFile>,
    unreadable: Vec<(String, String)>,
    /// Minutes in which so many new files were saved that they were copied.
    copied: HashSet<i64>,
    n_met: usize,
    n_unchanged: usize,
    n_known: usize,
}

impl Plan {
    fn new(walk: Walk, mut known: HashMap<Vec<u8>, KnownFile>, touched: &HashSet<PathBuf>) -> Self {
        let n_known = known.values().filter(|file| !file.is_missing).count();
        let n_met = walk.files.len();
        let mut to_read = Vec::new();
        let mut saved: HashMap<i64, usize> = HashMap::new();
        for met in walk.files {
            match known.remove(&met.key) {
                Some(file)
                    if file.stat == met.stat
                        && !file.is_missing
                        && !touched.contains(&met.path) => {}
                Some(_) => to_read.push(met),
                None => {
                    *saved.entry(minute(met.stat)).or_default() += 1;
                    to_read.push(met);
                }
            }
        }
        let n_unchanged = n_met - to_read.len();
        // Below a folder that could not be read nothing is known to be gone.
        let is_hidden = |name: &str| {
            walk.unreadable.iter().any(|(folder, _)| {
                folder.is_empty() || name == folder || name.starts_with(&format!("{folder}/"))
            })
        };
        let mut gone: Vec<_> = known.into_values().filter(|file| !is_hidden(&file.name)).collect();
        // An original gives its records to its new name before a copy does, which has none.
        gone.sort_by_key(|file| (file.is_duplicate, file.id));
        let copied =
            saved.into_iter().filter(|(_, n)| *n >= COPIED_TOGETHER).map(|(m, _)| m).collect();
        Self { to_read, gone, unreadable: walk.unreadable, copied, n_met, n_unchanged, n_known }
    }
}

fn minute(stat: Stat) -> i64 {
    stat.mtime_ns.div_euclid(60_000_000_000)
}

struct Writer<'a> {
    journal: &'a Journal,
    source_id: i64,
    root: &'a Path,
    calendar: Calendar,
    own_names: Vec<String>,
    /// Known files that were not met: candidates for "renamed", and after that for "gone".
    gone: Vec<KnownFile>,
    copied: HashSet<i64>,
    report: ScanReport,
    /// The file whose drafts are coming in; `None` while a duplicate's are being dropped.
    current: Option<Current>,
}

struct Current {
    file_id: i64,
    met: Met,
    format: &'static str,
    fallback: Option<Stamped>,
    /// The notes that were read out of it this time.
    notes: Vec<i64>,
}

impl<'a> Writer<'a> {
    fn new(
        journal: &'a Journal,
        source_id: i64,
        root: &'a Path,
        gone: Vec<KnownFile>,
        copied: HashSet<i64>,
        report: ScanReport,
    ) -> Result<Self> {
        Ok(Self {
            journal,
            source_id,
            root,
            calendar: journal.calendar()?,
            own_names: journal.settings().own_names,
            gone,
            copied,
            report,
            current: None,
        })
    }

    /// Takes in messages until enough is gathered for one transaction. Returns how many files ended.
    fn commit_some(&mut self, first: Message, messages: &Receiver<Message>) -> Result<u32> {
        let journal = self.journal;
        let now = journal.clock().now_ms();
        journal.store().write(|tx| {
            let mut kept = Kept::default();
            let (mut n_files, mut n_drafts) = (0, 0);
            let mut first = Some(first);
            while n_files < FILES_PER_COMMIT && n_drafts < DRAFTS_PER_COMMIT {
                let next = first.take().or_else(|| messages.recv_timeout(PATIENCE).ok());
                let Some(message) = next else { break };
                match message {
                    Message::Begin(begun) => self.begin(tx, *begun, now, &mut kept)?,
                    Message::Draft(draft) => {
                        n_drafts += weight(&draft);
                        self.draft(tx, &draft, now, &mut kept)?;
                    }
                    Message::End(notices) => {
                        n_files += 1;
                        self.end(tx, &notices, now, &mut kept)?;
                    }
                    Message::Broken(reason) => {
                        n_files += 1;
                        self.broken(tx, &reason)?;
                    }
                    Message::NotRead { met, status, reason, is_passing } => {
                        n_files += 1;
                        self.not_read(tx, &met, status, &reason, is_passing, now)?;
                    }
                    // The next scan finds it gone, if it is.
                    Message::Gone => n_files += 1,
                }
            }
            self.report.n_records_added += kept.n_added;
            self.report.n_records_changed += kept.n_changed;
            queue_days(tx, &kept.days, now)?;
            queue_wholes(tx, &kept.wholes, now)?;
            if kept.n_added + kept.n_changed > 0 {
                queue_embedding(tx, now)?;
            }
            Ok(n_files)
        })
    }

    fn begin(
        &mut self,
        tx: &Transaction<'_>,
        begun: Begun,
        now: i64,
        kept: &mut Kept,
    ) -> Result<()> {
        let Begun { met, hash, format } = begun;
        let known = file_at(tx, self.source_id, &met.key)?;
        let mut is_renamed = false;
        if known.is_none()
            && let Some(at) = self.gone.iter().position(|file| file.hash == Some(hash))
        {
            let old = self.gone.remove(at);
            tx.execute(
                "UPDATE files SET path = ?2, name = ?3 WHERE id = ?1",
                params![old.id, met.key, met.name],
            )?;
            rename_file_records(tx, old.id, self.source_id, &met.key)?;
            self.report.n_renamed += 1;
            is_renamed = true;
        }
        if let Some(twin) = twin(tx, self.source_id, &met, hash)? {
            let file_id = upsert_file(tx, self.source_id, &met, Some(hash), now)?;
            set_status(tx, file_id, format.name(), "duplicate", &format!("the same as {twin}"))?;
            remove_file_records(tx, file_id, &[], now, kept)?;
            self.report.n_duplicates += 1;
            self.current = None;
            return Ok(());
        }
        if known.is_some() {
            self.report.n_changed += 1;
        } else if !is_renamed {
            self.report.n_new += 1;
        }
        let file_id = upsert_file(tx, self.source_id, &met, Some(hash), now)?;
        set_status(tx, file_id, format.name(), "read", "")?;
        let is_copied = known.is_none() && self.copied.contains(&minute(met.stat));
        let saved_at = met.stat.mtime_ns.div_euclid(1_000_000);
        let fallback = (!is_copied && can_be_told(saved_at)).then_some(Stamped {
            at: Stamp::Instant(saved_at),
            until: None,
            precision: Precision::Unknown,
        });
        self.current =
            Some(Current { file_id, met, format: format.name(), fallback, notes: Vec::new() });
        Ok(())
    }

    fn draft(
        &mut self,
        tx: &Transaction<'_>,
        draft: &Draft,
        now: i64,
        kept: &mut Kept,
    ) -> Result<()> {
        let Some(current) = &mut self.current else { return Ok(()) };
        let keeping = Keeping {
            source_id: self.source_id,
            file_id: Some(current.file_id),
            path: &current.met.key,
            format: current.format,
            calendar: &self.calendar,
            fallback: current.fallback,
            own_names: &self.own_names,
            now,
        };
        let id = keep(tx, &keeping, draft, kept)?;
        if matches!(draft, Draft::Resource(_)) {
            current.notes.push(id);
        }
        Ok(())
    }

    fn end(
        &mut self,
        tx: &Transaction<'_>,
        notices: &[Notice],
        now: i64,
        kept: &mut Kept,
    ) -> Result<()> {
        let Some(current) = self.current.take() else { return Ok(()) };
        // What was a note is one no longer, if the file holds a conversation now.
        remove_file_records(tx, current.file_id, &current.notes, now, kept)?;
        if !notices.is_empty() {
            let all = notices.iter().map(|n| n.0.as_str()).collect::<Vec<_>>().join("; ");
            set_status(tx, current.file_id, current.format, "read", &all)?;
            problem(&mut self.report, &current.met.name, "read", &all);
        }
        Ok(())
    }

    fn broken(&mut self, tx: &Transaction<'_>, reason: &str) -> Result<()> {
        let Some(current) = self.current.take() else { return Ok(()) };
        let n_records: i64 = tx.query_row(
            "SELECT count(*) FROM records WHERE file_id = ?1",
            [current.file_id],
            |row| row.get(0),
        )?;
        let status = if n_records > 0 { "partial" } else { "failed" };
        set_status(tx, current.file_id, current.format, status, reason)?;
        problem(&mut self.report, &current.met.name, status, reason);
        self.report.n_failed += 1;
        Ok(())
    }

    fn not_read(
        &mut self,
        tx: &Transaction<'_>,
        met: &Met,
        status: &str,
        reason: &str,
        is_passing: bool,
        now: i64,
    ) -> Result<()> {
        let mut met = met.clone();
        if is_passing {
            // An impossible time makes the next scan look again.
            met.stat.ctime_ns = -1;
        }
        let file_id = upsert_file(tx, self.source_id, &met, None, now)?;
        set_status(tx, file_id, "", status, reason)?;
        problem(&mut self.report, &met.name, status, reason);
        if status == "failed" {
            self.report.n_failed += 1;
        } else {
            self.report.n_skipped += 1;
        }
        Ok(())
    }

    /// Deals with the files that are gone and closes the scan.
    fn finish(
        mut self,
        accept_missing: bool,
        n_known: usize,
        is_cancelled: bool,
    ) -> Result<ScanReport> {
        let now = self.journal.clock().now_ms();
        if is_cancelled {
            return Ok(self.report);
        }
        let gone: Vec<_> = std::mem::take(&mut self.gone);
        let n_lost = gone.iter().filter(|file| !file.is_missing).count();
        let is_too_much = n_lost > BELIEVABLE_LOSS && n_lost * 10 > n_known
            || n_lost > 1 && n_lost == n_known && self.report.n_files == 0;
        let held: usize = gone.len();
        if (is_too_much || n_lost < held) && !accept_missing {
            let reason = format!(
                "{held} of {} files in {} are gone at once: nothing was taken away until you say so",
                n_known.max(held),
                self.root.display()
            );
            self.journal.store().write(|tx| {
                for file in &gone {
                    set_status(tx, file.id, "", "missing", "is gone; its notes are kept for now")?;
                }
                set_source(tx, self.source_id, "missing", &reason, now)
            })?;
            self.report.held_back = Some(reason);
            return Ok(self.report);
        }
        let source_id = self.source_id;
        let report = &mut self.report;
        self.journal.store().write(|tx| {
            let mut kept = Kept::default();
            for file in &gone {
                remove_file_records(tx, file.id, &[], now, &mut kept)?;
                tx.execute("DELETE FROM files WHERE id = ?1", [file.id])?;
                report.n_removed += 1;
            }
            queue_days(tx, &kept.days, now)?;
            queue_wholes(tx, &kept.wholes, now)?;
            set_source(tx, source_id, "ok", "", now)
        })?;
        self.journal.store().settle()?;
        Ok(self.report)
    }
}

fn set_source(
    tx: &Transaction<'_>,
    source_id: i64,
    state: &str,
    reason: &str,
    now: i64,
) -> Result<()> {
    tx.execute(
        "UPDATE sources SET state = ?2, state_reason = ?3, scanned_at = ?4 WHERE id = ?1",
        params![source_id, state, reason, now],
    )?;
    Ok(())
}

fn hold_back(journal: &Journal, source_id: i64, reason: &str) -> Result<()> {
    let now = journal.clock().now_ms();
    journal.store().write(|tx| set_source(tx, source_id, "missing", reason, now))
}

/// New writing waits for its embedding; one job for all of it.
fn queue_embedding(tx: &Transaction<'_>, now: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO jobs (kind, key, created_at, updated_at) VALUES ('embed', 'chunks', ?1, ?1)
         ON CONFLICT (kind, key) WHERE state = 'queued' DO UPDATE SET updated_at = excluded.updated_at",
        [now],
    )?;
    Ok(())
}

fn problem(report: &mut ScanReport, file: &str, status: &str, reason: &str) {
    if report.problems.len() < MOST_PROBLEMS {
        report.problems.push(FileProblem {
            file: file.into(),
            status: status.into(),
            reason: reason.into(),
        });
    }
}

fn weight(draft: &Draft) -> u32 {
    match draft {
        Draft::Resource(_) => 1,
        Draft::Session(session) => 1 + count(session.messages.len()),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
