//! The phones of the office, as they have registered.

/// What each says it is.
pub(super) const USER_AGENT: &str = "Yealink SIP-T46S 66.86.0.15";

/// Where a phone has registered, made up from its number.
#[derive(Clone, Debug)]
pub(super) struct Contact {
    pub(super) address: String,
    pub(super) uri: String,
    pub(super) hash: String,
    /// How long it takes to answer, as milliseconds and what is left of them in microseconds.
    pub(super) milliseconds: u32,
    microseconds: u32,
}

impl Contact {
    /// The time to answer in milliseconds, as in `8.737`.
    pub(super) fn round_trip(&self) -> String {
        format!("{}.{:03}", self.milliseconds, self.microseconds)
    }

    /// The same in microseconds.
    pub(super) fn round_trip_usec(&self) -> u32 {
        self.milliseconds * 1000 + self.microseconds
    }
}

pub(super) fn contact(phone: &str) -> Contact {
    let number: u32 = phone.parse().unwrap_or(0);
    let address = format!("192.0.2.{number}");
    Contact {
        uri: format!("sip:{phone}@{address}:5060"),
        address,
        hash: format!("{:010x}", u64::from(number) * 0x09e3_779b),
        milliseconds: 5 + number % 17,
        microseconds: number * 37 % 1000,
    }
}
