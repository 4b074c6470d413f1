// A security descriptor that carries a DACL and nothing else, in the self-relative form that
// NtSetSecurityObject takes. Layouts: winnt.h, the same on every Windows.

export interface AccessControlEntry {
  /** "S-1-1-0". */
  readonly sid: string;
  readonly type: 'allow' | 'deny';
  readonly mask: number;
  /** OBJECT_INHERIT_ACE and its like. */
  readonly flags: number;
}

const SE_DACL_PRESENT = 0x0004;
const SE_SELF_RELATIVE = 0x8000;
const DESCRIPTOR_BYTES = 20;
const ACL_REVISION = 2;
const aceType = { allow: 0, deny: 1 } as const;
/** SID_MAX_SUB_AUTHORITIES. */
const SUB_AUTHORITIES_MAX = 15;
const AUTHORITY_MAX = 2n ** 48n - 1n;

export function selfRelativeDescriptor(entries: readonly AccessControlEntry[]): Buffer {
  const aces = entries.map(encodeAce);
  const acl = Buffer.alloc(8);
  acl.writeUInt8(ACL_REVISION, 0);
  acl.writeUInt16LE(8 + aces.reduce((sum, ace) => sum + ace.length, 0), 2);
  acl.writeUInt16LE(aces.length, 4);
  const descriptor = Buffer.alloc(DESCRIPTOR_BYTES);
  descriptor.writeUInt8(1, 0);
  descriptor.writeUInt16LE(SE_DACL_PRESENT | SE_SELF_RELATIVE, 2);
  descriptor.writeUInt32LE(DESCRIPTOR_BYTES, 16);
  return Buffer.concat([descriptor, acl, ...aces]);
}

function encodeAce(ace: AccessControlEntry): Buffer {
  const sid = encodeSid(ace.sid);
  const header = Buffer.alloc(8);
  header.writeUInt8(aceType[ace.type], 0);
  header.writeUInt8(ace.flags, 1);
  header.writeUInt16LE(8 + sid.length, 2);
  header.writeUInt32LE(ace.mask, 4);
  return Buffer.concat([header, sid]);
}

/** The parts of "S-1-<authority>-<sub-authority>…"; undefined when it is not a SID in text. */
export function parseSid(
  text: string,
): { readonly authority: bigint; readonly subAuthorities: readonly number[] } | undefined {
  if (!/^S-1(-[0-9]{1,15}){1,16}$/i.test(text)) return undefined;
  const [authority, ...rest] = text
    .split('-')
    .slice(2)
    .map((part) => BigInt(part));
  if (authority === undefined || authority > AUTHORITY_MAX) return undefined;
  if (rest.length > SUB_AUTHORITIES_MAX || rest.some((one) => one > 0xffffffffn)) return undefined;
  return { authority, subAuthorities: rest.map(Number) };
}

function encodeSid(text: string): Buffer {
  const sid = parseSid(text);
  if (sid === undefined) throw new RangeError(`"${text}" is not a SID`);
  const out = Buffer.alloc(8 + 4 * sid.subAuthorities.length);
  out.writeUInt8(1, 0);
  out.writeUInt8(sid.subAuthorities.length, 1);
  // The one big-endian number of Windows: six bytes of identifier authority.
  out.writeUIntBE(Number(sid.authority), 2, 6);
  sid.subAuthorities.forEach((value, index) => out.writeUInt32LE(value, 8 + 4 * index));
  return out;
}
