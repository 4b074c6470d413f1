// What the exit code of `fltlab` means: scripts and CI rely on it.
import { isLabError, type LabError, type Whose } from '../contract/errors/labError.ts';

export const ExitCode = {
  agrees: 0,
  differs: 1,
  yourLab: 2,
  yourDriver: 3,
  ourBug: 4,
  nothingComparable: 5,
  usage: 64,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const byWhose: Readonly<Record<Whose, ExitCode>> = {
  'your lab': ExitCode.yourLab,
  'your driver': ExitCode.yourDriver,
  'our bug': ExitCode.ourBug,
  usage: ExitCode.usage,
};

export const exitCodeOfOwner = (whose: Whose): ExitCode => byWhose[whose];

export function exitCodeOf(error: unknown): ExitCode {
  if (!isLabError(error)) return ExitCode.ourBug;
  return error.code === 'run.cancelled' ? ExitCode.interrupted : byWhose[error.whose];
}

/** The error as one JSON object, for --json. */
export const errorObject = (error: LabError): object => ({
  error: {
    code: error.code,
    whose: error.whose,
    problem: error.problem,
    remedy: error.remedy,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
  },
});
