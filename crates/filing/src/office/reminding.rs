//! Deadlines and reminders as window, tray and command line use them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    time::Duration,
};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use tokio::sync::broadcast;
use vat_return::{Category, OrgNumber, VatReturn};

use super::Office;
use crate::{
    authorizations::consents,
    database::DatabaseError,
    deadlines::{self, ics},
    engine::Listener as _,
    problem,
    reminders::{self, Announcement, Circumstances, Grounds, Looked, SignedIn, morning, snoozed_until},
    view::{
        CategoryName, DeadlinesView, DutyChoice, EnvironmentName, ErrorCode, ErrorView, OfficeEvent, Pause,
        ReminderSettings, RemindersView, Snooze,
    },
    words::{moment, norwegian_date},
    work::rights::Action,
};

/// How often the clock is compared with the next moment that matters. After a sleep of the computer what was missed is
/// told within this time.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// What happens in quick succession (a batch) is looked at together.
const SETTLE: Duration = Duration::from_secs(2);

impl Office {
    /// A year of deadlines; without a year, the one that needs attention.
    ///
    /// # Errors
    /// The database.
    pub fn deadlines(&self, year: Option<i32>) -> Result<DeadlinesView, ErrorView> {
        self.may(Action::Deadlines, None)?;
        let desk = &self.desk;
        let today = norwegian_date(desk.clock.now());
        let seen = desk.work.seen();
        let sees = |company: &str| seen.as_ref().is_none_or(|seen| seen.has(company));
        let mut view =
            desk.db.read(|db| deadlines::year_view(db, desk.environment, year, today, desk.language(), &sees))?;
        let file = self.calendar_path();
        view.calendar_at = fs::metadata(&file)
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
    /// `NotFound` for a number that is no organisation number, `DataUnusable` for a day that is none, or the database.
    pub fn choose_duty(&self, choice: &DutyChoice) -> Result<(), ErrorView> {
        self.may(Action::ChooseDuty, Some(&choice.org_number))?;
        if choice.org_number.parse::<OrgNumber>().is_err() {
            return Err(problem::says(ErrorCode::CompanyUnknown, "This is no organisation number.")
                .with("company", choice.org_number.clone()));
        }
        let from: Date =
            choice.from.parse().map_err(|error: jiff::Error| problem::of(ErrorCode::DataUnusable, &error))?;
        let category = Category::from(choice.category);
        self.desk.db.write(|tx| {
            let duty = (choice.org_number.as_str(), category);
            deadlines::choose(tx, self.desk.environment, duty, choice.kind.into(), from)
        })?;
        self.reminders_changed();
        Ok(())
    }

    /// Follows a company's deadlines of a category no longer.
    ///
    /// # Errors
    /// The database.
    pub fn unfollow_duty(&self, org_number: &str, category: CategoryName) -> Result<(), ErrorView> {
        self.may(Action::UnfollowDuty, Some(org_number))?;
        self.desk.db.write(|tx| deadlines::unfollow(tx, self.desk.environment, org_number, category.into()))?;
        self.reminders_changed();
        Ok(())
    }

    /// Puts a period aside with a reason: it is late no longer. Without a reason it is taken back.
    ///
    /// # Errors
    /// `NotFound` for a text that names no period, or the database.
    pub fn put_aside(&self, key: &str, reason: Option<&str>) -> Result<(), ErrorView> {
        self.may(Action::PutAside, key.split('/').next())?;
        let of = deadlines::parse_period(key)?;
        let at = self.desk.clock.now();
        self.desk.db.write(|tx| deadlines::keep_aside(tx, self.desk.environment, &of, reason, at))?;
        self.reminders_changed();
        Ok(())
    }

    /// Has no reminders for a company from now on, or has them again.
    ///
    /// # Errors
    /// The database.
    pub fn mute_company(&self, org_number: &str, muted: bool) -> Result<(), ErrorView> {
        self.may(Action::MuteCompany, Some(org_number))?;
        self.desk.db.write(|tx| deadlines::mute(tx, self.desk.environment, org_number, muted))?;
        self.reminders_changed();
        Ok(())
    }

    /// What the bell and the tray tell.
    ///
    /// # Errors
    /// The database.
    pub fn reminders(&self) -> Result<RemindersView, ErrorView> {
        self.may(Action::Reminders, None)?;
        let (mut view, _) =
            self.last_told().ok_or_else(|| problem::says(ErrorCode::DataUnusable, "The reminders cannot be read."))?;
        self.only_seen(&mut view);
        Ok(view)
    }

    /// The same for the tray, which is there while the program is locked too: then it names nobody, and counts everything.
    #[must_use]
    pub fn tray_reminders(&self) -> Option<RemindersView> {
        let (mut view, _) = self.last_told()?;
        if !self.desk.work.is_locked() {
            self.only_seen(&mut view);
        }
        Some(view)
    }

    fn last_told(&self) -> Option<(RemindersView, Arc<Grounds>)> {
        let told = || self.told.read().unwrap_or_else(PoisonError::into_inner).clone();
        told().or_else(|| {
            // Before the first look: what it finds is announced too, because it counts as told.
            self.tell_reminders();
            told()
        })
    }

    /// Leaves out what is about companies that the work account may not see, and counts the others anew.
    pub(super) fn only_seen(&self, view: &mut RemindersView) {
        if let Some(seen) = self.desk.work.seen()
            && let Some((_, grounds)) = self.told.read().unwrap_or_else(PoisonError::into_inner).as_ref()
        {
            *view = grounds.view(&|company| seen.has(company));
        }
    }

    /// What the user has chosen about reminders.
    ///
    /// # Errors
    /// The database.
    pub fn reminder_settings(&self) -> Result<ReminderSettings, ErrorView> {
        self.may(Action::ReminderSettings, None)?;
        Ok(reminders::load(&self.desk.db)?)
    }

    /// Whether the program goes on in the tray when its window is closed; the shell asks at its start.
    ///
    /// # Errors
    /// The database.
    pub fn keeps_running(&self) -> Result<bool, ErrorView> {
        Ok(reminders::load(&self.desk.db)?.keep_running)
    }

    /// Keeps it, and gives back what was kept.
    ///
    /// # Errors
    /// The database.
    pub fn set_reminder_settings(&self, settings: ReminderSettings) -> Result<ReminderSettings, ErrorView> {
        self.may(Action::SetReminderSettings, None)?;
        let kept = reminders::store(&self.desk.db, settings)?;
        self.reminders_changed();
        Ok(kept)
    }

    /// Puts a notice off.
    ///
    /// # Errors
    /// The database.
    pub fn snooze_notice(&self, key: &str, snooze: Snooze) -> Result<(), ErrorView> {
        self.may(Action::SnoozeNotice, None)?;
        self.watch.snooze(key, snoozed_until(snooze, self.desk.clock.now()))?;
        self.reminders_changed();
        Ok(())
    }

    /// Takes a notice from the list until there is something new to say about its subject.
    ///
    /// # Errors
    /// The database.
    pub fn dismiss_notice(&self, key: &str) -> Result<(), ErrorView> {
        self.may(Action::DismissNotice, None)?;
        self.watch.dismiss(key)?;
        self.reminders_changed();
        Ok(())
    }

    /// Is silent for a while, or speaks again.
    ///
    /// # Errors
    /// The database.
    pub fn pause_reminders(&self, pause: Pause) -> Result<(), ErrorView> {
        self.may(Action::PauseReminders, None)?;
        let today = norwegian_date(self.desk.clock.now());
        let until = match pause {
            Pause::None => None,
            Pause::Today => Some(morning(today.saturating_add(1.day()))),
            Pause::Week => Some(morning(today.saturating_add(7.days()))),
        };
        let settings = self.reminder_settings()?;
        self.set_reminder_settings(ReminderSettings { paused_until: until.map(moment), ..settings })?;
        Ok(())
    }

    /// What the operating system is to show, from now on. Listen before [`Office::keep_reminding`].
    #[must_use]
    pub fn announcements(&self) -> broadcast::Receiver<Announcement> {
        self.announcements.subscribe()
    }

    /// Looks after the reminders until the office is dropped.
    pub fn keep_reminding(self: &Arc<Self>) {
        let (mut events, closing, office) = (self.events(), self.closing.clone(), Arc::downgrade(self));
        tokio::spawn(async move {
            let mut changed = true;
            loop {
                {
                    let Some(office) = office.upgrade() else { return };
                    let due = office.watch.is_due(office.desk.clock.now(), &TimeZone::system());
                    if changed || due {
                        changed = false;
                        let looked = tokio::task::spawn_blocking(move || office.tell_reminders()).await;
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

    /// Where the calendar file is, which is kept up to date and can be subscribed to.
    #[must_use]
    pub fn calendar_path(&self) -> PathBuf {
        let name = match self.desk.environment {
            EnvironmentName::Production => "Frister.ics",
            EnvironmentName::Practice => "Frister (øving).ics",
            EnvironmentName::Test => "Frister (test).ics",
        };
        self.desk.archive.root().join(name)
    }

    /// The calendar as a file.
    ///
    /// # Errors
    /// The database.
    pub fn calendar(&self) -> Result<String, ErrorView> {
        self.may(Action::Calendar, None)?;
        Ok(self.calendar_text(|company| self.desk.work.sees(company))?.0)
    }

    /// The calendar of some companies, and whether there is anything in it.
    fn calendar_text(&self, of: impl Fn(&str) -> bool) -> Result<(String, bool), DatabaseError> {
        let desk = &self.desk;
        let now = desk.clock.now();
        let settings = reminders::load(&desk.db)?;
        let (mut due, authorizations) = desk.db.read(|db| {
            let duties = deadlines::load(db, desk.environment)?;
            let due = deadlines::calendar(db, desk.environment, &duties, norwegian_date(now))?;
            Ok::<_, DatabaseError>((due, consents(db, desk.environment)?))
        })?;
        due.retain(|due| of(&due.open.org_number));
        let before = read_text(&self.calendar_path());
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

    /// Writes the calendar file if it says something else than it did.
    ///
    /// # Errors
    /// The database; `DiskFull` or `DataUnusable` when the file cannot be written.
    pub fn write_calendar(&self) -> Result<(), ErrorView> {
        let (text, filled) = self.calendar_text(|_| true)?;
        let path = self.calendar_path();
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

    /// Learns which companies file what from returns that were opened.
    pub(super) fn learn_duties(&self, opened: &[&VatReturn]) {
        let today = norwegian_date(self.desk.clock.now());
        // Where the authority says which companies she may file for, a stranger's return teaches nothing.
        let companies = self.desk.companies();
        let returns = opened.iter().filter_map(|of| {
            // A number with a wrong check digit is nobody's.
            let number = of.org_number.as_ref().filter(|number| number.value.parse::<OrgNumber>().is_ok())?;
            if !companies.is_empty() && !companies.contains_key(number.value.as_str()) {
                return None;
            }
            Some((number.value.as_str(), of.category.value, of.period.value))
        });
        let learnt = self.desk.db.write(|tx| deadlines::learn_opened(tx, self.desk.environment, returns, today));
        if let Err(error) = learnt {
            tracing::warn!(%error, "Nothing could be learnt about the companies' periods.");
        }
    }

    /// Looks at once: something was changed by the user.
    pub(super) fn reminders_changed(&self) {
        self.tell_reminders();
    }

    fn tell_reminders(&self) {
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
        if let Err(error) = self.write_calendar() {
            tracing::warn!(?error, "The calendar file could not be written.");
        }
    }

    fn look_at_reminders(&self) -> Result<Looked, ErrorView> {
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
/// What a file of ours says, if it is there and is text.
fn read_text(path: &Path) -> Option<String> {
    String::from_utf8(files::open::read(path, files::open::LARGEST).ok()?).ok()
}
