//! Draws a screen as an SVG for the README. What differs between runs (times,
//! the port of a simulator) is masked first, so that a test can compare
//! pictures.

use std::fmt::Write;
use vt100::{Color, Screen};

/// A cell, in pixels. `textLength` keeps columns straight in every font.
const WIDTH: f32 = 8.4;
const HEIGHT: f32 = 18.0;
const MARGIN: f32 = 14.0;
/// The bar of the window.
const BAR: f32 = 30.0;

const PAPER: &str = "#16181d";
const INK: &str = "#d6d9df";

/// Text of one style, from a column on.
struct Run {
    column: usize,
    text: String,
    style: Style,
}

#[derive(Clone, PartialEq, Default)]
struct Style {
    ink: String,
    paper: Option<String>,
    bold: bool,
    dim: bool,
    underline: bool,
}

struct Cell {
    text: String,
    style: Style,
}

/// The used rows of `screen`, below a bar with `title`. `hide`: texts and their
/// replacements.
pub fn draw(screen: &Screen, title: &str, hide: &[(&str, &str)]) -> String {
    let (rows, columns) = screen.size();
    let mut lines: Vec<Vec<Cell>> = (0..rows.get())
        .map(|row| {
            (0..columns.get())
                .map(|column| cell(screen, row, column))
                .collect()
        })
        .map(|line: Vec<Cell>| masked(line, hide))
        .collect();
    while lines.last().is_some_and(|line| line.iter().all(is_blank)) {
        lines.pop();
    }
    let width = f32::from(columns.get()) * WIDTH + 2.0 * MARGIN;
    let height = lines.len() as f32 * HEIGHT + BAR + 2.0 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n"
    );
    for (i, color) in ["#ff5f57", "#febc2e", "#28c840"].iter().enumerate() {
        let x = MARGIN + 6.0 + 18.0 * i as f32;
        let _ = writeln!(
            svg,
            "<circle cx=\"{x:.0}\" cy=\"18\" r=\"5\" fill=\"{color}\"/>"
        );
    }
    let middle = width / 2.0;
    let _ = writeln!(
        svg,
        "<text x=\"{middle:.0}\" y=\"22\" fill=\"#8b909a\" font-size=\"12\" text-anchor=\"middle\">{}</text>",
        escaped(title)
    );
    for (row, line) in lines.iter().enumerate() {
        for run in runs(line) {
            draw_run(&mut svg, row, &run);
        }
    }
    svg + "</svg>\n"
}

fn is_blank(cell: &Cell) -> bool {
    cell.text.trim().is_empty() && cell.style.paper.is_none()
}

fn cell(screen: &Screen, row: u16, column: u16) -> Cell {
    let Some(cell) = screen.cell(row, column) else {
        return Cell {
            text: " ".to_owned(),
            style: Style::default(),
        };
    };
    let (mut ink, mut paper) = (color(cell.fgcolor()), color(cell.bgcolor()));
    if cell.inverse() {
        (ink, paper) = (
            Some(paper.unwrap_or_else(|| PAPER.to_owned())),
            Some(ink.unwrap_or_else(|| INK.to_owned())),
        );
    }
    Cell {
        text: match cell.contents() {
            "" => " ".to_owned(),
            text => text.to_owned(),
        },
        style: Style {
            ink: ink.unwrap_or_else(|| INK.to_owned()),
            paper,
            bold: cell.bold(),
            dim: cell.dim(),
            underline: cell.underline(),
        },
    }
}

fn color(color: Color) -> Option<String> {
    const NAMED: [&str; 16] = [
        "#3b4048", "#f07178", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#abb2bf",
        "#6b7280", "#ff8b92", "#b5e08f", "#ffd68a", "#82c4ff", "#dd99f0", "#7fd5e0", "#ffffff",
    ];
    match color {
        Color::Default => None,
        Color::Idx(index) => NAMED.get(usize::from(index)).map(|&name| name.to_owned()),
        Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
    }
}

/// `line` with what differs between runs replaced: the time of every event, and
/// what `hide` names. A shorter replacement is padded with blanks.
fn masked(mut line: Vec<Cell>, hide: &[(&str, &str)]) -> Vec<Cell> {
    for at in 0..line.len() {
        if is_clock(&line[at..]) {
            for (cell, shown) in line[at..].iter_mut().zip("12:00:00.000".chars()) {
                cell.text = shown.to_string();
            }
        }
    }
    for (hidden, shown) in hide {
        let mut at = 0;
        while at < line.len() {
            let text: String = line[at..].iter().map(|cell| cell.text.as_str()).collect();
            if text.starts_with(hidden) {
                let style = line[at].style.clone();
                let cells = shown.chars().map(|c| Cell {
                    text: c.to_string(),
                    style: style.clone(),
                });
                line.splice(at..at + hidden.chars().count(), cells);
                at += shown.chars().count();
            } else {
                at += 1;
            }
        }
    }
    line
}

/// `14:02:11.123`.
fn is_clock(cells: &[Cell]) -> bool {
    let pattern = "dd:dd:dd.ddd";
    cells.len() >= pattern.len()
        && pattern.chars().zip(cells).all(|(want, cell)| match want {
            'd' => cell.text.bytes().all(|byte| byte.is_ascii_digit()),
            mark => cell.text == mark.to_string(),
        })
}

fn runs(line: &[Cell]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (column, cell) in line.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if run.style == cell.style => run.text.push_str(&cell.text),
            _ => runs.push(Run {
                column,
                text: cell.text.clone(),
                style: cell.style.clone(),
            }),
        }
    }
    runs
}

fn draw_run(svg: &mut String, row: usize, run: &Run) {
    let y = BAR + MARGIN + row as f32 * HEIGHT;
    if let Some(paper) = &run.style.paper {
        let (x, width) = (x_of(run.column), run.text.chars().count() as f32 * WIDTH);
        let _ = writeln!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{HEIGHT}\" fill=\"{paper}\"/>"
        );
    }
    let text = run.text.trim_end();
    let blanks = text.chars().take_while(|c| *c == ' ').count();
    let text = text.trim_start();
    if text.is_empty() {
        return;
    }
    let (x, y) = (x_of(run.column + blanks), y + 13.0);
    let length = text.chars().count() as f32 * WIDTH;
    let style = &run.style;
    let mut extra = String::new();
    for (is, attribute) in [
        (style.bold, " font-weight=\"bold\""),
        (style.dim, " opacity=\"0.55\""),
        (style.underline, " text-decoration=\"underline\""),
    ] {
        extra.push_str(if is { attribute } else { "" });
    }
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\" fill=\"{}\"{extra} xml:space=\"preserve\">{}</text>",
        style.ink,
        escaped(text)
    );
}

fn x_of(column: usize) -> f32 {
    MARGIN + column as f32 * WIDTH
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
