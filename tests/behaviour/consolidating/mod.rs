//! What says the same twice, or contradicts itself, and what is proposed about it.

/// What the person decides, and what becomes of it.
mod deciding;
/// The digest of a night.
mod digest;
/// Invented fixtures with a scripted model, measured.
mod eval;
/// What is found, and what is not.
mod finding;

use rem_core::{
    api::{
        dreams::{DreamRequest, Stage, StageReport},
        proposals::{
            AcceptProposal, ConsolidateReport, ConsolidateRequest, ListProposals, ProposalId,
            ProposalKind, ProposalOutcome, ProposalState, ProposalView, accept_proposal,
            list_proposals, reject_proposal, show_proposal,
        },
    },
    journal::Cancel,
};

use crate::world::World;

const DAY: i64 = 86_400_000;

const WALK: &str = "We walked along the canal until the rain came and then sat in the café by the \
                    lock, where Tomas told us of the harmonium in the barn and of its torn reeds.";
const SWIM: &str = "Swam eleven lengths before breakfast; the water was cold, the hall empty, and \
                    the attendant hummed the same three bars of a march all the while.";
const LETTER: &str = "The grant letter came at noon: they want a new budget with the travel costs \
                      taken out, two more references, and an answer within ten days at the latest.";

/// Notes of September, each in a file of its own and the next day, scanned.
fn notes(world: &World, texts: &[&str]) {
    for (n, text) in texts.iter().enumerate() {
        world.write(&file(n), text);
    }
    world.scan();
}

fn file(n: usize) -> String {
    format!("folder-{}/2026-09-{:02}.md", n / 28, 1 + n % 28)
}

/// The text with a word changed.
fn touched(text: &str) -> String {
    let at = text.rfind(" the ").expect("a word");
    format!("{} that {}", &text[..at], &text[at + 5..])
}

fn consolidate(world: &World) -> ConsolidateReport {
    run(world, &ConsolidateRequest::default())
}

fn run(world: &World, request: &ConsolidateRequest) -> ConsolidateReport {
    world.journal.dream_consolidate(request, &Cancel::default()).expect("it ends well")
}

/// The stage alone, as its account tells it.
fn stage(world: &World) -> StageReport {
    let request = DreamRequest { stages: vec![Stage::Consolidate], ..DreamRequest::default() };
    world.dream_with(&request).stages.pop().expect("the stage ran")
}

fn in_state(world: &World, state: ProposalState) -> Vec<ProposalView> {
    let request = ListProposals { state: Some(state), ..ListProposals::default() };
    list_proposals(&world.journal, request).expect("they are listed")
}

fn pending(world: &World) -> Vec<ProposalView> {
    in_state(world, ProposalState::Pending)
}

fn only(world: &World) -> ProposalView {
    let mut all = pending(world);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

fn accept(world: &World, id: &str) -> ProposalOutcome {
    let request = AcceptProposal { id: id.into(), dry_run: false };
    accept_proposal(&world.journal, request).expect("it is accepted")
}

fn reject(world: &World, id: &str) -> ProposalOutcome {
    reject_proposal(&world.journal, ProposalId { id: id.into() }).expect("it is refused")
}

fn shown(world: &World, id: &str) -> ProposalView {
    show_proposal(&world.journal, ProposalId { id: id.into() }).expect("it is shown")
}

fn merges(world: &World) -> Vec<ProposalView> {
    pending(world).into_iter().filter(|one| one.kind == ProposalKind::Merge).collect()
}
