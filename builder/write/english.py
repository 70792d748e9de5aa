"""English, as the engine takes it: grammar for headings and the rules, in one record."""

from __future__ import annotations

from builder.write import english_grammar, english_sentences, english_tables
from builder.write.rule import Grammar

GRAMMAR = Grammar(
    task=english_grammar.task,
    heading=english_grammar.told,
    asks=english_grammar.asks,
    spoken=english_grammar.spoken,
    shape=english_grammar.shape,
    step=english_grammar.step,
    orders=english_sentences.orders,
    strict=(
        english_tables.symptom_rows,
        english_tables.symptom_terms,
        english_tables.problem_headings,
        english_tables.quantities,
        english_tables.inverse_rows,
        english_tables.commands,
        english_tables.members,
        english_sentences.strict,
    ),
    broad=(english_sentences.broad,),
)
