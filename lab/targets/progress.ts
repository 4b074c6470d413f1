// What long work on a target says while it goes on.

/** `done` of `total` where it can be counted (bytes), else the name of the step alone. */
export interface TargetProgress {
  readonly step: string;
  readonly done?: number;
  readonly total?: number;
}

export type OnTargetProgress = (progress: TargetProgress) => void;
