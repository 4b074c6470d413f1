// Windows constants, one file per C header.
export * from './flags.ts';
export * from './fltkernel.ts';
export * from './ntifs.ts';
export * from './ntstatus.ts';
export * from './wdm.ts';
export * from './winnt.ts';
