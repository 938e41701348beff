//! The figures as the text that Prometheus reads.

use super::board::Snapshot;
use super::families::{FAMILIES, Family, Value};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, prometheus_text, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::fmt;

/// The format of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposition {
    /// The one that everything reads.
    Prometheus,
    /// OpenMetrics 1.0.
    OpenMetrics,
}

impl Exposition {
    /// Its Content-Type.
    pub fn media_type(self) -> &'static str {
        match self {
            Exposition::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Exposition::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// All figures of `pbxs`.
pub fn exposition(pbxs: Vec<Snapshot>, format: Exposition) -> String {
    let mut registry = Registry::with_prefix("amish");
    registry.register_collector(Box::new(Report(pbxs)));
    let mut out = String::new();
    let written = match format {
        Exposition::Prometheus => prometheus_text::encode(&mut out, &registry),
        Exposition::OpenMetrics => text::encode(&mut out, &registry),
    };
    // Writing to memory does not fail.
    let _ = written;
    out
}

#[derive(Debug)]
struct Report(Vec<Snapshot>);

impl Collector for Report {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.info(&mut encoder)?;
        let mut families = FAMILIES.iter();
        families.try_for_each(|family| self.family(&mut encoder, family))
    }
}

impl Report {
    fn family(&self, encoder: &mut DescriptorEncoder<'_>, family: &Family) -> fmt::Result {
        let samples = self.0.iter().map(|pbx| (pbx, (family.samples)(pbx)));
        let mut samples = samples.filter(|(_, own)| !own.is_empty()).peekable();
        if samples.peek().is_none() {
            return Ok(());
        }
        let unit = family.unit.as_ref();
        let mut encoder = encoder.encode_descriptor(family.name, family.help, unit, family.kind)?;
        for (pbx, own) in samples {
            for (behind, value) in own {
                let mut labels = vec![("pbx", &pbx.name[..])];
                labels.extend(behind);
                let one = encoder.encode_family(&labels)?;
                match (family.kind, value) {
                    (MetricType::Counter, Value::Count(count)) => {
                        ConstCounter::new(count).encode(one)?;
                    }
                    (_, Value::Count(count)) => ConstGauge::new(count).encode(one)?,
                    (_, Value::Seconds(seconds)) => ConstGauge::new(seconds).encode(one)?,
                }
            }
        }
        Ok(())
    }

    fn info(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let known = |pbx: &&Snapshot| pbx.ami.is_some() || pbx.figures.version.is_some();
        let mut pbxs = self.0.iter().filter(known).peekable();
        if pbxs.peek().is_none() {
            return Ok(());
        }
        let help = "The versions of Asterisk and of AMI.";
        let mut encoder = encoder.encode_descriptor("pbx", help, None, MetricType::Info)?;
        for pbx in pbxs {
            let text = |one: &Option<String>| one.clone().unwrap_or_default();
            let info = Info::new(vec![
                ("asterisk", text(&pbx.figures.version)),
                ("ami", text(&pbx.ami)),
            ]);
            let labels = [("pbx", &pbx.name[..])];
            info.encode(encoder.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
