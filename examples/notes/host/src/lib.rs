//! The host of the notes example: renders Markdown files through a WebAssembly guest.
//!
//! A library with a thin program on top, so that tests can call it. What happens here is what any
//! host made with Abide does: implement the imports ([`App`]), load the guest, call it. The rest is
//! an ordinary command-line program that knows files, and no Markdown.

mod app;
mod files;
mod guest;
mod options;
mod page;
mod terminal;

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use notes_abi::host::Notes;
use notes_abi::render::{Link, Page};
use tracing::{error, info_span, warn};

pub use app::App;
pub use files::{find_markdown, repository};
pub use guest::{default_guest, load};
pub use options::{Command, Options};
pub use terminal::Terminal;

/// What a [`run`] did.
#[derive(Debug, Default)]
pub struct Summary {
    /// The files that were written, in order.
    pub written: Vec<PathBuf>,
    /// The documents that could not be rendered, and why.
    pub failed: Vec<(PathBuf, anyhow::Error)>,
}

/// Renders the files that `options` names, or every Markdown file of this repository, and prints a
/// line for each to `out`. Messages of the guest and failures go to the log.
///
/// # Errors
///
/// There is nothing to render, the guest cannot be built or loaded, or `out` cannot be written to.
/// A document that fails is no error here: the others are still rendered, and the [`Summary`]
/// tells.
pub fn run(options: &Options, terminal: &Terminal, out: &mut dyn Write) -> Result<Summary> {
    let root = repository();
    let files = match options.files.as_slice() {
        [] => find_markdown(&root)?,
        files => files.to_vec(),
    };
    if files.is_empty() {
        bail!("there is no Markdown file in `{}`", root.display());
    }
    let guest = match &options.guest {
        Some(path) => path.clone(),
        None => default_guest(&root, terminal)?,
    };
    let notes = load(&guest)?;

    let target = options
        .out
        .clone()
        .unwrap_or_else(|| root.join("target/notes"));
    let mut summary = Summary::default();
    let mut taken = HashSet::new();
    let bar = terminal.progress(files.len());
    for file in files {
        let shown = file.strip_prefix(&root).unwrap_or(&file).to_owned();
        bar.set_message(shown.display().to_string());
        // Whatever is logged meanwhile, by the guest too, says which document it is about.
        let _span = info_span!("document", path = %shown.display()).entered();
        let result = if options.list {
            list(&notes, &file)
        } else {
            let html = target.join(files::output(&shown));
            if taken.insert(html.clone()) {
                render(&notes, &file, &html).inspect(|_| summary.written.push(html))
            } else {
                Err(anyhow::anyhow!(
                    "`{}` was written for another document already; use another folder for one \
                     of them with --out",
                    html.display()
                ))
            }
        };
        match result {
            Ok(line) => terminal
                .suspend(|| writeln!(out, "{}: {line}", shown.display()))
                .context("cannot print")?,
            Err(reason) => {
                error!("{reason:#}");
                summary.failed.push((shown, reason));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if !options.list {
        let (written, failed) = (summary.written.len(), summary.failed.len());
        writeln!(
            out,
            "{written} written to {}, {failed} failed",
            target.display()
        )
        .context("cannot print")?;
    }
    Ok(summary)
}

/// The title of one document.
fn list(notes: &Notes, file: &Path) -> Result<String> {
    let title = notes.title(&read(file)?)?;
    Ok(title.unwrap_or_else(|| "(no title)".to_owned()))
}

/// Renders one document to `html` and says in a line what came out.
fn render(notes: &Notes, file: &Path, html: &Path) -> Result<String> {
    let markdown = read(file)?;
    let start = Instant::now();
    let page = notes.render().render(&markdown)?;
    let took = start.elapsed();
    warn_of_dead_links(file, &page);
    if let Some(folder) = html.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create the folder `{}`", folder.display()))?;
    }
    fs::write(html, page::document(&page))
        .with_context(|| format!("cannot write `{}`", html.display()))?;
    Ok(line(&page, took))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))
}

fn line(page: &Page, took: Duration) -> String {
    let words = counted(page.words as usize, "word");
    let links = counted(page.links.len(), "link");
    let ms = took.as_secs_f64() * 1000.0;
    format!("{words}, {links}, {ms:.1} ms")
}

/// `1 word`, `2 words`.
fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// Logs every link to a file that is not there.
fn warn_of_dead_links(file: &Path, page: &Page) {
    let folder = file.parent().unwrap_or(Path::new(""));
    for link in &page.links {
        let Link::File(path) = link else { continue };
        let path = path.split(['#', '?']).next().unwrap_or_default();
        // An absolute path starts at a web server's root, and a `%` may hide a character: this
        // program cannot tell where those lead to.
        let known = !path.is_empty() && !path.starts_with('/') && !path.contains('%');
        if known && !folder.join(path).exists() {
            warn!("a link leads to `{path}`, which does not exist");
        }
    }
}
