//! Deadlines and reminders as window, tray and command line use them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    time::Duration,
};

use access::{authorizations::consents, work::rights::Action};
use filing::engine::Listener as _;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use reminders::{
    Announcement, Circumstances, Evaluation, Grounds, SignedIn,
    deadlines::{self, ics},
    morning, snoozed_until,
};
use store::database::DatabaseError;
use tokio::sync::broadcast;
use vat_return::{Category, OrgNumber, VatReturn};
use view::{
    CategoryName, DeadlinesView, DutyChoice, EnvironmentName, ErrorCode, OfficeEvent, Pause, ReminderSettings,
    RemindersView, Snooze,
    problem::{self, Problem},
    texts::{moment, norwegian_date},
};

use super::{
    Office,
    gate::{NoPermitNeeded, Permit},
    parts::{Calendar, Reminding},
    refusal::Refusal,
};

/// How often the clock is compared with the next moment that matters. After a sleep of the computer what was missed is
/// told within this time.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// The longest calendar that is read back, bytes: some thousand companies on every day of a year.
const LONGEST_CALENDAR: u64 = 16 * 1024 * 1024;
/// What happens in quick succession (a batch) is looked at together.
const SETTLE: Duration = Duration::from_secs(2);

impl Office {
    /// Looks after the reminders until the office is dropped.
    pub fn run_reminders(self: &Arc<Self>) {
        let (mut events, closing, office) = (self.events(), self.closing.clone(), Arc::downgrade(self));
        tokio::spawn(async move {
            let mut changed = true;
            loop {
                {
                    let Some(office) = office.upgrade() else { return };
                    let due = office.watch.is_due(office.desk.clock.now(), &TimeZone::system());
                    if changed || due {
                        changed = false;
                        let looked = tokio::task::spawn_blocking(move || office.own().publish_reminders()).await;
                        if let Err(error) = looked {
                            tracing::error!(%error, "The reminders could not be looked after.");
                        }
                    }
                }
                let wait = tokio::time::sleep(LOOK_EVERY);
                tokio::pin!(wait);
                loop {
                    tokio::select! {
                        () = closing.cancelled() => return,
                        () = &mut wait => break,
                        event = events.recv() => match event {
                            Ok(
                                OfficeEvent::Reminders { .. }
                                | OfficeEvent::DropHover { .. }
                                | OfficeEvent::Dropped { .. },
                            ) => {}
                            Err(broadcast::error::RecvError::Closed) => return,
                            // What one of a batch changes, the next one changes too.
                            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {
                                if !changed {
                                    changed = true;
                                    wait.as_mut().reset(tokio::time::Instant::now() + SETTLE);
                                }
                            }
                        },
                    }
                }
            }
        });
    }
}

impl Calendar<'_> {
    /// A year of deadlines; without a year, the one that needs attention.
    ///
    /// # Errors
    /// The database.
    pub fn year(self, year: Option<i32>) -> Result<DeadlinesView, Problem> {
        let permit = self.0.may(Action::Deadlines, None)?;
        let desk = &permit.desk;
        let today = norwegian_date(desk.clock.now());
        let seen = desk.work.seen();
        let sees = |company: &str| seen.as_ref().is_none_or(|seen| seen.has(company));
        let mut view =
            desk.db.read(|db| deadlines::year_view(db, desk.environment, year, today, desk.language(), &sees))?;
        let file = self.path();
        view.calendar_at = fs::symlink_metadata(&file)
            .and_then(|file| file.modified())
            .ok()
            .and_then(|at| Timestamp::try_from(at).ok())
            .map(moment);
        view.calendar_file = file.display().to_string();
        Ok(view)
    }

    /// Follows a company's deadlines as the user says.
    ///
    /// # Errors
    /// `CompanyUnknown` for a number that is no organisation number, `DataUnusable` for a day that is none, or the database.
    pub fn choose_duty(self, choice: &DutyChoice) -> Result<(), Problem> {
        let permit = self.0.may(Action::ChooseDuty, Some(&choice.org_number))?;
        let company = company(&choice.org_number)?;
        let from: Date =
            choice.from.parse().map_err(|error: jiff::Error| problem::of(ErrorCode::DataUnusable, &error))?;
        let category = Category::from(choice.category);
        permit.desk.db.write(|tx| {
            let duty = (&company, category);
            deadlines::choose(tx, permit.desk.environment, duty, choice.kind.into(), from)
        })?;
        permit.reminders_changed();
        Ok(())
    }

    /// Follows a company's deadlines of a category no longer.
    ///
    /// # Errors
    /// `CompanyUnknown` for a number that is no organisation number, or the database.
    pub fn unfollow_duty(self, org_number: &str, category: CategoryName) -> Result<(), Problem> {
        let permit = self.0.may(Action::UnfollowDuty, Some(org_number))?;
        let company = company(org_number)?;
        permit.desk.db.write(|tx| deadlines::unfollow(tx, permit.desk.environment, &company, category.into()))?;
        permit.reminders_changed();
        Ok(())
    }

    /// Puts a period aside with a reason: it is late no longer. Without a reason it is taken back.
    ///
    /// # Errors
    /// `NotFound` for a text that names no period, or the database.
    pub fn put_aside(self, key: &str, reason: Option<&str>) -> Result<(), Problem> {
        let permit = self.0.may(Action::PutAside, key.split('/').next())?;
        let of = deadlines::parse_period(key)?;
        let at = permit.desk.clock.now();
        permit.desk.db.write(|tx| deadlines::keep_aside(tx, permit.desk.environment, &of, reason, at))?;
        permit.reminders_changed();
        Ok(())
    }

    /// Has no reminders for a company from now on, or has them again.
    ///
    /// # Errors
    /// `CompanyUnknown` for a number that is no organisation number, or the database.
    pub fn mute_company(self, org_number: &str, muted: bool) -> Result<(), Problem> {
        let permit = self.0.may(Action::MuteCompany, Some(org_number))?;
        let company = company(org_number)?;
        permit.desk.db.write(|tx| deadlines::mute(tx, permit.desk.environment, &company, muted))?;
        permit.reminders_changed();
        Ok(())
    }

    /// Where the calendar file is, which is kept up to date and can be subscribed to.
    #[must_use]
    pub fn path(self) -> PathBuf {
        let permit = self.0.without_permit(NoPermitNeeded::Harmless);
        let name = match permit.desk.environment {
            EnvironmentName::Production => "Frister.ics",
            EnvironmentName::Practice => "Frister (øving).ics",
            EnvironmentName::Test => "Frister (test).ics",
        };
        permit.desk.archive.root().join(name)
    }

    /// The calendar as a file.
    ///
    /// # Errors
    /// The database.
    pub fn text(self) -> Result<String, Problem> {
        let permit = self.0.may(Action::Calendar, None)?;
        Ok(permit.calendar_text(|company| permit.desk.work.sees(company))?.0)
    }

    /// Writes the calendar file if it says something else than it did.
    ///
    /// # Errors
    /// The database; `DiskFull` or `DataUnusable` when the file cannot be written.
    pub fn write(self) -> Result<(), Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::Harmless);
        let (text, filled) = permit.calendar_text(|_| true)?;
        let path = self.path();
        let before = read_text(&path);
        if before.as_deref().is_some_and(|before| ics::same(before, &text)) || (before.is_none() && !filled) {
            return Ok(());
        }
        // A calendar program that reads meanwhile sees the old file or the new one, never half of one.
        let written = disk::write(&path, text.as_bytes());
        written.map_err(|error: io::Error| {
            problem::of(problem::of_io(&error), &error).with("path", path.display().to_string())
        })
    }
}

impl Permit<'_> {
    /// The calendar of some companies, and whether there is anything in it.
    fn calendar_text(self, of: impl Fn(&str) -> bool) -> Result<(String, bool), DatabaseError> {
        let desk = &self.desk;
        let now = desk.clock.now();
        let settings = reminders::load(&desk.db)?;
        let (mut due, authorizations) = desk.db.read(|db| {
            let duties = deadlines::load(db, desk.environment)?;
            let due = deadlines::calendar(db, desk.environment, &duties, norwegian_date(now))?;
            Ok::<_, DatabaseError>((due, consents(db, desk.environment)?))
        })?;
        due.retain(|due| of(due.open.org_number.as_str()));
        let before = read_text(&self.calendar().path());
        let calendar = ics::Calendar {
            environment: desk.environment,
            language: desk.language(),
            settings: &settings,
            deadlines: &due,
            authorizations: &authorizations,
            before: before.as_deref(),
            now,
        };
        Ok((calendar.write(), !due.is_empty() || !authorizations.is_empty()))
    }

    /// Learns which companies file what from returns that were opened.
    pub(super) fn learn_duties(self, opened: &[&VatReturn]) {
        let today = norwegian_date(self.desk.clock.now());
        // Where the authority says which companies she may file for, a stranger's return teaches nothing.
        let companies = self.desk.companies();
        let known: Vec<_> = opened
            .iter()
            .filter_map(|of| {
                // A number with a wrong check digit is nobody's.
                let number = OrgNumber::parse(&of.org_number.as_ref()?.value).ok()?;
                if !companies.is_empty() && !companies.contains_key(number.as_str()) {
                    return None;
                }
                Some((number, of.category.value, of.period.value))
            })
            .collect();
        let returns = known.iter().map(|(company, category, period)| (company, *category, *period));
        let learnt = self.desk.db.write(|tx| deadlines::learn_opened(tx, self.desk.environment, returns, today));
        if let Err(error) = learnt {
            tracing::warn!(%error, "Nothing could be learnt about the companies' periods.");
        }
    }
}

fn company(number: &str) -> Result<OrgNumber, Problem> {
    OrgNumber::parse(number).map_err(|_| Refusal::NoOrgNumber { company: number.to_owned() }.into())
}

impl Reminding<'_> {
    /// What the bell and the tray tell.
    ///
    /// # Errors
    /// The database.
    pub fn view(self) -> Result<RemindersView, Problem> {
        let permit = self.0.may(Action::Reminders, None)?;
        let (mut view, _) = permit.last_published().ok_or(Refusal::NoReminders)?;
        permit.only_seen(&mut view);
        Ok(view)
    }

    /// The same for the tray, which is there while the program is locked too: then it names nobody, and counts everything.
    #[must_use]
    pub fn tray(self) -> Option<RemindersView> {
        let permit = self.0.without_permit(NoPermitNeeded::Filters);
        let (mut view, _) = permit.last_published()?;
        if !permit.desk.work.is_locked() {
            permit.only_seen(&mut view);
        }
        Some(view)
    }

    /// What the user has chosen about reminders.
    ///
    /// # Errors
    /// The database.
    pub fn settings(self) -> Result<ReminderSettings, Problem> {
        let permit = self.0.may(Action::ReminderSettings, None)?;
        Ok(reminders::load(&permit.desk.db)?)
    }

    /// Whether the program goes on in the tray when its window is closed; the shell asks at its start.
    ///
    /// # Errors
    /// The database.
    pub fn keeps_running(self) -> Result<bool, Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::Harmless);
        Ok(reminders::load(&permit.desk.db)?.keep_running)
    }

    /// Keeps it, and gives back what was kept.
    ///
    /// # Errors
    /// The database.
    pub fn set_settings(self, settings: ReminderSettings) -> Result<ReminderSettings, Problem> {
        let permit = self.0.may(Action::SetReminderSettings, None)?;
        let kept = reminders::store(&permit.desk.db, settings)?;
        permit.reminders_changed();
        Ok(kept)
    }

    /// Puts a notice off.
    ///
    /// # Errors
    /// The database.
    pub fn snooze(self, key: &str, snooze: Snooze) -> Result<(), Problem> {
        let permit = self.0.may(Action::SnoozeNotice, None)?;
        permit.watch.snooze(key, snoozed_until(snooze, permit.desk.clock.now()))?;
        permit.reminders_changed();
        Ok(())
    }

    /// Takes a notice from the list until there is something new to say about its subject.
    ///
    /// # Errors
    /// The database.
    pub fn dismiss(self, key: &str) -> Result<(), Problem> {
        let permit = self.0.may(Action::DismissNotice, None)?;
        permit.watch.dismiss(key)?;
        permit.reminders_changed();
        Ok(())
    }

    /// Is silent for a while, or speaks again.
    ///
    /// # Errors
    /// The database.
    pub fn pause(self, pause: Pause) -> Result<(), Problem> {
        let permit = self.0.may(Action::PauseReminders, None)?;
        let today = norwegian_date(permit.desk.clock.now());
        let until = match pause {
            Pause::None => None,
            Pause::Today => Some(morning(today.saturating_add(1.day()))),
            Pause::Week => Some(morning(today.saturating_add(7.days()))),
        };
        let settings = self.settings()?;
        self.set_settings(ReminderSettings { paused_until: until.map(moment), ..settings })?;
        Ok(())
    }

    /// What the operating system is to show, from now on. Listen before [`Office::run_reminders`].
    #[must_use]
    pub fn announcements(self) -> broadcast::Receiver<Announcement> {
        let permit = self.0.without_permit(NoPermitNeeded::Filters);
        permit.announcements.subscribe()
    }
}

impl Permit<'_> {
    fn last_published(self) -> Option<(RemindersView, Arc<Grounds>)> {
        let told = || self.told.read().unwrap_or_else(PoisonError::into_inner).clone();
        told().or_else(|| {
            // Before the first look: what it finds is announced too, because it counts as told.
            self.publish_reminders();
            told()
        })
    }

    /// Leaves out what is about companies that the work account may not see, and counts the others anew.
    pub(super) fn only_seen(self, view: &mut RemindersView) {
        if let Some(seen) = self.desk.work.seen()
            && let Some((_, grounds)) = self.told.read().unwrap_or_else(PoisonError::into_inner).as_ref()
        {
            *view = grounds.view(&|company| seen.has(company));
        }
    }

    /// Looks at once: something was changed by the user.
    pub(super) fn reminders_changed(self) {
        self.publish_reminders();
    }

    fn publish_reminders(self) {
        // Every delivery teaches, whoever filed it and whoever opened it.
        let today = norwegian_date(self.desk.clock.now());
        if let Err(error) = deadlines::learn_from_history(&self.desk.db, self.desk.environment, today) {
            tracing::warn!(%error, "Nothing could be learnt from what was filed.");
        }
        let looked = match self.look_at_reminders() {
            Ok(looked) => looked,
            Err(error) => {
                tracing::error!(?error, "The reminders could not be read.");
                return;
            }
        };
        for announcement in looked.announcements {
            // Nobody may be listening: the bell tells it too.
            let _ = self.announcements.send(announcement);
        }
        let told = (looked.view.clone(), Arc::new(looked.grounds));
        let before = self.told.write().unwrap_or_else(PoisonError::into_inner).replace(told);
        if before.is_none_or(|(before, _)| before != looked.view) {
            let _ = self.desk.events.send(OfficeEvent::Reminders { reminders: Box::new(looked.view) });
        }
        if let Err(error) = self.calendar().write() {
            tracing::warn!(?error, "The calendar file could not be written.");
        }
    }

    fn look_at_reminders(self) -> Result<Evaluation, Problem> {
        let desk = &self.desk;
        let signed_in = desk.session.signs_in_again().map(|(authorization, until)| SignedIn {
            since: authorization.granted_at,
            authorization: authorization.id,
            until,
        });
        Ok(self.watch.look(&Circumstances {
            now: desk.clock.now(),
            zone: &TimeZone::system(),
            settings: &reminders::load(&desk.db)?,
            language: desk.language(),
            signed_in: signed_in.as_ref(),
        })?)
    }
}
/// What a file of ours says, if it is there and is text: an ordinary file, and nothing that a link leads to.
fn read_text(path: &Path) -> Option<String> {
    String::from_utf8(disk::place::read_regular(path, LONGEST_CALENDAR).ok()?).ok()
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_calendar_that_is_a_link_or_a_pipe_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let (hers, calendar) = (folder.path().join("hers.ics"), folder.path().join("Frister.ics"));
        fs::write(&hers, "BEGIN:VCALENDAR").unwrap();
        assert!(read_text(&hers).is_some());
        std::os::unix::fs::symlink(&hers, &calendar).unwrap();
        assert_eq!(read_text(&calendar), None);
        fs::remove_file(&calendar).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&calendar).status().unwrap().success());
        assert_eq!(read_text(&calendar), None);
        fs::File::create(&hers).unwrap().set_len(LONGEST_CALENDAR + 1).unwrap();
        assert_eq!(read_text(&hers), None);
    }
}
