// What builds a driver for Windows. One file per toolchain implements this; the run pipeline, the
// doctor and the command line know nothing else of them.
export {};
