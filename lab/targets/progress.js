// What long work on a target says while it goes on.
export {};
