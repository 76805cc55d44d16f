//! Puts WASI's WIT beside the world's own, as the registry has it.

fn main() -> anyhow::Result<()> {
    abide_corpus_registry::with_wasi("wit")
}
