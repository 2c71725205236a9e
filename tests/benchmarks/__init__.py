"""What is measured by hand: figures vary with the machine, so ratios count.

    python -m tests.benchmarks.kills          kill indexing runs and see what is left
    python -m tests.benchmarks.retrieval      is the evidence among the first passages?
    python -m tests.benchmarks.context        what do headings and titles above a passage give?
    python -m tests.benchmarks.speed          how fast are documents indexed?
    python -m tests.benchmarks.growth         speed, memory and disk, at several sizes
    python -m tests.benchmarks.answerability  fit ANSWERABILITY of assistant/answering/refusing.py
    python -m tests.benchmarks.selecting      train and measure what selects sentences that answer
    python -m tests.benchmarks.everyday       what does a model learn from everyday questions?
    python -m tests.benchmarks.adversarial    are questions told that only look answerable?
    python -m tests.benchmarks.verification   is what a language model gets wrong caught?
    python -m tests.benchmarks.rights         what do readers' rights cost?
    python -m tests.benchmarks.load           many people at once, with a scripted model
    python -m tests.benchmarks.hostile_calls  is every malformed call of the API refused?
    python -m tests.benchmarks.hostile_files  what does each file cost that is made to harm?
    python -m tests.benchmarks.mutants        does a broken line make a test fail?

Each says with `--help` what it takes. `retrieval`, `speed` and `growth --peers` compare
with a plain LangChain pipeline and `hostile_calls` uses schemathesis, which need:
pip install '.[bench]'

Documents and question sets are yours to give (`--docs`, `--questions`); `context` has its own,
in `collections`. Without them the sample's sentences are shuffled, with invented words among
them: enough to see that everything runs and to compare two versions, but no measure of quality.

On a machine that does something else at the same time a figure can be off by half.
Compare what one run prints side by side, and run twice before believing a difference.
`growth` reads memory from /proc, so it needs Linux.
"""
