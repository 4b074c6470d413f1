// The shape of the generated layout tables.
export {};
