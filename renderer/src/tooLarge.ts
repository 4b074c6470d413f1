// Says before sending what the contract would refuse.
import {
  EDITED_FILE_MAX_characters,
  type ReportedError,
  type EditedFile,
} from '../../contract/rpc.ts';

export function tooLarge(edited: readonly EditedFile[]): ReportedError | null {
  const file = edited.find((one) => one.text.length > EDITED_FILE_MAX_characters);
  if (file === undefined) return null;
  return {
    code: 'usage.bad-argument',
    whose: 'usage',
    problem: `${file.path} has ${file.text.length} characters; at most ${EDITED_FILE_MAX_characters} can be simulated while being edited.`,
    remedy: 'Undo the paste (Ctrl+Z), or put the text into the file on disk.',
  };
}
