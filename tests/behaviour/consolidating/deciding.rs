use rem_core::{
    Code,
    api::proposals::{
        AcceptProposal, ConsolidateRequest, EditProposal, ProposalId, ProposalState,
        accept_proposal, edit_proposal, reopen_proposal,
    },
    journal::Cancel,
};
use rem_tests::support::reader;

use super::{
    LETTER, SWIM, WALK, accept, consolidate, in_state, merges, notes, only, pending, reject, run,
    shown, touched,
};
use crate::world::{World, differences};

/// A journal with one group of two notes.
fn twins() -> World {
    let world = World::new();
    notes(&world, &[WALK, &touched(WALK)]);
    consolidate(&world);
    world
}

fn records(world: &World) -> Vec<String> {
    world.everything()["records"].clone()
}

#[test]
fn what_is_accepted_stands_for_its_sources_and_what_was_written_stays() {
    let world = twins();
    let before = records(&world);
    let id = only(&world).id;
    let outcome = accept(&world, &id);
    assert!(outcome.has_changed);
    assert_eq!(outcome.n_folded, 1);
    assert_eq!(outcome.proposal.review_state, ProposalState::Applied);
    assert!(pending(&world).is_empty());
    assert_eq!(in_state(&world, ProposalState::Applied).len(), 1);
    assert_eq!(world.count("SELECT count(*) FROM consolidated_memories"), 1);
    assert_eq!(consolidate(&world).workspaces[0].memories_archived, 1);
    assert_eq!(records(&world), before);
}

#[test]
fn accepting_twice_is_as_accepting_once() {
    let world = twins();
    let id = only(&world).id;
    accept(&world, &id);
    let before = world.everything();
    world.pass(60_000);
    assert!(!accept(&world, &id).has_changed);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn a_dry_run_of_accepting_says_what_would_be_and_writes_nothing() {
    let world = twins();
    let before = world.everything();
    let request = AcceptProposal { id: only(&world).id, dry_run: true };
    let outcome = accept_proposal(&world.journal, request).expect("it is looked at");
    assert!(outcome.is_dry_run && outcome.has_changed && outcome.n_folded == 1);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn a_decision_that_is_taken_back_leaves_nothing_behind() {
    let world = twins();
    let before = world.everything();
    let id = only(&world).id;
    accept(&world, &id);
    reopen_proposal(&world.journal, ProposalId { id }).expect("it is reopened");
    let left = differences(&before, &world.everything());
    // That it was decided and taken back is history.
    let is_history = |line: &String| {
        ["revisions", "revision_changes", "sqlite_sequence"].iter().any(|t| line.starts_with(t))
    };
    assert!(left.iter().all(is_history), "{left:?}");
}

#[test]
fn every_decision_is_written_down() {
    let world = twins();
    let id = only(&world).id;
    accept(&world, &id);
    reject(&world, &id);
    let labels = "SELECT count(*) FROM revisions r JOIN revision_changes c ON c.revision_id = r.id
                  WHERE r.author = 'person' AND c.thing = 'proposal'
                    AND r.label IN ('you accepted a proposal', 'you rejected a proposal')";
    assert_eq!(world.count(labels), 2);
    assert_eq!(world.count("SELECT count(*) FROM consolidated_memories"), 0);
}

#[test]
fn the_persons_own_words_stand_in_every_later_dream() {
    let world = twins();
    let id = only(&world).id;
    let request = EditProposal { id: id.clone(), text: "The walk in the rain.".into() };
    let outcome = edit_proposal(&world.journal, request).expect("it is edited");
    assert_eq!(outcome.proposal.review_state, ProposalState::Edited);
    world.write("2026-09-21.md", SWIM);
    world.scan();
    world.dream();
    assert_eq!(shown(&world, &id).text, "The walk in the rain.");
    let empty = EditProposal { id, text: "  ".into() };
    let error = edit_proposal(&world.journal, empty).expect_err("it is refused");
    assert_eq!(error.code(), Code::InvalidInput);
}

#[test]
fn what_was_refused_is_not_proposed_again_after_undoing_and_dreaming_anew() {
    let world = World::new();
    notes(&world, &[WALK, &touched(WALK)]);
    let dream = consolidate(&world).dream_id.expect("a dream");
    let id = only(&world).id;
    reject(&world, &id);
    consolidate(&world);
    assert!(pending(&world).is_empty());
    assert_eq!(shown(&world, &id).review_state, ProposalState::Rejected);
    for later in (dream..=world.count("SELECT max(id) FROM dreams")).rev() {
        world.journal.undo_dream(later).expect("it is undone");
    }
    assert!(in_state(&world, ProposalState::Rejected).is_empty(), "the proposal itself is gone");
    world.dream();
    assert!(pending(&world).is_empty());
    assert_eq!(in_state(&world, ProposalState::Rejected).len(), 1);
}

#[test]
fn what_was_refused_is_not_proposed_with_a_third_copy_either() {
    let world = twins();
    reject(&world, &only(&world).id);
    world.write("2026-09-22.md", format!("{WALK} And home."));
    world.scan();
    consolidate(&world);
    let first = [WALK.to_owned(), touched(WALK)];
    for proposal in merges(&world) {
        let n = proposal.sources.iter().filter(|source| first.contains(&source.text)).count();
        assert!(n < 2, "{proposal:#?}");
    }
    assert_eq!(merges(&world).len(), 1);
}

#[test]
fn what_was_accepted_stays_accepted_after_undoing_and_dreaming_anew() {
    let world = World::new();
    notes(&world, &[WALK, &touched(WALK)]);
    let dream = consolidate(&world).dream_id.expect("a dream");
    let id = only(&world).id;
    accept(&world, &id);
    world.journal.undo_dream(dream).expect("it is undone");
    assert_eq!(world.count("SELECT count(*) FROM consolidated_memories"), 1);
    consolidate(&world);
    assert_eq!(shown(&world, &id).review_state, ProposalState::Applied);
}

#[test]
fn undoing_a_night_takes_its_proposals_and_its_digest() {
    let world = World::new();
    notes(&world, &[WALK, &touched(WALK)]);
    let dream = world.dream().dream_id.expect("a dream");
    assert_eq!((pending(&world).len(), world.count("SELECT count(*) FROM digests")), (1, 1));
    world.journal.undo_dream(dream).expect("it is undone");
    assert_eq!((pending(&world).len(), world.count("SELECT count(*) FROM digests")), (0, 0));
    assert_eq!(world.count("SELECT count(*) FROM proposal_records"), 0);
}

#[test]
fn applying_accepts_only_what_is_sure_and_no_more_than_allowed() {
    let world = World::new();
    let long = format!("{WALK} {SWIM} {WALK}");
    notes(&world, &[&long, &format!("{long} Home."), SWIM, &touched(&touched(SWIM))]);
    let request = ConsolidateRequest { apply: true, ..ConsolidateRequest::default() };
    let report = run(&world, &request);
    let counts = report.workspaces[0].auto_consolidate.expect("it was applied");
    assert_eq!((counts.duplicates_merged, counts.skipped, counts.dry_run), (1, 1, false));
    let applied = in_state(&world, ProposalState::Applied);
    assert!(applied.len() == 1 && applied[0].confidence >= 0.92, "{applied:?}");
    assert_eq!(merges(&world).len(), 1);
}

#[test]
fn a_contradiction_is_settled_by_applying_only_if_the_settings_say_so() {
    let world = World::new();
    notes(&world, &["Tomas lives in Porto.", "Tomas moved to Lisbon."]);
    let request = ConsolidateRequest { apply: true, ..ConsolidateRequest::default() };
    let report = run(&world, &request);
    assert_eq!(report.workspaces[0].auto_consolidate.expect("counts").conflicts_resolved, 0);
    let mut settings = world.journal.settings();
    settings.consolidation.conflict_auto_resolve = true;
    world.journal.change_settings(settings).expect("settings are kept");
    let report = run(&world, &request);
    assert_eq!(report.workspaces[0].auto_consolidate.expect("counts").conflicts_resolved, 1);
}

/// Two notes that begin alike, of which a model tells no more than how they begin.
#[test]
fn one_of_two_moments_of_a_day_stands_for_both_until_that_is_taken_back() {
    let world = super::eval::with(&reader::reader());
    let begun = "Tuned the harmonium in the barn with Tomas and Ilse all morning long";
    world.write("a/2026-10-01.md", format!("## 09:00\n{begun}, until the bellows tore.\n"));
    world.write("b/2026-10-01.md", format!("## 18:00\n{begun}. {SWIM} {LETTER}\n"));
    world.scan();
    world.dream();
    let moments = |world: &World| world.day("2026-10-01").moments;
    assert_eq!(moments(&world).len(), 2, "{:?}", moments(&world));
    let proposal = merges(&world)
        .into_iter()
        .find(|one| one.sources.iter().all(|source| source.thing == "moment"))
        .expect("the moments are proposed");
    let outcome = accept(&world, &proposal.id);
    assert_eq!(outcome.n_folded, 1);
    let left = moments(&world);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].summary, proposal.text);
    assert_eq!(world.moments().len(), 2, "with what is hidden both are there");
    // A dream tells the day as the person decided.
    world.dream();
    assert_eq!(moments(&world).len(), 1);
    reopen_proposal(&world.journal, ProposalId { id: proposal.id }).expect("it is reopened");
    assert_eq!(moments(&world).len(), 2);
}

#[test]
fn with_a_source_goes_every_word_of_its_proposals() {
    let world = World::new();
    let other = world.home().join("secrets");
    std::fs::create_dir(&other).expect("a folder");
    let secret = LETTER.replace("budget", "zibellina").replace("costs", "kaleidophone");
    std::fs::write(other.join("2026-09-03.md"), &secret).expect("a note");
    std::fs::write(other.join("2026-09-04.md"), touched(&secret)).expect("a note");
    std::fs::write(other.join("2026-09-05.md"), "Xanthippe lives in Quokkaville.").expect("a note");
    std::fs::write(other.join("2026-09-06.md"), "Xanthippe moved to Marzipanwerk.")
        .expect("a note");
    let source = rem_core::sources::add(&world.journal, &other, true).expect("a source");
    let read = || world.journal.scan(source, true, &Cancel::default()).expect("it is read");
    read();
    notes(&world, &[WALK, &touched(WALK)]);
    world.dream();
    let all = pending(&world);
    let secret = all.iter().find(|one| one.text.contains("zibellina")).expect("a group");
    let words = EditProposal { id: secret.id.clone(), text: "The zibellina, in short.".into() };
    edit_proposal(&world.journal, words).expect("it is edited");
    std::fs::write(other.join("2026-09-04.md"), SWIM.replace("march", "bathyscaphe"))
        .expect("a note");
    read();
    world.dream();
    world.forget_source(source);
    for (table, rows) in world.everything() {
        for row in rows {
            for word in ["zibellina", "kaleidophone", "xanthippe", "quokka", "marzipan", "bathy"] {
                assert!(!row.to_lowercase().contains(word), "{table} still holds {word}");
            }
        }
    }
    assert_eq!(merges(&world).len(), 1, "what others wrote stays");
    for dream in (1..=world.count("SELECT max(id) FROM dreams")).rev() {
        // Some nights have nothing left to undo; none breaks off.
        if let Err(error) = world.journal.undo_dream(dream) {
            assert_eq!(error.code(), Code::InvalidInput, "{error}");
        }
    }
    assert_eq!(world.count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

#[test]
fn a_proposal_is_called_by_its_first_letters_and_a_stranger_is_not_found() {
    let world = twins();
    let id = only(&world).id;
    assert_eq!(shown(&world, &id[..6]).id, id);
    for wrong in ["", "zzzzzz", "'; --", "00000000000000"] {
        let request = ProposalId { id: wrong.into() };
        let error = rem_core::api::proposals::show_proposal(&world.journal, request);
        assert_eq!(error.expect_err("there is none").code(), Code::NotFound, "{wrong}");
    }
}
