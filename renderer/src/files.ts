// Files that come from and go to the person's own disk, through the browser.

/** What the lab takes is checked there; this only keeps a slip from filling the memory. */
const BYTES_MAX = 64 * 1024 * 1024;

export interface ChosenFile {
  readonly name: string;
  readonly base64: string;
}

/** Null when nothing was chosen. */
export function chooseFile(accept: string): Promise<ChosenFile | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  return new Promise((resolve) => {
    input.addEventListener('cancel', () => resolve(null), { once: true });
    input.addEventListener(
      'change',
      () => {
        const file = input.files?.[0];
        resolve(file === undefined ? null : readBase64(file));
      },
      { once: true },
    );
    input.click();
  });
}

/** A file that is too large goes on cut: the lab then says what is wrong with it. */
export async function readBase64(file: File): Promise<ChosenFile> {
  const blob = file.size > BYTES_MAX ? file.slice(0, BYTES_MAX) : file;
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('not readable')));
    reader.readAsDataURL(blob);
  });
  return { name: file.name, base64: url.slice(url.indexOf(',') + 1) };
}

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  const address = URL.createObjectURL(content);
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}
