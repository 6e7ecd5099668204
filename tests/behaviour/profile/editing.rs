use super::*;

fn add(name: &str) -> ProfileEdit {
    ProfileEdit::AddInterest { name: name.into() }
}

fn remove(name: &str) -> ProfileEdit {
    ProfileEdit::RemoveInterest { name: name.into() }
}

fn rename(from: &str, to: &str) -> ProfileEdit {
    ProfileEdit::RenameInterest { from: from.into(), to: to.into() }
}

fn hide(name: &str) -> ProfileEdit {
    ProfileEdit::HidePerson { name: name.into() }
}

fn own(text: &str) -> ProfileEdit {
    ProfileEdit::Summary { text: text.into() }
}

fn reset(field: ProfileField, name: Option<&str>) -> ProfileEdit {
    ProfileEdit::Reset { field, name: name.map(str::to_owned) }
}

fn dreamt() -> World {
    let world = days(6);
    world.dream();
    world
}

#[test]
fn every_edit_survives_later_dreams_and_their_undoing() {
    let world = dreamt();
    edit(&world, own("I tune harmoniums."));
    edit(&world, ProfileEdit::Activity { level: Level::Inactive });
    edit(&world, rename("harmonium", "Reed organs"));
    edit(&world, remove("swimming"));
    edit(&world, add("Letterpress"));
    let is_mine = |view: &ProfileView| {
        let names = interests(view);
        view.summary == "I tune harmoniums."
            && view.is_summary_by_hand
            && (view.activity.level, view.activity.counted) == (Level::Inactive, Level::Moderate)
            && names[0] == "Letterpress"
            && names.contains(&"Reed organs")
            && !names.contains(&"harmonium")
            && !names.contains(&"swimming")
            && !people(view).contains(&"Tomas")
            && people(view).contains(&"Ilse")
    };
    assert!(is_mine(&edit(&world, hide("tomas"))), "{:?}", view(&world));
    let edits = world.everything()["profile_edits"].clone();
    let mut ids = Vec::new();
    for day in 7..=9 {
        write(&world, [day]);
        world.pass(DAY);
        ids.push(world.dream().dream_id.expect("a dream"));
        assert!(is_mine(&view(&world)), "after {day} days: {:?}", view(&world));
    }
    for id in ids {
        world.journal.undo_dream(id).expect("it is undone");
        assert!(is_mine(&view(&world)), "{:?}", view(&world));
    }
    assert_eq!(world.everything()["profile_edits"], edits);
}

#[test]
fn what_is_taken_back_is_told_again_as_the_journal_believes() {
    let world = dreamt();
    let before = view(&world);
    for one in [own("Me."), rename("harmonium", "Organs"), remove("swimming"), hide("Tomas")] {
        edit(&world, one);
    }
    edit(&world, ProfileEdit::Activity { level: Level::Active });
    assert_ne!(view(&world), before);
    edit(&world, reset(ProfileField::Summary, None));
    edit(&world, reset(ProfileField::Activity, None));
    edit(&world, reset(ProfileField::Interest, Some("organs")));
    edit(&world, reset(ProfileField::Interest, Some("Swimming")));
    edit(&world, reset(ProfileField::Person, Some("TOMAS")));
    assert_eq!(view(&world), before);
    let nothing = refused(&world, reset(ProfileField::Person, Some("Tomas")));
    assert_eq!(nothing, Code::NotFound);
}

#[test]
fn somebody_who_is_hidden_is_in_no_line_and_no_version() {
    let world = dreamt();
    write(&world, 7..=7);
    world.dream();
    assert!(view(&world).summary.contains("Tomas"));
    edit(&world, hide("Tomas"));
    let newest = view(&world);
    assert!(!newest.summary.contains("Tomas"), "{}", newest.summary);
    assert!(newest.summary.contains("Ilse"), "the others stay: {}", newest.summary);
    assert_eq!(newest.hidden_people, ["Tomas"]);
    for one in versions(&world) {
        let told = version(&world, one);
        assert!(!told.summary.contains("Tomas") && !people(&told).contains(&"Tomas"));
    }
    let listed = list_profile_versions(&world.journal, Default::default()).expect("a list");
    assert!(listed.iter().all(|version| !version.summary.contains("Tomas")), "{listed:?}");
}

#[test]
fn an_older_version_is_shown_as_it_was_told_without_the_summary_of_today() {
    let world = dreamt();
    write(&world, 7..=7);
    world.dream();
    edit(&world, own("I tune harmoniums."));
    let first = *versions(&world).last().expect("a version");
    let told = version(&world, first);
    assert!(!told.is_summary_by_hand && told.summary.starts_with("Lately you"), "{told:?}");
}

#[test]
fn a_renamed_interest_can_be_removed_and_added_again_under_its_own_name() {
    let world = dreamt();
    edit(&world, rename("harmonium", "Organs"));
    let removed = edit(&world, remove("organs"));
    assert!(!interests(&removed).iter().any(|name| ["Organs", "harmonium"].contains(name)));
    write(&world, 7..=7);
    world.dream();
    assert!(!interests(&view(&world)).contains(&"harmonium"), "{:?}", interests(&view(&world)));
    let again = edit(&world, add("Harmonium"));
    let one = again.interests.iter().find(|one| one.key == "harmonium").expect("it is back");
    assert!(one.is_by_hand && one.n_days == 7, "with what was counted of it: {one:?}");
}

#[test]
fn edits_can_be_made_before_there_is_any_version() {
    let world = World::new();
    edit(&world, own("I tune harmoniums."));
    let told = edit(&world, add("Harmonium"));
    assert_eq!(
        (told.summary.as_str(), interests(&told)),
        ("I tune harmoniums.", vec!["Harmonium"])
    );
    assert_eq!(interests(&edit(&world, rename("harmonium", "Organs"))), ["Organs"]);
    assert_eq!(interests(&edit(&world, remove("Organs"))), Vec::<&str>::new());
    write(&world, 1..=6);
    world.dream();
    let view = view(&world);
    assert_eq!(view.summary, "I tune harmoniums.");
    assert!(view.version.is_some());
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let world = dreamt();
    assert_nothing_written(&world, |world| {
        for (wrong, code) in [
            (own("  \u{202e} "), Code::InvalidInput),
            (own(&"x".repeat(4_001)), Code::InvalidInput),
            (add(" # "), Code::InvalidInput),
            (add("!!"), Code::InvalidInput),
            (remove("letterpress"), Code::NotFound),
            (rename("letterpress", "press"), Code::NotFound),
            (hide("Nobody of that name"), Code::NotFound),
            (reset(ProfileField::Summary, None), Code::NotFound),
        ] {
            assert_eq!(refused(world, wrong.clone()), code, "{wrong:?}");
        }
    });
}
