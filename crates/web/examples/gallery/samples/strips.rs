//! The strip's states of picture 11.

use super::frame::*;
use baton_model::WorkingTime;
use baton_web::strip::*;

/// The states of picture 11, medium, on a bare page.
pub(crate) fn strips() -> String {
    let base = |legs: Vec<Leg>, now: i64, target: i64, state| Strip {
        legs,
        now: at(now),
        target: Some(Target {
            at: at(target),
            left: WorkingTime::minutes(target - now),
            open: vec![],
        }),
        state,
        next: None,
        unfold: None,
        ..strip()
    };
    let dl = || leg("DL", 3, "Receive", 0, Some(15), &[(0, 15)], 15);
    let to = |from, until| {
        leg(
            "TO",
            2,
            "Verify",
            from,
            Some(until),
            &[(from, until)],
            until - from,
        )
    };
    let ks = |from, until: Option<i64>, end| {
        leg("KS", 1, "Resolve", from, until, &[(from, end)], end - from)
    };
    let lv = |from, until: Option<i64>, end| {
        leg("LV", 0, "Approve", from, until, &[(from, end)], end - from)
    };
    let mb = leg("MB", 4, "Resolve", 130, None, &[(130, 240)], 110);
    let paused = Leg {
        pauses: vec![Pause {
            span: span(170, 230),
            reason: "client".into(),
        }],
        ..ks(110, None, 170)
    };
    let many: Vec<Leg> = (0..14)
        .map(|i| {
            if i % 2 == 0 {
                ks(i * 20, Some(i * 20 + 20), i * 20 + 20)
            } else {
                lv(i * 20, Some(i * 20 + 20), i * 20 + 20)
            }
        })
        .collect();
    let folded = Strip {
        unfold: Some("#".into()),
        ..base(many, 280, 340, State::Running)
    };
    let all = [
        (
            "Running",
            base(
                vec![dl(), to(15, 120), ks(120, None, 230)],
                230,
                350,
                State::Running,
            ),
        ),
        (
            "Paused",
            base(vec![to(0, 110), paused], 230, 350, State::Paused),
        ),
        (
            "Offered, nobody yet",
            base(
                vec![to(0, 110), ks(110, None, 180)],
                180,
                350,
                State::Offered,
            ),
        ),
        (
            "Past target",
            base(
                vec![dl(), ks(15, Some(150), 150), lv(150, None, 380)],
                380,
                290,
                State::Running,
            ),
        ),
        (
            "There and back",
            base(
                vec![
                    ks(0, Some(90), 90),
                    lv(90, Some(160), 160),
                    ks(160, Some(255), 255),
                    lv(255, None, 280),
                ],
                280,
                385,
                State::Running,
            ),
        ),
        (
            "Done",
            base(
                vec![dl(), to(15, 135), lv(135, Some(225), 225)],
                400,
                358,
                State::Done,
            ),
        ),
        (
            "Stepped in",
            base(vec![to(0, 130), mb], 240, 358, State::Running),
        ),
        (
            "Incident",
            base(
                vec![leg("DL", 3, "Receive", 0, None, &[(0, 135)], 135)],
                135,
                358,
                State::Incident,
            ),
        ),
        ("Fourteen hops", folded),
    ];
    let mut html = format!(
        "<!doctype html><link rel=stylesheet href={}><div class=visually-hidden></div>",
        assets_style()
    );
    html.push_str(&askama::Template::render(&Sprite).unwrap_or_default());
    html.push_str("<main class=pad>");
    for (name, strip) in &all {
        html.push_str(&format!("<h2>{name}</h2><div class=strips-row><table class=\"grid work\"><tr><td>{}</td><td class=c-relay>{}</td></tr></table></div><p class=quiet>{}</p>", strip.plain(), strip.tiny(), strip.sentence()));
    }
    html.push_str(&format!(
        "<h2>Large</h2>{}<h2>Large past target</h2>{}<h2>Fourteen hops</h2>{}</main>",
        all[4].1.large(),
        all[3].1.large(),
        all[8].1.large()
    ));
    html
}

pub(crate) fn assets_style() -> &'static str {
    baton_web::assets::STYLE
}

#[derive(askama::Template)]
#[template(path = "sprite.html")]
struct Sprite;
