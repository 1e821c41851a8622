//! The shapes of answers: instants in UTC, money as text with its currency, fields behind the mask, work
//! items and their forms. What holds case fields is made of [`Masked`] values only.

use super::problem::Problem;
use baton_app::Shown;
use baton_app::command::EventName;
use baton_app::forms::{self, Form, Kind};
use baton_app::sight::Viewer;
use baton_app::views::cases::Case;
use baton_app::views::headline::Fields;
use baton_app::views::queue::State;
use baton_app::views::work;
use baton_model::{Cell, Currency, Decimal, Masked, Micros, Money, Record, Rounding};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An instant as RFC 3339 in UTC.
pub(crate) fn instant(at: Micros) -> String {
    at.to_string()
}

/// An instant as it was sent.
pub(crate) fn micros(text: &str, field: &str) -> Result<Micros, Problem> {
    let at = text.parse::<Timestamp>().ok();
    at.map(|at| Micros(at.as_microsecond())).ok_or_else(|| {
        let detail =
            format!("`{field}`: `{text}` is no instant; write it like 2026-12-01T08:00:00Z");
        Problem::invalid(&detail).about(Some(field.into()))
    })
}

/// A part of one as text with at most six decimals, rounded half away from zero.
pub(crate) fn part(value: Decimal) -> String {
    let rounding = Rounding::MidpointAwayFromZero;
    let rounded = value.round_dp_with_strategy(6, rounding);
    rounded.normalize().to_string()
}

/// An event of the journal.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = EventName)]
pub(crate) struct Name {
    /// Its entry.
    pub(crate) n: i64,
    /// Its place in the entry, from 0.
    pub(crate) i: u32,
}

impl From<EventName> for Name {
    fn from(name: EventName) -> Self {
        Self {
            n: name.n,
            i: name.i,
        }
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The rows, in order.
    pub(crate) items: Vec<T>,
    /// Send it as `cursor` to get the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

/// Rows that are few and come whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct All<T> {
    /// The rows.
    pub(crate) items: Vec<T>,
}

/// An amount of money.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Amount {
    /// The amount, as text so that no digit is lost.
    #[schema(example = "12406.10")]
    pub(crate) amount: String,
    /// The ISO 4217 code.
    #[schema(example = "EUR")]
    pub(crate) currency: String,
}

impl Amount {
    /// An amount as pages show it, with thousands apart; nothing where it is masked or absent.
    pub(crate) fn of(shown: &str, currency: &str) -> Option<Self> {
        let plain: String = shown
            .chars()
            .filter(|sign| *sign != ',')
            .map(|sign| if sign == '−' { '-' } else { sign })
            .collect();
        let currency = Currency::parse(currency)?;
        let money = Money::round(plain.parse::<Decimal>().ok()?, currency)?;
        Some(Self {
            amount: money.amount().to_string(),
            currency: currency.code().to_string(),
        })
    }
}

/// A field of a case as the one who asks may see it: `value` where it is shown, else `masked`.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(crate) struct Field {
    /// The value; numbers are text, so that no digit is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = serde_json::Value, required = false)]
    pub(crate) value: Option<Json>,
    /// What stands in for a value that is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "DE•• •••• 4417")]
    pub(crate) masked: Option<String>,
    /// Whether it can be revealed for a reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revealable: Option<bool>,
    /// Whether the value was erased, for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) erased: Option<bool>,
}

impl Field {
    pub(crate) fn of(shown: &Shown) -> Self {
        let hidden = |hint: &str| Self {
            masked: Some(hint.to_string()),
            ..Self::default()
        };
        match shown {
            Shown::Clear(value) => Self {
                value: Some(value.to_json()),
                ..Self::default()
            },
            Shown::Masked { hint, revealable } => Self {
                revealable: Some(*revealable),
                ..hidden(hint)
            },
            Shown::Erased => Self {
                erased: Some(true),
                ..hidden("erased")
            },
            Shown::Unreadable => hidden("unreadable"),
        }
    }
}

/// The fields of a case as the one who asks may see them.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(crate) struct ShownFields {
    /// The fields by name, masked.
    pub(crate) fields: BTreeMap<String, Field>,
}

impl ShownFields {
    /// Fields after the mask.
    pub(crate) fn of(fields: &Fields) -> Self {
        let field =
            |(name, shown): (&String, &Masked<Shown>)| (name.clone(), Field::of(shown.show()));
        Self {
            fields: fields.iter().map(field).collect(),
        }
    }

    /// Fields of an event, as the mask let them through.
    pub(crate) fn told(fields: &BTreeMap<String, Shown>) -> Self {
        let field = |(name, shown): (&String, &Shown)| (name.clone(), Field::of(shown));
        Self {
            fields: fields.iter().map(field).collect(),
        }
    }
}

/// How a work item stands to the one who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Nobody has it.
    Free,
    /// The one who asks has it.
    Mine,
    /// A colleague has it.
    Held,
    /// It waits for an answer, or was set aside.
    Paused,
}

impl From<State> for Standing {
    fn from(state: State) -> Self {
        match state {
            State::Free => Self::Free,
            State::Mine => Self::Mine,
            State::Held => Self::Held,
            State::Paused => Self::Paused,
        }
    }
}

impl From<Standing> for State {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Free => Self::Free,
            Standing::Mine => Self::Mine,
            Standing::Held => Self::Held,
            Standing::Paused => Self::Paused,
        }
    }
}

/// An open work item.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Item {
    /// Its id.
    #[schema(example = "P2P-31.1")]
    pub(crate) id: String,
    /// Its case.
    #[schema(example = "P2P-31")]
    pub(crate) case: String,
    /// The task of the process.
    pub(crate) task: String,
    /// The task's name.
    pub(crate) name: String,
    /// Its lane.
    pub(crate) lane: String,
    /// The party that has it.
    pub(crate) party: String,
    /// How it stands to the one who asks.
    pub(crate) state: Standing,
    /// When its hop is due; absent where nothing is agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) due: Option<String>,
    /// Since when it is there.
    #[schema(format = DateTime)]
    pub(crate) since: String,
    /// The form's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) form: Option<String>,
    /// The role it needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<String>,
    /// For whom it waits, or why it was set aside: its clock then runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) paused: Option<String>,
    /// Why it is with this party.
    pub(crate) why: String,
    /// The entry that last touched it: send it as `version` with a completion.
    pub(crate) version: i64,
    /// The worker who has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) worker: Option<String>,
    /// Of an item that the one who asks has: the entry that gave it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fence: Option<i64>,
    /// Of an item that the one who asks has: until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) lease_until: Option<String>,
}

impl Item {
    /// An item in the sight of a viewer. Of other parties' workers none is named.
    pub(crate) fn of(item: &work::Item, viewer: &Viewer) -> Self {
        let scope = &viewer.scope;
        let (own, mine) = (
            item.party == scope.party,
            item.worker.as_ref() == Some(&scope.worker),
        );
        Self {
            id: item.id.to_string(),
            case: item.case.to_string(),
            task: item.task.clone(),
            name: item.name.clone(),
            lane: item.lane.to_string(),
            party: item.party.to_string(),
            state: item.state(scope).into(),
            due: item.due.map(instant),
            since: instant(item.since),
            form: item.form.clone(),
            role: item.role.clone(),
            paused: item.paused.clone(),
            why: item.why.clone(),
            version: item.touched,
            worker: item
                .worker
                .as_ref()
                .filter(|_| own)
                .map(ToString::to_string),
            fence: mine.then_some(item.fence),
            lease_until: mine.then(|| instant(item.lease)),
        }
    }
}

/// A work item with what is needed to do it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkItem {
    #[serde(flatten)]
    pub(crate) item: Item,
    /// What people call the case.
    pub(crate) title: String,
    /// The amount at stake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) amount: Option<Amount>,
    #[serde(flatten)]
    pub(crate) shown: ShownFields,
    /// The form to fill; absent where the task has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) form_fields: Option<Vec<FormField>>,
    /// What was typed so far, of an item that the one who asks has; personal fields are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, serde_json::Value>>)]
    pub(crate) draft: Option<BTreeMap<String, Json>>,
}

impl WorkItem {
    /// An item with its case and form.
    pub(crate) fn of(item: &work::Item, case: &Case, form: Option<&Form>, viewer: &Viewer) -> Self {
        let mine = item.worker.as_ref() == Some(&viewer.scope.worker);
        let heading = case.heading.show();
        Self {
            item: Item::of(item, viewer),
            title: heading.title.clone(),
            amount: Amount::of(&heading.amount, &heading.currency),
            shown: ShownFields::of(&case.fields),
            form_fields: form.map(|form| form.fields.iter().map(FormField::of).collect()),
            draft: item.draft.as_ref().filter(|_| mine).map(drafted),
        }
    }
}

fn drafted(draft: &Record) -> BTreeMap<String, Json> {
    let clear = |(name, cell): (&String, &Cell)| Some((name.clone(), cell.value()?.to_json()));
    draft.iter().filter_map(clear).collect()
}

/// What may be entered into a field.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldKind {
    /// Text.
    Text,
    /// A day, like `2026-07-16`.
    Date,
    /// A number.
    Number,
    /// True or false.
    Truth,
    /// One of the choices.
    Choice,
}

/// A field of a form.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FormField {
    /// The case field it fills, like `decision.outcome`.
    pub(crate) name: String,
    /// Its label.
    pub(crate) title: String,
    /// A line of help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<String>,
    /// What may be entered.
    pub(crate) kind: FieldKind,
    /// Whether it must be filled.
    pub(crate) required: bool,
    /// Whether it is shown only, and left out of a completion.
    pub(crate) read_only: bool,
    /// What stands in it at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Value>)]
    pub(crate) default: Option<Json>,
    /// Of a choice: what may be chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) choices: Option<Vec<Choice>>,
    /// Of a number: the least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) minimum: Option<String>,
    /// Of a number: the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) maximum: Option<String>,
    /// Of a text: the fewest characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) min_length: Option<u32>,
    /// Of a text: the most characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_length: Option<u32>,
    /// Of a text: the regular expression it fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pattern: Option<String>,
}

/// One of the values of a choice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Choice {
    /// What is sent.
    pub(crate) value: String,
    /// What people read.
    pub(crate) title: String,
}

impl FormField {
    /// A field of a form.
    pub(crate) fn of(field: &forms::Field) -> Self {
        let mut shape = Self {
            name: field.name.clone(),
            title: field.title.clone(),
            help: field.help.clone(),
            kind: FieldKind::Text,
            required: field.required,
            read_only: field.read_only,
            default: field.default.as_ref().map(baton_model::Value::to_json),
            choices: None,
            minimum: None,
            maximum: None,
            min_length: None,
            max_length: None,
            pattern: None,
        };
        shape.limit(&field.kind);
        shape
    }

    fn limit(&mut self, kind: &Kind) {
        match kind {
            Kind::Text { length, pattern } => {
                (self.min_length, self.max_length) = (length.least, length.most);
                self.pattern = pattern.as_ref().map(|pattern| pattern.source.clone());
            }
            Kind::Date => self.kind = FieldKind::Date,
            Kind::Number { range, .. } => {
                self.kind = FieldKind::Number;
                self.minimum = range.least.map(|least| least.to_string());
                self.maximum = range.most.map(|most| most.to_string());
            }
            Kind::Truth => self.kind = FieldKind::Truth,
            Kind::Choice(choices) => {
                self.kind = FieldKind::Choice;
                let choice = |choice: &forms::Choice| Choice {
                    value: choice.input(),
                    title: choice.title.clone(),
                };
                self.choices = Some(choices.iter().map(choice).collect());
            }
        }
    }
}

/// What a command that was accepted did: it is in the journal for good.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// The entry's number.
    pub(crate) n: i64,
    /// The entry's instant.
    #[schema(format = DateTime)]
    pub(crate) at: String,
    /// Whether it was accepted before, under the same key; nothing happened again.
    pub(crate) repeated: bool,
    /// The cases it touched.
    pub(crate) cases: Vec<String>,
}

impl Accepted {
    /// What a receipt says.
    pub(crate) fn of(receipt: &baton_app::Receipt) -> Self {
        let mut cases: Vec<String> = receipt
            .events
            .iter()
            .filter_map(|event| event.case().map(ToString::to_string))
            .collect();
        cases.sort();
        cases.dedup();
        Self {
            n: receipt.n,
            at: instant(receipt.at),
            repeated: receipt.repeated,
            cases,
        }
    }
}
