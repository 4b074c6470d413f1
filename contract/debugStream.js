// What a debugger's stream says, piece by piece, and what of it was lost. The text itself is kept too: a
// piece is a reading of the text, never its replacement.
export {};
