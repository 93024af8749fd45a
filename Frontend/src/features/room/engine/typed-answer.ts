/** Any character may take four bytes, and the server takes 16 kB a message. */
const LONGEST_PART = 3500;

/** A long answer in parts that the server takes, broken between words where there are any. */
export function partsOf(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > LONGEST_PART) {
    const space = rest.lastIndexOf(' ', LONGEST_PART);
    const end = space > 0 ? space : LONGEST_PART;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? parts : [...parts, rest];
}
