//! Calendars: working time of a party or site.
