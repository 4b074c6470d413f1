// Parts that several operations of cases have: rights, sharing, extended attributes.
import {
  AccessAlias,
  AccessMask,
  ShareAccess,
  type FlagTable,
} from '../../contract/windows/index.ts';
import { isRecord } from './case.ts';
import { Fields } from './fields.ts';

export const accessTable: FlagTable = {
  ...AccessMask,
  ...AccessAlias,
  'all file rights': AccessAlias.FILE_ALL_ACCESS,
};
export const shareTable: FlagTable = { R: 1, W: 2, D: 4, ...ShareAccess };
/** An open that is in nobody's way. */
export const SHARE_ALL = 7;

const eaFlags: FlagTable = { FILE_NEED_EA: 0x80 };

/** [{ name, value, flags }]; values are texts. */
export function eaList(fields: Fields, name: string): readonly object[] {
  const list = fields.take(name);
  if (!Array.isArray(list)) return fields.refuse(`"${name}" is not a list`);
  return list.map((one: unknown) => {
    const ea = new Fields(isRecord(one) ? one : {}, name);
    const entry = {
      name: ea.text('name'),
      value: { text: ea.text('value') },
      flags: ea.flags('flags', eaFlags, '', 0),
    };
    ea.done();
    return entry;
  });
}
