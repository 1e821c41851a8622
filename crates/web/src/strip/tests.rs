//! Snapshots of the drawings, one a state and size, and the laws of the scale.

use super::*;
use baton_model::WallTime;

fn at(minutes: i64) -> Micros {
    // Wednesday 18 November 2026, 09:12 in Kraków.
    Micros(1_794_989_520_000_000).plus(WallTime::minutes(minutes))
}

fn span(from: i64, until: i64) -> Span {
    Span {
        from: at(from),
        until: at(until),
    }
}

fn leg(code: &str, slot: u8, from: i64, until: Option<i64>, open: &[(i64, i64)]) -> Leg {
    let open: Vec<Span> = open
        .iter()
        .map(|(from, until)| span(*from, *until))
        .collect();
    let worked = open.iter().map(|open| open.until.since(open.from).0).sum();
    Leg {
        code: code.to_owned(),
        slot: Some(Slot(slot)),
        lane: "Verify".to_owned(),
        person: None,
        note: None,
        from: at(from),
        until: until.map(at),
        site: None,
        open,
        pauses: Vec::new(),
        worked: Some(WorkingTime(worked)),
        allowed: None,
    }
}

fn strip(legs: Vec<Leg>, now: i64, target: Option<i64>, state: State) -> Strip {
    Strip {
        of: "P2P-1".to_owned(),
        legs,
        now: at(now),
        target: target.map(|target| Target {
            at: at(target),
            left: WorkingTime::minutes(target - now),
            open: vec![span(now, target)],
        }),
        state,
        next: Some("LV Approve".to_owned()),
        zone: TimeZone::get("Europe/Warsaw").unwrap_or(TimeZone::UTC),
        axis: Axis::Wall,
        unfold: None,
    }
}

fn picture() -> Strip {
    let mut held = leg("KS", 1, 1080, None, &[(1368, 1765)]);
    held.pauses = vec![Pause {
        span: span(1458, 1613),
        reason: "client, buyer".to_owned(),
    }];
    held.person = Some("A. Wrona".to_owned());
    held.worked = Some(WorkingTime::minutes(242));
    let legs = vec![
        leg("DL", 3, 0, Some(4), &[(0, 4)]),
        leg("TO", 2, 4, Some(1080), &[(4, 108), (1008, 1080)]),
        held,
    ];
    strip(legs, 1765, Some(2843), State::Running)
}

#[test]
fn large_drawing() {
    insta::assert_snapshot!(picture().large().replace("><", ">\n<"));
}

#[test]
fn medium_drawing() {
    insta::assert_snapshot!(picture().medium().replace("><", ">\n<"));
}

#[test]
fn tiny_drawing_past_its_target() {
    let strip = strip(
        vec![leg("KS", 1, 0, None, &[(0, 100)])],
        100,
        Some(80),
        State::Running,
    );
    insta::assert_snapshot!(strip.tiny().replace("><", ">\n<"));
}

#[test]
fn spoken_sentence() {
    insta::assert_snapshot!(picture().sentence(), @"DL Verify 4 min working in 4 min wall; TO Verify 2 h 56 working in 17 h 56 wall; now KS Verify 4 h 02 working in 11 h 25 wall, paused 2 h 35: client, buyer; target Fri 08:35, 17 h 58 working left; next LV Approve.");
}

#[test]
fn a_paused_baton_is_hollow_and_a_done_case_has_none() {
    let legs = || vec![leg("KS", 1, 0, None, &[(0, 60)])];
    assert!(
        strip(legs(), 60, Some(90), State::Paused)
            .tiny()
            .contains("baton hollow")
    );
    let done = strip(
        vec![leg("KS", 1, 0, Some(60), &[(0, 60)])],
        80,
        Some(90),
        State::Done,
    )
    .tiny();
    assert!(!done.contains("class=\"baton") && !done.contains("class=\"ahead"));
    assert!(done.contains("class=\"pole\""));
}

#[test]
fn an_offered_leg_is_a_thread_without_full_blocks() {
    let strip = strip(
        vec![leg("KS", 1, 0, None, &[(0, 60)])],
        60,
        Some(90),
        State::Offered,
    );
    assert!(!strip.plain().contains("<rect class=\"leg"));
    assert!(strip.plain().contains("<rect class=\"thread"));
}

#[test]
fn past_ten_hops_the_oldest_fold_and_open() {
    let legs: Vec<Leg> = (0..14)
        .map(|i| leg("KS", 1, i * 10, Some(i * 10 + 10), &[(i * 10, i * 10 + 10)]))
        .collect();
    let mut strip = strip(legs, 140, Some(200), State::Running);
    assert_eq!(strip.folded(), 0);
    strip.unfold = Some("/cases/P2P-1?strip=table".to_owned());
    assert_eq!(strip.folded(), 4);
    let drawn = strip.large();
    assert!(drawn.contains("+4 hops") && drawn.contains("href=\"/cases/P2P-1?strip=table\""));
    assert_eq!(strip.rows().len(), 14, "the table says every hop");
}

#[test]
fn another_partys_leg_is_grey_and_says_wall_time_only() {
    let mut other = leg("another party", 0, 0, Some(60), &[(0, 60)]);
    (other.slot, other.worked) = (None, None);
    let strip = strip(
        vec![other, leg("KS", 1, 60, None, &[(60, 90)])],
        90,
        None,
        State::Running,
    );
    assert!(strip.large().contains("leg px"));
    assert_eq!(strip.rows()[0].working, "–");
    assert!(
        strip
            .sentence()
            .starts_with("another party Verify 1 h 00 wall")
    );
}

#[test]
fn the_scale_never_runs_backwards_and_keeps_every_grip() {
    let legs: Vec<Leg> = [(0, 1), (1, 2), (2, 4000), (4000, 4001), (4001, 9000)]
        .iter()
        .map(|(from, until)| leg("TO", 2, *from, Some(*until), &[(*from, *until)]))
        .collect();
    let strip = strip(legs, 9000, Some(20_000), State::Running);
    for size in [&Size::LARGE, &Size::MEDIUM, &Size::TINY] {
        let scale = scale::Scale::of(&strip, size);
        let places: Vec<f64> = (0..=20_000)
            .step_by(7)
            .map(|minute| scale.x(at(minute)))
            .collect();
        assert!(places.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(places.iter().all(|x| (0.0..=100.000_1).contains(x)));
        let grip = size.grip(2) / size.nominal * 100.0;
        let width = scale.x(at(1)) - scale.x(at(0));
        assert!(
            width > grip * 0.75,
            "{}: {width} against {grip}",
            size.class
        );
    }
}

#[test]
fn working_length_shrinks_closed_hours_to_nothing() {
    let mut strip = picture();
    strip.axis = Axis::Working;
    let scale = scale::Scale::of(&strip, &Size::LARGE);
    assert!((scale.x(at(1008)) - scale.x(at(108))).abs() < 0.001);
}

#[test]
fn names_are_escaped() {
    let mut strip = picture();
    strip.legs[1].lane = "<script>".to_owned();
    strip.of = "\"><script>".to_owned();
    for drawn in [strip.large(), strip.medium(), strip.tiny()] {
        assert!(!drawn.contains("<script"));
    }
}
