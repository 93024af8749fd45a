export interface Stretch {
  text: string;
  marked: boolean;
}

/** Cuts a text where one of the given numbers stands in it, the longer ones first ("30" inside "30 %"). */
export function splitAtNumbers(text: string, numbers: readonly string[]): Stretch[] {
  const wanted = [...new Set(numbers.filter(Boolean))].sort((a, b) => b.length - a.length);
  if (wanted.length === 0) return text ? [{ text, marked: false }] : [];
  const pattern = new RegExp(`(${wanted.map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`);
  return text
    .split(pattern)
    .map((part, index) => ({ text: part, marked: index % 2 === 1 }))
    .filter((part) => part.text !== '');
}
